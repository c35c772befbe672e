"""Situations to decide on: a request, a notebook, and what is known besides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modules.notebook_builder.request import Owner, Request, Wanted
from modules.notebook_builder.situation import (
    Create,
    Notebook,
    Place,
    Situation,
    Stack,
    Write,
)
from tests.unit.modules.notebook_builder.world import AMY, PROJECT

OWNER = Owner("stack", "Notebook", "request-1")
EARLIER = replace(OWNER, request_id="request-0")
STRANGERS = [
    None,
    replace(OWNER, stack_id="other"),
    replace(OWNER, logical_id="Other"),
]
PLACE = Place("subnet-1", "sg-1")
WANTED = Wanted(
    name="n",
    instance_type="ml.t3.medium",
    volume_gb=20,
    root_access="Disabled",
    lifecycle_config="lc",
    subnet="s",
    security_group="g",
    environment_name="Dev",
)
NOTEBOOK = Notebook(
    name="n",
    arn="arn",
    status="InService",
    owner=OWNER,
    environment_name="Dev",
    instance_type="ml.t3.medium",
    volume_gb=20,
    root_access="Disabled",
    lifecycle_config="lc",
    place=PLACE,
)
PASSING = ("Pending", "Updating", "Stopping", "PendingMaintenance", "InMaintenance", "Unheard")


BUILDING = Stack("UPDATE_IN_PROGRESS", AMY)
CLEANING = Stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", AMY)
CREATE = Create(PLACE, "AROAENDUSERS:amy@example.com")


def situation(
    kind: Any, notebook: Notebook | None, *done: type[Write], stack: Stack | None = BUILDING
) -> Situation:
    wanted = None if kind == "Delete" else WANTED
    request = Request(kind, OWNER, physical_id="n", wanted=wanted)
    return Situation(request, PROJECT, notebook, PLACE, stack, done=frozenset(done))


def seen(status: str = "InService", owner: Owner | None = OWNER, **changes: Any) -> Notebook:
    return replace(NOTEBOOK, status=status, owner=owner, **changes)
