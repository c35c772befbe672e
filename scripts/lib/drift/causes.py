"""What a change is called, in one sentence, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.model import ResourceChange, Risk
from scripts.lib.plan_review.policy_changes import PolicyChange

TAGS = "tags"
CODE = "code"
CONTENT = "content"
ACCESS = "access"
RETRIES = "retries"

_LOW, _MEDIUM, _HIGH = Risk.LOW, Risk.MEDIUM, Risk.HIGH

_GROUPS: Mapping[str, Mapping[str, str]] = {
    "": {"tags": TAGS, "tags_all": TAGS},
    "aws_kms_alias": {"target_key_id": "target", "target_key_arn": "target"},
    "aws_lambda_function": dict.fromkeys(
        ("code_sha256", "source_code_hash", "filename", "image_uri", "s3_bucket", "s3_key"), CODE
    ),
    "aws_lambda_function_event_invoke_config": dict.fromkeys(
        ("maximum_retry_attempts", "maximum_event_age_in_seconds"), RETRIES
    ),
    "aws_s3_bucket": dict.fromkeys(("website", "website_domain", "website_endpoint"), "website"),
    "aws_s3_bucket_public_access_block": dict.fromkeys(
        (
            "block_public_acls", "block_public_policy", "ignore_public_acls",
            "restrict_public_buckets",
        ),
        ACCESS,
    ),
    "aws_s3_object": dict.fromkeys(
        (
            "etag", "content", "content_type", "content_base64", "metadata", "source_hash",
            "checksum_crc32", "checksum_crc32c", "checksum_crc64nvme", "checksum_sha1",
            "checksum_sha256", "server_side_encryption", "kms_key_id",
        ),
        CONTENT,
    ),
    "aws_vpc_endpoint": {"subnet_ids": "subnet_ids", "subnet_configuration": "subnet_ids"},
    "aws_iam_role": {"unique_id": "identity", "arn": "identity"},
}  # fmt: skip
"""By type, "" for all: attributes that one cause changes together. Others are their own cause."""

NOUNS: Mapping[str, str] = {
    "aws_cloudwatch_log_group": "log group",
    "aws_iam_policy": "policy",
    "aws_iam_role": "role",
    "aws_iam_role_policy": "inline policy",
    "aws_kms_alias": "alias",
    "aws_kms_key": "key",
    "aws_lambda_function": "function",
    "aws_lambda_function_event_invoke_config": "setting of the function's retries",
    "aws_s3_bucket": "bucket",
    "aws_s3_object": "object",
    "aws_sagemaker_notebook_instance_lifecycle_configuration": "lifecycle configuration",
    "aws_servicecatalog_constraint": "constraint",
    "aws_servicecatalog_portfolio": "portfolio",
    "aws_servicecatalog_product": "product",
    "aws_vpc_endpoint": "endpoint",
}

_DELETED: Mapping[str, tuple[str, Risk]] = {
    "aws_iam_policy": ("The policy was deleted.", _HIGH),
    "aws_iam_role": ("The role was deleted.", _HIGH),
    "aws_iam_role_policy_attachment": ("The managed policy was detached.", _MEDIUM),
    "aws_kms_key": ("The key was deleted, or is about to be: what it encrypted is lost.", _HIGH),
    "aws_lambda_function": ("The function was deleted.", _HIGH),
    "aws_s3_bucket": ("The bucket was deleted.", _HIGH),
    "aws_s3_bucket_lifecycle_configuration": ("The bucket's lifecycle rules were deleted.", _LOW),
    "aws_s3_bucket_policy": ("The bucket's policy was deleted.", _HIGH),
    "aws_s3_bucket_public_access_block": (
        "Public access to the bucket is no longer blocked.",
        _HIGH,
    ),
    "aws_servicecatalog_constraint": ("The constraint was deleted.", _HIGH),
    "aws_servicecatalog_portfolio": ("The portfolio was deleted.", _HIGH),
    "aws_servicecatalog_principal_portfolio_association": (
        "The principal's access to the portfolio was deleted.",
        _MEDIUM,
    ),
    "aws_servicecatalog_product": ("The product was deleted.", _HIGH),
    "aws_servicecatalog_product_portfolio_association": (
        "The product was taken from the portfolio.",
        _HIGH,
    ),
    "aws_vpc_endpoint": ("The endpoint was deleted.", _HIGH),
}

_CHANGED: Mapping[tuple[str, str], tuple[str, Risk]] = {
    ("aws_cloudwatch_log_group", "kms_key_id"): ("The log group's key was changed.", _MEDIUM),
    ("aws_cloudwatch_log_group", "retention_in_days"): (
        "The log group's retention was changed.",
        _MEDIUM,
    ),
    ("aws_iam_policy", "policy"): ("The policy was changed.", _MEDIUM),
    ("aws_iam_policy", "attachment_count"): (
        "The policy is attached more often than Terraform attached it.",
        _MEDIUM,
    ),
    ("aws_iam_role", "assume_role_policy"): ("The role's trust was changed.", _MEDIUM),
    ("aws_iam_role", "identity"): ("The role was deleted and made anew.", _HIGH),
    ("aws_iam_role", "permissions_boundary"): (
        "The role's permissions boundary was changed.",
        _HIGH,
    ),
    ("aws_iam_role_policy", "policy"): ("The inline policy was changed.", _MEDIUM),
    ("aws_kms_alias", "target"): ("The alias was moved to another key.", _HIGH),
    ("aws_lambda_function", CODE): ("The function's code was replaced.", _HIGH),
    ("aws_lambda_function", "environment"): ("The function's environment was changed.", _MEDIUM),
    ("aws_lambda_function", "layers"): ("The function's layers were changed.", _HIGH),
    ("aws_lambda_function", "role"): ("The function's role was changed.", _HIGH),
    ("aws_lambda_function_event_invoke_config", RETRIES): (
        "The function's retries were changed.",
        _LOW,
    ),
    ("aws_s3_bucket", "cors_rule"): ("The bucket's CORS rules were changed.", _MEDIUM),
    ("aws_s3_bucket", "grant"): ("The bucket's access control list was changed.", _HIGH),
    ("aws_s3_bucket_lifecycle_configuration", "rule"): (
        "The bucket's lifecycle rules were changed.",
        _MEDIUM,
    ),
    ("aws_s3_bucket_ownership_controls", "rule"): (
        "The bucket's rules of ownership were changed.",
        _MEDIUM,
    ),
    ("aws_s3_bucket_policy", "policy"): ("The bucket's policy was changed.", _MEDIUM),
    ("aws_s3_bucket_server_side_encryption_configuration", "rule"): (
        "The bucket's default encryption was changed.",
        _HIGH,
    ),
    ("aws_s3_object", CONTENT): ("The object was overwritten.", _HIGH),
    ("aws_sagemaker_notebook_instance_lifecycle_configuration", "on_create"): (
        "The script at the creation of notebooks was changed.",
        _HIGH,
    ),
    ("aws_sagemaker_notebook_instance_lifecycle_configuration", "on_start"): (
        "The script at the start of notebooks was changed.",
        _HIGH,
    ),
    ("aws_security_group", "egress"): (
        "The security group's outgoing rules were changed.",
        _MEDIUM,
    ),
    ("aws_security_group", "ingress"): (
        "The security group's incoming rules were changed.",
        _HIGH,
    ),
    ("aws_servicecatalog_constraint", "parameters"): (
        "The constraint's role or rule was changed.",
        _HIGH,
    ),
    ("aws_vpc_endpoint", "private_dns_enabled"): (
        "The endpoint's private name was switched on or off.",
        _HIGH,
    ),
    ("aws_vpc_endpoint", "route_table_ids"): ("The endpoint's routes were changed.", _HIGH),
    ("aws_vpc_endpoint", "security_group_ids"): (
        "The endpoint's security groups were changed.",
        _HIGH,
    ),
    ("aws_vpc_endpoint", "subnet_ids"): ("The endpoint's subnets were changed.", _HIGH),
}

_SWITCHES: Mapping[tuple[str, str], tuple[str, str, Risk]] = {
    ("aws_kms_key", "enable_key_rotation"): (
        "Rotation of the key was switched on.",
        "Rotation of the key was switched off.",
        _MEDIUM,
    ),
    ("aws_kms_key", "is_enabled"): ("The key was enabled.", "The key was disabled.", _HIGH),
}
"""What it is called when a value turned true, and when it turned false; the risk of the latter."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A change's sentence and its risk."""

    what: str
    risk: Risk


