"""CloudFormation: stacks that are really made, changed, rolled back and deleted, for moto.

A request goes urls -> responses -> a method of the backend, named after the operation; `describing`
reads, `changing` starts an operation, which `engine` carries out in a thread of its own, one of the
`resources` after the other, with the credentials of whoever called.
"""

from moto.cloudformation.models import cloudformation_backends

from scripts.sandbox.backends.cloudformation.models import CloudFormationBackend


def register() -> None:
    """Serve CloudFormation from this package, in every account and Region."""
    cloudformation_backends.backend = CloudFormationBackend  # type: ignore[assignment]  # replaces
    cloudformation_backends.clear()
