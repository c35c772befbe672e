"""The ledger: which associations with SageMaker's portfolios are this tool's own.

AWS does not tell who associated a role, so the tool writes it down: before it associates, that it
is about to, and afterwards, that it did. A run that is killed in between leaves an intention; if
the association is there the next time, it is this tool's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Stage(StrEnum):
    """How far an association has come."""

    INTENDED = "intended"
    MADE = "made"
    ADOPTED = "adopted"


@dataclass(frozen=True)
class Entry:
    """An association of this tool's; ``at`` is when it came to its stage (UTC, ISO 8601)."""

    portfolio_id: str
    role_arn: str
    stage: Stage
    at: str
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return (self.portfolio_id, self.role_arn)


@dataclass(frozen=True)
class Ledger:
    """What is written down, by portfolio and role."""

    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Ledger:
        return cls({entry.key: entry for entry in entries})

    def owns(self, portfolio_id: str, role_arn: str) -> bool:
        """Tell whether the association, if it is there, is this tool's own."""
        return (portfolio_id, role_arn) in self.entries

    def reasons(self, portfolio_id: str, role_arn: str) -> tuple[str, ...]:
        """Return why it was made, as was known then."""
        entry = self.entries.get((portfolio_id, role_arn))
        return entry.reasons if entry else ()

    def with_entry(self, entry: Entry) -> Ledger:
        return replace(self, entries={**self.entries, entry.key: entry})

    def without(self, portfolio_id: str, role_arn: str) -> Ledger:
        gone = (portfolio_id, role_arn)
        return replace(
            self, entries={key: entry for key, entry in self.entries.items() if key != gone}
        )
