"""Patterns, held against every short text."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest

from scripts.lib.policy.patterns import STEPS, Budget, Pattern, covered, disjoint, pattern
from scripts.sandbox.conditions import expand, like

TEXTS = ["".join(text) for length in range(7) for text in product("abc", repeat=length)]
"""Longer than any pattern below, with a letter that none of them names."""


def patterns(letters: str, longest: int) -> list[str]:
    return ["".join(p) for length in range(longest + 1) for p in product(letters, repeat=length)]


@cache
def matched(text: str) -> int:
    """The numbers of the texts that a pattern matches, as bits."""
    expression = re.compile(text.replace("*", ".*").replace("?", "."))
    return sum(1 << at for at, each in enumerate(TEXTS) if expression.fullmatch(each))


def test_one_pattern_covers_another_exactly_if_it_matches_all_that_the_other_does() -> None:
    budget = Budget(10**9)
    several = [pattern(text) for text in patterns("ab*?", 3)]
    for part, whole in product(several, repeat=2):
        expected = not matched(part.text) & ~matched(whole.text)
        assert covered(part, [whole], budget) == expected, (part, whole)
        apart = not matched(part.text) & matched(whole.text)
        assert disjoint(part, whole, budget) == apart, (part, whole)


def test_several_patterns_cover_together_what_none_does_alone() -> None:
    budget = Budget(10**9)
    several = [pattern(text) for text in patterns("a*?", 3) if "**" not in text]
    for part, one, other in product(several, repeat=3):
        if one.text <= other.text:
            expected = not matched(part.text) & ~matched(one.text) & ~matched(other.text)
            assert covered(part, [one, other], budget) == expected, (part, one, other)


@pytest.mark.parametrize(
    ("part", "wholes"),
    [
        ("s3:GetObject", ["s3:Get*"]),
        ("arn:aws:s3:::b/a/*", ["arn:aws:s3:::b/*"]),
        ("*", ["?*", ""]),
        ("a*", ["a", "a?", "a??*"]),
        ("a?c", ["a*c"]),
        ("*a*b*", ["*a*", "x"]),
        ("**", ["*"]),
    ],
)
def test_covered(part: str, wholes: list[str]) -> None:
    assert covered(pattern(part), [pattern(whole) for whole in wholes], Budget())


@pytest.mark.parametrize(
    ("part", "wholes"),
    [
        ("s3:Get*", ["s3:GetObject", "s3:GetBucket*"]),
        ("*", ["?*"]),
        ("a*", ["a", "a?", "a???*"]),
        ("a*c", ["a?c"]),
        ("*b", ["a*", "b"]),
        ("[a]", ["a"]),
        ("a.c", ["abc"]),
        ("a", ["A"]),
        ("", ["?"]),
        ("a", []),
    ],
)
def test_not_covered(part: str, wholes: list[str]) -> None:
    assert not covered(pattern(part), [pattern(whole) for whole in wholes], Budget())


def test_upper_and_lower_case_are_the_same_where_they_are() -> None:
    assert pattern("S3:getOBJECT", any_case=True) == pattern("s3:GetObject", any_case=True)
    assert pattern("S3:getOBJECT", any_case=True).text == "S3:getOBJECT"


def test_wildcards_may_be_plain_text() -> None:
    assert pattern("*", wild=False) != pattern("*")
    assert covered(pattern("a*", wild=False), [pattern("a?")], Budget())
    assert not covered(pattern("ab"), [pattern("a*", wild=False)], Budget())


def test_escaped_wildcards_are_plain_text() -> None:
    assert pattern("a${*}${?}${$}", variables=True) == pattern("a*?$", wild=False)
    assert pattern("a${*}") == pattern("a${*}", variables=False)


def variable(text: str) -> Pattern:
    return pattern(text, variables=True)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("home/${aws:username}", "home/*", True),
        ("home/${aws:username}/a", "home/${AWS:UserName}/*", True),
        ("home/${ aws:username }", "home/${aws:username}", True),
        ("home/${aws:username}", "home/?", False),
        ("home/${aws:username}", "home/??????*", False),
        ("home/amy", "home/${aws:username}", False),
        ("home/*", "home/${aws:username}", False),
        ("home/${aws:username}", "home/${aws:userid}", False),
        ("home/${aws:username, 'nobody'}", "home/${aws:username}", False),
        ("home/${aws:username, 'nobody'}", "home/${aws:username,'nobody'}", True),
        ("${aws:username}${aws:username}", "${aws:username}", False),
        ("${aws:username", "${aws:username*", True),
        ("${aws:username}", "*user*", False),
    ],
)
def test_a_variable_is_matched_by_itself_and_by_stars(
    part: str, whole: str, expected: bool
) -> None:
    assert covered(variable(part), [variable(whole)], Budget()) == expected


def test_a_variable_is_text_to_a_document_without_variables() -> None:
    assert variable("${aws:username}") != pattern("${aws:username}")
    assert not covered(pattern("${aws:username}"), [variable("${aws:username}")], Budget())
    assert not covered(variable("${aws:username}"), [pattern("${aws:username}")], Budget())


def test_what_is_covered_is_whatever_the_variable_stands_for() -> None:
    several = ["".join(p) for n in range(4) for p in product(("a", "*", "?", "${v}"), repeat=n)]
    texts = [text for text in TEXTS if len(text) <= 3 and "c" not in text]

    @cache
    def matching(text: str, value: str) -> int:
        expanded = expand(text, {"v": value})
        assert expanded is not None
        return sum(1 << at for at, each in enumerate(texts) if like(expanded, each))

    budget = Budget(10**9)
    for one, other in product(several, repeat=2):
        if covered(variable(one), [variable(other)], budget):
            for value in ("", "a", "b", "ab"):
                assert not matching(one, value) & ~matching(other, value), (one, other, value)
        if disjoint(variable(one), variable(other), budget):
            for value in ("", "a", "b", "ab"):
                assert not matching(one, value) & matching(other, value), (one, other, value)


HOSTILE = [
    ("*a" + "?" * 3000, ["*a*" + "?" * 3000]),
    ("*?" * 1500, ["*a" + "?" * at for at in range(60)]),
    ("*a*b?*" * 500, ["?*" + "*a?b*" * 600, "*b?a*" * 600]),
    ("a?" * 1500 + "*", [("?" * at + "*a*") * 20 for at in range(40)]),
]


@pytest.mark.parametrize(("part", "wholes"), HOSTILE)
def test_a_hostile_pattern_costs_no_more_than_the_budget(part: str, wholes: list[str]) -> None:
    budget = Budget(5_000)
    covered(pattern(part), [pattern(whole) for whole in wholes], budget)
    disjoint(pattern(part), pattern(wholes[0]), budget)
    # The last step may be a long one, but it is not taken.
    assert budget.spent < 5_000 + 100_000


def test_the_answer_for_lack_of_steps_is_no() -> None:
    part, whole = pattern("a?*b*"), pattern("a*?b*")
    assert covered(part, [whole], Budget())
    assert not covered(part, [whole], Budget(1))
    assert disjoint(pattern("*a?"), pattern("*b?"), Budget())
    assert not disjoint(pattern("*a?"), pattern("*b?"), Budget(1))


def test_an_exhausted_budget_says_so() -> None:
    budget = Budget(3)
    assert budget.spend(3)
    assert not budget.is_exhausted
    assert not budget.spend()
    assert budget.is_exhausted


def test_common_questions_cost_no_steps() -> None:
    budget = Budget(0)
    assert covered(pattern("s3:GetObject"), [pattern("s3:*")], budget)
    assert not covered(pattern("s3:*"), [pattern("s3:Get*"), pattern("s3:Put*")], budget)
    assert disjoint(pattern("s3:Get*"), pattern("iam:*"), budget)
    assert STEPS > budget.spent == 0
