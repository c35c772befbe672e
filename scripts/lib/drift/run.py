"""One run of drift detection: every plane that is asked for, in one report; nothing is changed."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import boto3

from scripts.lib.clients import Clients, client_config
from scripts.lib.drift.authors import Trail
from scripts.lib.drift.findings import Sight
from scripts.lib.drift.launched_plane import check_launched
from scripts.lib.drift.launched_reading import stack_of
from scripts.lib.drift.many_stacks import Stack, check_stacks
from scripts.lib.drift.model import Checked, DriftReport, Failure, Plane
from scripts.lib.drift.portfolio_plane import check_portfolio
from scripts.lib.drift.report_json import WHEN
from scripts.lib.drift.shell import Shell
from scripts.lib.drift.terraform_plane import Terms
from scripts.lib.errors import AwsError, InputError, ToolError, one_line
from scripts.lib.outputs import NotebookOutputs, notebook_outputs, read_notebook_outputs
from scripts.lib.terraform import Terraform, terraform_environment

ALL_PLANES: Final = tuple(Plane)
LEDGER: Final = Path("post-apply-ledger")
"""Where post_apply keeps its ledgers unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to check.

    Attributes:
        stacks: in the order in which they are checked.
        ledger: directory of ledgers; None: the usual one, if it is there.
        outputs: files of notebook stacks' outputs; for the other stacks Terraform is asked.
        parallel: stacks at a time; None: as many as there are cores.
    """

    stacks: tuple[Stack, ...] = ()
    planes: tuple[Plane, ...] = ALL_PLANES
    ledger: Path | None = None
    outputs: tuple[Path, ...] = ()
    ask_cloudtrail: bool = False
    init: bool = False
    parallel: int | None = None


def stacks_in(directory: Path) -> tuple[Stack, ...]:
    """Return the stacks that ``cdktf synth`` wrote into a directory, by name.

    Raises:
        InputError: there are none, or the directory is none of ``cdktf synth``'s.
    """
    manifest = directory / "manifest.json"
    try:
        found = json.loads(manifest.read_text("utf-8"))["stacks"]
        stacks = tuple(
            Stack(name, directory / found[name]["workingDirectory"]) for name in sorted(found)
        )
    except OSError as exc:
        raise InputError(
            f"{one_line(manifest)} cannot be read: {exc.strerror}; run: npx cdktf synth"
        ) from exc
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise InputError(
            f"{one_line(manifest)} is no manifest of cdktf; run: npx cdktf synth"
        ) from exc
    return stacks


def choose(known: Sequence[Stack], names: Sequence[str]) -> tuple[Stack, ...]:
    """Return the stacks of these names; raise InputError for one that there is not."""
    by_name = {stack.name: stack for stack in known}
    for name in names:
        if name not in by_name:
            raise InputError(
                f"no stack {one_line(repr(name))}; there are: {', '.join(by_name) or 'none'}"
            )
    return tuple(by_name[name] for name in dict.fromkeys(names))


def check(
    session: boto3.Session,
    ask: Ask,
    environment: Mapping[str, str],
    progress: Callable[[str], object] | None = None,
) -> DriftReport:
    """Check all that is asked for. What cannot be checked is a failure in the report.

    Args:
        environment: of Terraform, before credentials of the session are put into it.

    Raises:
        InputError: a file of outputs cannot be used.
    """
    given = tuple(map(read_notebook_outputs, ask.outputs))
    when = datetime.now(UTC).strftime(WHEN)
    clients = Clients(session)
    region = str(session.region_name or "")
    try:
        account = clients.account
    except AwsError as exc:
        return DriftReport(when, "", region, _nothing_checked(ask, str(exc)))
    shell = Shell(region, ask.ledger)
    trail = _trail(session) if ask.ask_cloudtrail else None
    checks: list[Checked] = []
    with tempfile.TemporaryDirectory(prefix="drift-") as scratch:
        variables = terraform_environment({**environment, **_credentials(session)}, Path(scratch))
        if Plane.TERRAFORM in ask.planes:
            terms = Terms(
                Sight(shell, frozenset({account.account_id})),
                catalog=clients.servicecatalog,
                s3=clients.s3,
                trail=trail,
                init=ask.init,
            )
            checks += check_stacks(
                ask.stacks, variables, terms, at_once=ask.parallel, progress=progress
            )
        if Plane.PORTFOLIO in ask.planes:
            required = ask.ledger is not None
            checks.append(check_portfolio(clients, ask.ledger or LEDGER, shell, required=required))
        if Plane.LAUNCHED in ask.planes:
            outputs = partial(_projects, environment=variables, scratch=Path(scratch))
            checks.append(_launched(clients, ask.stacks, given, outputs, shell))
    if trail:
        checks = [_with_authors(each, trail) for each in checks]
    return DriftReport(when, account.account_id, region, tuple(checks))


def _launched(
    clients: Clients,
    stacks: Sequence[Stack],
    given: Sequence[NotebookOutputs],
    read: Callable[[Sequence[Stack]], tuple[tuple[NotebookOutputs, ...], tuple[Failure, ...]]],
    shell: Shell,
) -> Checked:
    begin = time.monotonic()
    known = {stack_of(project) for project in given}
    asked, failures = read([stack for stack in stacks if stack.name not in known])
    checked = check_launched(clients, (*given, *asked), shell)
    return replace(
        checked, failures=(*failures, *checked.failures), seconds=time.monotonic() - begin
    )


def _projects(
    stacks: Sequence[Stack], environment: Mapping[str, str], scratch: Path
) -> tuple[tuple[NotebookOutputs, ...], tuple[Failure, ...]]:
    """Ask Terraform for the outputs of the stacks that were deployed."""
    projects: list[NotebookOutputs] = []
    failures: list[Failure] = []
    for stack in stacks:
        try:
            projects += _project(stack, environment, scratch)
        except ToolError as exc:
            reason = f"its outputs cannot be read: {one_line(exc)}; see --outputs and --init"
            failures.append(Failure(Plane.LAUNCHED, stack.name, reason))
    return tuple(projects), tuple(failures)


def _project(
    stack: Stack, environment: Mapping[str, str], scratch: Path
) -> tuple[NotebookOutputs, ...]:
    """The project of a stack; none if it is no notebook stack, or was not deployed."""
    if not stack.name.startswith("notebook-"):
        return ()
    terraform = Terraform(stack.directory, environment, scratch / f"{stack.name}.log")
    values = {name: output.get("value") for name, output in terraform.outputs().items()}
    return (notebook_outputs(values, f"stack {stack.name}"),) if "product_id" in values else ()


def _credentials(session: boto3.Session) -> dict[str, str]:
    """What the session signs with, for Terraform: a profile or role of the command line is ours."""
    found = session.get_credentials()
    if found is None:
        return {}
    frozen = found.get_frozen_credentials()
    return {
        "AWS_ACCESS_KEY_ID": str(frozen.access_key),
        "AWS_SECRET_ACCESS_KEY": str(frozen.secret_key),
        "AWS_SESSION_TOKEN": str(frozen.token or ""),
        "AWS_REGION": str(session.region_name),
    }


def _trail(session: boto3.Session) -> Trail:
    client: Any = session.client("cloudtrail", config=client_config())
    return Trail(client)


def _with_authors(checked: Checked, trail: Trail) -> Checked:
    """Of what Terraform does not hold; its own plane has asked already."""
    if checked.plane is Plane.TERRAFORM:
        return checked
    drifts = tuple(
        replace(drift, author=trail.author((drift.subject.rpartition(" ")[2].strip("()"),)))
        for drift in checked.drifts
    )
    return replace(checked, drifts=drifts)


def _nothing_checked(ask: Ask, reason: str) -> tuple[Checked, ...]:
    def failed(plane: Plane, stack: str = "") -> Checked:
        return Checked(plane, stack, failures=(Failure(plane, stack, reason),))

    of_terraform = (
        [failed(Plane.TERRAFORM, stack.name) for stack in ask.stacks]
        if Plane.TERRAFORM in ask.planes
        else []
    )
    others = [failed(plane) for plane in ask.planes if plane is not Plane.TERRAFORM]
    return (*of_terraform, *others)
