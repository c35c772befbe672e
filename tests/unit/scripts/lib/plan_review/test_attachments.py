from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.attachments import (
    _KINDS,
    MANAGED_TYPES,
    attachment_rights,
    new_managed_policies,
)
from scripts.lib.plan_review.model import Action
from scripts.lib.plan_review.shown_values import UNKNOWN_NAME
from tests.unit.scripts.lib.plan_review.rules.subjects import change

ATTACHED = "aws_iam_role_policy_attachment"
ARN = "arn:aws:iam::123456789012:policy/p"

GAINED: list[tuple[str, dict[str, Any], str]] = [
    (ATTACHED, {"role": "ds", "policy_arn": ARN}, f"role ds gets all that {ARN} allows"),
    (
        "aws_iam_user_policy_attachment",
        {"user": "ben", "policy_arn": ARN},
        f"user ben gets all that {ARN} allows",
    ),
    (
        "aws_iam_group_policy_attachment",
        {"group": "all", "policy_arn": ARN},
        f"group all gets all that {ARN} allows",
    ),
    (
        "aws_iam_policy_attachment",
        {"roles": ["ds"], "users": [], "groups": None, "policy_arn": ARN},
        f"role ds gets all that {ARN} allows",
    ),
    (
        "aws_iam_role",
        {"name": "ds", "managed_policy_arns": [ARN]},
        f"role ds gets all that {ARN} allows",
    ),
    (
        "aws_ssoadmin_managed_policy_attachment",
        {"permission_set_arn": "ps-1", "managed_policy_arn": ARN},
        f"permission set ps-1 gets all that {ARN} allows",
    ),
    (
        "aws_ssoadmin_account_assignment",
        {
            "principal_type": "GROUP",
            "principal_id": "g-1",
            "permission_set_arn": "ps-1",
            "target_id": "123456789012",
        },
        "group g-1 gets permission set ps-1 in account 123456789012",
    ),
    (
        "aws_iam_user_group_membership",
        {"user": "ben", "groups": ["all"]},
        "user ben gets all that group all may",
    ),
    (
        "aws_iam_group_membership",
        {"users": ["ben"], "group": "all"},
        "user ben gets all that group all may",
    ),
    (
        "aws_kms_grant",
        {"grantee_principal": "arn:1", "key_id": "k-1", "operations": ["Encrypt", "Decrypt"]},
        "arn:1 may now Decrypt, Encrypt with key k-1 by a grant",
    ),
    (
        "aws_kms_grant",
        {
            "grantee_principal": "arn:1",
            "key_id": "k-1",
            "operations": ["Decrypt"],
            "constraints": [{"encryption_context_equals": {"a": "b"}}],
        },
        "arn:1 may now Decrypt with key k-1 by a grant under an encryption context",
    ),
    (
        "aws_lambda_permission",
        {
            "principal": "s3.amazonaws.com",
            "action": "lambda:InvokeFunction",
            "function_name": "build",
            "source_account": "123456789012",
        },
        (
            "s3.amazonaws.com may now lambda:InvokeFunction on function build "
            "if source_account is 123456789012"
        ),
    ),
    (
        "aws_lambda_permission",
        {"principal": "*", "action": "lambda:InvokeFunction", "function_name": "build"},
        "everyone (*) may now lambda:InvokeFunction on function build",
    ),
    (
        "aws_servicecatalog_principal_portfolio_association",
        {"principal_arn": "arn:1", "portfolio_id": "port-1"},
        "arn:1 may now see and launch what portfolio port-1 holds",
    ),
    (
        "aws_servicecatalog_portfolio_share",
        {"type": "ORGANIZATIONAL_UNIT", "principal_id": "ou-1", "portfolio_id": "port-1"},
        "organizational unit ou-1 may now import portfolio port-1",
    ),
    (
        "aws_iam_instance_profile",
        {"name": "p", "role": "ds"},
        "instances with profile p get all that role ds may",
    ),
]


@pytest.mark.parametrize(("kind", "values", "said"), GAINED)
def test_what_is_gained_by_one_and_lost_without_it(
    kind: str, values: dict[str, Any], said: str
) -> None:
    (rights,) = attachment_rights(change(kind, None, values))
    assert (rights.gained, rights.lost) == ((said,), ())
    if kind != "aws_iam_role":
        (rights,) = attachment_rights(change(kind, values))
        assert not rights.gained
        assert len(rights.lost) == 1
        assert rights.lost[0] != said
    assert attachment_rights(change(kind, values, {**values, "tags": {}})) == ()


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _, _ in GAINED} == set(_KINDS)


