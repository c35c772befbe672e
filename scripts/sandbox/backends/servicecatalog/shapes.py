"""Requests and answers held against the shapes of botocore's service model."""

from collections.abc import Mapping
from typing import Any

from botocore.model import Shape
from botocore.session import Session
from botocore.validate import ParamValidator

from scripts.sandbox.backends.servicecatalog.errors import ValidationError
from scripts.sandbox.backends.validation import faults, message

SERVICE = "servicecatalog"
model = Session().get_service_model(SERVICE)


def check_request(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse what the service's own front end refuses, before it looks at any resource.

    Raises:
        ValidationError: a member is missing, unknown, of another type, or breaks a constraint.
    """
    shape = model.operation_model(operation).input_shape
    misfits = _misfits(shape, params)
    if misfits:
        raise ValidationError(misfits)
    found = list(faults(shape, params))
    if found:
        raise ValidationError(message(found))


def check_answer(operation: str, answer: Mapping[str, Any]) -> None:
    """Make sure that an answer is one that AWS could have given.

    Raises:
        TypeError: a member is unknown to the model, of another type, or breaks a constraint.
    """
    shape = model.operation_model(operation).output_shape
    found = _misfits(shape, answer) or "; ".join(faults(shape, answer))
    if found:
        raise TypeError(f"{operation} answers {answer}: {found}")


def _misfits(shape: Shape | None, value: Mapping[str, Any]) -> str:
    """Missing and unknown members, and values of another type than the shape's."""
    return str(ParamValidator().validate(value, shape).generate_report()) if shape else ""
