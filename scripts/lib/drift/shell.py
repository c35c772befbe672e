"""Commands that mend drift, quoted for a shell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shell:
    """What the commands need to work where drift was found.

    The role and the profile that drift was looked for with may read only: whoever mends has
    others, so they are not in the commands.

    Attributes:
        region: "" if it is left to the environment.
        ledger: directory of post_apply's ledger; None if it is the usual one.
    """

    region: str = ""
    ledger: Path | None = None
    python: str = "python"

    def post_apply(self, verb: str, *options: str) -> str:
        """Return a command of post_apply."""
        ledger = () if self.ledger is None else ("--ledger", str(self.ledger))
        return self.tool("post_apply", verb, *options, *ledger)

    def tool(self, script: str, *words: str) -> str:
        """Return a command of another script of this tool."""
        return self._line([self.python, "-m", f"scripts.{script}", *words])

    def aws(self, *words: str) -> str:
        """Return a command of AWS's own command line."""
        return self._line(["aws", *words])

    def _line(self, words: list[str]) -> str:
        return shlex.join([*words, *(["--region", self.region] if self.region else [])])
