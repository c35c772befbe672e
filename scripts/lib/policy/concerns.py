"""What of a policy's change is dangerous, as data that a rule can weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from scripts.lib.errors import one_line
from scripts.lib.policy.comparison import Comparison, Grant, How
from scripts.lib.policy.document import ACCOUNT, EVERYONE, Condition
from scripts.lib.policy.kinds import PolicyKind
from scripts.lib.policy.operators import NEGATED, NULL
from scripts.lib.policy.patterns import Budget, Pattern, covered
from scripts.lib.policy.phrases import callers, deeds, listed, principal, things
from scripts.lib.policy.regions import Piece
from scripts.lib.policy.risks import (
    ASSUME_ROLE,
    ENDPOINT_KEYS,
    ESCALATING,
    LIMITING_KEYS,
    PASS_ROLE,
    TLS_KEYS,
    is_about_encryption,
)
from scripts.lib.policy.sentences import LINE_LIMIT, sentence


class ConcernKind(StrEnum):
    """Why a change is worth a second look."""

    ALL_ACTIONS = "all actions"
    ALL_OF_SERVICE = "all actions of a service"
    ALL_RESOURCES = "all resources"
    PUBLIC = "public"
    EXTERNAL_ACCOUNT = "external account"
    PASS_ROLE = "pass role"  # noqa: S105
    ESCALATION = "escalation"
    TRUST_WIDENED = "trust widened"
    CONDITION_REMOVED = "condition removed"
    CONDITION_WIDENED = "condition widened"
    DENY_REMOVED = "deny removed"
    DENY_NARROWED = "deny narrowed"
    TLS_DROPPED = "tls rule dropped"
    ENCRYPTION_DROPPED = "encryption rule dropped"
    ENDPOINT_DROPPED = "vpc endpoint rule dropped"


class Severity(IntEnum):
    """How bad it would be if nobody looked; greater is worse."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Concern:
    """One reason to look twice. ``text`` is one line of plain text, without a full stop."""

    kind: ConcernKind
    severity: Severity
    text: str
    grant: Grant = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Case:
    """What the finders look at."""

    grant: Grant
    subject: str
    kind: PolicyKind
    own_accounts: frozenset[str]

    @property
    def who(self) -> str:
        return callers(self.grant.who) if self.grant.who else self.subject

    def concern(self, kind: ConcernKind, severity: Severity, text: str) -> Concern:
        """A boundary and an endpoint's policy only let others grant it: one degree less."""
        limits = self.kind in (PolicyKind.BOUNDARY, PolicyKind.ENDPOINT)
        degree = max(severity - 1, Severity.LOW) if limits else severity
        return Concern(kind, Severity(degree), one_line(text, LINE_LIMIT), self.grant)


def concerns(
    comparison: Comparison,
    subject: str,
    kind: PolicyKind,
    own_accounts: frozenset[str] = frozenset(),
) -> tuple[Concern, ...]:
    """Return what is dangerous of what was gained, the worst first.

    Args:
        own_accounts: ids of the accounts that are no strangers; with none given, no account is
            called external.
    """
    found = [
        concern
        for grant in comparison.gained
        for finder in (_OF_REFUSALS if grant.how.is_refusal else _OF_ALLOWS)
        for concern in finder(_Case(grant, subject, kind, own_accounts))
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: -each.severity))


def _wide_actions(case: _Case) -> Iterator[Concern]:
    actions = case.grant.actions
    if case.kind is PolicyKind.TRUST:
        return
    if any(piece.item.key == "*" for piece in actions):
        text = f"{case.who} may {deeds(actions)}"
        yield case.concern(ConcernKind.ALL_ACTIONS, Severity.HIGH, text)
        return
    whole = [piece for piece in actions if piece.item.key.endswith(":*")]
    if whole:
        text = f"{case.who} may do all that {things(whole)} has, and what AWS adds to it"
        yield case.concern(ConcernKind.ALL_OF_SERVICE, Severity.MEDIUM, text)


def _wide_resources(case: _Case) -> Iterator[Concern]:
    on_itself = case.kind in (PolicyKind.KMS, PolicyKind.TRUST)
    if on_itself or not _is_on_everything(case.grant):
        return
    harmless = all(_only_reads(piece) for piece in case.grant.actions)
    severity = Severity.LOW if harmless else Severity.MEDIUM
    text = f"{case.who} may {deeds(case.grant.actions)} on every resource"
    yield case.concern(ConcernKind.ALL_RESOURCES, severity, text)


def _is_on_everything(grant: Grant) -> bool:
    return any(piece.item.key == "*" for piece in grant.resources)


def _only_reads(piece: Piece[Pattern]) -> bool:
    _, _, operation = piece.item.key.partition(":")
    return operation.startswith(("describe", "list"))


def _public(case: _Case) -> Iterator[Concern]:
    everyone = any(piece.item == EVERYONE for piece in case.grant.who)
    if not everyone or case.kind is PolicyKind.ENDPOINT:
        return
    limited = any(_limits(each) for each in case.grant.conditions)
    severity = Severity.LOW if limited else Severity.HIGH
    but = ", only limited by its conditions" if limited else ""
    text = f"{case.who} is given {things(case.grant.actions)} on {_target(case)}{but}"
    yield case.concern(ConcernKind.PUBLIC, severity, text)


