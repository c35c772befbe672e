"""A job of a script: observed and planned, ready to be carried out, or only shown."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.lib.changes import Change, DryRun, Executor, Finding, carry_out
from scripts.lib.report import Section, Table


@dataclass(frozen=True)
class Job:
    """A plan, what was found while making it, and the executor that would write.

    All jobs of a run are prepared before the first one is run: bad input writes nothing.
    """

    title: str
    facts: tuple[Table, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    writer: Executor

    def run(self, *, apply: bool) -> Section:
        """Make the changes, or with ``apply`` False only list them."""
        executor = self.writer if apply else DryRun()
        return Section(self.title, self.facts, self.findings, carry_out(self.changes, executor))
