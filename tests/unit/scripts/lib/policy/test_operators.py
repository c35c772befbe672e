from __future__ import annotations

import pytest

from scripts.lib.policy.operators import KNOWN, NEGATED, spelled


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("StringEquals", ("", "StringEquals", False)),
        ("stringequals", ("", "StringEquals", False)),
        ("StringEqualsIgnoreCaseIfExists", ("", "StringEqualsIgnoreCase", True)),
        ("forallvalues:stringlikeifexists", ("ForAllValues", "StringLike", True)),
        ("ForAnyValue:ArnLike", ("ForAnyValue", "ArnLike", False)),
        ("NULL", ("", "Null", False)),
        ("StringFoo", ("", "StringFoo", False)),
        ("ForSome:Bool", ("ForSome", "Bool", False)),
        ("IfExists", ("", "", True)),
        ("", ("", "", False)),
    ],
)
def test_spelling(given: str, expected: tuple[str, str, bool]) -> None:
    assert spelled(given) == expected


def test_every_negation_is_of_an_operator_that_exists() -> None:
    assert set(NEGATED) | set(NEGATED.values()) <= KNOWN
    assert not set(NEGATED) & set(NEGATED.values())
