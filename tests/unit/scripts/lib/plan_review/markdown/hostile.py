"""Names and values as an attacker, or bad luck, may give them; and reviews full of them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from scripts.lib.plan_review.model import Links

NASTY = (
    "|",
    "\\|",
    "a|b`c`|",
    "`",
    "``` \n",
    "\n\n# heading\n\n",
    "\r\n- item",
    "</details>",
    "<details>",
    "</summary><script>alert(1)</script>",
    "<!-- ",
    "-->",
    "<img src=x onerror=y>",
    "![image](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "[a]: https://evil.example",
    "https://evil.example/",
    "www.evil.example",
    "me@evil.example",
    "@octocat",
    "@acme/team",
    "#123",
    "acme/repo#1",
    "GH-1",
    ":tada:",
    "$x^2$",
    "$`x`$",
    "**bold** _em_ ~~s~~",
    "> quote",
    "1. item",
    "---",
    "===",
    "~~~",
    "    code",
    "| a | b |\n|---|---|\n| c | d |",
    "&lt;b&gt; &#124; &#x40;octocat",
    "\u202egnp.exe",
    "a\u200bb",
    "\x1b[31mred\x07",
    "\ud800",
    "\x00",
    "\\",
    "%%{init: {}}%%",
    'x"] --> y["',
    "4f2c9d1a4f2c9d1a4f2c9d1a4f2c9d1a4f2c9d1a",
    "../../../x",
    "[^1]",
    "- [ ] task",
    "> [!CAUTION]",
    " ",
    "",
)

PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet="|`<>[]()!@#$:*_~\\-=+.&\"'\n\r\t %{}w1aZ\u202e\u00e9", max_size=8),
    st.text(max_size=4),
)
STRINGS = st.lists(PIECES, min_size=1, max_size=4).map("".join)


def filled(data: Any, text: str) -> Any:
    """Return a copy of ``data`` with ``text`` around every string of other people in it."""
    if isinstance(data, str) and not isinstance(data, Enum):
        return f"{text}{data}{text}" if data else data
    if isinstance(data, Links):
        return data
    if isinstance(data, tuple | frozenset):
        return type(data)(filled(item, text) for item in data)
    if isinstance(data, dict):
        return {filled(key, text): filled(value, text) for key, value in data.items()}
    if is_dataclass(data) and not isinstance(data, type):
        kept = {"rule", "status"}
        values = {
            item.name: filled(getattr(data, item.name), text)
            for item in fields(data)
            if item.name not in kept
        }
        return replace(data, **values)
    return data
