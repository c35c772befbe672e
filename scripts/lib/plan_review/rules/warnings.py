"""What kinds of warnings the reader of plans gives."""

from __future__ import annotations


def is_about_actions(warning: str) -> bool:
    """Tell whether a warning names actions of providers, rather than what is odd in the plan."""
    return warning.startswith(("the plan runs ", "the plan will run later "))
