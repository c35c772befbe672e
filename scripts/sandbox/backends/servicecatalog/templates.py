"""The templates of products: CloudFormation's, refused in Service Catalog's words."""

from scripts.sandbox.backends import templates
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.templates import FORMAT_VERSION, Template, TemplateError, text

__all__ = ["FORMAT_VERSION", "Template", "invalid", "parse", "read", "text"]


def parse(body: str) -> Template:
    """Read a JSON or YAML template and check it as when a version is created.

    Raises:
        InvalidParametersError: names what is wrong.
    """
    try:
        return templates.parse(body)
    except TemplateError as fault:
        raise invalid(str(fault)) from None


def read(body: str) -> Template:
    """Take a template that need not be valid: one that is not counts as empty."""
    try:
        return parse(body)
    except InvalidParametersError:
        return Template(body, {})


def invalid(fault: str) -> InvalidParametersError:
    """The refusal of a template."""
    return InvalidParametersError(
        f"Invalid templateBody. Please make sure that your template is valid: {fault}"
    )
