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

NAME_LIMIT: Final = 200
TEXT_LIMIT: Final = 600
VALUE_LIMIT: Final = 600
"""Characters that are shown of one string, of the kind that the name says."""

MERMAID_LIMIT: Final = 60

_BEFORE: Final = "(\"'`"
_AFTER: Final = ")\"'`.,;:!?"
_WORD: Final = re.compile(r"(?:[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d{1,6}%?)\Z")
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{7,}\Z")
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_LINKABLE: Final = re.compile(r"(?<=[@:#])|(?<=www)", re.IGNORECASE)
_BREAK: Final = "\u200b"
"""A zero-width space: GitHub finds no mention, issue, emoji or address across it."""

_UNSAFE_IN_LABEL: Final = re.compile(r"[^A-Za-z0-9_.\-/ ]")
_RUN_OF_BACKTICKS: Final = re.compile("`+")


def clipped(text: str, limit: int) -> str:
    """Return ``text``, its middle taken out if it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = (limit - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def visible(text: str) -> str:
    """Return ``text`` on one line, with what cannot be seen written as ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _named(char) for char in text)


def code(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a code span, for a name: in running text, a cell of a table or a link's text."""
    shown = clipped(visible(clipped(text, limit)), limit)
    if not shown or "`" in shown or "|" in shown or shown != shown.strip() or shown[-1] == "\\":
        return f"<code>{_spelled(shown)}</code>"
    return f"`{shown}`"


def prose(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a sentence: plain words as they are, anything else in it as code."""
    words = clipped(text, limit).split()
    return " ".join(_token(word, first=not i) for i, word in enumerate(words))


def summary_code(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a name for the inside of an HTML element, where no Markdown is read."""
    escaped = html.escape(clipped(visible(clipped(text, limit)), limit))
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
    return [visible(line) for line in re.split(r"\r\n|[\r\n]", clipped(text, limit))]


def mermaid_label(text: str) -> str:
    """Return the inside of a quoted label; Mermaid reads ``#34;`` as the character."""
    shown = clipped(visible(clipped(text, MERMAID_LIMIT)), MERMAID_LIMIT)
    return _UNSAFE_IN_LABEL.sub(lambda found: f"#{ord(found[0])};", shown)


def link(label: str, base: str, path: str = "", line: int | None = None) -> str:
    """Return a link with ``label`` as code, or the code alone if there is nowhere to link to."""
    shown = code(label)
    target = link_target(base, path, line)
    return f"[{shown}]({target})" if target else shown


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


def _named(char: str) -> str:
    """Return Python's spelling of a character that cannot be seen, such as ``\\u202e``."""
    return char.encode("unicode_escape").decode("ascii")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
