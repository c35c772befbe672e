"""What keeps data from being deleted by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "protection-removed",
    "A protection against deletion is off",
    "The next mistake deletes what this one only left open.",
    Risk.MEDIUM,
)
_ON = ("deletion_protection", "deletion_protection_enabled", "enable_deletion_protection")
_OFF = {
    "force_destroy": "It can be destroyed with all that is in it",
    "force_delete": "It can be deleted with all that is in it",
    "force_destroy_on_delete": "It can be destroyed with all that is in it",
    "skip_final_snapshot": "It can be destroyed without a last snapshot",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Find protections that are switched off, of resources that are there."""
    for attribute in _ON:
        if subject.turns(attribute, was=True, becomes=False):
            yield subject.find(
                RULE,
                f"It can be deleted from now on, for {attribute} is off.",
                mend="Keep it on until the day it has to go.",
            )
    for attribute, message in _OFF.items():
        if subject.turns(attribute, was=False, becomes=True):
            yield subject.find(
                RULE,
                f"{message}, for {attribute} is on.",
                mend="Keep it off until the day it has to go.",
            )
