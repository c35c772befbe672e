"""The types of resources that stacks can have here."""

from collections.abc import Iterable

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.resources import custom, notebook, simple
from scripts.sandbox.backends.cloudformation.resources.base import Handler

_HANDLERS: dict[str, Handler] = {
    custom.TYPE: custom.CustomResource(),
    notebook.TYPE: notebook.NotebookInstance(),
    "AWS::CloudFormation::WaitConditionHandle": simple.WaitConditionHandle(),
    "AWS::SNS::Topic": simple.Topic(),
    "AWS::SSM::Parameter": simple.Parameter(),
}


def handler_of(kind: str) -> Handler:
    """The handler of a type that has passed `check`."""
    return _HANDLERS[custom.TYPE if kind.startswith(custom.PREFIX) else kind]


def check(kinds: Iterable[str]) -> None:
    """Refuse types that AWS does not know, and those that the sandbox does not have.

    Raises:
        ValidationError: no such type.
        NotImplementedError: one of AWS's that is not here.
    """
    missing = sorted(
        {kind for kind in kinds if kind not in _HANDLERS and not kind.startswith(custom.PREFIX)}
    )
    strange = [kind for kind in missing if not kind.startswith("AWS::")]
    if strange:
        names = ", ".join(strange)
        raise ValidationError(f"Template format error: Unrecognized resource types: [{names}]")
    if missing:
        raise NotImplementedError(f"resource types {', '.join(missing)}")
