"""What post_apply's ledger agrees on, against who may see SageMaker's portfolios. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.lib.drift.model import Drift, Mend, Plane, Remedy
from scripts.lib.drift.notebook_mend import IGNORE
from scripts.lib.drift.shell import Shell
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType
from scripts.lib.plan_review.model import Risk


@dataclass(frozen=True, slots=True)
class Seen:
    """What SageMaker and Service Catalog say.

    ``roles`` tells of each role's ARN whether it is there; None if IAM did not answer that.
    """

    enabled: bool
    portfolios: tuple[Portfolio, ...] = ()
    roles: Mapping[str, bool | None] = field(default_factory=dict)

    def is_gone(self, arn: str) -> bool:
        return self.roles.get(arn) is False


def association_drifts(ledger: Ledger, seen: Seen, shell: Shell) -> tuple[Drift, ...]:
    """Return what differs, one cause a line."""
    if not seen.enabled and not ledger.entries:
        return ()
    return (*_portfolios(ledger, seen, shell), *_associations(ledger, seen, shell))


def _portfolios(ledger: Ledger, seen: Seen, shell: Shell) -> Iterator[Drift]:
    """A portfolio that is away takes its associations along: they are folded under it."""
    back = Remedy(
        Mend.POST_APPLY,
        "Let post_apply enable it and associate who needs it.",
        shell.post_apply("apply"),
    )
    by_portfolio: dict[str, list[Entry]] = {}
    for entry in ledger.entries.values():
        by_portfolio.setdefault(entry.portfolio_id, []).append(entry)
    if not seen.enabled:
        yield _drift(
            "SageMaker's portfolio",
            "SageMaker's portfolio was disabled: JumpStart works for nobody.",
            f"enabled, with {len(ledger.entries)} associations",
            "disabled",
            Risk.HIGH,
            folded=tuple(f"{entry.role_arn} on {entry.portfolio_id}" for entry in _sorted(ledger)),
            remedies=(back, IGNORE),
        )
        return
    imported = {portfolio.id for portfolio in seen.portfolios}
    for portfolio_id in sorted(by_portfolio.keys() - imported):
        entries = sorted(by_portfolio[portfolio_id], key=lambda entry: entry.role_arn)
        yield _drift(
            portfolio_id,
            "A portfolio of the ledger is not imported any more.",
            f"imported, with {len(entries)} associations",
            "not among the imported portfolios",
            Risk.MEDIUM,
            folded=tuple(entry.role_arn for entry in entries),
            remedies=(back, IGNORE),
        )


def _associations(ledger: Ledger, seen: Seen, shell: Shell) -> Iterator[Drift]:
    if not seen.enabled:
        return
    for portfolio in seen.portfolios:
        for entry in _sorted(ledger):
            if entry.portfolio_id == portfolio.id and entry.role_arn not in portfolio.roles:
                yield _missing(entry, portfolio, seen, shell)
        principals = sorted(portfolio.principals, key=lambda each: (each.arn, each.type))
        for principal in principals:
            is_role = principal.arn in portfolio.roles
            owned = is_role and ledger.owns(portfolio.id, principal.arn)
            if is_role and seen.is_gone(principal.arn):
                yield _of_gone_role(principal, portfolio, shell, owned=owned)
            elif not owned:
                yield _extra(principal, portfolio, shell)


def _missing(entry: Entry, portfolio: Portfolio, seen: Seen, shell: Shell) -> Drift:
    arn = entry.role_arn
    cross_out = Remedy(
        Mend.POST_APPLY, "Cross it out of the ledger.", shell.post_apply("prune", "--apply")
    )
    expected = f"associated with {portfolio}"
    if seen.is_gone(arn):
        what = "The role is gone, and so is its association; the ledger alone has it."
        return _drift(arn, what, expected, "no such role", Risk.LOW, remedies=(cross_out, IGNORE))
    mends = (
        Remedy(Mend.POST_APPLY, "Associate it again.", shell.post_apply("apply", "--role", arn)),
        cross_out,
        IGNORE,
    )
    if entry.stage is Stage.INTENDED:
        what = "A run of post_apply was to associate the role and was cut short."
        return _drift(arn, what, expected, "not associated", Risk.LOW, remedies=mends)
    patterns = sorted(each.arn for each in portfolio.patterns if each.covers(arn))
    if patterns:
        what = "The role's own association was taken away; a pattern lets it in all the same."
        return _drift(
            arn, what, expected, f"by the pattern {patterns[0]} alone", Risk.LOW, remedies=mends
        )
    what = "The role's association was taken away: JumpStart does not work with it."
    return _drift(arn, what, expected, "not associated", Risk.MEDIUM, remedies=mends)


def _of_gone_role(
    principal: Principal, portfolio: Portfolio, shell: Shell, *, owned: bool
) -> Drift:
    options = ("--apply",) if owned else ("--adopt", "--apply")
    text = "Take it away." if owned else "Take over what others associated, and take it away."
    return _drift(
        principal.arn,
        "The role is gone, its association is not: a new role of its name would see the portfolio.",
        "no association of a role that does not exist",
        f"associated with {portfolio}",
        Risk.LOW,
        remedies=(Remedy(Mend.POST_APPLY, text, shell.post_apply("prune", *options)), IGNORE),
    )


def _extra(principal: Principal, portfolio: Portfolio, shell: Shell) -> Drift:
    is_pattern = principal.type is PrincipalType.IAM_PATTERN
    take_away = shell.aws(
        "servicecatalog",
        "disassociate-principal-from-portfolio",
        *("--portfolio-id", portfolio.id),
        *("--principal-arn", principal.arn),
        *("--principal-type", principal.type.value),
    )
    mends = [Remedy(Mend.REMOVE, "Take it away.", take_away)]
    if principal.arn in portfolio.roles:
        take_over = shell.post_apply("prune", "--adopt", "--apply")
        text = (
            "Write it into the ledger as it is. This is for all that others associated, and takes "
            "away again what no user needs; without --apply it only shows."
        )
        mends.append(Remedy(Mend.ADOPT, text, take_over))
    kind = "pattern" if is_pattern else _kind(principal)
    whom = ": every role that fits it sees the portfolio" if is_pattern else ""
    return _drift(
        principal.arn,
        f"A {kind} was added to the portfolio by hand{whom}.",
        "not associated: the ledger does not have it",
        f"associated with {portfolio}",
        _risk_of_pattern(principal) if is_pattern else Risk.MEDIUM,
        remedies=(*mends, IGNORE),
    )


def _risk_of_pattern(pattern: Principal) -> Risk:
    """Of one that lets in whoever there is, nothing is left to be worse."""
    name = pattern.arn.partition(":role/")[2] or pattern.arn.rpartition(":")[2]
    return Risk.HIGH if not name.strip("*?/") else Risk.MEDIUM


def _kind(principal: Principal) -> str:
    return principal.arn.rpartition(":")[2].partition("/")[0] or "principal"


def _sorted(ledger: Ledger) -> list[Entry]:
    return [ledger.entries[key] for key in sorted(ledger.entries)]


def _drift(
    subject: str,
    what: str,
    expected: str,
    actual: str,
    risk: Risk,
    *,
    remedies: tuple[Remedy, ...],
    folded: tuple[str, ...] = (),
) -> Drift:
    return Drift(
        Plane.PORTFOLIO, "", subject, what, expected, actual, risk, folded=folded, remedies=remedies
    )
