"""The service roles that the ``jumpstart`` stack says it holds: are they there?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.changes import DryRun, Finding, Severity
from scripts.lib.concurrency import map_concurrently
from scripts.lib.errors import ACCESS_DENIED, NOT_FOUND, describe, error_code
from scripts.lib.job import Job
from scripts.lib.report import Table
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from scripts.lib.clients import Clients

MEND = "run: cdktf deploy jumpstart"


def prepare(clients: Clients, role_arns: Mapping[str, str]) -> Job:
    """Look for the roles, which are given by the stack's name for them; nothing is changed.

    Raises InputError if one is not the ARN of a role, botocore's errors if AWS refuses or cannot
    be reached.
    """
    names = sorted(role_arns)
    arns = [role_arns[name] for name in names]
    there = map_concurrently(lambda arn: _is_there(clients, arn), arns, workers=clients.workers)
    rows = tuple(
        zip(names, arns, [None if text else is_there for is_there, text in there], strict=True)
    )
    findings = [
        Finding(Severity.WARNING, arn, f"could not be checked: {text}")
        if text
        else Finding(Severity.ERROR, arn, f"the jumpstart stack's {name} does not exist; {MEND}")
        for name, arn, (is_there, text) in zip(names, arns, there, strict=True)
        if not is_there
    ]
    table = Table("Service roles", ("Name", "Role", "There"), rows)
    return Job("Service roles of SageMaker's portfolio", (table,), tuple(findings), (), DryRun())


def _is_there(clients: Clients, arn: str) -> tuple[bool, str]:
    """Tell whether the role is there, or why that could not be asked."""
    try:
        found = clients.iam.get_role(RoleName=RoleArn.parse(arn).name)["Role"]
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return False, ""
        if error_code(exc) in ACCESS_DENIED:
            return False, describe(exc)
        raise
    return found["Arn"] == arn, ""
