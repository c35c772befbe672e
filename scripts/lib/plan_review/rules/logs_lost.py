"""Logs that are deleted."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "logs-lost",
    "Logs are lost",
    "What happened cannot be looked up once its log is deleted.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_cloudwatch_log_group"})
_DAYS = "retention_in_days"


def check(subject: Subject) -> Iterator[Finding]:
    """Find log groups that are destroyed, or keep what they have for a shorter time."""
    if subject.takes_data:
        if subject.before("skip_destroy") is not True:
            yield subject.find(
                RULE,
                "All that is in the log group is deleted.",
                mend="Export it first, or set skip_destroy.",
            )
        return
    before, after = _days(subject.before(_DAYS)), _days(subject.after(_DAYS))
    if before is None or after is None or subject.is_unknown(_DAYS):
        return
    if after and (not before or after < before):
        yield subject.find(
            RULE,
            f"What is older than {after} days is deleted, kept before "
            f"{f'for {before} days' if before else 'for ever'}.",
            mend="Export what is older and still needed.",
            risk=Risk.LOW,
        )


def _days(value: object) -> int | None:
    """Return the days; 0 is for ever."""
    return value if isinstance(value, int) and value >= 0 else None
