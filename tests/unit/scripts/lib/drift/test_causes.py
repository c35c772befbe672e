"""What a change is called, and how bad it is."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.drift.causes import ACCESS, CODE, CONTENT, TAGS, changed, deleted, group
from scripts.lib.plan_review.model import Risk
from scripts.lib.plan_review.policy_changes import policy_changes
from tests.unit.scripts.lib.drift import seen
from tests.unit.scripts.lib.drift.seen import policy

BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls")


def said(type_: str, name: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[str, Risk]:
    change = seen.changed(type_, before, after)
    cause = changed(change, name, policy_changes(change))
    return cause.what, cause.risk


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ({"a": "1"}, {}, "The tag a was removed."),
        ({}, {"a": "1"}, "The tag a was added."),
        ({"a": "1"}, {"a": "2"}, "The tag a was changed."),
        ({"a": "1"}, {"b": "1"}, "Tags were changed: a, b."),
        (None, {"a": "1"}, "The tag a was added."),
    ],
)
def test_tags_are_named(before: Any, after: Any, what: str) -> None:
    assert said("aws_x", TAGS, {"tags_all": before}, {"tags_all": after}) == (what, Risk.LOW)


def test_one_lock_less_opens_a_bucket() -> None:
    shut = dict.fromkeys(BLOCKS, True)
    type_ = "aws_s3_bucket_public_access_block"
    what, risk = said(type_, ACCESS, shut, {**shut, "block_public_acls": False})
    assert (what, risk) == ("Public access to the bucket is no longer blocked.", Risk.HIGH)
    what, risk = said(type_, ACCESS, {**shut, "block_public_acls": False}, shut)
    assert risk is Risk.LOW


@pytest.mark.parametrize(
    ("attribute", "value", "what", "risk"),
    [
        ("enable_key_rotation", False, "Rotation of the key was switched off.", Risk.MEDIUM),
        ("enable_key_rotation", True, "Rotation of the key was switched on.", Risk.LOW),
        ("is_enabled", False, "The key was disabled.", Risk.HIGH),
        ("is_enabled", True, "The key was enabled.", Risk.LOW),
    ],
)
def test_a_switch_says_which_way(attribute: str, value: bool, what: str, risk: Risk) -> None:
    got = said("aws_kms_key", attribute, {attribute: not value}, {attribute: value})
    assert got == (what, risk)


def test_a_policy_is_as_bad_as_what_it_allows_by_now() -> None:
    one, all_ = {"policy": policy("s3:GetObject")}, {"policy": policy("*")}
    assert said("aws_iam_policy", "policy", one, all_) == ("The policy was changed.", Risk.HIGH)
    assert said("aws_iam_policy", "policy", all_, one)[1] is Risk.MEDIUM


def test_what_is_not_known_is_called_by_its_names() -> None:
    assert said("aws_sqs_queue", "delay_seconds", {"delay_seconds": 1}, {"delay_seconds": 2}) == (
        "The sqs queue's delay seconds was changed.",
        Risk.LOW,
    )
    assert deleted(seen.deleted("aws_sqs_queue", {})).what == "The sqs queue was deleted."
    assert deleted(seen.deleted("aws_sqs_queue", {})).risk is Risk.MEDIUM


def test_versioning_may_be_suspended_or_something_else() -> None:
    def to(status: str) -> str:
        after = {"versioning_configuration": [{"status": status}]}
        return said("aws_s3_bucket_versioning", "versioning_configuration", {}, after)[0]

    assert to("Suspended") == "Versioning of the bucket was suspended."
    assert to("Enabled") == "Versioning of the bucket was changed."
    assert said("aws_s3_bucket_versioning", "versioning_configuration", {}, {})[0]


@pytest.mark.parametrize(
    ("type_", "attribute", "expected"),
    [
        ("aws_lambda_function", "code_sha256", CODE),
        ("aws_lambda_function", "source_code_hash", CODE),
        ("aws_lambda_function", "timeout", "timeout"),
        ("aws_s3_object", "etag", CONTENT),
        ("aws_other", "etag", "etag"),
        ("aws_other", "tags_all", TAGS),
        ("aws_vpc_endpoint", "subnet_configuration", "subnet_ids"),
    ],
)
def test_attributes_of_one_cause_are_one_group(type_: str, attribute: str, expected: str) -> None:
    assert group(seen.changed(type_, {}, {}), attribute) == expected
