"""Frozen data as AWS would have told it, for tests of what decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scripts.lib.launch.model import (
    Found,
    Named,
    Parameter,
    Product,
    Provisioned,
    Record,
    Version,
)
from scripts.lib.launch.plan import Wanted

PATH = Named("lpv3-1", "Notebooks")
OLD = Version("pa-1", "1", created=datetime(2026, 1, 1, tzinfo=UTC))
NEW = Version("pa-2", "2", created=datetime(2026, 2, 1, tzinfo=UTC))
PRODUCT = Product("prod-1", "Notebook", versions=(OLD, NEW), paths=(PATH,))

NAME = Parameter("NotebookInstanceName", allowed_pattern="[a-z-]+", min_length="2")
TYPE = Parameter("Type", default="small", allowed_values=("small", "large"))
SIZE = Parameter("Size", type="Number", default="20", min_value="5", max_value="100")
SUBNET = Parameter("Subnet", default="net-a", allowed_values=("net-a",))
SECRET = Parameter("Secret", default="old", is_secret=True)
PARAMETERS = (NAME, TYPE, SIZE, SUBNET, SECRET)
VALUES = {
    "NotebookInstanceName": "dana",
    "Type": "small",
    "Size": "20",
    "Subnet": "net-a",
    "Secret": "****",
}


def wanted(**changes: Any) -> Wanted:
    given = {"NotebookInstanceName": "dana"}
    values: dict[str, Any] = {
        "name": "dana",
        "product": PRODUCT,
        "version": NEW,
        "path": PATH,
        "parameters": PARAMETERS,
        "given": given,
    }
    return Wanted(**(values | changes))


def record(status: str = "SUCCEEDED", kind: str = "PROVISION_PRODUCT", **changes: Any) -> Record:
    return Record("rec-1", kind, status, provisioned_id="pp-1", **changes)


def provisioned(**changes: Any) -> Provisioned:
    values: dict[str, Any] = {
        "id": "pp-1",
        "name": "dana",
        "status": "AVAILABLE",
        "message": "",
        "product_id": "prod-1",
        "version_id": "pa-2",
        "last_record_id": "rec-1",
        "last_launched_id": "rec-1",
    }
    return Provisioned(**(values | changes))


def found(
    last: Record | None = None, values: dict[str, str] | None = VALUES, **changes: Any
) -> Found:
    return Found(
        provisioned(**changes),
        PRODUCT,
        NEW,
        last or record(),
        values=values,
        unreadable="" if values is not None else "DescribeStacks: AccessDenied: no",
    )
