"""Asking Service Catalog for a launch, an update or an end, and following what comes of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.changes import Finding, Outcome, Severity, Status
from scripts.lib.errors import AwsError, ToolError, describe, error_code
from scripts.lib.launch.following import Watch, follow
from scripts.lib.launch.model import Record
from scripts.lib.launch.owned import failed_resources, find_own, record_of
from scripts.lib.launch.plan import End, Launch, Request, UnderWay, Update, Wanted
from scripts.lib.launch.shell import Shell

if TYPE_CHECKING:
    from mypy_boto3_servicecatalog.type_defs import UpdateProvisioningParameterTypeDef

    from scripts.lib.clients import Clients

log = logging.getLogger(__name__)


class NameTakenError(ToolError):
    """The name of a launch is in use; ``own`` is the caller's own launch that uses it."""

    def __init__(self, name: str, own: Record | None) -> None:
        super().__init__(
            f"the name {name!r} is taken in this account by a provisioned product that is not "
            "yours: choose another name"
        )
        self.own = own


@dataclass(frozen=True)
class Ended:
    """What became of a request: its outcome, its record as last seen, and why it failed.

    ``joined`` if it was asked for before, elsewhere. No outcome: there was nothing to ask for.
    """

    outcome: Outcome | None = None
    record: Record | None = None
    findings: tuple[Finding, ...] = ()
    joined: bool = False

    @property
    def succeeded(self) -> bool:
        return self.outcome is not None and self.outcome.status is Status.DONE


def carry_out(
    clients: Clients, change: Request, *, wait_seconds: float, watch: Watch, shell: Shell
) -> Ended:
    """Ask for the change and follow it for ``wait_seconds``.

    Raises AwsError if it was asked for and then could not be followed, or a person interrupted
    that: what AWS was asked for goes on, and the message says how to follow it again.
    """
    again = shell.launch("follow", change.name)
    joined = isinstance(change, UnderWay)
    try:
        record = request(clients, change)
    except NameTakenError as exc:
        if not exc.own:
            return Ended(Outcome(change, Status.FAILED, str(exc)))
        record, joined = exc.own, True
    except (ToolError, BotoCoreError, ClientError) as exc:
        text = str(exc) if isinstance(exc, ToolError) else describe(exc)
        log.info("failed: %s", change)
        return Ended(Outcome(change, Status.FAILED, text))
    except KeyboardInterrupt:
        raise AwsError(
            f"interrupted: AWS may have been asked to {change.action} {change.name} already; "
            f"see what came of it: {again}"
        ) from None
    log.info("%s: %s", "under way" if joined else "asked for", change)
    goes_on = f"the {change.action} of {change.name} goes on; follow it with: {again}"
    try:
        record = follow(clients, record, wait_seconds=wait_seconds, watch=watch)
    except KeyboardInterrupt:
        raise AwsError(f"interrupted: {goes_on}") from None
    except (BotoCoreError, ClientError) as exc:
        raise AwsError(f"{describe(exc)}; {goes_on}") from exc
    if not record.finished:
        detail = f"{record.status} after {wait_seconds:g} s: it goes on"
        return Ended(Outcome(change, Status.UNDER_WAY, detail), record)
    if record.failed:
        log.info("failed: %s", change)
        return _failed(clients, change, record)
    log.info("done: %s", change)
    return Ended(Outcome(change, Status.DONE, record.id), record, joined=joined)


def request(clients: Clients, change: Request) -> Record:
    """Ask for the change and return its record; for what is under way, the one that it has.

    Each request has a token of its own, by which Service Catalog tells boto3's retry of it from
    a second one.
    """
    match change:
        case Launch():
            return _launch(clients, change)
        case Update():
            return _update(clients, change)
        case End():
            answer = clients.servicecatalog.terminate_provisioned_product(
                ProvisionedProductId=change.provisioned.id, TerminateToken=_token()
            )
            return record_of(answer["RecordDetail"], [])
        case UnderWay():
            return change.record
        case _:
            raise TypeError(f"no way to request {change!r}")


def _token() -> str:
    return str(uuid4())


def _launch(clients: Clients, change: Launch) -> Record:
    wanted = change.wanted
    try:
        answer = clients.servicecatalog.provision_product(
            ProvisionedProductName=wanted.name,
            ProductId=wanted.product.id,
            ProvisioningArtifactId=wanted.version.id,
            PathId=wanted.path.id,
            ProvisionToken=_token(),
            ProvisioningParameters=[
                {"Key": key, "Value": value} for key, value in wanted.given.items()
            ],
        )
    except ClientError as exc:
        if not _is_taken(exc):
            raise
        raise NameTakenError(wanted.name, _own_launch(clients, wanted)) from exc
    return record_of(answer["RecordDetail"], [])


def _own_launch(clients: Clients, wanted: Wanted) -> Record | None:
    """The record of the launch that took the name, if the caller began it at the same time."""
    found = find_own(clients, wanted.name)
    if found and found.product.id == wanted.product.id and found.record.verb == "launch":
        return found.record
    return None


def _is_taken(exc: ClientError) -> bool:
    """AWS says so in either way: ``A stack named NAME already exists``."""
    message = exc.response.get("Error", {}).get("Message", "")
    code = error_code(exc)
    return code == "DuplicateResourceException" or (
        code == "InvalidParametersException" and "already exists" in message
    )


def _update(clients: Clients, change: Update) -> Record:
    wanted = change.wanted
    values: list[UpdateProvisioningParameterTypeDef] = [
        {"Key": key, "Value": value} for key, value in wanted.given.items()
    ]
    values.extend({"Key": key, "UsePreviousValue": True} for key in change.kept)
    answer = clients.servicecatalog.update_provisioned_product(
        ProvisionedProductId=change.provisioned.id,
        ProductId=wanted.product.id,
        ProvisioningArtifactId=wanted.version.id,
        PathId=wanted.path.id,
        UpdateToken=_token(),
        ProvisioningParameters=values,
    )
    return record_of(answer["RecordDetail"], [])


def _failed(clients: Clients, change: Request, record: Record) -> Ended:
    reason = "; ".join(record.errors) or "AWS gives no reason"
    findings = tuple(
        Finding(Severity.ERROR, change.name, text)
        for text in failed_resources(clients, record.provisioned_id)
    )
    return Ended(Outcome(change, Status.FAILED, f"{record.id}: {reason}"), record, findings)
