"""The policies of what is asked for: of buckets, keys with their grants, functions, roles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from scripts.sandbox.access.evaluation import Kind, Policy
from scripts.sandbox.access.principals import iam, policy
from scripts.sandbox.access.resource_facts import function
from scripts.sandbox.account import ACCOUNT


@dataclass(frozen=True, slots=True)
class Of:
    """The policies of a resource, and how much depends on them."""

    policies: tuple[Policy, ...] = ()
    kind: Kind = Kind.RESOURCE
    must_allow: bool = False


def of(action: str, resource: str) -> Of:
    """The policies that speak of an action on a resource.

    A role's trust policy is asked for `sts` alone: its other actions are IAM's.
    """
    service = resource.split(":")[2] if resource.startswith("arn:") else ""
    if service == "iam" and not action.startswith("sts:"):
        return Of()
    return _OF[service](resource) if service in _OF else Of()


def endpoint_policy(region: str, service: str, endpoint_id: str) -> Policy | None:
    """The policy of an endpoint, if it is one of the account's and carries the service."""
    found = ec2_backends[ACCOUNT][region].vpc_end_points.get(endpoint_id)
    if found is None or not _carries(found.service_name, service):
        return None
    return policy(endpoint_id, found.policy_document)


def endpoint_vpc(region: str, endpoint_id: str) -> str:
    found = ec2_backends[ACCOUNT][region].vpc_end_points.get(endpoint_id)
    return str(found.vpc_id) if found else ""


def _carries(service_name: str, service: str) -> bool:
    """Whether `com.amazonaws.eu-west-1.ecr.api` carries calls of `ecr`."""
    name = service_name.split(".", 3)[3] if service_name.count(".") >= 3 else service_name  # noqa: PLR2004
    return {"monitoring": "cloudwatch"}.get(name, name.split(".")[0]) == service


def _bucket(resource: str) -> Of:
    name = resource.split(":::", 1)[1].partition("/")[0]
    found = s3_backends[ACCOUNT]["aws"].buckets.get(name)
    if found is None or not found.policy:
        return Of()
    text = found.policy
    return Of(
        (policy(f"bucket policy of {name}", text if isinstance(text, str) else text.decode()),)
    )


def _key(resource: str) -> Of:
    region, kind, name = resource.split(":")[3], *resource.split(":", 5)[5].split("/", 1)
    if kind != "key":
        return Of()
    found = kms_backends[ACCOUNT][region].keys.get(name)
    # A key that is not there has no policy that could allow.
    if found is None:
        return Of((), must_allow=True)
    grants = tuple(_grant(each) for each in found.grants.values())
    return Of((policy(f"key policy of {name}", found.policy), *grants), must_allow=True)


def _grant(grant: Any) -> Policy:
    """A grant, as the statement that it amounts to.

    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """
    constraints = grant.constraints or {}
    pairs = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset")
    statement: dict[str, Any] = {
        "Sid": grant.id,
        "Effect": "Allow",
        "Principal": {"AWS": grant.grantee_principal},
        "Action": [f"kms:{operation}" for operation in grant.operations],
        "Resource": "*",
    }
    if pairs:
        keys = {f"kms:EncryptionContext:{key}": value for key, value in pairs.items()}
        statement["Condition"] = {"StringEquals": keys}
    return Policy(f"grant {grant.id}", {"Statement": [statement]})


def _function(resource: str) -> Of:
    found = function(resource.split(":")[3], resource)
    if found is None:
        return Of()
    document = {"Version": "2012-10-17", "Statement": found.policy.statements}
    return Of((Policy(f"policy of {resource}", document),))


def _role(resource: str) -> Of:
    role = next((each for each in iam().roles.values() if each.arn == resource), None)
    texts = (role.assume_role_policy_document,) if role else ()
    policies = tuple(policy(f"trust of {resource}", text) for text in texts)
    return Of(policies, Kind.TRUST, must_allow=True)


_OF: dict[str, Callable[[str], Of]] = {
    "s3": _bucket,
    "kms": _key,
    "lambda": _function,
    "iam": _role,
}
