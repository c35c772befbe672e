"""Runs post_apply once, in a process of its own behind a proxy of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.lib.errors import ToolError, one_line
from scripts.lib.terraform import project_directory
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule

CHILD = "tools.bench_post_apply.child"
LONGEST_RUN = 3600
"""In seconds."""
READS = ("Describe", "Get", "List", "Search")
Rows = tuple[tuple[str, ...], ...]


class RunError(ToolError):
    """A run ended without a result."""


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        seconds: from the first call to the last.
        megabytes: the most memory that the process has had.
        asked: calls that reached the proxy, by operation; AWS's own retries are among them.
        refused: how many of these the proxy refused.
        outcomes: of the report, without what names a copy's own ids.
        findings: the same.
        principals: who may see SageMaker's portfolios afterwards.
    """

    seconds: float
    megabytes: float
    asked: Mapping[str, int]
    refused: Mapping[str, int]
    outcomes: Rows
    findings: Rows
    principals: frozenset[str]

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(self.asked.values())

    @property
    def writes(self) -> int:
        """Calls that could have changed something."""
        return sum(count for name, count in self.asked.items() if not name.startswith(READS))

    @property
    def result(self) -> tuple[Rows, Rows, frozenset[str]]:
        """What came of it, however long it took."""
        return self.outcomes, self.findings, self.principals


def run_post_apply(sandbox: Sandbox, *rules: AnyRule, workers: int | None = None) -> Run:
    """Associate every role of the sandbox's account, with its calls going by way of `rules`.

    Args:
        sandbox: is written to.
        rules: what the calls meet.
        workers: calls at a time; as many as post_apply makes itself if not given.

    Raises:
        RunError: the run failed, with the last line that it wrote; or it took too long.
    """
    given = [] if workers is None else [str(workers)]
    with sandbox.faults(*rules) as proxy:
        environment = proxy.process_environment()
        # post_apply's own number of attempts is to be measured.
        del environment["AWS_MAX_ATTEMPTS"]
        try:
            done = subprocess.run(  # noqa: S603  our own module
                [sys.executable, "-m", CHILD, *given],
                cwd=project_directory(),
                env=environment,
                capture_output=True,
                text=True,
                timeout=LONGEST_RUN,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RunError(f"a run was not over after {LONGEST_RUN} s") from None
        counts = proxy.counts
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunError(f"a run exited with {done.returncode}: {one_line(last)}")
    measured = json.loads(done.stdout)
    return Run(
        seconds=measured["seconds"],
        megabytes=measured["megabytes"],
        asked=counts.asked,
        refused=counts.refused,
        outcomes=tuple(map(tuple, measured["outcomes"])),
        findings=tuple(map(tuple, measured["findings"])),
        principals=principals(sandbox),
    )


def principals(sandbox: Sandbox) -> frozenset[str]:
    """Who may see the portfolios that the account has imported."""
    catalog = sandbox.client("servicecatalog")
    shares = catalog.get_paginator("list_accepted_portfolio_shares").paginate()
    portfolios = [detail["Id"] for page in shares for detail in page["PortfolioDetails"]]
    pages = catalog.get_paginator("list_principals_for_portfolio")
    return frozenset(
        principal["PrincipalARN"]
        for portfolio in portfolios
        for page in pages.paginate(PortfolioId=portfolio)
        for principal in page["Principals"]
    )
