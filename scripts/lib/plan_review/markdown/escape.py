"""Strings of other people in GitHub's Markdown: one function for each place they are put.

Whatever a name or a value holds, it is read as text. GitHub looks for mentions, issues, emoji and
addresses in what is left after Markdown is parsed, so that a backslash does not keep it from
linking them; it leaves code alone. What is not plainly a word is therefore shown as code.
"""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import quote

from scripts.lib.plan_review.printable import printable
from scripts.lib.plan_review.shown import clipped, shown

NAME_LIMIT: Final = 200
TEXT_LIMIT: Final = 600
VALUE_LIMIT: Final = 600
"""Characters that are shown of one string, of the kind that the name says."""

_BEFORE: Final = "(\"'`"
_AFTER: Final = ")\"'`.,;:!?"
_WORDS: Final = re.compile(
    r"(?P<before>[(\"']*)`(?P<quoted>[^`]{1,200})`(?P<after>[)\"'.,;:!?]*)(?= |\Z)|[^ ]+"
)
_WORD: Final = re.compile(r"(?:[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d{1,6}%?)\Z")
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{7,}\Z")
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_LINKABLE: Final = re.compile(r"(?<=[@:#])|(?<=www)", re.IGNORECASE)
_BREAK: Final = "\u200b"
"""A zero-width space: GitHub finds no mention, issue, emoji or address across it."""

_RUN_OF_BACKTICKS: Final = re.compile("`+")


def code(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a code span, for a name: in running text, a cell of a table or a link's text."""
    name = shown(text, limit)
    if not name or "`" in name or "|" in name or name != name.strip():
        return f"<code>{_spelled(name)}</code>"
    return f"`{name}`"


def prose(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a sentence: plain words as they are, anything else, and what is in backticks, as
    code."""
    words = _WORDS.finditer(" ".join(clipped(text, limit).split()))
    return " ".join(
        f"{word['before']}{code(word['quoted'])}{word['after']}"
        if word["quoted"]
        else _token(word[0], first=word.start() == 0)
        for word in words
    )


def sentence(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return ``prose`` that begins with a capital, if it begins with a word."""
    first = text.split(" ", 1)[0]
    return prose(text[:1].upper() + text[1:] if first.isalpha() else text, limit)


def summary_code(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a name for the inside of an HTML element, where no Markdown is read."""
    escaped = html.escape(shown(text, limit))
    return f"<code>{escaped.replace('$', '&#36;')}</code>"


def code_block(lines: list[str], language: str = "") -> str:
    """Return a fenced block; no line of it can end it. The lines hold no line breaks."""
    longest = max(
        (len(run) for line in lines for run in _RUN_OF_BACKTICKS.findall(line)), default=0
    )
    fence = "`" * max(3, longest + 1)
    return "\n".join((fence + language, *lines, fence)) + "\n"


def value_lines(text: str, limit: int = VALUE_LIMIT) -> list[str]:
    """Return a value's lines for a block of code."""
    return [printable(line) for line in re.split(r"\r\n|[\r\n]", clipped(text, limit))]


def link(label: str, base: str, path: str = "", line: int | None = None) -> str:
    """Return a link with ``label`` as code, or the code alone if there is nowhere to link to."""
    name = code(label)
    target = link_target(base, path, line)
    return f"[{name}]({target})" if target else name


def link_target(base: str, path: str = "", line: int | None = None) -> str:
    """Return the address of ``path`` below ``base``; "" if it is none, or would lead elsewhere."""
    if not base.startswith(("https://", "http://")) or ".." in re.split(r"[/\\]", path):
        return ""
    if path.startswith(("/", "\\")):
        return ""
    address = quote(_encodable(base), safe=":/?#=&%@~+,") + quote(_encodable(path), safe="/")
    return f"{address}#L{line}" if line is not None else address


def _token(word: str, *, first: bool) -> str:
    core = word.lstrip(_BEFORE)
    before = word[: len(word) - len(core)].replace("`", "")
    core, after = core.rstrip(_AFTER), core[len(core.rstrip(_AFTER)) :].replace("`", "")
    if not core:
        return code(word)
    if not _WORD.match(core) or _HEXADECIMAL.match(core):
        core = code(core)
    elif first and core.isdigit() and after[:1] in (".", ")"):
        after = f"\\{after}"
    return f"{before}{core}{after}"


def _spelled(text: str) -> str:
    """Return Markdown and HTML that is read as ``text`` and nothing else, without backticks."""
    broken = _LINKABLE.sub(_BREAK, text)
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", broken).replace(_BREAK, "&#8203;")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
