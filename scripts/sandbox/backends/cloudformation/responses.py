"""The HTTP side: moto calls the method named after the operation."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from botocore.session import Session
from botocore.validate import ParamValidator
from moto.cloudformation.models import cloudformation_backends
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores

from scripts.sandbox.backends.cloudformation.caller import Caller, caller_of
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.models import CloudFormationBackend
from scripts.sandbox.backends.cloudformation.request import Request
from scripts.sandbox.backends.validation import faults, message
from scripts.sandbox.clients import CALLED_VIA_HEADER

SERVICE = "cloudformation"
model = Session().get_service_model(SERVICE)


class CloudFormationResponse(BaseResponse):
    """Handler of CloudFormation's requests; has a method for each operation of the backend."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True

    def caller(self) -> Caller:
        """Whoever signed the request; the sandbox is reached by the port that the request used."""
        environ = self.normalized_request.environ
        via = environ.get("HTTP_" + CALLED_VIA_HEADER.upper().replace("-", "_"), "")
        return caller_of(
            self.current_account,
            self.partition,
            self.access_key,
            endpoint=f"http://127.0.0.1:{environ['SERVER_PORT']}",
            region=self.region,
            came_via=tuple(name.strip() for name in via.split(",") if name.strip()),
        )


def _handler(operation: str) -> Callable[[CloudFormationResponse], ActionResult]:
    shapes = model.operation_model(operation)

    def handle(self: CloudFormationResponse) -> ActionResult:
        backend = cast(
            CloudFormationBackend, cloudformation_backends[self.current_account][self.region]
        )
        params = self._get_params()
        found = list(faults(shapes.input_shape, params))
        if found:
            raise ValidationError(message(found))
        method = getattr(backend, camelcase_to_underscores(operation))
        answer = _present(method(Request(params, self.caller)))
        if shapes.output_shape:
            report = ParamValidator().validate(answer, shapes.output_shape).generate_report()
            if report:
                raise TypeError(f"{operation} answers {answer}: {report}")
        return ActionResult(answer)

    return handle


def _present(value: Any) -> Any:
    """Without the members that have no value, which AWS leaves out."""
    if isinstance(value, Mapping):
        return {name: _present(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return value


OPERATIONS = tuple(
    name
    for name in model.operation_names
    if hasattr(CloudFormationBackend, camelcase_to_underscores(name))
)
for _name in OPERATIONS:
    setattr(CloudFormationResponse, camelcase_to_underscores(_name), _handler(_name))
