"""Strings of other people on one line and not too long, whatever form they are written in."""

from __future__ import annotations

from scripts.lib.plan_review.printable import printable


def shown(text: str, limit: int) -> str:
    """Return ``text`` printable, at most ``limit`` characters of it."""
    return clipped(printable(clipped(text, limit)), limit)


def clipped(text: str, limit: int) -> str:
    """Return ``text``, its middle taken out if it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = (limit - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"
