"""Folding: of many differences, one line a cause; of real plans and of made-up ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.lib.drift.folding import LEFT_ALONE, MIRRORED
from scripts.lib.drift.model import Mend
from scripts.lib.drift.normalisation import EMPTY, SAME_POLICY
from scripts.lib.drift.world import World
from scripts.lib.plan_review.model import Action, Risk
from tests.unit.scripts.lib.drift.seen import changed, deleted, fold, fold_golden, managed, policy

ROLE = {"id": "app", "name": "app", "arn": "arn:aws:iam::123456789012:role/app"}


def whats(name: str) -> list[str]:
    return [drift.what for drift in fold_golden(name).drifts]


def test_a_real_clean_deployment_has_no_cause() -> None:
    folded = fold_golden("clean")
    assert folded.drifts == ()
    assert {each.reason for each in folded.noise} == {EMPTY, MIRRORED}
    assert sum(len(each.places) for each in folded.noise) > 10


def test_real_changes_of_one_project_are_one_line_each() -> None:
    assert whats("quickstart") == [
        "The policy was changed.",
        "The role's trust was changed.",
        "An inline policy was added: Temporary.",
        "The tag ProjectID was removed.",
        "The inline policy was changed.",
        "The alias was moved to another key.",
        "Rotation of the key was switched off.",
        "The tag Owner was added.",
        "The function's code was replaced.",
        "The function's environment was changed.",
        "The function's timeout was changed.",
        "The bucket's lifecycle rules were changed.",
        "Public access to the bucket is no longer blocked.",
        "The bucket's default encryption was changed.",
        "The object was overwritten.",
        "The portfolio's description was changed.",
    ]


def test_real_changes_of_the_other_project_are_one_line_each() -> None:
    assert whats("vision") == [
        "A managed policy was attached: AmazonS3FullAccess.",
        "The key was disabled.",
        "The key's policy was changed.",
        "The bucket's CORS rules were changed.",
        "The bucket's policy was deleted.",
        "The constraint was deleted.",
    ]
    reasons = {each.reason: each.places for each in fold_golden("vision").noise}
    assert [place for place in reasons[SAME_POLICY] if "JobsPolicy" in place]


def test_a_deleted_role_takes_its_attachments_along() -> None:
    drifts = {drift.what: drift for drift in fold_golden("jumpstart").drifts}
    assert set(drifts) == {
        "The role was deleted.",
        "The role's description was changed.",
        "The managed policy was detached.",
    }
    (attachment,) = drifts["The role was deleted."].folded
    assert "GlueRole" in attachment


def test_an_edited_inline_policy_is_told_once_and_the_role_below_it() -> None:
    block = {"name": "jobs", "policy": policy("s3:GetObject")}
    wider = {"name": "jobs", "policy": policy("s3:*")}
    own = {"role": "app", "name": "jobs"}
    world = World(
        (
            managed("aws_iam_role", {**ROLE, "inline_policy": [wider]}),
            managed("aws_iam_role_policy", {**own, "policy": wider["policy"]}),
        )
    )
    folded = fold(
        changed(
            "aws_iam_role",
            {**ROLE, "inline_policy": [block]},
            {**ROLE, "inline_policy": [wider]},
        ),
        changed(
            "aws_iam_role_policy",
            {**own, "policy": block["policy"]},
            {**own, "policy": wider["policy"]},
        ),
        world=world,
    )
    (drift,) = folded.drifts
    assert drift.subject == "aws_iam_role_policy.it"
    assert drift.folded == ('aws_iam_role.it.inline_policy["jobs"]',)
    assert folded.noise == ()


def test_an_inline_policy_that_an_apply_took_into_the_state_still_alarms() -> None:
    """No plan shows it any more: before and after are the same."""
    role = {**ROLE, "inline_policy": [{"name": "quick", "policy": policy("iam:*")}]}
    (drift,) = fold(world=World((managed("aws_iam_role", role),))).drifts
    assert drift.what == "An inline policy was added: quick."
    assert drift.risk is Risk.HIGH
    assert drift.remedies[0].command == (
        "aws iam delete-role-policy --role-name app --policy-name quick"
    )


def test_a_policy_attached_by_hand_is_told_with_its_command() -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = {**ROLE, "managed_policy_arns": [arn]}
    (drift,) = fold(
        changed("aws_iam_role", {**ROLE, "managed_policy_arns": []}, role),
        world=World((managed("aws_iam_role", role),)),
    ).drifts
    assert (drift.what, drift.risk) == (
        "A managed policy was attached: AdministratorAccess.",
        Risk.HIGH,
    )
    assert drift.remedies[0].mend is Mend.REMOVE
    assert drift.remedies[0].command.endswith(f"--policy-arn {arn}")


@pytest.mark.parametrize("other", [{"role": "other"}, {"policy_arn": "arn:aws:iam::aws:policy/B"}])
def test_an_attachment_of_something_else_explains_nothing(other: dict[str, str]) -> None:
    arn = "arn:aws:iam::aws:policy/A"
    attachment = {"role": "app", "policy_arn": arn, **other}
    world = World(
        (
            managed("aws_iam_role", {**ROLE, "managed_policy_arns": [arn]}),
            managed("aws_iam_role_policy_attachment", attachment),
        )
    )
    assert [drift.what for drift in fold(world=world).drifts] == [
        "A managed policy was attached: A."
    ]


def test_a_policy_that_went_and_was_nobodys_is_told() -> None:
    block = {"name": "old", "policy": policy("s3:GetObject")}
    before = {**ROLE, "inline_policy": [block]}
    after = {**ROLE, "inline_policy": []}
    (drift,) = fold(changed("aws_iam_role", before, after)).drifts
    assert drift.what == "An inline policy was removed: old."
    assert drift.actual == "gone"


def test_a_deleted_bucket_takes_all_its_parts_along() -> None:
    folded = fold(
        deleted("aws_s3_bucket", {"id": "data", "bucket": "data", "arn": "arn:aws:s3:::data"}),
        deleted("aws_s3_bucket_policy", {"id": "data", "bucket": "data"}),
        deleted("aws_s3_bucket_versioning", {"id": "data", "bucket": "data"}),
        deleted("aws_s3_object", {"id": "a/b", "bucket": "data", "key": "a/b"}),
    )
    (drift,) = folded.drifts
    assert drift.what == "The bucket was deleted."
    assert drift.folded == (
        "aws_s3_bucket_policy.it",
        "aws_s3_bucket_versioning.it",
        "aws_s3_object.it",
    )


def test_parts_of_a_bucket_that_is_there_are_told_each() -> None:
    """They are called by the bucket's name: none is a part of the other."""
    folded = fold(
        deleted("aws_s3_bucket_policy", {"id": "data", "bucket": "data"}),
        deleted("aws_s3_bucket_versioning", {"id": "data", "bucket": "data"}),
    )
    assert [drift.folded for drift in folded.drifts] == [(), ()]


