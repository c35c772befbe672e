"""The files of ``examples/many-accounts``, with their placeholders filled as the README has it."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[4] / "examples" / "many-accounts"
NAMES = {
    "partition": "aws",
    "region": "eu-west-1",
    "account": "123456789012",
    "bucket": "jumpstart-accounts",
    "project": "jumpstart-post-apply",
    "state_machine": "jumpstart-post-apply",
    "build_role": "JumpStartBuild",
    "member_role": "JumpStartPostApply",
    "organization": "o-abcdefghij",
}
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def filled(name: str) -> Any:
    """A JSON file of the folder, filled. Fails for a placeholder that nobody fills."""
    text = (FOLDER / name).read_text()
    return json.loads(_PLACEHOLDER.sub(lambda match: NAMES[match[1]], text))


def policy(name: str) -> Any:
    return filled(f"policies/{name}.json")


def buildspec() -> Any:
    return yaml.safe_load((FOLDER / "buildspec.yml").read_text())


def command(phase: str) -> str:
    """The one command of a phase of the build that is this project's own."""
    commands = [str(each) for each in buildspec()["phases"][phase]["commands"]]
    assert len(commands) == 1
    return commands[0]
