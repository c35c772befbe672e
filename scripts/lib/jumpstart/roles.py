"""What IAM says of a role: the preconditions of JumpStart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, NOT_FOUND, InputError, describe, error_code
from scripts.lib.jumpstart.model import FULL_ACCESS, SAGEMAKER, RoleFacts
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from scripts.lib.clients import Clients


def read_role(clients: Clients, arn: str) -> RoleFacts:
    """Return what IAM says of the role ``arn``.

    A role that cannot be associated has ``error`` set; being refused the question is
    ``unchecked``. Other errors of AWS are raised.
    """
    account = clients.account
    try:
        role = RoleArn.parse(arn)
    except InputError as exc:
        return RoleFacts(arn, error=str(exc))
    if not role.is_of(account.partition, account.account_id):
        return RoleFacts(arn, error=f"is of another account than {account.account_id}")
    try:
        found = clients.iam.get_role(RoleName=role.name)["Role"]
        if found["Arn"] != arn:
            return RoleFacts(arn, error=f"does not exist; there is {found['Arn']}")
        return RoleFacts(
            arn,
            trusts_sagemaker=trusts(found.get("AssumeRolePolicyDocument", {}), SAGEMAKER),
            has_full_access=_has_full_access(clients, role.name),
        )
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return RoleFacts(arn, error="does not exist")
        if error_code(exc) in ACCESS_DENIED:
            return RoleFacts(arn, unchecked=describe(exc))
        raise


def _has_full_access(clients: Clients, name: str) -> bool:
    pages = clients.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    suffix = f":iam::aws:policy/{FULL_ACCESS}"
    return any(
        policy.get("PolicyArn", "").endswith(suffix)
        for page in pages
        for policy in page["AttachedPolicies"]
    )


def trusts(policy: object, service: str) -> bool:
    """Tell whether a trust policy (parsed, or its JSON) allows ``service`` to assume the role."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    statements = _listed(document.get("Statement")) if isinstance(document, Mapping) else []
    return any(
        statement.get("Effect") == "Allow"
        and "sts:AssumeRole" in _listed(statement.get("Action"))
        and service in _services(statement.get("Principal"))
        for statement in statements
        if isinstance(statement, Mapping)
    )


def _services(principal: object) -> list[object]:
    return _listed(principal.get("Service")) if isinstance(principal, Mapping) else []


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
