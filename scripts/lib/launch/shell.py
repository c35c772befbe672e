"""Commands that a person may paste: how to go on after this one."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shell:
    """How this tool was called, and the options given: the next command needs them as well."""

    region: str | None = None
    profile: str | None = None
    assume_role: str | None = None
    python: str = "python"

    def launch(self, verb: str, name: str, options: Iterable[str] = ()) -> str:
        """Return a command of this tool."""
        words = [self.python, "-m", "scripts.launch", verb, name, *options]
        for option, value in self._options().items():
            words.extend((option, value))
        if self.assume_role:
            words.extend(("--assume-role", self.assume_role))
        return shlex.join(words)

    def notebook_url(self, notebook: str) -> str:
        """Return the command that prints a URL of the notebook. The URL itself is a password:
        it is never printed here."""
        words = ["aws", "sagemaker", "create-presigned-notebook-instance-url"]
        words.extend(("--notebook-instance-name", notebook))
        for option, value in self._options().items():
            words.extend((option, value))
        return shlex.join([*words, "--query", "AuthorizedUrl", "--output", "text"])

    def _options(self) -> Mapping[str, str]:
        given = {"--region": self.region, "--profile": self.profile}
        return {option: value for option, value in given.items() if value}
