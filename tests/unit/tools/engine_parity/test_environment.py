"""Making the throw-away environment with the real venv and pip; the registry is a folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts.lib.errors import ToolError
from scripts.lib.process import CommandError
from tools.engine_parity.environment import _reason, create


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    directory = tmp_path / "registry"
    directory.mkdir()
    return directory


@pytest.fixture
def offline(registry: Path) -> dict[str, str]:
    """pip's environment: it is configured to ask the folder, and asks nothing else."""
    return {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(registry),
        "PIP_NO_INDEX": "1",
    }


def wheel(registry: Path, name: str, requires: str = "") -> str:
    """Put version 1 of a package into the registry; return the requirement that pins it."""
    path = registry / f"{name}-1-py3-none-any.whl"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{requires}"
    kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"NAME = {name!r}\n")
        archive.writestr(f"{name}-1.dist-info/METADATA", metadata)
        archive.writestr(f"{name}-1.dist-info/WHEEL", kind)
        archive.writestr(f"{name}-1.dist-info/RECORD", "")
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def test_makes_an_environment_of_what_is_required(
    registry: Path, offline: dict[str, str], tmp_path: Path
) -> None:
    required = wheel(registry, "engine", "Requires-Dist: library\n") + wheel(registry, "library")

    python = create(tmp_path / "new", required, offline, tmp_path / "log")

    code = "import engine, library, sys; print(engine.NAME, library.NAME, sys.prefix)"
    said = subprocess.run(  # noqa: S603 - the interpreter under test
        [str(python), "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["engine", "library", str(tmp_path / "new")]


def test_refuses_what_needs_a_package_that_is_not_required(
    registry: Path, offline: dict[str, str], tmp_path: Path
) -> None:
    required = wheel(registry, "engine", "Requires-Dist: library\n")
    wheel(registry, "library")

    with pytest.raises(ToolError) as raised:
        create(tmp_path / "new", required, offline, tmp_path / "log")

    assert str(raised.value) == (
        "the other engine cannot be installed: engine 1 requires library, which is not installed."
    )


def test_refuses_a_package_of_another_content(
    registry: Path, offline: dict[str, str], tmp_path: Path
) -> None:
    required = wheel(registry, "engine")
    wheel(registry, "engine", "Summary: changed\n")

    with pytest.raises(ToolError, match=r"cannot be installed: THESE PACKAGES DO NOT MATCH"):
        create(tmp_path / "new", required, offline, tmp_path / "log")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            (
                "python -m failed with exit code 1:\n"
                "ERROR: Could not find a version that satisfies the requirement engine==1 "
                "(from versions: none)\n"
                "ERROR: No matching distribution found for engine==1\n"
                "[notice] A new release of pip is available"
            ),
            "No matching distribution found for engine==1",
        ),
        ("python -m failed:\n/usr/bin/python3: No module named venv", "No module named venv"),
        ("python -m took longer than 1200 s:", "took longer than 1200 s"),
    ],
)
def test_the_reason_is_the_last_complaint_or_else_the_last_line(said: str, reason: str) -> None:
    assert reason in _reason(CommandError(said))
    assert "\n" not in _reason(CommandError(said))