def _limits(condition: Condition) -> bool:
    is_open = condition.operator in (NULL, *NEGATED) or condition.if_exists
    return condition.key in LIMITING_KEYS and not is_open and "*" not in condition.values


def _target(case: _Case) -> str:
    on_itself = case.kind in (PolicyKind.KMS, PolicyKind.TRUST) or not case.grant.resources
    return case.subject if on_itself else things(case.grant.resources)


def _external(case: _Case) -> Iterator[Concern]:
    if not case.own_accounts:
        return
    strangers = [
        piece.item
        for piece in case.grant.who
        if piece.item.account_id and piece.item.account_id not in case.own_accounts
    ]
    if strangers:
        whole = any(each.kind == ACCOUNT for each in strangers)
        names = listed([principal(each) for each in strangers])
        text = f"of another account: {names} may {things(case.grant.actions)} on {_target(case)}"
        severity = Severity.HIGH if whole or case.kind is PolicyKind.TRUST else Severity.MEDIUM
        yield case.concern(ConcernKind.EXTERNAL_ACCOUNT, severity, text)


def _pass_role(case: _Case) -> Iterator[Concern]:
    if not _has(case.grant, PASS_ROLE):
        return
    wide = _is_on_everything(case.grant) or any(
        piece.item.key.endswith(":role/*") for piece in case.grant.resources
    )
    to_whom = any(each.key == "iam:passedtoservice" for each in case.grant.conditions)
    severity = Severity.HIGH if wide or not to_whom else Severity.MEDIUM
    text = f"{case.who} may pass {'every role' if wide else things(case.grant.resources)}"
    yield case.concern(
        ConcernKind.PASS_ROLE, severity, text + ("" if to_whom else " to any service")
    )


def _has(grant: Grant, action: Pattern) -> bool:
    """Tell whether the grant has the action, and not merely as one of all."""
    return any(
        piece.item.key != "*"
        and covered(action, [piece.item], Budget())
        and not covered(action, piece.without, Budget())
        for piece in grant.actions
    )


def _escalation(case: _Case) -> Iterator[Concern]:
    if case.kind is PolicyKind.TRUST:
        return
    found = [each for each in ESCALATING if _has(case.grant, each) and _fits(each, case.grant)]
    if _has(case.grant, ASSUME_ROLE) and _is_on_everything(case.grant):
        found.append(ASSUME_ROLE)
    if found:
        names = listed([each.text for each in found])
        text = f"{case.who} may give itself or others more rights by {names} on {_target(case)}"
        yield case.concern(ConcernKind.ESCALATION, Severity.HIGH, text)


def _fits(action: Pattern, grant: Grant) -> bool:
    """Actions of S3 on a bucket itself are not had on objects alone."""
    on_bucket = any("/" not in piece.item.key for piece in grant.resources)
    return on_bucket or not action.key.startswith("s3:")


def _widened_trust(case: _Case) -> Iterator[Concern]:
    if case.kind is PolicyKind.TRUST:
        text = _told(case)
        removed = case.grant.how is How.CONDITION
        severity = Severity.HIGH if removed else Severity.MEDIUM
        yield case.concern(ConcernKind.TRUST_WIDENED, severity, text)


def _removed_condition(case: _Case) -> Iterator[Concern]:
    if case.grant.how is not How.CONDITION:
        return
    # Of several statements that had it, what all of them asked for is what is no longer asked.
    asked = set.intersection(*map(_keys, case.grant.under))
    dropped = asked - _keys(case.grant.conditions)
    special = list(_of_keys(case, dropped, Severity.HIGH))
    yield from special
    if not special and case.kind is not PolicyKind.TRUST:
        kind = ConcernKind.CONDITION_REMOVED if dropped else ConcernKind.CONDITION_WIDENED
        yield case.concern(kind, Severity.MEDIUM, _told(case))


def _removed_refusal(case: _Case) -> Iterator[Concern]:
    whole = case.grant.how is How.REFUSED
    severity = Severity.HIGH if whole else Severity.MEDIUM
    still_refused = set[str]().union(*map(_keys, case.grant.under))
    special = list(_of_keys(case, _keys(case.grant.conditions) - still_refused, severity))
    yield from special
    if not special:
        kind = ConcernKind.DENY_REMOVED if whole else ConcernKind.DENY_NARROWED
        yield case.concern(kind, severity, _told(case))


def _keys(conditions: Sequence[Condition]) -> set[str]:
    return {each.key for each in conditions}


def _of_keys(case: _Case, keys: set[str], severity: Severity) -> Iterator[Concern]:
    if keys & TLS_KEYS:
        yield case.concern(ConcernKind.TLS_DROPPED, severity, _told(case))
    if any(map(is_about_encryption, keys)):
        yield case.concern(ConcernKind.ENCRYPTION_DROPPED, severity, _told(case))
    if keys & ENDPOINT_KEYS:
        yield case.concern(ConcernKind.ENDPOINT_DROPPED, severity, _told(case))


def _told(case: _Case) -> str:
    return sentence(case.grant, case.subject, case.kind, gained=True)


_Finder = Callable[[_Case], Iterator[Concern]]
_OF_ALLOWS: tuple[_Finder, ...] = (
    _wide_actions,
    _wide_resources,
    _public,
    _external,
    _pass_role,
    _escalation,
    _widened_trust,
    _removed_condition,
)
_OF_REFUSALS: tuple[_Finder, ...] = (_removed_refusal,)
