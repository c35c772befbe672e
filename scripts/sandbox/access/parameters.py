"""Reads the parameters of a call, in any of AWS's protocols, as botocore names them."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

Parameters = Mapping[str, Any]
# Signing names that differ from botocore's names of the services.
_MODELS = {
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
# Their bodies are data, or none of access control's business: address and headers say it all.
_BY_ADDRESS = frozenset({"s3"})


def parameters(environ: Mapping[str, Any], service: str, operation: str, body: bytes) -> Parameters:
    """A call's parameters; none where the service or the operation is not known, nor for S3."""
    if service in _BY_ADDRESS or not operation:
        return {}
    try:
        model = get_service_model(_MODELS.get(service, service))
        operation_model = model.operation_model(operation)
        request = Request({**environ, "wsgi.input": BytesIO(body)})
        protocol = determine_request_protocol(model, request.content_type)
        in_path = get_service_router(service).match(request)[1] if "rest" in protocol else {}
    except (UnknownServiceError, OperationNotFoundError, HTTPException, NotImplementedError):
        return {}
    parsed: Parameters = PROTOCOL_PARSERS[protocol](operation_model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": in_path,
        }
    )
    return parsed