def group(change: ResourceChange, attribute: str) -> str:
    """Return the name of those attributes that one cause changes together."""
    shared = _GROUPS[""].get(attribute)
    return shared or _GROUPS.get(change.type, {}).get(attribute, attribute)


def noun(type_: str) -> str:
    """Return what a type of resource is called."""
    return NOUNS.get(type_) or type_.removeprefix("aws_").replace("_", " ")


def deleted(change: ResourceChange) -> Cause:
    """Say that a resource is gone."""
    what, risk = _DELETED.get(change.type, (f"The {noun(change.type)} was deleted.", _MEDIUM))
    return Cause(what, risk)


def changed(change: ResourceChange, name: str, policies: Iterable[PolicyChange]) -> Cause:
    """Say what became of a group of attributes.

    Args:
        name: of the group.
        policies: those that are among them.
    """
    before, after = change.before or {}, change.after or {}
    if name == TAGS:
        return Cause(_tags(before, after), _LOW)
    if name == ACCESS:
        return _access(before, after)
    if change.type == "aws_s3_bucket_versioning":
        return _versioning(after)
    if switch := _SWITCHES.get((change.type, name)):
        on, off, risk = switch
        return Cause(on, _LOW) if after.get(name) else Cause(off, risk)
    default = f"The {noun(change.type)}'s {name.replace('_', ' ')} was changed."
    known = _CHANGED.get((change.type, name))
    found = tuple(policies)
    what, risk = known or (default, _MEDIUM if found else _LOW)
    return Cause(what, max(risk, policy_risk(found)))


def policy_risk(policies: Iterable[PolicyChange]) -> Risk:
    """Return how bad the worst of what policies allow by now is."""
    degrees = (Risk(concern.severity) for policy in policies for concern in policy.concerns)
    return max(degrees, default=_LOW)


def _tags(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    old, new = _all_tags(before), _all_tags(after)
    gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    other = sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
    names = [*gone, *come, *other]
    if len(names) != 1:
        return f"Tags were changed: {', '.join(names)}."
    return f"The tag {names[0]} was {'removed' if gone else 'added' if come else 'changed'}."


def _all_tags(side: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags, with those that the provider sets by default."""
    return {**(side.get("tags") or {}), **(side.get("tags_all") or {})}


def _access(before: Mapping[str, Any], after: Mapping[str, Any]) -> Cause:
    opened = [name for name in before if before[name] is True and after.get(name) is not True]
    if opened:
        return Cause("Public access to the bucket is no longer blocked.", _HIGH)
    return Cause("Public access to the bucket is blocked further.", _LOW)


def _versioning(after: Mapping[str, Any]) -> Cause:
    blocks = after.get("versioning_configuration") or [{}]
    if blocks[0].get("status") == "Suspended":
        return Cause("Versioning of the bucket was suspended.", _MEDIUM)
    return Cause("Versioning of the bucket was changed.", _MEDIUM)
