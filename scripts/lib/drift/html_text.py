"""Strings of other people in HTML: whatever they hold, they are read as text."""

from __future__ import annotations

import html
from typing import Final

from scripts.lib.plan_review.shown import shown

TEXT_LIMIT: Final = 2_000


def text(value: object, limit: int = TEXT_LIMIT) -> str:
    """Return ``value`` for the inside of an element, or of an attribute in double quotes."""
    return html.escape(shown(str(value), limit), quote=True)
