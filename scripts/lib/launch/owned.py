"""The caller's own provisioned products, their records, and the stacks behind them.

Reads only, by calls that the end-user role has. Of other people's products nothing is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, InputError, describe, error_code, one_line
from scripts.lib.launch.catalog import known_product
from scripts.lib.launch.choose import choices
from scripts.lib.launch.model import Found, Output, Provisioned, Record
from scripts.lib.launch.paging import pages

if TYPE_CHECKING:
    from mypy_boto3_servicecatalog.type_defs import (
        ProvisionedProductDetailTypeDef,
        RecordDetailTypeDef,
        RecordOutputTypeDef,
    )

    from scripts.lib.clients import Clients

NO_STACK = "ValidationError"
"""CloudFormation's code for a stack that does not exist."""

UNDER_CHANGE = "UNDER_CHANGE"
"""Status of a provisioned product while a request is worked on."""

_CANCELLED = ("Resource creation cancelled", "Resource update cancelled")
_BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")


def list_own(clients: Clients) -> tuple[Provisioned, ...]:
    """Return the caller's own provisioned products, by name."""
    paginator = clients.servicecatalog.get_paginator("scan_provisioned_products")
    found = [
        _provisioned(detail)
        for page in paginator.paginate(AccessLevelFilter={"Key": "User", "Value": "self"})
        for detail in page.get("ProvisionedProducts", [])
    ]
    return tuple(sorted(found, key=lambda item: (item.name, item.id)))


def find_own(clients: Clients, name: str) -> Found | None:
    """Return the caller's own provisioned product of this name, or None."""
    for provisioned in list_own(clients):
        if provisioned.name == name:
            return _found(clients, provisioned)
    return None


def require_own(clients: Clients, name: str) -> Found:
    """Return the caller's own provisioned product of this name.

    Raises InputError if there is none.
    """
    if found := find_own(clients, name):
        return found
    own = list_own(clients)
    raise InputError(
        f"no provisioned product of yours is named {name!r}; there are: {choices(own) or 'none'}"
    )


def read_record(clients: Clients, record_id: str) -> Record:
    """Return a record as it is now, with all its outputs."""
    outputs: list[RecordOutputTypeDef] = []
    detail: RecordDetailTypeDef = {}
    for page in pages(clients.servicecatalog.describe_record, Id=record_id):
        detail = page.get("RecordDetail", {})
        outputs.extend(page.get("RecordOutputs", []))
    return record_of(detail, outputs)


def record_of(detail: RecordDetailTypeDef, outputs: list[RecordOutputTypeDef]) -> Record:
    """Return what a request that was accepted, or DescribeRecord, answers."""
    errors = detail.get("RecordErrors", [])
    return Record(
        id=detail.get("RecordId", ""),
        type=detail.get("RecordType", ""),
        status=detail.get("Status", ""),
        provisioned_id=detail.get("ProvisionedProductId", ""),
        errors=tuple(
            ": ".join(filter(None, (error.get("Code", ""), error.get("Description", ""))))
            for error in errors
        ),
        outputs=tuple(
            Output(
                item.get("OutputKey", ""), item.get("OutputValue", ""), item.get("Description", "")
            )
            for item in outputs
        ),
    )


def failed_resources(clients: Clients, provisioned_id: str) -> tuple[str, ...]:
    """Return which resources of the stack failed last, and why, in their order.

    A record often says no more than that the stack failed. Empty if the events cannot be read:
    they only add to what is known.
    """
    stack = _stack_name(clients, provisioned_id)
    reasons: list[str] = []
    try:
        paginator = clients.cloudformation.get_paginator("describe_stack_events")
        for page in paginator.paginate(StackName=stack):
            for event in page["StackEvents"]:
                status, reason = event.get("ResourceStatus", ""), event.get("ResourceStatusReason")
                if event.get("PhysicalResourceId") == event["StackId"]:
                    if status in _BEGUN:  # The newest come first: what follows is history.
                        return tuple(reversed(reasons))
                elif status.endswith("_FAILED") and reason and not reason.startswith(_CANCELLED):
                    reasons.append(f"{event.get('LogicalResourceId')}: {reason}")
    except ClientError:
        pass
    return tuple(reversed(reasons))


def _found(clients: Clients, provisioned: Provisioned) -> Found | None:
    """Return what is known of it, or None if it ended meanwhile."""
    record = read_record(clients, provisioned.last_record_id)
    if record.finished and provisioned.status == UNDER_CHANGE:
        # The request ended after the list was read: the list is of before, the record is not.
        now = [item for item in list_own(clients) if item.id == provisioned.id]
        if not now:
            return None
        provisioned = now[0]
        record = read_record(clients, provisioned.last_record_id)
    product = known_product(clients, provisioned.product_id)
    found = Found(provisioned, product, product.version(provisioned.version_id), record)
    try:
        return replace(found, values=_stack_values(clients, provisioned.id))
    except ClientError as exc:
        if error_code(exc) not in {*ACCESS_DENIED, NO_STACK}:
            raise
        return replace(found, unreadable=describe(exc))


def _stack_values(clients: Clients, provisioned_id: str) -> Mapping[str, str]:
    """The parameters that CloudFormation has now; it shows those marked NoEcho as asterisks."""
    found = clients.cloudformation.describe_stacks(StackName=_stack_name(clients, provisioned_id))
    return {
        item.get("ParameterKey", ""): item.get("ParameterValue", "")
        for item in found["Stacks"][0].get("Parameters", [])
    }


def _stack_name(clients: Clients, provisioned_id: str) -> str:
    """Service Catalog names its stacks so; the end-user role may look at ``SC-*`` alone."""
    return f"SC-{clients.account.account_id}-{provisioned_id}"


def _provisioned(detail: ProvisionedProductDetailTypeDef) -> Provisioned:
    return Provisioned(
        id=detail.get("Id", ""),
        name=detail.get("Name", ""),
        status=detail.get("Status", ""),
        message=one_line(detail.get("StatusMessage", "")),
        product_id=detail.get("ProductId", ""),
        version_id=detail.get("ProvisioningArtifactId", ""),
        last_record_id=detail.get("LastRecordId", ""),
        last_launched_id=detail.get("LastSuccessfulProvisioningRecordId", ""),
    )
