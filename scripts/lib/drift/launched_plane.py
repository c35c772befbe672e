"""The plane of launched products: what everybody launched, as an administrator sees it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.drift.launched import launch_drifts, launch_noise, stray_drifts
from scripts.lib.drift.launched_reading import (
    describe_notebooks,
    list_notebooks,
    read_launches,
    read_strays,
    stack_of,
)
from scripts.lib.drift.model import Checked, Failure, Plane
from scripts.lib.drift.shell import Shell
from scripts.lib.errors import ToolError, describe

if TYPE_CHECKING:
    from scripts.lib.clients import Clients
    from scripts.lib.outputs import NotebookOutputs


def check_launched(
    clients: Clients, projects: Sequence[NotebookOutputs], shell: Shell | None = None
) -> Checked:
    """Compare all that was launched of the projects' products with what was promised.

    Args:
        projects: by the outputs of their stacks.
    """
    begin = time.monotonic()
    try:
        checked = _check(clients, {each.product_id: each for each in projects}, shell or Shell())
    except (BotoCoreError, ClientError) as exc:
        checked = _failed(describe(exc))
    except ToolError as exc:
        checked = _failed(str(exc))
    return replace(checked, seconds=time.monotonic() - begin)


def _check(clients: Clients, projects: Mapping[str, NotebookOutputs], shell: Shell) -> Checked:
    # First the notebooks: one that is launched meanwhile is not taken for one made by hand.
    listed = list_notebooks(clients)
    launches = read_launches(clients, projects)
    promised = {each.notebook for launch in launches for each in launch.promises}
    # Where it is not known what a product made, nothing is known to be made by hand.
    blind = {each.stack for each in launches if each.unread}
    sighted = [each for each in projects.values() if stack_of(each) not in blind]
    strays = read_strays(clients, listed, promised, sighted)
    notebooks = describe_notebooks(clients, sorted(promised))
    failures = tuple(
        Failure(Plane.LAUNCHED, each.stack, f"{each.title}: {each.unread}")
        for each in launches
        if each.unread
    )
    drifts = (*launch_drifts(launches, notebooks, shell), *stray_drifts(strays, shell))
    return Checked(Plane.LAUNCHED, "", drifts, launch_noise(launches), failures)


def _failed(reason: str) -> Checked:
    return Checked(Plane.LAUNCHED, "", failures=(Failure(Plane.LAUNCHED, "", reason),))
