"""A ``terraform`` of a few lines of shell, that says what a test wants it to."""

from __future__ import annotations

import json
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EMPTY: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {},
    "resource_changes": [],
}


def state(serial: int, lineage: str = "abc") -> str:
    return json.dumps({"version": 4, "serial": serial, "lineage": lineage})


@dataclass
class Stub:
    """Where it is, and what it was told to say.

    ``calls`` has a line of arguments for each call.
    """

    root: Path

    def __post_init__(self) -> None:
        (self.root / "bin").mkdir(parents=True)
        self.directory.mkdir()
        self.shows(EMPTY)
        self.pulls(state(3))
        self.plans_of(state(3))
        self.body('cat "$R/planned" > "${7#-out=}"')

    @property
    def directory(self) -> Path:
        return self.root / "web"

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.root}/bin:/usr/bin:/bin", "R": str(self.root)}

    @property
    def calls(self) -> list[str]:
        return (self.root / "calls").read_text().splitlines()

    def shows(self, document: Any) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        (self.root / "shown").write_text(text)

    def pulls(self, text: str) -> None:
        (self.root / "pulled").write_text(text)

    def plans_of(self, text: str) -> None:
        with zipfile.ZipFile(self.root / "planned", "w") as archive:
            archive.writestr("tfstate-prev", text)

    def body(self, plan: str) -> None:
        """Set what ``terraform plan`` does."""
        path = self.root / "bin/terraform"
        path.write_text(
            "#!/bin/sh\n"
            'echo "$@" >> "$R/calls"\n'
            f'case "$1" in plan) {plan};;\n'
            'show) ls -l "$3" > "$R/mode"; cat "$R/shown";;\n'
            'state) cat "$R/pulled";; esac\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