def test_another_policy() -> None:
    before, after = ({"role": "ds", "policy_arn": arn} for arn in ("arn:1", "arn:2"))
    (rights,) = attachment_rights(change(ATTACHED, before, after, action=Action.REPLACE))
    assert rights.policy == "managed policy"
    assert rights.gained == ("role ds gets all that arn:2 allows",)
    assert rights.lost == ("role ds loses what arn:1 allows",)


def test_of_a_list_only_what_differs() -> None:
    before = {"name": "ds", "managed_policy_arns": ["arn:1", "arn:2"]}
    after = {"name": "ds", "managed_policy_arns": ["arn:3", "arn:2"]}
    (rights,) = attachment_rights(change("aws_iam_role", before, after))
    assert len(rights.gained) == len(rights.lost) == 1


def test_a_policy_that_is_not_known_yet() -> None:
    later = change(ATTACHED, None, {"role": "ds"}, after_unknown={"policy_arn": True})
    (rights,) = attachment_rights(later)
    assert rights.gained == (f"role ds gets all that {UNKNOWN_NAME} allows",)


def test_a_list_that_the_provider_fills_says_nothing() -> None:
    made = change("aws_iam_role", None, {"name": "ds"}, after_unknown={"managed_policy_arns": True})
    assert attachment_rights(made) == ()


def test_a_profile_without_a_role_gives_nothing() -> None:
    assert attachment_rights(change("aws_iam_instance_profile", None, {"name": "p"})) == ()


def test_a_marked_one_is_not_told() -> None:
    values = {"role": "ds", "policy_arn": "s3cr3t"}
    (rights,) = attachment_rights(
        change(ATTACHED, None, values, after_sensitive={"policy_arn": True})
    )
    assert rights.unreadable == "it is marked as sensitive"
    assert not rights.gained


def test_lost_with_its_owner_it_is_no_loss() -> None:
    gone = change(ATTACHED, {"role": "ds", "policy_arn": ARN})
    assert attachment_rights(gone, frozenset({("aws_iam_role", "ds")})) == ()
    assert attachment_rights(gone, frozenset({("aws_iam_user", "ds")}))
    role = change("aws_iam_role", {"name": "ds", "managed_policy_arns": [ARN]})
    assert attachment_rights(role) == ()


@pytest.mark.parametrize("action", [Action.NOTHING, Action.READ, Action.FORGET, Action.MOVE])
def test_not_of_what_aws_keeps(action: Action) -> None:
    values = {"role": "ds", "policy_arn": ARN}
    assert attachment_rights(change(ATTACHED, values, action=action)) == ()


def test_not_of_data_sources_deposed_objects_or_other_types() -> None:
    values = {"role": "ds", "policy_arn": ARN}
    assert attachment_rights(change(ATTACHED, None, values, mode="data")) == ()
    assert attachment_rights(change(ATTACHED, values, deposed="ab12")) == ()
    assert attachment_rights(change("aws_s3_bucket", None, values)) == ()


def test_managed_policies_that_are_new() -> None:
    before = {"managed_policy_arns": ["a", "b"]}
    after = {"managed_policy_arns": ["c", "b", 7, None, "a", "d"]}
    assert new_managed_policies(change("aws_iam_role", before, after)) == ("c", "d")
    assert new_managed_policies(change("aws_s3_bucket", None, {"policy_arn": "a"})) == ()
    assert "aws_iam_role" in MANAGED_TYPES


NAMES = st.sampled_from(
    ["role", "roles", "users", "user", "policy_arn", "operations", "constraints", "principal"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(sorted(_KINDS)),
    before=st.none() | st.dictionaries(NAMES, JSON),
    after=st.none() | st.dictionaries(NAMES, JSON),
    unknown=JSON,
    sensitive=JSON,
)
def test_no_value_makes_it_fail(
    kind: str, before: Any, after: Any, unknown: Any, sensitive: Any
) -> None:
    made = change(kind, before, after, after_unknown=unknown, after_sensitive=sensitive)
    for rights in attachment_rights(made):
        assert all(text.isprintable() for text in (*rights.gained, *rights.lost))
