"""The errors of CloudFormation, with the codes that callers parse."""

from moto.core.exceptions import ServiceException


class CloudFormationError(ServiceException):
    """Base of them all."""


class ValidationError(CloudFormationError):
    """The request, its template or a parameter is not acceptable, or no such stack."""

    code = "ValidationError"


class AlreadyExistsError(CloudFormationError):
    """A stack of that name exists."""

    code = "AlreadyExistsException"


class AttributeUnknownError(Exception):
    """A resource has no such attribute; the message is the failed resource's or stack's reason."""


def no_stack(name: str) -> ValidationError:
    """The refusal of a stack that does not exist, in most operations' words."""
    return ValidationError(f"Stack with id {name} does not exist")
