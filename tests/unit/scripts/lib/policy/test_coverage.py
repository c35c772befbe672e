from __future__ import annotations

from typing import Any

from scripts.lib.policy.coverage import Coverage, Rest
from scripts.lib.policy.patterns import Budget
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.regions import Region, region_of

Given = dict[str, Any]


def region(**elements: Any) -> Region:
    given = {"Effect": "Allow", "Action": "s3:Get", "Resource": "*", **elements}
    document = {"Version": "2012-10-17", "Statement": given}
    return region_of(read_policy(document).statements[0])


def rest(part: Region, *covers: Region, budget: Budget | None = None) -> list[Rest]:
    return Coverage(covers, budget or Budget()).rest(part)


def names(found: list[Rest]) -> list[tuple[list[str], list[str]]]:
    return [
        ([p.item.text for p in each.region.actions], [p.item.text for p in each.region.resources])
        for each in found
    ]


def endpoint(*names: str) -> Given:
    return {"StringEquals": {"aws:SourceVpce": list(names)}}


def test_a_statement_covers_itself() -> None:
    assert rest(region(), region()) == []


def test_nothing_covers_nothing() -> None:
    assert rest(region()) == [Rest(region())]


def test_only_the_part_that_is_not_covered_is_left() -> None:
    part = region(Action=["s3:Get", "s3:Put"], Resource=["a", "b"])
    found = rest(part, region(Action="s3:Get", Resource="a"), region(Action="s3:*", Resource="b"))
    assert names(found) == [(["s3:Put"], ["a"])]


def test_several_statements_cover_together_by_action_and_by_resource() -> None:
    part = region(Action=["s3:Get", "s3:Put"], Resource=["a", "b"])
    covers = [
        region(Action=action, Resource=thing) for action in ("s3:Get", "s3:Put") for thing in "ab"
    ]
    assert rest(part, *covers) == []
    assert names(rest(part, *covers[:3])) == [(["s3:Put"], ["b"])]


def test_patterns_cover_together_what_none_does_alone() -> None:
    part = region(Resource="a*")
    assert rest(part, region(Resource="a"), region(Resource="a?*")) == []
    assert rest(part, region(Resource="a"), region(Resource="a?*", Action="s3:Put")) != []


def test_a_negation_and_what_it_leaves_out_cover_everything() -> None:
    part = region(Action="*")
    negation = {"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}
    (statement,) = read_policy({"Statement": negation}).statements
    all_but = region_of(statement)
    assert names(rest(part, all_but)) == [(["iam:*", "sts:*"], ["*"])]
    assert names(rest(part, all_but, region(Action="iam:*"))) == [(["sts:*"], ["*"])]
    assert rest(part, all_but, region(Action=["iam:*", "sts:*"])) == []


def test_what_one_dimension_leaves_another_may_cover() -> None:
    statements = [
        {"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "a*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "a*"},
    ]
    covers = [region_of(each) for each in read_policy({"Statement": statements}).statements]
    assert rest(region(Action="*"), *covers) == []
    assert names(rest(region(Action="*"), *covers[:2])) == [(["iam:PassRole"], ["*"])]


def test_what_resources_leave_principals_may_cover() -> None:
    one, act = {"AWS": "arn:aws:iam::111111111111:role/a"}, {"Effect": "Allow", "Action": "s3:Get"}
    statements = [
        {**act, "Principal": "*", "NotResource": "b"},
        {**act, "NotPrincipal": one, "Resource": "b"},
        {**act, "Principal": one, "Resource": "b"},
    ]
    covers = [region_of(each) for each in read_policy({"Statement": statements}).statements]
    assert rest(region(Principal="*"), *covers) == []
    (left,) = rest(region(Principal="*"), *covers[:2])
    assert [piece.item.name for piece in left.region.who] == [one["AWS"]]


def test_stricter_conditions_do_not_cover_and_are_told() -> None:
    (left,) = rest(region(), region(Condition=endpoint("a")))
    assert left.region == region()
    assert left.under == (region(Condition=endpoint("a")).conditions,)


def test_conditions_on_other_keys_are_not_told() -> None:
    part = region(Condition={"Bool": {"aws:SecureTransport": "true"}})
    (left,) = rest(part, region(Condition=endpoint("a")))
    assert left.under == ()


def test_values_of_a_condition_are_left_out_one_by_one() -> None:
    part = region(Condition=endpoint("a", "b", "c"))
    covers = [region(Condition=endpoint("a")), region(Condition=endpoint("c"), Action="s3:*")]
    (left,) = rest(part, *covers)
    assert left.region.conditions == region(Condition=endpoint("b")).conditions
    assert rest(part, *covers, region(Condition=endpoint("b"))) == []


def test_values_that_must_all_be_different_are_not_taken_one_by_one() -> None:
    part = region(Condition={"StringNotEquals": {"aws:SourceVpce": ["a", "b"]}})
    cover = region(Condition={"StringNotEquals": {"aws:SourceVpce": ["a"]}})
    assert rest(part, cover) == []
    (left,) = rest(cover, part)
    assert left.region == cover


def test_two_conditions_on_one_key_are_not_taken_apart() -> None:
    twice = {"StringEquals": {"k": ["a", "b"], "K": ["b", "c"]}}
    covers = [region(Condition={"StringEquals": {"k": [value]}}) for value in "ac"]
    (left,) = rest(region(Condition=twice), *covers)
    assert left.region == region(Condition=twice)


def test_a_deny_that_stays_is_not_what_another_became() -> None:
    deny = region(Effect="Deny")
    other = region(Effect="Deny", Action="s3:*", Condition=endpoint("a"))
    (became,) = Coverage([other], Budget()).rest(deny)
    assert became.under
    (went,) = Coverage([other], Budget(), kept=[deny, other]).rest(deny)
    assert not went.under


def test_principals_are_parted_too() -> None:
    part = region(Principal={"Service": ["a", "b"]})
    (left,) = rest(part, region(Principal={"Service": "a"}))
    assert [piece.item.name for piece in left.region.who] == ["b"]
    assert rest(part, region(Principal="*")) == []


def test_without_steps_everything_is_left() -> None:
    part = region(Action=["s3:Get", "s3:Put"], Resource=["a", "b"])
    cover = region(Action="s3:Get", Resource="a")
    budget = Budget(0)
    assert [each.region for each in rest(part, cover, budget=budget)] == [part]
    assert budget.is_exhausted
    assert rest(part, region(Action="*"), budget=budget) == [Rest(part)]
