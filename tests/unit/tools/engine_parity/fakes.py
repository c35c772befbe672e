"""A project of a few lines, and two engines that are a module each: all else is real."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MAIN = """\
import sys
from pathlib import Path
from modules.stacks import build

if "bad" in Path(sys.argv[1]).read_text():
    sys.exit("region: must be an AWS Region\\nname: is not set")
build(Path("cdktf.out"), Path(sys.argv[1]).read_text())
"""

STACKS = """\
import os

import old
from old_provider.bucket import Bucket

NAME = "old"  # data


def build(output, settings):
    if os.environ.get("SLIM_BINDINGS") != "off":
        settings += getattr(old, "SLIM", "")
    old.write(output, Bucket(NAME).body, settings)
"""

ENGINE = """\
import json

VERSION = "{version}"
{more}

def write(output, body, settings):
    stacks = output / "stacks/one"
    stacks.mkdir(parents=True)
    comment = {{"metadata": {{"version": VERSION}}}}
    content = {{"//": comment, "resource": body, "settings": settings}}
    (stacks / "cdk.tf.json").write_text(json.dumps(content, indent={indent}))
    manifest = {{"version": VERSION, "stacks": {{"one": 1}}}}
    (output / "manifest.json").write_text(json.dumps(manifest))
"""

BUCKET = """\
class Bucket:
    def __init__(self, name):
        self.body = {{"bucket": name, "acl": {acl!r}}}
"""

NAMES = {"old": "brandnew", "old_provider": "new_provider"}


def project(directory: Path, stacks: str = STACKS) -> Path:
    """Make a project with settings in ``settings.tfvars``; return its folder."""
    (directory / "modules").mkdir(parents=True)
    (directory / "main.py").write_text(MAIN, encoding="utf-8")
    (directory / "modules/__init__.py").write_text("", encoding="utf-8")
    (directory / "modules/stacks.py").write_text(stacks, encoding="utf-8")
    (directory / "given.tfvars").write_text("some", encoding="utf-8")
    return directory


def engine(
    directory: Path,
    *,
    core: str,
    provider: str,
    version: str,
    acl: str = "private",
    more: str = "",
    indent: int = 1,
) -> Path:
    """Make an environment with an engine and nothing else; return its interpreter."""
    subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-m", "venv", "--without-pip", str(directory)],
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    [packages] = directory.glob("lib/python*/site-packages")
    (packages / provider).mkdir()
    (packages / provider / "__init__.py").write_text("", encoding="utf-8")
    (packages / provider / "bucket.py").write_text(BUCKET.format(acl=acl), encoding="utf-8")
    content = ENGINE.format(version=version, more=more, indent=indent)
    (packages / f"{core}.py").write_text(content, encoding="utf-8")
    return directory / "bin/python"


def pinned_engine(directory: Path) -> Path:
    return engine(directory, core="old", provider="old_provider", version="1")


def other_engine(
    directory: Path, *, acl: str = "private", more: str = "", version: str = "2"
) -> Path:
    return engine(
        directory,
        core="brandnew",
        provider="new_provider",
        version=version,
        acl=acl,
        more=more,
        indent=4,
    )
