"""The machine of a notebook instance, as its lifecycle scripts see it.

`Namespace` runs a script's very bytes: in a mount namespace in which `/home/ec2-user` and
`/opt/ml/metadata` are folders of the test, and the user `ec2-user` exists. Where the kernel lets
nobody have one (some containers, macOS), `Redirected` replaces these two paths in the script.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from modules.notebook_builder.lifecycle import HOME, METADATA

AWS_COMMAND = Path(__file__).with_name("aws_command.py")
LIMIT = 120
USER = "ec2-user"
# Binds the test's folders over the paths; of what else is in /home and /opt, nothing changes.
PRELUDE = """\
#!/bin/bash
set -euo pipefail
graft() {
    mkdir -p "$STAGE$1"
    for entry in "$1"/*; do
        if [ -d "$entry" ] && [ ! -L "$entry" ] && [ "$entry" != "$2" ]; then
            mkdir "$STAGE$entry"
            mount --rbind "$entry" "$STAGE$entry"
        fi
    done
    mkdir -p "$STAGE$3"
    mount --bind "$4" "$STAGE$3"
    mount --rbind "$STAGE$1" "$1"
}
graft /home /home/ec2-user /home/ec2-user "$FOLDER/home"
graft /opt /opt/ml /opt/ml/metadata "$FOLDER/metadata"
mount --bind "$FOLDER/passwd" /etc/passwd
mount --bind "$FOLDER/group" /etc/group
exec env -i $(cat "$FOLDER/environment") "$FOLDER/script"
"""


class Machine:
    """What both have: a home, the metadata of one notebook, and commands in front of the PATH."""

    def __init__(self, folder: Path, arn: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.metadata = folder / "metadata" / Path(METADATA).name
        self.commands = folder / "commands"
        # SageMaker/ is the notebook's volume, mounted before any script runs.
        for made in (self.home / "SageMaker", self.metadata.parent, self.commands):
            made.mkdir(parents=True)
        self.metadata.write_text(json.dumps({"ResourceArn": arn, "ResourceName": "amys-notebook"}))
        self.environment = {
            **environment,
            "PATH": f"{self.commands}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        }
        self.command("aws", f'exec {sys.executable} {AWS_COMMAND} "$@"')

    @property
    def owner(self) -> int:
        """Uid that the files of the notebook's user have, seen from outside."""
        raise NotImplementedError

    def command(self, name: str, script: str) -> None:
        """Put a command in front of the machine's own."""
        path = self.commands / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a lifecycle script to its end, as a file of its own, as SageMaker does."""
        raise NotImplementedError

    def files(self) -> dict[str, bytes]:
        """What is in the home, by path; without the configuration."""
        return {
            path.relative_to(self.home).as_posix(): path.read_bytes()
            for path in self.home.rglob("*")
            if path.is_file() and ".aws" not in path.parts
        }

    def config(self) -> str:
        return (self.home / ".aws/config").read_text()

    def _write(self, script: str) -> Path:
        path = self.folder / "script"
        path.write_text(script)
        path.chmod(0o755)
        return path

    def _execute(
        self, command: list[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the script under test
            command,
            env=dict(environment),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )


class Namespace(Machine):
    """The real paths and the real user, for the script alone."""

    COMMAND = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "-rm")
    # Whoever is not root has no other uid in a namespace than the one that it is there.
    UID = 1000 if os.geteuid() == 0 else 0

    @classmethod
    def is_possible(cls) -> bool:
        if not shutil.which("unshare"):
            return False
        trial = [*cls.COMMAND, "mount", "--bind", "/etc", "/etc"]
        return subprocess.run(trial, capture_output=True, check=False).returncode == 0  # noqa: S603 - fixed

    @property
    def owner(self) -> int:
        return self.UID if os.geteuid() == 0 else os.geteuid()

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        self._write(script)
        users = [
            line
            for line in Path("/etc/passwd").read_text().splitlines()
            if not line.startswith(f"{USER}:")
        ]
        user = f"{USER}:x:{self.UID}:{self.UID}::{HOME}:/bin/bash"
        (self.folder / "passwd").write_text("\n".join([user, *users, ""]))
        groups = Path("/etc/group").read_text()
        (self.folder / "group").write_text(f"{USER}:x:{self.UID}:\n{groups}")
        variables = "\n".join(f"{name}={value}" for name, value in self.environment.items())
        assert " " not in variables
        (self.folder / "environment").write_text(variables)
        prelude = self.folder / "prelude"
        prelude.write_text(PRELUDE)
        stage = self.folder / "stage"
        shutil.rmtree(stage, ignore_errors=True)
        given = {"FOLDER": str(self.folder), "STAGE": str(stage), "PATH": os.environ["PATH"]}
        return self._execute([*self.COMMAND, "bash", str(prelude)], given)


class Redirected(Machine):
    """The script with its two paths replaced; who owns the files is written down."""

    def __init__(self, folder: Path, arn: str, environment: Mapping[str, str]) -> None:
        super().__init__(folder, arn, environment)
        self.command("chown", f'[ "$1 $2" = "-R {USER}:{USER}" ] && [ -e "$3" ]')

    @property
    def owner(self) -> int:
        return os.geteuid()

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        redirected = script.replace(HOME, str(self.home)).replace(METADATA, str(self.metadata))
        return self._execute([str(self._write(redirected))], self.environment)


MACHINES: list[type[Machine]] = [Namespace, Redirected] if Namespace.is_possible() else [Redirected]
"""What can be had here, the truest first."""
