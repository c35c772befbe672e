"""How a run goes about it, and what comes of it: shared by all verbs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from botocore.exceptions import ClientError

from scripts.lib.changes import Finding
from scripts.lib.clients import Clients
from scripts.lib.errors import ACCESS_DENIED, AwsError, describe, error_code
from scripts.lib.launch.following import FOLLOW_SECONDS
from scripts.lib.launch.model import Parameter, Record
from scripts.lib.launch.shell import Shell
from scripts.lib.report import Report, Section, Table

Ask = Callable[[tuple[Parameter, ...], Mapping[str, str]], Mapping[str, str]]
"""Completes the values given by what a person answers."""


@dataclass(frozen=True)
class Manner:
    """How a run goes about it.

    It writes only with ``apply``, follows what it asked for over ``wait_seconds``, and shows
    progress on ``stream``. Without ``ask``, parameters that are missing are faults.
    """

    apply: bool = False
    wait_seconds: float = FOLLOW_SECONDS
    shell: Shell = field(default_factory=Shell)
    ask: Ask | None = None
    stream: TextIO = field(default_factory=lambda: sys.stderr)


@dataclass(frozen=True)
class Result:
    """A report, and of one provisioned product its name and the record that made it so."""

    report: Report
    name: str = ""
    record: Record | None = None

    @property
    def exit_code(self) -> int:
        """0: nothing left to do; 2: planned or under way; 1: an error."""
        return self.report.exit_code

    @property
    def outputs(self) -> Mapping[str, str]:
        return {item.key: item.value for item in self.record.outputs} if self.record else {}

    @property
    def notebook(self) -> str | None:
        return self.record.notebook if self.record else None


@contextmanager
def explained(clients: Clients) -> Iterator[None]:
    """Say who was refused: most often the wrong role is at work."""
    try:
        yield
    except ClientError as exc:
        if error_code(exc) not in ACCESS_DENIED:
            raise
        raise AwsError(
            f"{describe(exc)}; you work as {clients.caller_arn}: launching takes a project's "
            "end-user role (--profile, --assume-role)"
        ) from exc


def shown(
    clients: Clients, title: str, facts: Iterable[Table], findings: Iterable[Finding] = ()
) -> Result:
    """Return what was only looked at."""
    section = Section(title, facts=tuple(facts), findings=tuple(findings))
    return Result(Report(clients.account, applied=None, sections=(section,)))
