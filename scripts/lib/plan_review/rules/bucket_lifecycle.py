"""Objects that a lifecycle rule deletes."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Action, Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown
from scripts.lib.plan_review.shown_values import values_at

RULE = Rule(
    "bucket-lifecycle",
    "Objects of a bucket expire sooner",
    "A lifecycle rule deletes what is there already, without asking.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_s3_bucket_lifecycle_configuration"})
_EXPIRIES = {
    ("expiration", "days"): "Objects",
    ("noncurrent_version_expiration", "noncurrent_days"): "Old versions of objects",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Find rules of a bucket that has objects already which delete more, or sooner."""
    if subject.change.action not in (Action.UPDATE, Action.REPLACE):
        return
    for path, what in _EXPIRIES.items():
        before, after = (
            _days(side, path) for side in (subject.change.before, subject.change.after)
        )
        for name, days in sorted(after.items()):
            was = before.get(name)
            if was is None or days < was:
                than = f", {was} before" if was else ""
                yield subject.find(
                    RULE,
                    f"{what} that rule {shown(name)} speaks of are deleted after {days} days"
                    f"{than}.",
                    mend="Look at how old the objects are that it speaks of.",
                )


def _days(side: object, path: tuple[str, str]) -> dict[str, int]:
    """Return the days of the rules that are on, by their ids."""
    return {
        str(rule.get("id")): days
        for rule in values_at(side, "rule")
        if isinstance(rule, dict) and rule.get("status") == "Enabled"
        for days in values_at(rule, *path)
        if isinstance(days, int) and days > 0
    }
