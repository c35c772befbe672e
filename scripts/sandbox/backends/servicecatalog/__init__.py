"""AWS Service Catalog as an administrator and an end user see it, for moto.

Extends moto's eleven operations to what a catalog's administrator does, and to the launch, the
update and the end of products. A request goes urls -> responses -> dispatch (shape checks,
idempotency) -> a method of the backend, named after the operation. The backend (models) is put
together from one module per noun; a further module of operations joins it there and needs no other
wiring. What a launch sets going runs in the background (provisioning_work), and reaches
CloudFormation through its API alone (provisioning_stack).
"""

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend


def register() -> None:
    """Put this backend in the place of moto's, forgetting what moto's held."""
    servicecatalog_backends.backend = ServiceCatalogBackend  # type: ignore[assignment]  # replaces
    servicecatalog_backends.clear()