def test_what_mirrors_a_deleted_part_is_below_it() -> None:
    bucket = {"id": "data", "bucket": "data"}
    folded = fold(
        deleted("aws_s3_bucket_policy", {**bucket, "policy": policy("s3:GetObject")}),
        changed("aws_s3_bucket", {**bucket, "policy": policy("s3:*")}, {**bucket, "policy": ""}),
    )
    (drift,) = folded.drifts
    assert drift.folded == ("aws_s3_bucket.it.policy",)


def test_a_mirror_without_a_managed_resource_is_itself_the_cause() -> None:
    bucket = {"id": "data", "bucket": "data"}
    rule = [{"allowed_origins": ["*"]}]
    (drift,) = fold(
        changed("aws_s3_bucket", {**bucket, "cors_rule": []}, {**bucket, "cors_rule": rule}),
        world=World(configured={"aws_s3_bucket.it": frozenset({"bucket"})}),
    ).drifts
    assert drift.what == "The bucket's CORS rules were changed."
    assert drift.remedies[0].command == "aws s3api delete-bucket-cors --bucket data"


def test_two_causes_in_one_resource_are_two_lines() -> None:
    before = {"id": "k", "enable_key_rotation": True, "is_enabled": True, "tags_all": {}}
    after = {"id": "k", "enable_key_rotation": False, "is_enabled": False, "tags_all": {"a": "b"}}
    assert sorted(drift.what for drift in fold(changed("aws_kms_key", before, after)).drifts) == [
        "Rotation of the key was switched off.",
        "The key was disabled.",
        "The tag a was added.",
    ]


def test_a_deposed_object_that_is_gone_is_no_drift() -> None:
    gone = replace(deleted("aws_iam_role", ROLE), deposed="8a6f")
    assert fold(gone).drifts == ()


def test_an_adopted_resource_that_nobody_fights_over_does_not_alarm() -> None:
    before, after = {**ROLE, "description": "a"}, {**ROLE, "description": "b"}
    world = World(left_alone={"aws_iam_role.it": frozenset({"all"})})
    folded = fold(changed("aws_iam_role", before, after), world=world)
    assert folded.drifts == ()
    assert [each.reason for each in folded.noise] == [LEFT_ALONE]
    assert fold(deleted("aws_iam_role", before), world=world).drifts, "it is gone all the same"


@pytest.mark.parametrize("action", [Action.CREATE, Action.READ, Action.MOVE, Action.IMPORT])
def test_what_is_no_change_outside_terraform_is_passed_over(action: Action) -> None:
    change = replace(changed("aws_kms_key", {"a": 1}, {"a": 2}), action=action)
    assert fold(change).drifts == ()


def test_secrets_are_not_shown() -> None:
    change = replace(
        changed("aws_db_instance", {"password": "hunter2a"}, {"password": "hunter2b"}),
        before_sensitive={"password": True},
        after_sensitive={"password": True},
    )
    (drift,) = fold(change).drifts
    assert "hunter2" not in repr(drift)


def test_names_that_break_lines_stay_on_one() -> None:
    role = {**ROLE, "inline_policy": [{"name": "a\nb\x1b[31m", "policy": policy("s3:*")}]}
    (drift,) = fold(world=World((managed("aws_iam_role", role),))).drifts
    assert "\n" not in drift.what
    assert "\x1b" not in drift.what


def test_a_circle_of_parts_does_not_hang() -> None:
    one = deleted("aws_a", {"id": "1", "other": "2"}, "one")
    two = deleted("aws_b", {"id": "2", "other": "1"}, "two")
    folded = fold(one, two)
    assert folded.drifts or folded.noise
