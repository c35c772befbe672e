"""Service Catalog: products and portfolios by id, provisioned products by who launched them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsservicecatalog.html
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/permissions-examples.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.access.reference import ANY, types
from scripts.sandbox.access.requests.call import Call, Need, Values
from scripts.sandbox.access.requests.generic import needs as generic_needs
from scripts.sandbox.account import ACCOUNT

if TYPE_CHECKING:
    from scripts.sandbox.backends.servicecatalog.store import Store

SELF = "self"
_NAMES = {"PortfolioId": ("PortfolioId", "Id"), "ProductId": ("ProductId", "SourceProductId", "Id")}
_LEVELS = ("userLevel", "roleLevel", "accountLevel")
_FILTERS = ("User", "Role", "Account")
# What it lists when no level is asked for; botocore's model says so, and User for the others.
_OF_ACCOUNT = "SearchProvisionedProducts"
_NAMES_OF_OWNED = ("ProvisionedProductId", "RecordId", "Id", "ProvisionedProductName", "Name")


def needs(call: Call) -> Iterator[Need]:
    if types("servicecatalog", call.operation) == ():
        yield Need(f"servicecatalog:{call.operation}", ANY, _levels(call))
        return
    product = _product_by_name(call)
    if product:
        yield Need(f"servicecatalog:{call.operation}", product)
        return
    yield from generic_needs(call, names=_NAMES)


def _product_by_name(call: Call) -> str:
    """ARN of a product that a call names by its name; empty if it does not, or there is none."""
    name = call.params.get("ProductName") or call.params.get("Name")
    if not name or call.params.get("ProductId") or call.params.get("Id"):
        return ""
    if call.operation.startswith("Create"):
        return ""
    store = cast("Store", servicecatalog_backends[ACCOUNT][call.region])
    products = store.usable_products()
    return next((call.arn(f"product/{p.id}", "catalog") for p in products if p.name == name), "")


def _levels(call: Call) -> Values:
    """`self` for each level at which the caller owns what it asks for: a wider one holds too."""
    return {f"servicecatalog:{level}": SELF for level in _LEVELS[_narrowest(call) :]}


def _narrowest(call: Call) -> int:
    """Index of the narrowest level at which what is asked for is the caller's.

    A list is of the level that its filter names; without one it is of the user's own, except
    that a search is of the account. Where nothing has the name, nobody is kept from hearing so.
    """
    named = next((call.params[name] for name in _NAMES_OF_OWNED if call.params.get(name)), None)
    owner_of = getattr(servicecatalog_backends[ACCOUNT][call.region], "owner_of", None)
    if named is None or owner_of is None:
        default = "Account" if call.operation == _OF_ACCOUNT else "User"
        level = (call.params.get("AccessLevelFilter") or {}).get("Key", default)
        return _FILTERS.index(level) if level in _FILTERS else 0
    owner = owner_of(named)
    if owner is None or owner == call.principal.arn:
        return 0
    return 1 if _role(owner) == _role(call.principal.arn) else 2


def _role(arn: str) -> str:
    """A session's role, or the user itself."""
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn
