"""Locks without registry addresses: the tool, and what is committed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.strip_lock import strip

ROOT = Path(__file__).resolve().parents[3]
MIRROR = "https://mirror.example/simple"
HASH = "0" * 64


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock as pipenv makes it on a machine with a mirror."""
    content = {
        "_meta": {
            "hash": {"sha256": "the hash of the Pipfile and the mirror"},
            "pipfile-spec": 6,
            "requires": {},
            "sources": [{"name": "mirror", "url": MIRROR, "verify_ssl": True}],
        },
        "default": {"boto3": {"hashes": ["sha256:b"], "index": "mirror", "version": "==1.43.126"}},
        "develop": {
            "moto": {"extras": ["server"], "index": "mirror", "version": "==5.2.5"},
            "six": {"hashes": ["sha256:s"], "markers": "python_version >= '3'"},
        },
    }
    path = tmp_path / "Pipfile.lock"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_takes_out_addresses_and_leaves_the_rest(lock: Path) -> None:
    strip(lock, HASH)

    assert read(lock) == {
        "_meta": {"hash": {"sha256": HASH}, "pipfile-spec": 6, "requires": {}, "sources": []},
        "default": {"boto3": {"hashes": ["sha256:b"], "version": "==1.43.126"}},
        "develop": {
            "moto": {"extras": ["server"], "version": "==5.2.5"},
            "six": {"hashes": ["sha256:s"], "markers": "python_version >= '3'"},
        },
    }


def test_writes_as_pipenv_does_and_twice_gives_the_same(lock: Path) -> None:
    strip(lock, HASH)
    once = lock.read_text(encoding="utf-8")
    strip(lock, HASH)

    assert lock.read_text(encoding="utf-8") == once
    assert once == json.dumps(json.loads(once), indent=4, sort_keys=True) + "\n"


def test_runs_as_a_script(lock: Path) -> None:
    command = [sys.executable, str(ROOT / "tools/strip_lock.py"), str(lock), HASH]
    subprocess.run(command, check=True)  # noqa: S603  our own script

    assert MIRROR not in lock.read_text(encoding="utf-8")


def test_pipenv_finds_that_the_committed_lock_matches_the_pipfile() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PIPENV_"))}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIPENV_IGNORE_VIRTUALENVS": "1"}
    command = [str(ROOT / ".tools/bin/pipenv"), "verify"]
    done = subprocess.run(  # noqa: S603  the pinned pipenv
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr


def test_committed_pipfile_lock_holds_no_address() -> None:
    lock = read(ROOT / "Pipfile.lock")
    packages = [*lock["default"].values(), *lock["develop"].values()]

    assert lock["_meta"]["sources"] == []
    assert "://" not in (ROOT / "Pipfile.lock").read_text(encoding="utf-8")
    assert [package for package in packages if "index" in package] == []
    assert [package for package in packages if not package["hashes"]] == []


def test_committed_package_lock_matches_the_package_and_holds_no_address() -> None:
    package, lock = read(ROOT / "package.json"), read(ROOT / "package-lock.json")
    own = lock["packages"].pop("")

    assert own["devDependencies"] == package["devDependencies"]
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    for entry in lock["packages"].values():
        entry.pop("funding", None)  # Where to thank the authors: the only addresses allowed.
    assert "://" not in json.dumps(lock)
    pinned = {"integrity", "inBundle"}
    assert [name for name, entry in lock["packages"].items() if not pinned & entry.keys()] == []
