"""Which attributes of which resources hold policies, and what those are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scripts.lib.policy.kinds import PolicyKind


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute of a type of resource that holds a policy.

    Attributes:
        owner: what the policy is attached to, in words.
        name: the attribute that names the owner.
        of: the type of the owner, where that is a resource of its own.
        is_own: the policy is all that the resource is, so that its end is the policy's; else a
            policy ends with what it protects, which nobody can then reach.
        has_default: without a policy AWS gives one, which is known only when it is applied.
        is_computed: the provider also reads into it what another resource sets.
        only_of: values of the attribute ``type`` under which it is a policy of IAM's language.
    """

    attribute: str
    kind: PolicyKind
    owner: str
    name: str
    of: str = ""
    is_own: bool = True
    has_default: bool = False
    is_computed: bool = False
    only_of: frozenset[str] = frozenset()


_IDENTITY, _RESOURCE = PolicyKind.IDENTITY, PolicyKind.RESOURCE


def _of(attribute: str, kind: PolicyKind, owner: str, name: str, of: str = "") -> tuple[Place]:
    return (Place(attribute, kind, owner, name, of),)


def _within(
    attribute: str, kind: PolicyKind, owner: str, name: str, *, computed: bool = False
) -> tuple[Place]:
    return (Place(attribute, kind, owner, name, is_own=False, is_computed=computed),)


PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    "aws_iam_policy": _of("policy", _IDENTITY, "whoever has policy", "name"),
    "aws_iam_role": _within("assume_role_policy", PolicyKind.TRUST, "role", "name"),
    "aws_iam_role_policy": _of("policy", _IDENTITY, "role", "role", "aws_iam_role"),
    "aws_iam_user_policy": _of("policy", _IDENTITY, "user", "user", "aws_iam_user"),
    "aws_iam_group_policy": _of("policy", _IDENTITY, "group", "group", "aws_iam_group"),
    "aws_ssoadmin_permission_set_inline_policy": _of(
        "inline_policy",
        _IDENTITY,
        "permission set",
        "permission_set_arn",
        "aws_ssoadmin_permission_set",
    ),
    "aws_kms_key": (
        Place("policy", PolicyKind.KMS, "key", "description", is_own=False, has_default=True),
    ),
    "aws_kms_key_policy": _of("policy", PolicyKind.KMS, "key", "key_id", "aws_kms_key"),
    "aws_s3_bucket": _within("policy", PolicyKind.S3, "bucket", "bucket", computed=True),
    "aws_s3_bucket_policy": _of("policy", PolicyKind.S3, "bucket", "bucket", "aws_s3_bucket"),
    "aws_vpc_endpoint": (
        Place(
            "policy",
            PolicyKind.ENDPOINT,
            "the endpoint of",
            "service_name",
            is_own=False,
            has_default=True,
        ),
    ),
    "aws_vpc_endpoint_policy": _of(
        "policy", PolicyKind.ENDPOINT, "endpoint", "vpc_endpoint_id", "aws_vpc_endpoint"
    ),
    "aws_organizations_policy": (
        Place(
            "content",
            PolicyKind.BOUNDARY,
            "whoever is under policy",
            "name",
            only_of=frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"}),
        ),
    ),
    "aws_sns_topic": _within("policy", _RESOURCE, "topic", "name", computed=True),
    "aws_sns_topic_policy": _of("policy", _RESOURCE, "topic", "arn", "aws_sns_topic"),
    "aws_sqs_queue": _within("policy", _RESOURCE, "queue", "name", computed=True),
    "aws_sqs_queue_policy": _of("policy", _RESOURCE, "queue", "queue_url", "aws_sqs_queue"),
    "aws_secretsmanager_secret": _within("policy", _RESOURCE, "secret", "name", computed=True),
    "aws_secretsmanager_secret_policy": _of(
        "policy", _RESOURCE, "secret", "secret_arn", "aws_secretsmanager_secret"
    ),
    "aws_ecr_repository_policy": _of(
        "policy", _RESOURCE, "repository", "repository", "aws_ecr_repository"
    ),
}

_GUESSED = ("policy", "access_policy", "resource_policy", "policy_document", "policy_text")


def guessed_places(kind: str) -> tuple[Place, ...]:
    """Return where a type of resource that is not in PLACES would hold a policy, if it does."""
    owner = kind.removeprefix("aws_").removesuffix("_policy").replace("_", " ")
    is_own = kind.endswith("_policy")
    return tuple(Place(name, _RESOURCE, owner, "name", is_own=is_own) for name in _GUESSED)
