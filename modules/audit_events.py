"""Which events of the trail raise an alarm, as CloudWatch Logs filter patterns.

Refused attempts raise it too: the events carry an error code, but are events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.naming import BUCKET_NAME_LIMIT, LENGTH_LIMITS

PATTERN_LIMIT = 1024
"""Characters, from botocore's model of PutMetricFilter."""

_ISSUER = "$.userIdentity.sessionContext.sessionIssuer.userName"
_INTERNET = "$.requestParameters.directInternetAccess"


@dataclass(frozen=True)
class Watch:
    """One alarm, raised by an event that any of ``patterns`` matches."""

    name: str
    description: str
    patterns: tuple[str, ...]


def trail_changed() -> Watch:
    return Watch(
        "TrailChanged",
        "A trail was stopped, changed or deleted",
        (
            _pattern(
                "cloudtrail", ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"]
            ),
        ),
    )


def key_changed() -> Watch:
    """Watch every key of the account: keys have no names, and their ids are AWS's choice."""
    return Watch(
        "KeyChanged",
        "A KMS key's policy was changed, or a key was disabled or scheduled for deletion",
        (
            _pattern(
                "kms", ["DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"]
            ),
        ),
    )


def bucket_policy_changed(bucket_names: Sequence[str]) -> Watch:
    return Watch(
        "BucketPolicyChanged",
        "The policy of a watched bucket was changed or deleted",
        _patterns_of_names(
            "s3",
            ["DeleteBucketPolicy", "PutBucketPolicy"],
            "$.requestParameters.bucketName",
            bucket_names,
            longest=BUCKET_NAME_LIMIT,
        ),
    )


def launch_role_changed(role_names: Sequence[str]) -> Watch:
    events = [
        "AttachRolePolicy",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    ]
    return Watch(
        "LaunchRoleChanged",
        "The policies, the boundary or the trust of a launch role were changed",
        _patterns_of_names(
            "iam",
            events,
            "$.requestParameters.roleName",
            role_names,
            longest=LENGTH_LIMITS["launch_role"],
        ),
    )


def notebook_outside_rules(creator_role_names: Sequence[str]) -> Watch:
    """Watch for notebooks with internet access, or made by none of the roles named.

    A name may end in ``*``. Raises ValueError when the names do not fit one pattern ("none of
    these" cannot be spread over several).
    """
    event = ["CreateNotebookInstance"]
    others = " && ".join(f"({_ISSUER} != {_quoted(name)})" for name in creator_role_names)
    by_others = f'($.userIdentity.type != "AssumedRole") || ({others or _ISSUER + " = *"})'
    pattern = _pattern("sagemaker", event, by_others)
    if len(pattern) > PATTERN_LIMIT:
        raise ValueError(
            f"notebook creators: {len(creator_role_names)} role names make a filter pattern of "
            f"{len(pattern)} characters, at most {PATTERN_LIMIT} are allowed; a name may end in *"
        )
    # AWS turns internet access on when the request does not mention it.
    internet = f'({_INTERNET} NOT EXISTS) || ({_INTERNET} != "Disabled")'
    return Watch(
        "NotebookOutsideRules",
        "A notebook was created with internet access, or by a role that launches none",
        (_pattern("sagemaker", event, internet), pattern),
    )


def _patterns_of_names(
    service: str, events: Sequence[str], field: str, names: Sequence[str], *, longest: int
) -> tuple[str, ...]:
    """Return patterns that match any of ``names``, as many in each as fit for certain.

    A name counts as ``longest`` characters: how long it is may be known only to Terraform.
    """

    def clause(name: str) -> str:
        return f"({field} = {_quoted(name)})"

    room = PATTERN_LIMIT - len(_pattern(service, events, "-"))
    size = room // len(f"{clause('n' * longest)} || ")
    groups = [names[start : start + size] for start in range(0, len(names), size)]
    return tuple(_pattern(service, events, " || ".join(map(clause, group))) for group in groups)


def _pattern(service: str, events: Sequence[str], condition: str | None = None) -> str:
    names = " || ".join(f'($.eventName = "{event}")' for event in events)
    clauses = [f'$.eventSource = "{service}.amazonaws.com"', names]
    clauses += [condition] if condition else []
    return "{ " + " && ".join(f"({clause})" for clause in clauses) + " }"


def _quoted(name: str) -> str:
    if '"' in name or "\\" in name:
        raise ValueError(f"a name in a filter pattern must hold no quote or backslash: {name!r}")
    return f'"{name}"'
