from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules.warnings import is_about_actions


@pytest.mark.parametrize(
    ("warning", "is_one"),
    [
        ("the plan runs 1 action whose effects it does not tell: a", True),
        ("the plan will run later 2 actions whose effects it does not tell: a", True),
        ("resource_changes[0] is a number, expected: an object", False),
        ("", False),
    ],
)
def test_actions(warning: str, is_one: bool) -> None:
    assert is_about_actions(warning) is is_one
