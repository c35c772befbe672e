"""The HTTP side: moto calls the method named after the operation."""

import json
from collections.abc import Callable

from moto.core.responses import ActionResult, BaseResponse
from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.callers import caller_arns, identify
from scripts.sandbox.backends.servicecatalog.dispatch import Request, method_name, perform
from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend
from scripts.sandbox.backends.servicecatalog.shapes import SERVICE, model


class ServiceCatalogResponse(BaseResponse):
    """Handler of Service Catalog's requests; has a method for each operation of the backend."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)


def _handler(operation: str) -> Callable[[ServiceCatalogResponse], ActionResult]:
    def handle(self: ServiceCatalogResponse) -> ActionResult:
        backend = servicecatalog_backends[self.current_account][self.region]
        caller = caller_arns(self.current_account, self.partition, self.access_key)
        request = Request(
            json.loads(self.body or "{}"),
            caller,
            identify(self.current_account, self.partition, self.access_key),
            f"http://{self.headers['Host']}",
        )
        return ActionResult(perform(backend, operation, request))  # type: ignore[arg-type]  # ours

    return handle


OPERATIONS = tuple(
    name for name in model.operation_names if hasattr(ServiceCatalogBackend, method_name(name))
)
for _name in OPERATIONS:
    setattr(ServiceCatalogResponse, method_name(_name), _handler(_name))
