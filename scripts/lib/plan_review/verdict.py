"""The verdict on all plans together: what every writer says first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from scripts.lib.plan_review.model import (
    Action,
    Finding,
    Plan,
    Review,
    ReviewedChange,
    Risk,
    Source,
    StackReview,
)
from scripts.lib.plan_review.words import count, counts_text, remarks

SHOWN_DANGERS: Final = 3

NOTHING: Final = "Nothing to do"

NOT_PASSED: Final = frozenset({"fail", "error"})
"""What the status of a check is then."""

_ORDER: Final = {action: number for number, action in enumerate(Action)}


@dataclass(frozen=True, slots=True)
class Danger:
    """One of the things to look at first. The strings are raw.

    Attributes:
        risk: of the finding; None for a loss that no rule speaks of.
        action: None if it is no resource that it is about.
        more: how many findings of the same rule and risk are not among the dangers.
    """

    risk: Risk | None
    action: Action | None
    stack: str
    address: str
    message: str
    mend: str = ""
    source: Source | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it comes to. ``headline`` and ``notes`` hold no words of other people.

    Attributes:
        risk: the worst that nobody has acknowledged; None without any.
        notes: what must be known to read the headline rightly, one sentence each.
        sound: False if planning failed somewhere or a check does not pass.
    """

    headline: str
    risk: Risk | None
    dangers: tuple[Danger, ...] = ()
    notes: tuple[str, ...] = ()
    sound: bool = True


@dataclass(frozen=True, slots=True)
class _Found:
    stack: str
    finding: Finding
    item: ReviewedChange | None

    @property
    def action(self) -> Action | None:
        return self.item.change.action if self.item else None


def action_counts(changes: Iterable[ReviewedChange]) -> Counter[Action]:
    """Count the changes by what is done."""
    return Counter(item.change.action for item in changes)


def judge(review: Review) -> Verdict:
    """Return the verdict on everything in ``review``."""
    found = list(_open_findings(review))
    risks = Counter(item.finding.risk for item in found)
    return Verdict(
        headline=_headline(review, risks),
        risk=max(risks, default=None),
        dangers=tuple(_dangers(review, found)),
        notes=tuple(_notes(review)),
        sound=not any(_is_amiss(stack.plan) for stack in review.stacks),
    )


def _headline(review: Review, risks: Counter[Risk]) -> str:
    counts: Counter[Action] = Counter()
    for stack in review.stacks:
        counts.update(action_counts(stack.changes))
    if review.is_empty and not counts.total():
        return f"{NOTHING} in {count(len(review.stacks), 'stack')}"
    text = f"{counts_text(counts)} in {_where(review)}"
    if not counts.total():
        outputs = sum(len(stack.plan.outputs) for stack in review.stacks)
        text = f"no resource changes in {_where(review)}"
        text += f", {count(outputs, 'output')} changes" * bool(outputs)
    if review.script and review.script.changes:
        text += f", then {count(len(review.script.changes), 'change')} by the script"
    if risks:
        levels = [f"{risks[risk]:,} {risk}" for risk in sorted(Risk, reverse=True) if risks[risk]]
        text += f"; {', '.join(levels)} risk"
    return text[0].upper() + text[1:]


def _where(review: Review) -> str:
    """Name the stacks in which something changes, and of how many if not all."""
    every = len(review.stacks)
    changing = sum(bool(stack.changes or stack.plan.outputs) for stack in review.stacks)
    if changing in (0, every):
        return count(every, "stack")
    return f"{changing:,} of {count(every, 'stack')}"


def _open_findings(review: Review) -> Iterator[_Found]:
    for stack in review.stacks:
        yield from (_Found(stack.plan.stack, finding, None) for finding in _open(stack))
        for item in (*stack.changes, *stack.drift):
            if item.findings:
                yield from (_Found(stack.plan.stack, finding, item) for finding in _open(item))


def _open(item: StackReview | ReviewedChange) -> list[Finding]:
    return [finding for finding in item.findings if finding.acknowledged is None]


def _dangers(review: Review, found: list[_Found]) -> Iterator[Danger]:
    """The worst findings, of different rules before more of the same; then losses."""
    shown = list(_by_danger(found))[:SHOWN_DANGERS]
    kinds = Counter((item.finding.rule, item.finding.risk) for item in found)
    kinds.subtract((item.finding.rule, item.finding.risk) for item in shown)
    last = {(item.finding.rule, item.finding.risk): item for item in shown}
    for item in shown:
        finding = item.finding
        kind = (finding.rule, finding.risk)
        yield Danger(
            risk=finding.risk,
            action=item.action,
            stack=item.stack,
            address=finding.address,
            message=finding.message,
            mend=finding.mend,
            source=item.item.source[0] if item.item and item.item.source else None,
            more=kinds[kind] if last[kind] is item else 0,
        )
    yield from _losses(review, SHOWN_DANGERS - len(shown))


def _by_danger(found: list[_Found]) -> Iterator[_Found]:
    ordered = sorted(
        found,
        key=lambda item: (
            -item.finding.risk,
            _ORDER.get(item.action, 0) if item.action else 0,
            item.finding.rule,
            item.stack,
            item.finding.address,
        ),
    )
    nth: Counter[tuple[str, Risk]] = Counter()
    ranked = []
    for item in ordered:
        kind = (item.finding.rule, item.finding.risk)
        ranked.append((nth[kind], item))
        nth[kind] += 1
    for _, item in sorted(ranked, key=lambda pair: (-pair[1].finding.risk, pair[0])):
        yield item


def _losses(review: Review, wanted: int) -> Iterator[Danger]:
    losses = (
        (stack.plan.stack, item)
        for loss in (Action.DESTROY, Action.REPLACE)
        for stack in review.stacks
        for item in stack.changes
        if item.change.action is loss and not item.findings
    )
    for (stack, item), _ in zip(losses, range(wanted), strict=False):
        yield Danger(
            risk=None,
            action=item.change.action,
            stack=stack,
            address=item.change.address,
            message=" ".join(remarks(item.change)) or "It is destroyed.",
            source=item.source[0] if item.source else None,
        )


def _is_amiss(plan: Plan) -> bool:
    return plan.errored or any(check.status in NOT_PASSED for check in plan.checks)


def _notes(review: Review) -> Iterator[str]:
    plans = [stack.plan for stack in review.stacks]
    errored = sum(plan.errored for plan in plans)
    if errored:
        yield f"Planning failed in {count(errored, 'stack')}: what is here is only a part."
    unfinished = sum(not plan.complete and not plan.errored for plan in plans)
    deferred = sum(len(plan.deferred) for plan in plans)
    if unfinished or deferred:
        parts = count(deferred, "resource") if deferred else "something"
        yield f"One run is not enough: {parts} can be planned only after this one is applied."
    checks = sum(check.status in NOT_PASSED for plan in plans for check in plan.checks)
    if checks:
        yield f"{count(checks, 'check')} {'does' if checks == 1 else 'do'} not pass."
    drift = sum(len(stack.drift) for stack in review.stacks)
    if drift:
        yield f"{count(drift, 'resource')} changed outside Terraform; listed after the plan."
    meaningless = sum(stack.meaningless for stack in review.stacks)
    if drift and meaningless:
        yield f"{count(meaningless, 'difference')} besides mean nothing and are left out."
    acknowledged = sum(finding.acknowledged is not None for finding in review.findings)
    if acknowledged:
        yield f"{count(acknowledged, 'finding')} acknowledged, with a reason, at the end."
