"""Plans as they are given to the command: JSON, or a plan file, of which Terraform makes JSON."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.lib.drift.world import World, read_world
from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.model import Plan
from scripts.lib.plan_review.plan_json import BinaryPlan, load_document
from scripts.lib.plan_review.read import read_plan, stack_name
from scripts.lib.plan_review.review import PlannedStack
from scripts.lib.plan_review.sources import read_sources
from scripts.lib.process import run_json


def planned_stacks(given: Sequence[str], sources: Path | None) -> tuple[PlannedStack, ...]:
    """Return the plans, each with where its resources come from.

    Args:
        given: each a path, or ``STACK=PATH``.
        sources: the folder that has a folder for each stack, as ``cdktf.out/stacks``; beside
            each plan if not given.

    Raises:
        InputError: one cannot be read, is no plan, or two are of stacks of the same name.
        CommandError: Terraform could not show a plan file.
    """
    stacks: dict[str, PlannedStack] = {}
    for argument in given:
        path, name = _named(argument)
        document = _document(path)
        plan = _plan(document, path, name)
        if plan.stack in stacks:
            stack = one_line(plan.stack)
            raise InputError(f"two plans are of stack {stack}: name them, as NAME={one_line(path)}")
        folder = sources / plan.stack if sources else path.parent
        world = read_world(document) if plan.drift else World()
        stacks[plan.stack] = PlannedStack(plan, read_sources(folder), world)
    return tuple(stacks.values())


def _named(argument: str) -> tuple[Path, str | None]:
    name, equals, path = argument.partition("=")
    if not equals or Path(argument).exists():
        return Path(argument), None
    if not name or "/" in name:
        raise InputError(f"plan {one_line(argument)}: expected PATH or STACK=PATH")
    return Path(path), name


def _document(path: Path) -> Mapping[str, Any]:
    """Read JSON; let Terraform show a plan file where it was made, as it needs the schemas."""
    try:
        return load_document(path)
    except BinaryPlan:
        command = ["terraform", "show", "-json", path.name]
        with tempfile.TemporaryDirectory() as logs:
            log = Path(logs) / "terraform.log"
            shown: Mapping[str, Any] = run_json(command, path.parent, os.environ, log)
        return shown


def _plan(document: Mapping[str, Any], path: Path, name: str | None) -> Plan:
    try:
        return read_plan(document, name or stack_name(path))
    except InputError as exc:
        raise InputError(f"plan {one_line(path)}: {exc}") from exc
