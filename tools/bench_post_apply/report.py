"""What was measured, side by side, and whether the goals are met."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from scripts.sandbox import Crowd
from tools.bench_post_apply.least import least_calls
from tools.bench_post_apply.run import Run

GOAL_RATIO = 8.0


@dataclass(frozen=True)
class Measured:
    """All runs of one bench.

    Attributes:
        crowd: in whose account `sequential`, `ours` and `again` ran.
        sequential: one call after another.
        ours: as post_apply does it.
        again: the same once more, in the same account.
        smaller_users: how many users the account of `smaller` has.
        smaller: for its memory.
        faulty_users: how many users the account of `calm` and `faulty` has.
        calm: without faults.
        faulty: with calls that are throttled and fail.
    """

    crowd: Crowd
    sequential: Run
    ours: Run
    again: Run
    smaller_users: int
    smaller: Run
    faulty_users: int
    calm: Run
    faulty: Run

    @property
    def ratio(self) -> float:
        """How many times as fast as one call after another."""
        return self.sequential.seconds / self.ours.seconds

    def excess(self) -> dict[str, tuple[int, int]]:
        """Operations that were not called as often as is least: calls, and the least."""
        least = least_calls(self.crowd)
        called = {name: self.ours.asked.get(name, 0) for name in least}
        return {name: (called[name], least[name]) for name in least if called[name] != least[name]}

    def goals(self) -> dict[str, bool]:
        """Each goal, and whether it is met."""
        return {
            f"{GOAL_RATIO:g} times as fast as one call after another": self.ratio >= GOAL_RATIO,
            "the same result as one call after another": self.ours.result == self.sequential.result,
            "no more calls than are needed": not self.excess(),
            "no write in a second run": self.again.writes == 0,
            "the same result with faults": self.faulty.result == self.calm.result,
        }

    def document(self) -> dict[str, object]:
        """All of it for machines."""
        runs = {
            "sequential": (self.crowd.users, self.sequential),
            "ours": (self.crowd.users, self.ours),
            "again": (self.crowd.users, self.again),
            "smaller": (self.smaller_users, self.smaller),
            "calm": (self.faulty_users, self.calm),
            "faulty": (self.faulty_users, self.faulty),
        }
        return {
            "users": self.crowd.users,
            "roles": self.crowd.roles,
            "ratio": self.ratio,
            "goals": self.goals(),
            "least_calls": least_calls(self.crowd),
            "runs": {name: _run_data(users, run) for name, (users, run) in runs.items()},
        }


def _run_data(users: int, run: Run) -> dict[str, object]:
    return {
        "users": users,
        "seconds": run.seconds,
        "megabytes": run.megabytes,
        "calls": run.calls,
        "writes": run.writes,
        "asked": dict(sorted(run.asked.items())),
        "refused": dict(sorted(run.refused.items())),
        "principals": len(run.principals),
    }


def print_text(measured: Measured, console: Console) -> None:
    """All of it for people."""
    console.print(_runs_table(measured))
    console.print(_calls_table(measured.ours.asked, least_calls(measured.crowd)))
    console.print(f"ratio: {measured.ratio:.1f} (goal: {GOAL_RATIO:g})")
    for goal, is_met in measured.goals().items():
        console.print(f"{goal}: {'yes' if is_met else 'NO'}")


def _runs_table(measured: Measured) -> Table:
    table = Table("run", "users", "seconds", "calls", "refused", "writes", "MB")
    rows = (
        ("one call after another", measured.crowd.users, measured.sequential),
        ("post_apply", measured.crowd.users, measured.ours),
        ("post_apply again", measured.crowd.users, measured.again),
        ("post_apply, smaller", measured.smaller_users, measured.smaller),
        ("post_apply, before faults", measured.faulty_users, measured.calm),
        ("post_apply, with faults", measured.faulty_users, measured.faulty),
    )
    for name, users, run in rows:
        table.add_row(
            name,
            str(users),
            f"{run.seconds:.1f}",
            str(run.calls),
            str(sum(run.refused.values())),
            str(run.writes),
            f"{run.megabytes:.0f}",
        )
    return table


def _calls_table(asked: Mapping[str, int], least: Mapping[str, int]) -> Table:
    table = Table("operation", "calls", "least")
    for name in sorted({*asked, *least}):
        table.add_row(name, str(asked.get(name, 0)), str(least.get(name, "-")))
    return table
