"""The errors of Service Catalog, with the codes that callers parse."""

from moto.core.exceptions import ServiceException


class ServiceCatalogError(ServiceException):
    """Base of them all."""


class DuplicateResourceError(ServiceCatalogError):
    """The resource exists already."""

    code = "DuplicateResourceException"


class InvalidParametersError(ServiceCatalogError):
    """A parameter is well formed but not acceptable."""

    code = "InvalidParametersException"


class InvalidStateError(ServiceCatalogError):
    """The resource is in a state in which it cannot be modified."""

    code = "InvalidStateException"


class LimitExceededError(ServiceCatalogError):
    """A quota of the account is used up."""

    code = "LimitExceededException"


class ResourceInUseError(ServiceCatalogError):
    """Something else still depends on the resource."""

    code = "ResourceInUseException"


class ResourceNotFoundError(ServiceCatalogError):
    """No such resource, or none that the caller may see."""

    code = "ResourceNotFoundException"


class ValidationError(ServiceCatalogError):
    """A parameter does not fit the shape that the service's model gives it."""

    code = "ValidationException"
