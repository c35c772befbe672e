"""Just the approved plan: what is to be done now, as far as a plan file allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scripts.lib.changes import Change, Severity
from scripts.lib.errors import InputError
from scripts.lib.job import Job
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.product_versions import UpdateVersion, WantedVersion

CHANGED = "the account has changed since it was planned for"


def planned_roles(planned: Iterable[Change]) -> tuple[str, ...]:
    """Return the roles that a plan associates."""
    return tuple(sorted({each.role_arn for each in planned if isinstance(each, AssociateRole)}))


def planned_versions(planned: Iterable[Change]) -> tuple[WantedVersion, ...]:
    """Return the versions that a plan sets."""
    return tuple(
        WantedVersion(each.product_id, each.product_name, each.version, "the plan file")
        for each in planned
        if isinstance(each, UpdateVersion)
    )


def restrict(job: Job, planned: Iterable[Change]) -> Job:
    """Return the job with those of its changes that the plan has; the rest of the plan is done.

    Raises InputError if the job takes a change that is not in the plan, or cannot do all of it:
    then nothing must be done.
    """
    for finding in job.findings:
        if finding.severity is Severity.ERROR:
            raise InputError(f"{CHANGED}: {finding.subject}: {finding.message}; plan again")
    planned = tuple(planned)
    return replace(job, changes=tuple(_approved(change, planned) for change in job.changes))


def _approved(change: Change, planned: tuple[Change, ...]) -> Change:
    for each in planned:
        match change, each:
            case (EnablePortfolio(), EnablePortfolio()) | (AwaitPortfolio(), AwaitPortfolio()):
                return each
            case (AssociateRole() as now, AssociateRole() as then) if (
                now.role_arn == then.role_arn and then.portfolio_id in (None, now.portfolio_id)
            ):
                return replace(then, portfolio_id=now.portfolio_id)
            case (UpdateVersion(), UpdateVersion()) if change == each:
                return each
    raise InputError(f"{CHANGED}: the plan does not have: {change}; plan again")
