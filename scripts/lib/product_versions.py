"""Guidance and state of a notebook product's first version, which Terraform cannot hold.

The first version lives inside ``aws_servicecatalog_product``; the settings' wish for it comes
through the stack's outputs. Same form as JumpStart: observe -> plan -> apply -> report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.changes import Change, Executor, Finding, Severity, Status
from scripts.lib.errors import NOT_FOUND, InputError, error_code
from scripts.lib.job import Job
from scripts.lib.outputs import Guidance, Version, read_notebook_outputs
from scripts.lib.report import Table

if TYPE_CHECKING:
    from mypy_boto3_servicecatalog.type_defs import ProvisioningArtifactDetailTypeDef

    from scripts.lib.clients import Clients


@dataclass(frozen=True)
class WantedVersion:
    """A product's first version as the settings want it."""

    product_id: str
    product_name: str
    version: Version
    source: str


@dataclass(frozen=True)
class FoundVersion:
    """A version as Service Catalog has it."""

    product_id: str
    id: str
    name: str
    guidance: Guidance
    active: bool


@dataclass(frozen=True)
class Found:
    """The products that exist, by id, and their versions."""

    products: frozenset[str]
    versions: tuple[FoundVersion, ...]


@dataclass(frozen=True, kw_only=True)
class UpdateVersion(Change):
    """Set guidance and state of a version."""

    product_id: str
    product_name: str
    version_id: str
    version: Version

    @property
    def action(self) -> str:
        return "update"

    @property
    def subject(self) -> str:
        return f"version {self.version.name} ({self.version_id})"

    @property
    def target(self) -> str:
        return f"{self.product_id} ({self.product_name})"


class AwsExecutor(Executor):
    """Makes the changes in AWS. Each of them may be repeated without harm."""

    success = Status.DONE

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def perform(self, change: Change) -> str:
        if not isinstance(change, UpdateVersion):
            raise TypeError(f"no way to perform {change!r}")
        self._clients.servicecatalog.update_provisioning_artifact(
            ProductId=change.product_id,
            ProvisioningArtifactId=change.version_id,
            Guidance=change.version.guidance,
            Active=change.version.active,
        )
        return ""


def read_wanted(paths: Iterable[Path]) -> tuple[WantedVersion, ...]:
    """Return what the outputs files want, by product.

    Raises InputError if a file cannot be used, or two want different things of one product.
    """
    wanted: dict[str, WantedVersion] = {}
    for path in paths:
        outputs = read_notebook_outputs(path)
        item = WantedVersion(
            outputs.product_id, outputs.product_name, outputs.first_version, str(path)
        )
        known = wanted.setdefault(item.product_id, item)
        if known.version != item.version:
            raise InputError(
                f"outputs files {known.source} and {path} want different things of "
                f"product {item.product_id}"
            )
    return tuple(wanted[key] for key in sorted(wanted))


def observe(clients: Clients, wanted: Iterable[WantedVersion]) -> Found:
    """Return the products that are wanted, with all their versions."""
    products: set[str] = set()
    versions: list[FoundVersion] = []
    for item in wanted:
        try:
            # The operation answers all versions at once: its model takes no page token.
            found = clients.servicecatalog.list_provisioning_artifacts(ProductId=item.product_id)
        except ClientError as exc:
            if error_code(exc) in NOT_FOUND:
                continue
            raise
        products.add(item.product_id)
        details = found.get("ProvisioningArtifactDetails", [])
        versions.extend(_found_version(item.product_id, detail) for detail in details)
    return Found(frozenset(products), tuple(versions))


def _found_version(product_id: str, detail: ProvisioningArtifactDetailTypeDef) -> FoundVersion:
    return FoundVersion(
        product_id,
        id=detail["Id"],
        name=detail.get("Name", ""),
        guidance="DEPRECATED" if detail.get("Guidance") == "DEPRECATED" else "DEFAULT",
        active=detail.get("Active", True),
    )


def plan(
    found: Found, wanted: Iterable[WantedVersion]
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Return the changes that make the first versions as wanted, and what stands in the way."""
    changes: list[Change] = []
    faults: list[Finding] = []
    for item in wanted:
        name = item.version.name
        candidates = [
            version
            for version in found.versions
            if (version.product_id, version.name) == (item.product_id, name)
        ]
        subject = f"product {item.product_id} ({item.product_name})"
        if item.product_id not in found.products:
            message = f"does not exist in this account and Region, but {item.source} names it"
            faults.append(Finding(Severity.ERROR, subject, message))
        elif len(candidates) != 1:
            message = f"has {len(candidates)} versions named {name!r}, expected one"
            faults.append(Finding(Severity.ERROR, subject, message))
        else:
            changes.extend(_update(item, candidates[0]))
    return tuple(changes), tuple(faults)


def _update(item: WantedVersion, found: FoundVersion) -> Iterable[Change]:
    version = item.version
    differences = []
    if found.guidance != version.guidance:
        differences.append(f"guidance {found.guidance} -> {version.guidance}")
    if found.active != version.active:
        differences.append(f"active {found.active} -> {version.active}".lower())
    if differences:
        yield UpdateVersion(
            product_id=item.product_id,
            product_name=item.product_name,
            version_id=found.id,
            version=version,
            reasons=tuple(differences),
        )


def prepare(clients: Clients, wanted: tuple[WantedVersion, ...]) -> Job:
    """Observe and plan; raise botocore's errors if AWS refuses or cannot be reached."""
    found = observe(clients, wanted)
    changes, faults = plan(found, wanted)
    columns = ("Product", "Name", "First version", "Guidance wanted", "Active wanted")
    rows = tuple(
        (
            item.product_id,
            item.product_name,
            item.version.name,
            item.version.guidance,
            item.version.active,
        )
        for item in wanted
    )
    return Job(
        title="First versions of notebook products",
        facts=(Table("Products", columns, rows),),
        findings=faults,
        changes=changes,
        writer=AwsExecutor(clients),
    )
