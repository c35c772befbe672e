"""IAM: moto's, with UpdateRole leaving alone what it is not given."""

from moto.iam.models import iam_backends

from .models import IamBackend


def register() -> None:
    """Serve IAM from this package, in every account."""
    iam_backends.backend = IamBackend
    iam_backends.clear()
