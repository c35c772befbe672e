"""What a rule looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.model import Action, Finding, ResourceChange, Risk, Rule
from scripts.lib.plan_review.policy_changes import PolicyChange
from scripts.lib.policy.concerns import ConcernKind

GONE = frozenset({Action.DESTROY, Action.REPLACE})


@dataclass(frozen=True, slots=True)
class Subject:
    """A change of the plan, with the policies in it that change."""

    change: ResourceChange
    policies: tuple[PolicyChange, ...] = ()

    @property
    def is_gone(self) -> bool:
        """Tell whether the object that is there now is destroyed, to be replaced or not."""
        change = self.change
        return change.action in GONE and not change.deposed and not change.keeps_old

    def before(self, attribute: str) -> Any:
        """Return an attribute's value before, None if there is none."""
        return (self.change.before or {}).get(attribute)

    def after(self, attribute: str) -> Any:
        """Return an attribute's value after; None if there is none, or if it is not known yet."""
        return (self.change.after or {}).get(attribute)

    def is_unknown(self, attribute: str) -> bool:
        """Tell whether an attribute is known only when the plan is applied."""
        marks = self.change.after_unknown
        return marks is True or (isinstance(marks, dict) and bool(marks.get(attribute)))

    def turns(self, attribute: str, was: object, becomes: object) -> bool:
        """Tell whether an attribute that ``was`` one value ``becomes`` another."""
        if self.is_unknown(attribute):
            return False
        return bool(self.before(attribute) == was and self.after(attribute) == becomes)

    def find(
        self, rule: Rule, message: str, *, mend: str = "", risk: Risk | None = None
    ) -> Finding:
        """Return a finding of ``rule``; its usual risk, if no other is given."""
        return Finding(rule.id, risk or rule.risk, self.change.address, message, mend)


Check = Callable[[Subject], Iterator[Finding]]


def of_concerns(rule: Rule, *kinds: ConcernKind, mend: str = "", of_new: bool = True) -> Check:
    """Return a check that finds what a policy's comparison has to say of these kinds.

    Args:
        of_new: also where there was no policy before.
    """

    def check(subject: Subject) -> Iterator[Finding]:
        for policy in subject.policies:
            if policy.is_new and not of_new:
                continue
            for concern in policy.concerns:
                if concern.kind in kinds:
                    yield subject.find(
                        rule, f"{concern.text}.", mend=mend, risk=Risk(concern.severity)
                    )

    return check
