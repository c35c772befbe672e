"""The review: what of a plan is told, and what is judged."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from scripts.lib.plan_review.acknowledgements import Entry
from scripts.lib.plan_review.model import Risk, ScriptPlan, Source, StackReview
from scripts.lib.plan_review.read import read_plan
from scripts.lib.plan_review.review import PlannedStack, Terms, review
from scripts.lib.plan_review.sources import Origin

TODAY = date(2026, 11, 22)
TERMS = Terms(TODAY)
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
ADDRESS = "aws_iam_policy.P"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def change(actions: list[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    return {"actions": actions, "before": before, "after": after, **more}


def resource(kind: str, told: dict[str, Any], name: str = "P") -> dict[str, Any]:
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": told,
    }


def planned(*changes: dict[str, Any], stack: str = "web", **more: Any) -> PlannedStack:
    document = {"format_version": "1.2", "resource_changes": list(changes), **more}
    return PlannedStack(read_plan(document, stack))


def widened() -> dict[str, Any]:
    before, after = {"name": "p", "policy": policy(READ)}, {"name": "q", "policy": policy(PASS)}
    return resource("aws_iam_policy", change(["update"], before, after))


def only(stack: PlannedStack, terms: Terms = TERMS) -> StackReview:
    (found,) = review([stack], terms).stacks
    return found


def test_a_policy_is_told_in_sentences_and_not_as_text() -> None:
    (item,) = only(planned(widened())).changes
    assert [attribute.path for attribute in item.attributes] == ["name"]
    (rights,) = item.rights
    assert rights.gained == ("whoever has policy q may now iam:PassRole on everything (*)",)
    assert rights.lost == ("whoever has policy q may no longer s3:GetObject on arn:aws:s3:::b/*",)
    assert "pass-role" in [finding.rule for finding in item.findings]


def test_a_policy_that_means_the_same_is_no_change_of_rights() -> None:
    before, after = policy(READ), policy(READ | {"Sid": "Read", "Action": ["s3:GETobject"]})
    told = change(["update"], {"policy": before}, {"policy": after})
    (item,) = only(planned(resource("aws_iam_policy", told))).changes
    assert (item.attributes, item.findings) == ((), ())
    assert [(rights.gained, rights.lost) for rights in item.rights] == [((), ())]


def test_a_policy_that_cannot_be_read_is_told_as_text() -> None:
    told = change(["update"], {"policy": policy(READ)}, {"policy": "<none>"})
    (item,) = only(planned(resource("aws_iam_policy", told))).changes
    assert [attribute.path for attribute in item.attributes] == ["policy"]
    assert item.rights[0].unreadable


def test_attributes_beside_a_policy_of_the_like_name_stay() -> None:
    told = change(
        ["update"],
        {"policy": policy(READ), "policy_id": "a"},
        {"policy": policy(PASS), "policy_id": "b"},
    )
    (item,) = only(planned(resource("aws_iam_policy", told))).changes
    assert [attribute.path for attribute in item.attributes] == ["policy_id"]


def test_what_aws_assigns_anew_in_a_replacement_is_folded() -> None:
    unknown = {"arn": True, "id": True, "url": True}
    before = {"bucket": "a", "arn": "1", "id": "2", "url": "3"}
    told = change(
        ["delete", "create"],
        before,
        {"bucket": "b"},
        after_unknown=unknown,
        replace_paths=[["bucket"]],
    )
    (item,) = only(planned(resource("aws_s3_bucket", told))).changes
    assert [attribute.path for attribute in item.attributes] == ["bucket", "3 other attributes"]
    assert item.attributes[0].forces_replacement
    assert item.attributes[1].unknown


def test_what_is_unknown_of_an_update_is_told_one_by_one() -> None:
    told = change(["update"], {"a": "1", "b": "2"}, {}, after_unknown={"a": True, "b": True})
    (item,) = only(planned(resource("aws_lambda_function", told))).changes
    assert [attribute.path for attribute in item.attributes] == ["a", "b"]


def test_changes_outside_terraform_are_told_and_not_judged() -> None:
    (item,) = only(planned(resource_drift=[widened()])).drift
    assert item.rights[0].gained
    assert item.findings == ()


def test_an_acknowledged_finding_says_so_and_another_stacks_does_not() -> None:
    entry = Entry("pass-role", "agreed", TODAY, stack="web")
    found = review(
        [planned(widened()), planned(widened(), stack="shop")],
        Terms(TODAY, acknowledgements=[entry]),
    )
    state = {
        stack.plan.stack: [
            finding.acknowledged is not None
            for item in stack.changes
            for finding in item.findings
            if finding.rule == "pass-role"
        ]
        for stack in found.stacks
    }
    assert state == {"web": [True], "shop": [False]}


def test_other_accounts_are_told_from_ones_own() -> None:
    let_in = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "Action": "sts:AssumeRole",
    }
    told = change(
        ["update"],
        {"name": "r", "assume_role_policy": policy()},
        {"name": "r", "assume_role_policy": policy(let_in)},
    )
    stack = planned(resource("aws_iam_role", told))

    def rules(*accounts: str) -> set[str]:
        (item,) = only(stack, Terms(TODAY, own_accounts=frozenset(accounts))).changes
        return {finding.rule for finding in item.findings}

    assert "external-account" in rules("123456789012")
    assert "external-account" not in rules("123456789012", "210987654321")


def test_where_a_resource_comes_from_is_told() -> None:
    frames = (Source("modules/web.py", 7), Source("main.py", 3))
    stack = PlannedStack(planned(widened()).plan, {ADDRESS: Origin("web/P", frames)})
    (item,) = only(stack).changes
    assert (item.construct, item.source) == ("web/P", frames)


def test_a_plan_of_nothing_is_empty() -> None:
    found = review([planned()], TERMS)
    assert found.is_empty
    assert not review([planned(widened())], TERMS).is_empty


def test_the_worst_comes_first_and_what_is_acknowledged_last() -> None:
    entry = Entry("pass-role", "agreed", TODAY)
    found = review([planned(widened())], Terms(TODAY, acknowledgements=[entry])).findings
    assert [finding.acknowledged is not None for finding in found] == sorted(
        finding.acknowledged is not None for finding in found
    )
    assert (
        max(finding.risk for finding in review([planned(widened())], TERMS).findings) is Risk.HIGH
    )


@pytest.mark.parametrize("script", [None, ScriptPlan("1", "r", "sha256:s")])
def test_the_fingerprint_is_of_all_plans_in_any_order(script: ScriptPlan | None) -> None:
    first, second = planned(widened()), planned(stack="shop")
    both = review([first, second], TERMS, script=script).fingerprint
    assert both == review([second, first], TERMS, script=script).fingerprint
    assert both != review([first], TERMS, script=script).fingerprint
    assert both != review([first, planned(stack="other")], TERMS, script=script).fingerprint
    other = ScriptPlan("1", "r", "sha256:t")
    assert both != review([first, second], TERMS, script=other).fingerprint
