"""Whose doing a mirrored attribute is."""

from __future__ import annotations

import pytest

from scripts.lib.drift.mirrors import ATTACHED, INLINE, elements, sources, strangers
from tests.unit.scripts.lib.drift.seen import changed, managed, policy

ROLE = {"name": "app", "id": "app"}
BUCKET = {"id": "data", "bucket": "data"}


@pytest.mark.parametrize(
    ("attribute", "type_"),
    [
        ("policy", "aws_s3_bucket_policy"),
        ("versioning", "aws_s3_bucket_versioning"),
        ("lifecycle_rule", "aws_s3_bucket_lifecycle_configuration"),
        (
            "server_side_encryption_configuration",
            "aws_s3_bucket_server_side_encryption_configuration",
        ),
        ("logging", "aws_s3_bucket_logging"),
        ("cors_rule", "aws_s3_bucket_cors_configuration"),
    ],
)
def test_a_bucket_shows_what_its_parts_manage(attribute: str, type_: str) -> None:
    change = changed("aws_s3_bucket", BUCKET, BUCKET)
    own, other = managed(type_, {"bucket": "data"}), managed(type_, {"bucket": "other"}, "other")
    assert sources(change, attribute, (own, other)) == (own.address,)
    assert sources(change, attribute, (other,)) == ()
    assert sources(change, "tags", (own,)) == ()


def test_another_type_mirrors_nothing() -> None:
    change = changed("aws_s3_bucket_policy", BUCKET, BUCKET)
    assert sources(change, "policy", (managed("aws_s3_bucket_policy", BUCKET),)) == ()


@pytest.mark.parametrize(("count", "explained"), [(1, True), (0, True), (2, False)])
def test_attachments_that_terraform_made_explain_their_count(count: int, explained: bool) -> None:
    arn = {"arn": "arn:aws:iam::123456789012:policy/p"}
    change = changed(
        "aws_iam_policy", {**arn, "attachment_count": 0}, {**arn, "attachment_count": count}
    )
    attachment = managed("aws_iam_role_policy_attachment", {"policy_arn": arn["arn"]})
    found = sources(change, "attachment_count", (attachment,))
    assert bool(found) is explained


def test_policies_of_a_role_are_told_one_by_one() -> None:
    before = {**ROLE, INLINE: [{"name": "a", "policy": "1"}], ATTACHED: ["x", "y"]}
    after = {**ROLE, INLINE: [{"name": "a", "policy": "2"}, {"name": "b", "policy": "3"}],
             ATTACHED: ["y", "z"]}  # fmt: skip
    found = [
        (each.name, each.before, each.after)
        for each in elements(changed("aws_iam_role", before, after), ())
    ]
    assert found == [("a", "1", "2"), ("b", None, "3"), ("x", "x", None), ("z", None, "z")]


def test_only_a_role_has_them() -> None:
    change = changed("aws_iam_user", {INLINE: []}, {INLINE: [{"name": "a", "policy": "1"}]})
    assert list(elements(change, ())) == []
    assert list(strangers(managed("aws_iam_user", {ATTACHED: ["x"]}), ())) == []


def test_a_stranger_is_what_no_resource_gives() -> None:
    role = managed(
        "aws_iam_role",
        {**ROLE, INLINE: [{"name": "jobs", "policy": policy("a:b")}], ATTACHED: ["x", "y", "z"]},
    )
    resources = (
        managed("aws_iam_role_policy", {"role": "app", "name": "jobs"}),
        managed("aws_iam_role_policy_attachment", {"role": "app", "policy_arn": "x"}),
        managed("aws_iam_policy_attachment", {"roles": ["app"], "policy_arn": "y"}),
    )
    assert [each.name for each in strangers(role, resources)] == ["z"]
    assert [each.name for each in strangers(role, ())] == ["jobs", "x", "y", "z"]


@pytest.mark.parametrize("odd", [None, "x", [None], [{"policy": "1"}], [7], {"name": "a"}])
def test_what_is_no_list_of_policies_is_passed_over(odd: object) -> None:
    role = managed("aws_iam_role", {**ROLE, INLINE: odd, ATTACHED: odd if odd != "x" else None})
    assert [each.name for each in strangers(role, ()) if each.attribute == INLINE] == []
