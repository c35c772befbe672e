"""What was measured, and whether it is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_TIMES = 1.5


@dataclass(frozen=True)
class Measured:
    """The seconds that it took.

    Attributes:
        alone: of each stack, checked alone.
        together: of all of them side by side.
        found: drift and failures of every check; none is right.
    """

    cores: int
    stacks: Sequence[str]
    alone: Sequence[float]
    together: float
    found: Sequence[str]

    @property
    def checks(self) -> int:
        return len(self.alone) + len(self.stacks)

    @property
    def least(self) -> float:
        """Return the seconds below which the cores do not allow it: the slowest alone, or all
        of the work divided by the cores."""
        return max(*self.alone, sum(self.alone) / self.cores)

    @property
    def times(self) -> float:
        return self.together / self.least

    def goals(self) -> dict[str, bool]:
        """Return what is asked for, and whether it is met."""
        return {
            f"at most {MOST_TIMES} times as slow as the cores allow": self.times <= MOST_TIMES,
            "a clean deployment has no drift": not self.found,
        }

    def document(self) -> dict[str, object]:
        """Return all of it for machines."""
        return {
            "cores": self.cores,
            "stacks": list(self.stacks),
            "alone": [round(seconds, 2) for seconds in self.alone],
            "together": round(self.together, 2),
            "least": round(self.least, 2),
            "times": round(self.times, 2),
            "checks": self.checks,
            "found": list(self.found),
            "goals": self.goals(),
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        return [
            f"{len(self.stacks)} stacks on {self.cores} cores",
            f"  slowest alone     {max(self.alone):6.1f} s",
            f"  all, one by one   {sum(self.alone):6.1f} s",
            f"  the least         {self.least:6.1f} s",
            f"  side by side      {self.together:6.1f} s   {self.times:.2f} times the least",
            f"  {self.checks} checks found: {len(self.found)}",
            *(f"    {each}" for each in self.found),
            *(f"{'met   ' if met else 'MISSED'}  {goal}" for goal, met in self.goals().items()),
        ]
