"""The verbs that change something, as functions with typed results: observe -> plan -> carry
out -> report. Each is safe to run again: what is so, or is under way, is not asked for twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from scripts.lib.changes import Finding, Outcome, Severity, Status
from scripts.lib.clients import Clients
from scripts.lib.launch import tables
from scripts.lib.launch.apply import Ended, carry_out
from scripts.lib.launch.catalog import describe_parameters, describe_product, search_products
from scripts.lib.launch.choose import choose_path, choose_product, choose_version
from scripts.lib.launch.model import Found, Product
from scripts.lib.launch.names import check_name, default_name, is_passing_session
from scripts.lib.launch.owned import find_own, read_record, require_own
from scripts.lib.launch.plan import (
    Launch,
    Plan,
    UnderWay,
    Wanted,
    plan_again,
    plan_end,
    plan_follow,
    plan_launch,
    plan_update,
)
from scripts.lib.launch.progress import progress
from scripts.lib.launch.result import Manner, Result, explained
from scripts.lib.report import Command, Report, Section, Table

NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


def start(
    clients: Clients,
    name: str | None = None,
    *,
    product: str | None = None,
    version: str | None = None,
    path: str | None = None,
    given: Mapping[str, str] = NOTHING_GIVEN,
    manner: Manner | None = None,
) -> Result:
    """Launch a product and follow that until it has ended.

    A name that the caller has launched already means that launch: it is followed if it is under
    way, and nothing is left to do if it is as asked for. Faults of the values, and what AWS
    refuses to launch, are in the report.

    Raises InputError for a choice that is not there or not clear, AwsError or botocore's errors
    if AWS refuses to be read or cannot be reached.
    """
    manner = manner or Manner()
    if name:
        check_name(name)
    with explained(clients):
        summary = choose_product(search_products(clients), product, clients.caller_arn)
        chosen = describe_product(clients, summary.id)
        prepare = partial(
            _wanted, clients, chosen, version=version, path=path, given=given, manner=manner
        )
        wanted = None
        if name is None:
            wanted = prepare()
            given, name = wanted.given, default_name(chosen, wanted.given)
        found = find_own(clients, name)
        if found:
            plan, facts = plan_again(found, chosen, version, given), [tables.found_table(found)]
        else:
            wanted = wanted or prepare()
            plan = plan_launch(replace(wanted, name=name))
            facts = [tables.values_table(wanted.parameters, wanted.given)]
        plan = replace(plan, findings=(*plan.findings, *_session_findings(clients)))
        ended = _carry_out(clients, plan, manner)
        if ended.joined and ended.succeeded and (found := find_own(clients, name)):
            # Somebody asked for it before, perhaps with other values.
            again = plan_again(found, chosen, version, given)
            ended = replace(ended, findings=(*ended.findings, *again.findings))
        ended = _with_launch(clients, ended, found)
    title = f"Launch of {name}"
    return _result(clients, name, title=title, facts=facts, plan=plan, ended=ended, manner=manner)


def follow(clients: Clients, name: str, *, manner: Manner | None = None) -> Result:
    """Follow what is under way, or show what came of it; raise as ``start`` does."""
    manner = replace(manner or Manner(), apply=True)
    with explained(clients):
        found = require_own(clients, name)
        plan = plan_follow(found)
        ended = _carry_out(clients, plan, manner)
        ended = _with_launch(clients, ended, found)
        facts = [tables.found_table(found)]
    return _result(
        clients,
        name,
        title=name,
        facts=facts,
        plan=plan,
        ended=ended,
        manner=manner,
        only_looks=True,
    )


def update(
    clients: Clients,
    name: str,
    *,
    version: str | None = None,
    path: str | None = None,
    given: Mapping[str, str] = NOTHING_GIVEN,
    manner: Manner | None = None,
) -> Result:
    """Change parameters or version of one's own, and follow that; raise as ``start`` does.

    What is not given stays as it is.
    """
    manner = manner or Manner()
    with explained(clients):
        found = require_own(clients, name)
        product = found.product
        now = found.version
        stays = version in (None, now.id, now.name)
        wanted = Wanted(
            name=name,
            product=product,
            version=now if stays else choose_version(product, version),
            path=choose_path(product, path),
            parameters=(),
            given=given,
            version_given=not stays,
        )
        parameters = describe_parameters(clients, product, wanted.version, wanted.path)
        plan = plan_update(found, replace(wanted, parameters=parameters))
        ended = _carry_out(clients, plan, manner)
        ended = _with_launch(clients, ended, found)
        facts = [tables.found_table(found)]
    title = f"Update of {name}"
    return _result(clients, name, title=title, facts=facts, plan=plan, ended=ended, manner=manner)


def end(clients: Clients, name: str, *, manner: Manner | None = None) -> Result:
    """End one's own, and follow that; raise as ``start`` does.

    What does not exist, or not any more, leaves nothing to do.
    """
    manner = manner or Manner()
    with explained(clients):
        found = find_own(clients, name)
        plan = plan_end(found, name)
        ended = _carry_out(clients, plan, manner)
        facts = [tables.found_table(found)] if found else []
    title = f"End of {name}"
    return _result(clients, name, title=title, facts=facts, plan=plan, ended=ended, manner=manner)


def _wanted(
    clients: Clients,
    product: Product,
    *,
    version: str | None,
    path: str | None,
    given: Mapping[str, str],
    manner: Manner,
) -> Wanted:
    chosen, way = choose_version(product, version), choose_path(product, path)
    parameters = describe_parameters(clients, product, chosen, way)
    return Wanted(
        name="",
        product=product,
        version=chosen,
        path=way,
        parameters=parameters,
        given=manner.ask(parameters, given) if manner.ask else given,
        version_given=version is not None,
    )


def _carry_out(clients: Clients, plan: Plan, manner: Manner) -> Ended:
    change = plan.change
    if change is None:
        return Ended()
    if not manner.apply:
        if isinstance(change, UnderWay):
            return Ended(Outcome(change, Status.UNDER_WAY, change.record.status), change.record)
        return Ended(Outcome(change, Status.PLANNED))
    with progress(manner.stream, change.name) as watch:
        return carry_out(
            clients, change, wait_seconds=manner.wait_seconds, watch=watch, shell=manner.shell
        )


def _with_launch(clients: Clients, ended: Ended, found: Found | None) -> Ended:
    """Where nothing was done, the outputs are those of the last launch or update."""
    if ended.outcome or not found or not found.provisioned.last_launched_id:
        return ended
    return replace(ended, record=read_record(clients, found.provisioned.last_launched_id))


def _session_findings(clients: Clients) -> Iterable[Finding]:
    arn = clients.caller_arn
    if is_passing_session(arn):
        message = (
            "this session's name changes each time, and what it launches is no longer yours then: "
            "set role_session_name in the profile"
        )
        yield Finding(Severity.WARNING, arn.rpartition("/")[2], message)


def _result(
    clients: Clients,
    name: str,
    *,
    title: str,
    facts: Iterable[Table],
    plan: Plan,
    ended: Ended,
    manner: Manner,
    only_looks: bool = False,
) -> Result:
    record = ended.record
    launched = record is not None and record.succeeded and record.verb != "end"
    section = Section(
        title,
        facts=tuple(facts),
        findings=(*plan.findings, *ended.findings),
        outcomes=(ended.outcome,) if ended.outcome else (),
        results=(tables.outputs_table(record),) if record and launched else (),
        commands=tuple(_commands(plan, ended, name, manner)),
    )
    applied = None if only_looks else manner.apply
    return Result(Report(clients.account, applied, (section,)), name, record)


def _commands(plan: Plan, ended: Ended, name: str, manner: Manner) -> Iterable[Command]:
    """How to go on from here."""
    change, outcome, record = plan.change, ended.outcome, ended.record
    if isinstance(change, Launch) and not manner.apply:
        yield Command("launch it", _start_line(change, manner))
    if outcome and outcome.status is Status.UNDER_WAY:
        yield Command("follow it", manner.shell.launch("follow", name))
    if outcome and outcome.status is Status.FAILED and record and record.verb == "launch":
        yield Command("free its name", manner.shell.launch("end", name, ["--apply"]))
    if record and record.succeeded and record.verb != "end" and record.notebook:
        role = f", as {manner.shell.assume_role}" if manner.shell.assume_role else ""
        line = manner.shell.notebook_url(record.notebook)
        yield Command(f"print the notebook's URL{role}", line)


def _start_line(change: Launch, manner: Manner) -> str:
    """The whole command: a person may have answered questions. Secrets are asked for again."""
    wanted = change.wanted
    options = ["--product", wanted.product.id, "--version", wanted.version.id]
    options.extend(("--path", wanted.path.id))
    for key, value in wanted.given.items():
        if key not in wanted.secrets:
            options.extend(("--parameter", f"{key}={value}"))
    return manner.shell.launch("start", change.name, [*options, "--apply"])
