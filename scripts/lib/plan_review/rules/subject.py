"""What a rule looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.ending import Ending
from scripts.lib.plan_review.model import Action, Finding, ResourceChange, Risk, Rule
from scripts.lib.plan_review.policy_changes import PolicyChange
from scripts.lib.plan_review.printable import excerpt
from scripts.lib.plan_review.secrets import redact
from scripts.lib.plan_review.shown_values import is_marked, name_of, values_at
from scripts.lib.policy.concerns import ConcernKind

GONE = frozenset({Action.DESTROY, Action.REPLACE})
_TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """A change of the plan, with the policies in it that change.

    Attributes:
        ending: what the whole plan destroys; see ``ending``.
    """

    change: ResourceChange
    policies: tuple[PolicyChange, ...] = ()
    ending: Ending = frozenset()

    @property
    def is_gone(self) -> bool:
        """Tell whether the object that is there now is destroyed, to be replaced or not."""
        return self.takes_data and not self.change.deposed

    @property
    def takes_data(self) -> bool:
        """Tell whether an object is destroyed with what it holds, be it a deposed one."""
        return self.change.action in GONE and not self.change.keeps_old

    @property
    def is_replaced(self) -> bool:
        """Tell whether another object takes the place."""
        return self.change.action is Action.REPLACE

    def ends_with(self, kind: str, attribute: str) -> bool:
        """Tell whether it is destroyed with the ``kind`` of resource that ``attribute`` names."""
        owner = self.before(attribute)
        gone = self.change.action is Action.DESTROY
        return gone and isinstance(owner, str) and (kind, owner) in self.ending

    def before(self, *path: str) -> Any:
        """Return a value before, None if there is none; of a block that repeats, the first's."""
        return next(values_at(self.change.before, *path), None)

    def after(self, *path: str) -> Any:
        """Return a value after; None if there is none, or if it is not known yet."""
        return next(values_at(self.change.after, *path), None)

    def is_unknown(self, *path: str) -> bool:
        """Tell whether a value is known only when the plan is applied."""
        return is_marked(self.change.after_unknown, *path)

    def turns(self, *path: str, was: object, becomes: object) -> bool:
        """Tell whether a value that ``was`` one thing ``becomes`` another."""
        if self.change.after is None or self.is_unknown(*path):
            return False
        return bool(self.before(*path) == was and self.after(*path) == becomes)

    def loses(self, *path: str) -> bool:
        """Tell whether a value that was given is given no more."""
        if not self.before(*path) or self.change.after is None or self.is_unknown(*path):
            return False
        return not self.after(*path)

    def becomes(self, *path: str, value: object) -> bool:
        """Tell whether something is ``value`` after that was not before."""
        return bool(self.after(*path) == value and self.before(*path) != value)

    def name(self, *attributes: str) -> str:
        """Return the first of these attributes that is text and not secret, else the address."""
        return name_of(self.change, *attributes)

    def find(
        self, rule: Rule, message: str, *, mend: str = "", risk: Risk | None = None
    ) -> Finding:
        """Return a finding of ``rule``; its usual risk, if no other is given."""
        return Finding(rule.id, risk or rule.risk, self.change.address, message, mend)


Check = Callable[[Subject], Iterator[Finding]]


def shown(text: str) -> str:
    """Return a value for a message."""
    return excerpt(redact(text), limit=_TEXT_LIMIT)


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
                    message = _sentence(redact(concern.text))
                    yield subject.find(rule, message, mend=mend, risk=Risk(concern.severity))

    return check


def _sentence(text: str) -> str:
    """Give a text its full stop, and a capital unless it begins with a name."""
    first = text.split(" ", 1)[0]
    return f"{text[:1].upper() if first.isalpha() else text[:1]}{text[1:]}."
