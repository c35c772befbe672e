"""Policy variables, and what operators make of them."""

import pytest

from scripts.sandbox.conditions import conditions_hold, expand, like

KNOWN: dict[str, str | list[str]] = {"aws:username": "dana", "aws:tagkeys": ["a", "b"], "k": "*"}


@pytest.mark.parametrize(
    ("text", "value", "matches"),
    [
        ("home/${aws:username}/*", "home/dana/x", True),
        ("home/${AWS:UserName}/*", "home/dana/x", True),
        ("home/${ aws:username }", "home/dana", True),
        ("home/${aws:username}/*", "home/eve/x", False),
        ("home/${k}", "home/*", True),
        ("home/${k}", "home/dana", False),
        ("${*}-${?}-${$}", "*-?-$", True),
        ("${*}", "x", False),
        ("${none, 'all'}", "all", True),
        ("${aws:username, 'all'}", "dana", True),
        ("plain$", "plain$", True),
        ("a[b]*", "a[b]c", True),
    ],
)
def test_a_variable_stands_for_its_value(text: str, value: str, matches: bool) -> None:
    expanded = expand(text, KNOWN)
    assert expanded is not None
    assert like(expanded, value) is matches


@pytest.mark.parametrize("text", ["${none}", "x${aws:PrincipalTag/team}y", "${aws:TagKeys}"])
def test_a_variable_without_a_single_value_is_none(text: str) -> None:
    assert expand(text, KNOWN) is None


@pytest.mark.parametrize(
    ("operator", "expected", "actual", "holds"),
    [
        ("StringEquals", "${aws:username}", "dana", True),
        ("StringEquals", "${aws:username}", "eve", False),
        ("StringEquals", "${*}", "*", True),
        ("StringEquals", "${k}", "anything", False),
        ("StringEquals", "${none}", "", False),
        ("StringNotEquals", "${none}", "x", True),
        ("StringLike", "${aws:username}-*", "dana-1", True),
        ("StringLike", "${k}", "anything", False),
        ("StringEqualsIgnoreCase", "${aws:username}", "DANA", True),
        ("ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/dana", True),
        ("BinaryEquals", "QUJD", "QUJD", True),
        ("DateLessThan", "1767225600", "2025-01-01T00:00:00Z", True),
    ],
)
def test_operators_take_variables(operator: str, expected: str, actual: str, holds: bool) -> None:
    context = {**KNOWN, "x": actual}
    assert conditions_hold({operator: {"x": expected}}, context, variables=True) is holds


def test_where_variables_are_none_they_are_text() -> None:
    condition = {"StringEquals": {"x": "${aws:username}"}}
    assert conditions_hold(condition, {**KNOWN, "x": "${aws:username}"}, variables=False)
    assert not conditions_hold(condition, {**KNOWN, "x": "dana"}, variables=False)
