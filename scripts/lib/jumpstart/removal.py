"""What may be taken away again: associations that nobody needs, and those of one role. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scripts.lib.changes import Change, Finding, Severity
from scripts.lib.jumpstart.demand import ASKED_FOR, WantedRole
from scripts.lib.jumpstart.ledger import Ledger
from scripts.lib.jumpstart.model import Portfolio, State
from scripts.lib.jumpstart.plan import named

NOT_OURS = "was not made by this tool, as far as its ledger knows: give --adopt to take it over"


@dataclass(frozen=True, kw_only=True)
class _Association(Change):
    role_arn: str
    portfolio_id: str

    @property
    def subject(self) -> str:
        return self.role_arn

    @property
    def target(self) -> str:
        return self.portfolio_id


@dataclass(frozen=True, kw_only=True)
class AdoptAssociation(_Association):
    """Write an association that somebody else made into the ledger, as this tool's own."""

    @property
    def action(self) -> str:
        return "adopt"


@dataclass(frozen=True, kw_only=True)
class ForgetAssociation(_Association):
    """Cross an association out of the ledger that is not there any more."""

    @property
    def action(self) -> str:
        return "cross out"


@dataclass(frozen=True, kw_only=True)
class DisassociateRole(_Association):
    """Take a role's own association with a portfolio away."""

    @property
    def action(self) -> str:
        return "disassociate"


@dataclass(frozen=True)
class Removal:
    """What is to be taken away, and what was seen on the way."""

    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


def plan_prune(
    state: State, used: Iterable[WantedRole], ledger: Ledger, *, adopt: bool = False
) -> Removal:
    """Return the removal of every own association whose role is of no use any more.

    ``state`` must hold all Domains with all users and spaces, and ``state.roles`` every role that
    a portfolio names. Of use is a role that a user, a space or a Domain has, or that was
    associated because somebody asked for it by ARN, as long as it exists. What this tool does not
    own is only told of, unless ``adopt``: then it is all taken over. Entries of the ledger whose
    association is not there any more are crossed out.
    """
    users = {role.arn for role in used}
    errors = {role.arn: role.error for role in state.roles if role.error}
    changes: list[Change] = []
    found: list[Finding] = []
    for portfolio, arn in _associations(state.portfolios):
        owned = ledger.owns(portfolio.id, arn)
        if adopt and not owned:
            changes.append(AdoptAssociation(role_arn=arn, portfolio_id=portfolio.id))
        if arn in users and arn not in errors:
            continue
        if arn not in errors and ledger.reasons(portfolio.id, arn) == (ASKED_FOR,):
            message = f"no user or space has it; kept, as it was {ASKED_FOR}: offboard removes it"
            found.append(Finding(Severity.WARNING, arn, message))
            continue
        reason = f"the role {errors[arn]}" if arn in errors else "no user or space has it"
        if owned or adopt:
            changes.append(
                DisassociateRole(role_arn=arn, portfolio_id=portfolio.id, reasons=(reason,))
            )
        else:
            found.append(Finding(Severity.WARNING, arn, f"{reason}, but it {NOT_OURS}"))
    changes.extend(_gone(state.portfolios, ledger))
    return Removal(tuple(changes), (*sorted(found), *sorted(_unfinished(state))))


def plan_offboard(
    state: State,
    role_arn: str,
    used: Iterable[WantedRole],
    ledger: Ledger,
    *,
    adopt: bool = False,
) -> Removal:
    """Return the removal of the role from every portfolio of SageMaker's.

    Associations that this tool does not own are errors, unless ``adopt``. It is told when the
    role would see a portfolio all the same, by a pattern, or be associated again.
    """
    changes: list[Change] = []
    found: list[Finding] = []
    for portfolio in sorted(state.portfolios, key=lambda portfolio: portfolio.id):
        for pattern in sorted(each.arn for each in portfolio.patterns if each.covers(role_arn)):
            message = f"sees portfolio {portfolio} by the pattern {pattern} all the same"
            found.append(Finding(Severity.WARNING, role_arn, message))
        if role_arn not in portfolio.roles:
            continue
        if not ledger.owns(portfolio.id, role_arn):
            if not adopt:
                message = f"its association with portfolio {portfolio} {NOT_OURS}"
                found.append(Finding(Severity.ERROR, role_arn, message))
                continue
            changes.append(AdoptAssociation(role_arn=role_arn, portfolio_id=portfolio.id))
        changes.append(
            DisassociateRole(
                role_arn=role_arn, portfolio_id=portfolio.id, reasons=("to be offboarded",)
            )
        )
    for role in used:
        if role.arn == role_arn:
            message = f"is still in use, so that apply associates it again: {named(role.reasons)}"
            found.append(Finding(Severity.WARNING, role_arn, message))
    return Removal(tuple(changes), tuple(sorted(found)))


def _associations(portfolios: Iterable[Portfolio]) -> Iterator[tuple[Portfolio, str]]:
    """Users and groups are left aside: SageMaker's users work as roles."""
    for portfolio in sorted(portfolios, key=lambda portfolio: portfolio.id):
        for arn in sorted(portfolio.roles):
            yield portfolio, arn


def _gone(portfolios: Iterable[Portfolio], ledger: Ledger) -> Iterator[ForgetAssociation]:
    """If somebody else associates the role one day, that is not to be taken for our own."""
    roles = {portfolio.id: portfolio.roles for portfolio in portfolios}
    for portfolio_id, arn in sorted(ledger.entries):
        if portfolio_id in roles and arn not in roles[portfolio_id]:
            yield ForgetAssociation(
                role_arn=arn,
                portfolio_id=portfolio_id,
                reasons=("is not there any more; the ledger alone has it",),
            )


def _unfinished(state: State) -> Iterator[Finding]:
    for domain in state.domains:
        if domain.leaving:
            message = f"counted as still in use: {named(domain.leaving)}"
            yield Finding(Severity.WARNING, str(domain), message)
