"""What the golden pairs do not show: where a danger ends, and how bad it is."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.policy import (
    Concern,
    ConcernKind,
    PolicyKind,
    Severity,
    compare,
    concerns,
    read_policy,
)
from scripts.lib.policy.sentences import LINE_LIMIT

Given = dict[str, Any]
OWN = "111111111111"
LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


def allow(action: Any, resource: Any = "arn:aws:s3:::b", **more: Any) -> Given:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(**condition: Given) -> Given:
    everyone = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    return {**everyone, "Condition": condition} if condition else everyone


def found(
    before: list[Given],
    after: list[Given],
    kind: PolicyKind = PolicyKind.IDENTITY,
    own: frozenset[str] = frozenset({OWN}),
) -> tuple[Concern, ...]:
    first, second = (
        read_policy({"Version": "2012-10-17", "Statement": each}) for each in (before, after)
    )
    return concerns(compare(first, second), "it", kind, own)


def kinds(*args: Any) -> dict[ConcernKind, Severity]:
    return {each.kind: each.severity for each in found(*args)}


def test_what_is_lost_is_no_concern() -> None:
    assert not found([allow("*", "*")], [])
    assert not found([], [deny()], PolicyKind.S3)


def test_an_ordinary_right_is_no_concern() -> None:
    assert not found([], [allow("s3:GetObject", "arn:aws:s3:::b/*")])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (allow("*"), ConcernKind.ALL_ACTIONS),
        ({**allow("x"), "NotAction": "iam:*"}, ConcernKind.ALL_ACTIONS),
        (allow(["s3:*", "ec2:Get*"]), ConcernKind.ALL_OF_SERVICE),
        (allow("s3:PutObject", "*"), ConcernKind.ALL_RESOURCES),
    ],
)
def test_wildcards(statement: Given, kind: ConcernKind) -> None:
    if "NotAction" in statement:
        del statement["Action"]
    assert kind in kinds([], [statement])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (allow("s3:Get*"), ConcernKind.ALL_OF_SERVICE),
        (allow("s3:PutObject", "arn:aws:s3:::*"), ConcernKind.ALL_RESOURCES),
    ],
)
def test_no_wildcards(statement: Given, kind: ConcernKind) -> None:
    assert kind not in kinds([], [statement])


def test_to_list_everything_is_less_bad_than_to_change_it() -> None:
    reading = kinds([], [allow(["ec2:DescribeVpcs", "s3:ListAllMyBuckets"], "*")])
    assert reading == {ConcernKind.ALL_RESOURCES: LOW}
    assert kinds([], [allow("ec2:RunInstances", "*")]) == {ConcernKind.ALL_RESOURCES: MEDIUM}


def test_a_boundary_and_an_endpoint_are_one_degree_less_bad() -> None:
    assert kinds([], [allow("*")], PolicyKind.BOUNDARY) == {ConcernKind.ALL_ACTIONS: MEDIUM}
    everyone = allow("*", Principal="*")
    assert kinds([], [everyone], PolicyKind.ENDPOINT) == {ConcernKind.ALL_ACTIONS: MEDIUM}


def when(operator: str, key: str, value: str) -> Given:
    return {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        ({}, HIGH),
        (when("Bool", "aws:SecureTransport", "true"), HIGH),
        (when("StringEquals", "aws:PrincipalOrgID", "o-1"), LOW),
        (when("StringLike", "aws:PrincipalOrgID", "*"), HIGH),
        (when("StringNotEquals", "aws:PrincipalOrgID", "o-1"), HIGH),
        (when("StringEqualsIfExists", "aws:SourceVpce", "v"), HIGH),
        (when("Null", "aws:SourceVpce", "false"), HIGH),
    ],
)
def test_public(condition: Given, severity: Severity) -> None:
    statement = allow("s3:GetObject", Principal="*", **condition)
    assert kinds([], [statement], PolicyKind.S3)[ConcernKind.PUBLIC] == severity


def test_all_but_somebody_is_public_too() -> None:
    statement = allow("s3:GetObject", NotPrincipal={"AWS": OWN})
    assert kinds([], [statement], PolicyKind.S3) == {ConcernKind.PUBLIC: HIGH}


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        ({"AWS": "222222222222"}, HIGH),
        ({"AWS": "arn:aws:iam::222222222222:role/a"}, MEDIUM),
        ({"AWS": f"arn:aws:iam::{OWN}:role/a"}, None),
        ({"Service": "s3.amazonaws.com"}, None),
    ],
)
def test_other_accounts(principal: Given, severity: Severity | None) -> None:
    statement = allow("s3:GetObject", Principal=principal)
    told = kinds([], [statement], PolicyKind.S3)
    assert told.get(ConcernKind.EXTERNAL_ACCOUNT) == severity
    assert not found([], [statement], PolicyKind.S3, frozenset())


ROLE = "arn:aws:iam::111111111111:role/a"
TO_SERVICE = when("StringEquals", "iam:PassedToService", "sagemaker.amazonaws.com")


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (allow("iam:PassRole", ROLE, **TO_SERVICE), MEDIUM),
        (allow("iam:PassRole", ROLE), HIGH),
        (allow("IAM:passrole", "*", **TO_SERVICE), HIGH),
        (allow("iam:Pass*", "arn:aws:iam::1:role/*", **TO_SERVICE), HIGH),
        (allow("iam:*", ROLE, **TO_SERVICE), MEDIUM),
        (allow("iam:GetRole", ROLE), None),
        (allow("*", "*"), None),
    ],
)
def test_pass_role(statement: Given, severity: Severity | None) -> None:
    assert kinds([], [statement]).get(ConcernKind.PASS_ROLE) == severity


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("iam:PutRolePolicy", ROLE), True),
        (allow("kms:Put*", "*"), True),
        (allow("lambda:UpdateFunctionCode", "arn:x"), True),
        (allow("sts:AssumeRole", "*"), True),
        (allow("sts:AssumeRole", ROLE), False),
        (allow("s3:PutBucketPolicy", "arn:aws:s3:::b"), True),
        (allow("s3:*", "arn:aws:s3:::b/*"), False),
        (allow("s3:GetObject", "*"), False),
    ],
)
def test_escalation(statement: Given, expected: bool) -> None:
    assert (ConcernKind.ESCALATION in kinds([], [statement])) == expected


def test_an_exception_of_a_negation_is_not_had() -> None:
    def all_but(action: str) -> Given:
        return {"Effect": "Allow", "NotAction": action, "Resource": "*"}

    assert ConcernKind.PASS_ROLE not in kinds([], [all_but("iam:*")])
    told = kinds([all_but("iam:*")], [all_but("iam:PassRole")])
    assert ConcernKind.ESCALATION in told
    assert ConcernKind.PASS_ROLE not in told


def test_trust() -> None:
    service = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x"}}
    under = {**service, **when("StringEquals", "aws:SourceAccount", OWN)}
    assert kinds([], [under], PolicyKind.TRUST) == {ConcernKind.TRUST_WIDENED: MEDIUM}
    assert kinds([under], [service], PolicyKind.TRUST) == {ConcernKind.TRUST_WIDENED: HIGH}


TLS = {"Bool": {"aws:SecureTransport": "false"}}
ENCRYPTED = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
ENDPOINT = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
ADMIN = {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([deny()], [], {ConcernKind.DENY_REMOVED: HIGH}),
        ([deny()], [deny(**ADMIN)], {ConcernKind.DENY_NARROWED: MEDIUM}),
        ([deny(**TLS)], [], {ConcernKind.TLS_DROPPED: HIGH}),
        ([deny(**ENCRYPTED)], [], {ConcernKind.ENCRYPTION_DROPPED: HIGH}),
        ([deny(**ENDPOINT)], [], {ConcernKind.ENDPOINT_DROPPED: HIGH}),
        ([deny(**ENDPOINT)], [deny(**ENDPOINT, **ADMIN)], {ConcernKind.DENY_NARROWED: MEDIUM}),
        ([deny(**TLS)], [deny(**ENDPOINT)], {ConcernKind.TLS_DROPPED: HIGH}),
        ([deny(**TLS), deny()], [deny()], {}),
    ],
)
def test_refusals(before: list[Given], after: list[Given], expected: Given) -> None:
    assert kinds(before, after, PolicyKind.S3) == expected


@pytest.mark.parametrize(
    ("condition", "after", "expected"),
    [
        (when("StringEquals", "aws:SourceVpce", "v"), {}, {ConcernKind.ENDPOINT_DROPPED: HIGH}),
        (when("Bool", "aws:SecureTransport", "true"), {}, {ConcernKind.TLS_DROPPED: HIGH}),
        (when("StringEquals", "aws:username", "amy"), {}, {ConcernKind.CONDITION_REMOVED: MEDIUM}),
        (
            when("StringEquals", "aws:username", "amy"),
            when("StringLike", "aws:username", "a*"),
            {ConcernKind.CONDITION_WIDENED: MEDIUM},
        ),
    ],
)
def test_conditions(condition: Given, after: Given, expected: Given) -> None:
    action = "s3:GetObject"
    assert kinds([allow(action, **condition)], [allow(action, **after)]) == expected


def test_the_worst_comes_first_in_one_line_each() -> None:
    name = "x\n\x1b" * 2_000
    several = found([], [allow(["iam:*", "s3:*", name], ["*", name])])
    severities = [each.severity for each in several]
    assert severities == sorted(severities, reverse=True)
    assert len(several) > 3
    for each in several:
        assert each.text.isprintable()
        assert len(each.text) <= LINE_LIMIT
        assert each.grant.actions
