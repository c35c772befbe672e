"""From what is and what is wanted to frozen changes. Pure: no call, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from scripts.lib.changes import Change, Finding, Severity
from scripts.lib.jumpstart.demand import WantedRole
from scripts.lib.jumpstart.model import (
    FULL_ACCESS,
    IN_SERVICE,
    LEAVING,
    SAGEMAKER,
    Domain,
    Portfolio,
    RoleFacts,
    State,
)

SHOWN_NAMES = 10
EVERY_PORTFOLIO = "all, once imported"


@dataclass(frozen=True, kw_only=True)
class EnablePortfolio(Change):
    """Switch SageMaker's portfolio on, for this account and Region."""

    account_id: str
    region: str

    is_gate: ClassVar[bool] = True

    @property
    def action(self) -> str:
        return "enable"

    @property
    def subject(self) -> str:
        return "SageMaker's portfolio"

    @property
    def target(self) -> str:
        return f"account {self.account_id}, {self.region}"


@dataclass(frozen=True, kw_only=True)
class AwaitPortfolio(Change):
    """Wait until the portfolio is there: it can take a while, and its id is not told before."""

    is_gate: ClassVar[bool] = True

    @property
    def action(self) -> str:
        return "wait for"

    @property
    def subject(self) -> str:
        return "SageMaker's portfolio"

    @property
    def target(self) -> str:
        return "accepted portfolio shares"


@dataclass(frozen=True, kw_only=True)
class AssociateRole(Change):
    """Let a role see a portfolio; without an id: every one that will have been imported."""

    role_arn: str
    portfolio_id: str | None = None

    @property
    def action(self) -> str:
        return "associate"

    @property
    def subject(self) -> str:
        return self.role_arn

    @property
    def target(self) -> str:
        return self.portfolio_id or EVERY_PORTFOLIO

    def at(self, portfolio: Portfolio) -> AssociateRole:
        """Return the same change for one portfolio."""
        return replace(self, portfolio_id=portfolio.id)


def plan(state: State, wanted: Iterable[WantedRole]) -> tuple[Change, ...]:
    """Return what must change so that every wanted role sees every portfolio of SageMaker's.

    Roles that IAM does not know are left out, and if the quota does not hold all of the others,
    nothing is planned at all; ``findings`` tells of both.
    """
    roles = _possible(state, wanted)
    if not roles or any(_excess(state, roles)):
        return ()
    associations = [AssociateRole(role_arn=role.arn, reasons=role.reasons) for role in roles]
    if state.enabled and state.portfolios:
        return tuple(
            association.at(portfolio)
            for portfolio in sorted(state.portfolios, key=lambda portfolio: portfolio.id)
            for association in associations
            if not portfolio.admits(association.role_arn)
        )
    account = state.account
    enable = EnablePortfolio(
        account_id=account.account_id,
        region=account.region,
        reasons=("JumpStart needs it; it is not enabled here",),
    )
    return (
        *(() if state.enabled else (enable,)),
        AwaitPortfolio(reasons=("it shows some time after enabling",)),
        *associations,
    )


def _possible(state: State, wanted: Iterable[WantedRole]) -> tuple[WantedRole, ...]:
    impossible = {role.arn for role in state.roles if role.error}
    return tuple(
        role for role in sorted(wanted, key=lambda role: role.arn) if role.arn not in impossible
    )


def _excess(state: State, roles: Iterable[WantedRole]) -> Iterator[str]:
    return state.quota.excess(state.portfolios, (role.arn for role in roles))


def findings(state: State, wanted: Iterable[WantedRole]) -> tuple[Finding, ...]:
    """Return which preconditions of JumpStart do not hold, errors first."""
    wanted = tuple(wanted)
    needed = {role.arn for role in wanted}
    found = [*_domain_findings(state.domains)]
    for excess in _excess(state, _possible(state, wanted)):
        message = f"{excess}: nothing is associated until the quota is raised or roles are dropped"
        found.append(Finding(Severity.ERROR, "Quota", message))
    for role in state.roles:
        if role.arn in needed:
            found.extend(_role_findings(role))
    return tuple(sorted(found))


def _domain_findings(domains: tuple[Domain, ...]) -> Iterator[Finding]:
    if not domains:
        yield _warning("Domains", "there is none in this account and Region")
    for domain in domains:
        if domain.status in LEAVING:
            yield _warning(str(domain), f"is {domain.status}: its users and spaces are left out")
        elif domain.status != IN_SERVICE:
            yield _warning(str(domain), f"is {domain.status}, JumpStart needs {IN_SERVICE}")
        if domain.leaving:
            yield _warning(str(domain), f"left out: {named(domain.leaving)}")
        shared = sorted(space.name for space in domain.spaces if space.owner is None)
        if shared and not domain.space_role:
            yield _warning(str(domain), f"has no role for its shared spaces: {named(shared)}")


def named(names: Sequence[str]) -> str:
    """Return the names, the first ones alone if there are many."""
    rest = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _role_findings(role: RoleFacts) -> Iterator[Finding]:
    if role.error:
        yield Finding(Severity.ERROR, role.arn, f"{role.error}; it is not associated")
    elif role.unchecked:
        yield _warning(role.arn, f"could not be checked: {role.unchecked}")
    if not role.trusts_sagemaker:
        yield _warning(role.arn, f"does not trust {SAGEMAKER}")
    if not role.has_full_access:
        yield _warning(
            role.arn,
            f"{FULL_ACCESS} is not attached, and no inline policy grants as much",
        )


def _warning(subject: str, message: str) -> Finding:
    return Finding(Severity.WARNING, subject, message)
