"""What IAM says of roles: get and list calls only. A question refused leaves the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.doctor.facts import Policies, PolicyDocument, Refused, Role, ServiceRole, ask
from scripts.lib.errors import NOT_FOUND, InputError, error_code
from scripts.lib.jumpstart.model import FULL_ACCESS
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from mypy_boto3_iam.type_defs import RoleTypeDef

    from scripts.lib.clients import Clients

SERVICE_ROLES = (
    "AmazonSageMakerServiceCatalogProductsLaunchRole",
    "AmazonSageMakerServiceCatalogProductsUseRole",
)
"""Without these two, nothing of SageMaker's portfolio can be launched."""


def observe_role(clients: Clients, arn: str) -> Role:
    """Return what IAM says of the role ``arn``, whatever it refuses to say."""
    account = clients.account
    try:
        role = RoleArn.parse(arn)
    except InputError:
        return Role(arn, foreign=True)
    if not role.is_of(account.partition, account.account_id):
        return Role(arn, foreign=True)
    found = ask(_get_role, clients, role.name)
    if found is None:
        return Role(arn)
    policies = _policies(clients, role.name)
    if isinstance(found, Refused):
        return Role(arn, found, policies=policies)
    trust = json.dumps(found.get("AssumeRolePolicyDocument", {}))
    return Role(arn, found["Arn"], trust=trust, policies=policies)


def observe_service_roles(clients: Clients) -> tuple[ServiceRole, ...]:
    """Return the roles that SageMaker's portfolio needs, there or not."""

    def found(name: str) -> str | Refused | None:
        role = ask(_get_role, clients, name)
        return role if role is None or isinstance(role, Refused) else role["Arn"]

    return tuple(ServiceRole(name, found(name)) for name in SERVICE_ROLES)


def _get_role(clients: Clients, name: str) -> RoleTypeDef | None:
    try:
        return clients.iam.get_role(RoleName=name)["Role"]
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def _policies(clients: Clients, name: str) -> Policies:
    attached = ask(_list_attached, clients, name)
    arns = [] if isinstance(attached, Refused) else attached
    if any(arn.endswith(f":iam::aws:policy/{FULL_ACCESS}") for arn in arns):
        return Policies(full_access=True)
    read = list(_documents(clients, name, arns))
    if isinstance(attached, Refused):
        read.insert(0, attached)
    return Policies(
        documents=tuple(each for each in read if isinstance(each, PolicyDocument)),
        unread=tuple(each for each in read if isinstance(each, Refused)),
    )


def _list_attached(clients: Clients, name: str) -> list[str]:
    pages = clients.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    return [item["PolicyArn"] for page in pages for item in page["AttachedPolicies"]]


def _list_inline(clients: Clients, name: str) -> list[str]:
    pages = clients.iam.get_paginator("list_role_policies").paginate(RoleName=name)
    return [policy for page in pages for policy in page["PolicyNames"]]


def _documents(clients: Clients, role: str, arns: list[str]) -> Iterator[PolicyDocument | Refused]:
    for arn in arns:
        yield ask(_managed, clients, arn)
    inline = ask(_list_inline, clients, role)
    if isinstance(inline, Refused):
        yield inline
        return
    for name in inline:
        yield ask(_inline, clients, role, name)


def _managed(clients: Clients, arn: str) -> PolicyDocument:
    version = clients.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = clients.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    return PolicyDocument(arn.rpartition("/")[2], json.dumps(found["Document"]))


def _inline(clients: Clients, role: str, name: str) -> PolicyDocument:
    found = clients.iam.get_role_policy(RoleName=role, PolicyName=name)
    return PolicyDocument(name, json.dumps(found["PolicyDocument"]))
