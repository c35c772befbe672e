"""What IAM says of roles: the preconditions of JumpStart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from scripts.lib.concurrency import map_concurrently
from scripts.lib.errors import ACCESS_DENIED, NOT_FOUND, InputError, describe, error_code
from scripts.lib.jumpstart.model import FULL_ACCESS, SAGEMAKER, RoleFacts
from scripts.lib.jumpstart.policies import grants
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from scripts.lib.clients import Clients

FEW = 4
"""Up to so many roles are asked for one by one; more by reading all of the account's, whose pages
hold a thousand."""

ROLES_PAGE = 1000
"""Most that one page of GetAccountAuthorizationDetails holds."""

ASSUMING = frozenset({"*", "sts:*", "sts:assumerole"})


def read_roles(clients: Clients, arns: Iterable[str]) -> tuple[RoleFacts, ...]:
    """Return what IAM says of each of the roles, in their order; raise as ``read_role`` does."""
    arns = tuple(arns)
    if len(arns) > FEW:
        try:
            known = _read_all(clients)
        except ClientError as exc:
            if error_code(exc) not in ACCESS_DENIED:
                raise
        else:
            return tuple(_look_up(clients, arn, known) for arn in arns)
    return tuple(map_concurrently(partial(read_role, clients), arns, workers=clients.workers))


def read_role(clients: Clients, arn: str) -> RoleFacts:
    """Return what IAM says of the role ``arn``.

    A role that cannot be associated has ``error`` set; being refused the question is
    ``unchecked``. Other errors of AWS are raised.
    """
    if error := _not_ours(clients, arn):
        return RoleFacts(arn, error=error)
    name = RoleArn.parse(arn).name
    try:
        role = clients.iam.get_role(RoleName=name)["Role"]
        if role["Arn"] != arn:
            return _elsewhere(arn, role["Arn"])
        facts = _facts(arn, role.get("AssumeRolePolicyDocument"), _attached(clients, name), {})
        return facts if facts.has_full_access else _with_inline(clients, facts, name)
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return RoleFacts(arn, error="does not exist")
        if error_code(exc) in ACCESS_DENIED:
            return RoleFacts(arn, unchecked=describe(exc))
        raise


def _with_inline(clients: Clients, facts: RoleFacts, role: str) -> RoleFacts:
    """Add what the inline policies give; a caller who may not read them knows no more."""
    try:
        pages = clients.iam.get_paginator("list_role_policies").paginate(RoleName=role)
        for policy in sorted(policy for page in pages for policy in page["PolicyNames"]):
            found = clients.iam.get_role_policy(RoleName=role, PolicyName=policy)
            if gives_full_access(found["PolicyDocument"]):
                return RoleFacts(
                    facts.arn, trusts_sagemaker=facts.trusts_sagemaker, equivalent=policy
                )
    except ClientError as exc:
        if error_code(exc) not in ACCESS_DENIED:
            raise
    return facts


def _read_all(clients: Clients) -> dict[str, RoleFacts]:
    """Return every role of the account, by name."""
    pages = clients.iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["Role"], PaginationConfig={"PageSize": ROLES_PAGE}
    )
    return {
        role["RoleName"]: _facts(
            role["Arn"],
            role.get("AssumeRolePolicyDocument"),
            [policy.get("PolicyArn", "") for policy in role.get("AttachedManagedPolicies", [])],
            {
                policy.get("PolicyName", ""): policy.get("PolicyDocument")
                for policy in role.get("RolePolicyList", [])
            },
        )
        for page in pages
        for role in page["RoleDetailList"]
    }


def _look_up(clients: Clients, arn: str, known: Mapping[str, RoleFacts]) -> RoleFacts:
    if error := _not_ours(clients, arn):
        return RoleFacts(arn, error=error)
    found = known.get(RoleArn.parse(arn).name)
    if found is None:
        return RoleFacts(arn, error="does not exist")
    return found if found.arn == arn else _elsewhere(arn, found.arn)


def _not_ours(clients: Clients, arn: str) -> str:
    account = clients.account
    try:
        role = RoleArn.parse(arn)
    except InputError as exc:
        return str(exc)
    if not role.is_of(account.partition, account.account_id):
        return f"is of another account than {account.account_id}"
    return ""


def _elsewhere(arn: str, there: str) -> RoleFacts:
    """A role's name is unique whatever its path: a role of this ARN cannot exist as well."""
    return RoleFacts(arn, error=f"does not exist; there is {there}")


def _facts(
    arn: str, trust: object, attached: Iterable[str], inline: Mapping[str, object]
) -> RoleFacts:
    suffix = f":iam::aws:policy/{FULL_ACCESS}"
    equivalents = sorted(name for name, policy in inline.items() if gives_full_access(policy))
    full = any(policy.endswith(suffix) for policy in attached)
    return RoleFacts(
        arn,
        trusts_sagemaker=trusts(trust, SAGEMAKER),
        has_full_access=full or bool(equivalents),
        equivalent="" if full or not equivalents else equivalents[0],
    )


def _attached(clients: Clients, name: str) -> list[str]:
    pages = clients.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    return [policy.get("PolicyArn", "") for page in pages for policy in page["AttachedPolicies"]]


def trusts(policy: object, service: str) -> bool:
    """Tell whether a trust policy (parsed, or its JSON) allows ``service`` to assume the role."""
    return any(
        statement.get("Effect") == "Allow"
        and ASSUMING & {str(action).lower() for action in _listed(statement.get("Action"))}
        and service in _services(statement.get("Principal"))
        for statement in _statements(policy)
    )


def gives_full_access(policy: object) -> bool:
    """Tell whether a policy (parsed, or its JSON) grants by itself what JumpStart takes."""
    granted = grants([policy if isinstance(policy, str) else json.dumps(policy)])
    return not (granted.missing or granted.in_part)


def _statements(policy: object) -> list[Mapping[str, Any]]:
    document = json.loads(policy) if isinstance(policy, str) else policy
    if not isinstance(document, Mapping):
        return []
    return [each for each in _listed(document.get("Statement")) if isinstance(each, Mapping)]


def _services(principal: object) -> list[object]:
    return _listed(principal.get("Service")) if isinstance(principal, Mapping) else []


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
