"""Making text of strangers printable and short, so that it cannot pretend to be something else."""

from __future__ import annotations

import re
import unicodedata

VALUE_LIMIT = 300
"""Characters of a value that are shown."""

NAME_LIMIT = 120
"""Characters of one step of a path that are shown."""

_CONTEXT = 40
_PLAIN = re.compile(r"[ -~]*")
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_VISIBLE_BYTE, _VISIBLE_PLANE = 0x100, 0x10000
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that show nothing
)


def printable(text: str) -> str:
    """Return ``text`` with what does not show as itself escaped: ``\\n``, ``\\u202e``.

    Escaped are control characters, line ends, what changes the direction of text or has no
    width, half surrogate pairs, and every space but the common one.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_escape, text))


def excerpt(text: str, begin: int = 0, limit: int = VALUE_LIMIT) -> str:
    """Return at most ``limit`` characters from ``begin`` on, printable; if it is cut, its length.

    Escapes count with their full width, so that the result is bounded, plus the words on it.
    """
    piece = printable(text[begin : begin + limit])
    if begin == 0 and len(text) <= limit and len(piece) <= limit:
        return piece
    head = "…" if begin else ""
    tail = "…" if len(piece) > limit or begin + limit < len(text) else ""
    return f"{head}{piece[:limit]}{tail} ({len(text):,} characters)"


def excerpts(before: str, after: str, limit: int = VALUE_LIMIT) -> tuple[str, str]:
    """Return both texts; of long ones that begin alike, the part where they begin to differ."""
    begin = 0
    if max(len(before), len(after)) > limit:
        same = common_length(before, after)
        # Where the difference would show anyway, the beginning says more.
        begin = max(0, same - _CONTEXT) if same > limit // 2 else 0
    return excerpt(before, begin, limit), excerpt(after, begin, limit)


def common_length(one: str, other: str) -> int:
    """Return how many characters both begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _escape(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isprintable() and char not in _INVISIBLE and unicodedata.category(char) != "Mn":
        return char
    # Accents on letters are how many languages are written; those that stand for nothing are not.
    if unicodedata.category(char) == "Mn" and unicodedata.combining(char):
        return char
    code = ord(char)
    if code < _VISIBLE_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _VISIBLE_PLANE else f"\\U{code:08x}"
