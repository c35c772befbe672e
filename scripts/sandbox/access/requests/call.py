"""A call as access control sees it, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.access.principals import PARTITION, Principal
from scripts.sandbox.account import ACCOUNT

DNS_SUFFIX = "amazonaws.com"
Values = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        service: IAM's prefix of the service.
        operation: the API's operation.
        region: where it was made.
        params: its parameters; none for S3.
        environ: the HTTP request.
        principal: who calls.
    """

    service: str
    operation: str
    region: str
    params: Mapping[str, Any]
    environ: Mapping[str, Any]
    principal: Principal

    def arn(self, resource: str, service: str | None = None) -> str:
        """ARN of a resource of this account in the call's Region."""
        return f"arn:{PARTITION}:{service or self.service}:{self.region}:{ACCOUNT}:{resource}"


@dataclass(frozen=True, slots=True)
class Need:
    """An authorisation request: one of those that a call has to pass, all in the caller's name.

    Attributes:
        action: `service:Action`.
        resource: ARN, `*` or `UNKNOWN_RESOURCE`.
        context: condition keys beyond those that every call has.
        via: the service that asks on the caller's behalf (`s3`); empty for the caller itself.
    """

    action: str
    resource: str = "*"
    context: Values = field(default_factory=dict)
    via: str = ""


def request_tags(tags: Mapping[str, str]) -> Values:
    """`aws:RequestTag` and `aws:TagKeys` of the tags that a call sets."""
    if not tags:
        return {}
    return {
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
        "aws:TagKeys": list(tags),
    }


def plain_tags(given: Any) -> dict[str, str]:
    """Tags in any of the shapes in which AWS's services take them, as a plain mapping."""
    if not given:
        return {}
    if isinstance(given, Mapping):
        return {str(key): str(value) for key, value in given.items()}
    found = {}
    for entry in given:
        lowered = {name.lower(): value for name, value in entry.items()}
        key = lowered.get("key", lowered.get("tagkey"))
        found[str(key)] = str(lowered.get("value", lowered.get("tagvalue", "")))
    return found


def pass_role(role_arn: str, service: str) -> Need:
    """`iam:PassRole`, which whoever hands a role to a service needs."""
    return Need("iam:PassRole", role_arn, {"iam:PassedToService": f"{service}.{DNS_SUFFIX}"})
