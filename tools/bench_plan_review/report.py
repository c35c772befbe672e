"""What was measured, side by side, and whether the goals are met."""

from dataclasses import asdict, dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from tools.bench_plan_review.run import Run

GOAL_TIMES, GOAL_SECONDS = 2, 1
GOAL_MEMORY = 3


@dataclass(frozen=True)
class Measured:
    """All runs of one bench.

    Attributes:
        resources: how many the plan has.
        file_megabytes: how big its JSON is.
        parses: runs that only loaded it.
        reviews: runs of the command.
    """

    resources: int
    file_megabytes: float
    parses: tuple[Run, ...]
    reviews: tuple[Run, ...]

    @property
    def parse(self) -> Run:
        """The median, of time and of memory each."""
        return _median(self.parses)

    @property
    def review(self) -> Run:
        """The median, of time and of memory each."""
        return _median(self.reviews)

    @property
    def most_seconds(self) -> float:
        """How long a review may take."""
        return GOAL_TIMES * self.parse.seconds + GOAL_SECONDS

    @property
    def most_megabytes(self) -> float:
        """By how much its process may grow."""
        return GOAL_MEMORY * self.parse.megabytes

    def goals(self) -> dict[str, bool]:
        """Each goal, and whether it is met."""
        return {
            f"at most {GOAL_TIMES} times as long as parsing, and {GOAL_SECONDS} s": (
                self.review.seconds <= self.most_seconds
            ),
            f"at most {GOAL_MEMORY} times the memory of what is parsed": (
                self.review.megabytes <= self.most_megabytes
            ),
        }

    def document(self) -> dict[str, object]:
        """All of it for machines."""
        return {
            "resources": self.resources,
            "file_megabytes": self.file_megabytes,
            "goals": self.goals(),
            "most": {"seconds": self.most_seconds, "megabytes": self.most_megabytes},
            "parse": {**asdict(self.parse), "runs": [asdict(run) for run in self.parses]},
            "review": {**asdict(self.review), "runs": [asdict(run) for run in self.reviews]},
        }


def _median(runs: tuple[Run, ...]) -> Run:
    return Run(
        seconds=median(run.seconds for run in runs), megabytes=median(run.megabytes for run in runs)
    )


def print_text(measured: Measured, console: Console) -> None:
    """All of it for people."""
    console.print(f"{measured.resources:,} resources, {measured.file_megabytes:.0f} MB of JSON")
    table = Table("run", "seconds", "MB", "seconds of each run")
    for name, run, runs in (
        ("json.load", measured.parse, measured.parses),
        ("plan_review", measured.review, measured.reviews),
    ):
        each = " ".join(f"{one.seconds:.2f}" for one in runs)
        table.add_row(name, f"{run.seconds:.2f}", f"{run.megabytes:.0f}", each)
    table.add_row("at most", f"{measured.most_seconds:.2f}", f"{measured.most_megabytes:.0f}", "")
    console.print(table)
    for goal, is_met in measured.goals().items():
        console.print(f"{goal}: {'yes' if is_met else 'NO'}")
