"""Provisioned products and records, as they are looked at."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.provisioned import ProvisionedProduct
from scripts.sandbox.backends.servicecatalog.provisioning import Provisioning

SORTABLE = {"arn": "Arn", "id": "Id", "name": "Name", "lastRecordId": "LastRecordId"}
SEARCHABLE = (
    "arn",
    "createdTime",
    "id",
    "idempotencyToken",
    "lastProvisioningRecordId",
    "lastRecordId",
    "lastSuccessfulProvisioningRecordId",
    "name",
    "physicalId",
    "productId",
    "productName",
    "provisioningArtifactId",
    "provisioningArtifactName",
    "status",
    "tags",
    "type",
    "userArn",
    "userArnSession",
)


class ProvisioningViews(Provisioning):
    """Describe, list, search. Lists show what the access level lets the caller see."""

    def describe_record(self, request: Request) -> Answer:
        """A record with its outputs, also of a provisioned product that was ended."""
        record = self.records.get(request["Id"])
        if record is None:
            raise ResourceNotFoundError(f"Record {request['Id']} not found")
        return {"RecordDetail": record.detail(), **page(request, "RecordOutputs", record.outputs)}

    def list_record_history(self, request: Request) -> Answer:
        """The latest first; of one product or provisioned product if the filter names it."""
        seen = _seen(request, "User")
        wanted = request.get("SearchFilter") or {}
        members = {"product": "ProductId", "provisionedproduct": "ProvisionedProductId"}
        key = wanted.get("Key")
        if key is not None and key not in members:
            raise InvalidParametersError(
                f"Invalid search filter {key}, allowed are {', '.join(members)}"
            )
        details = [
            record.detail() for record in reversed(self.records.values()) if seen(record.of.owner)
        ]
        if key is not None:
            details = [each for each in details if each[members[key]] == wanted.get("Value")]
        return page(request, "RecordDetails", details)

    def describe_provisioned_product(self, request: Request) -> Answer:
        """By id or name."""
        provisioned = self.provisioned_by(request.get("Id"), request.get("Name"))
        return {"ProvisionedProductDetail": provisioned.detail(), "CloudWatchDashboards": []}

    def scan_provisioned_products(self, request: Request) -> Answer:
        """All that are not ended."""
        found = self._visible(request, "User")
        return page(request, "ProvisionedProducts", [each.detail() for each in found])

    def search_provisioned_products(self, request: Request) -> Answer:
        """Those that fit every search query; `field:value`, or a value that any field may have."""
        filters = request.get("Filters") or {}
        if not set(filters) <= {"SearchQuery"}:
            raise InvalidParametersError(
                f"Invalid filters {', '.join(filters)}, allowed is SearchQuery"
            )
        found = [each.attributes() for each in self._visible(request, "Account")]
        for query in filters.get("SearchQuery", ()):
            found = [each for each in found if _fits(each, query)]
        return {
            **page(request, "ProvisionedProducts", _sorted(found, request)),
            "TotalResultsCount": len(found),
        }

    def get_provisioned_product_outputs(self, request: Request) -> Answer:
        """Of the last request that succeeded; all, or those that the request names."""
        provisioned = self.provisioned_by(
            request.get("ProvisionedProductId"), request.get("ProvisionedProductName")
        )
        outputs = provisioned.last_success.outputs if provisioned.last_success else []
        keys = request.get("OutputKeys") or [output["OutputKey"] for output in outputs]
        missing = sorted(set(keys) - {output["OutputKey"] for output in outputs})
        if missing:
            raise InvalidParametersError(
                f"Provisioned product {provisioned.id} has no outputs {', '.join(missing)}"
            )
        return page(request, "Outputs", [each for each in outputs if each["OutputKey"] in keys])

    def _visible(self, request: Request, default: str) -> list[ProvisionedProduct]:
        seen = _seen(request, default)
        return [each for each in self.provisioned.values() if seen(each.owner)]


def _seen(request: Request, default: str) -> Callable[[Identity], bool]:
    """Whether the request's access level shows what belongs to an owner.

    Raises:
        InvalidParametersError: it is for somebody else than `self`.
    """
    level = request.get("AccessLevelFilter") or {"Key": default}
    if level.get("Value", "self") != "self":
        raise InvalidParametersError(
            f"Invalid access level value {level['Value']}, allowed is self"
        )
    caller = request.identity

    def seen(owner: Identity) -> bool:
        match level.get("Key", default):
            case "Account":
                return True
            case "Role":
                return owner.principal == caller.principal
            case _:
                return owner.credentials.arn == caller.credentials.arn

    return seen


def _fits(attributes: Answer, query: str) -> bool:
    name, colon, value = query.partition(":")
    if not colon:
        return any(_has(attributes, field, query) for field in SEARCHABLE)
    if name not in SEARCHABLE:
        raise InvalidParametersError(
            f"Invalid search field {name}, allowed are {', '.join(SEARCHABLE)}"
        )
    return _has(attributes, name, value.strip('"'))


def _has(attributes: Answer, name: str, pattern: str) -> bool:
    return any(
        fnmatchcase(text, pattern) for text in _texts(attributes[name[0].upper() + name[1:]])
    )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        return [text for tag in value for text in (tag["Key"], tag["Value"])]
    return [] if value is None else [str(value)]


def _sorted(found: list[Answer], request: Request) -> list[Answer]:
    by = request.get("SortBy")
    if by is None:
        return found
    if by not in SORTABLE:
        raise InvalidParametersError(f"Invalid sort field {by}, allowed are {', '.join(SORTABLE)}")
    descending = request.get("SortOrder") == "DESCENDING"
    return sorted(found, key=lambda each: str(each[SORTABLE[by]]), reverse=descending)
