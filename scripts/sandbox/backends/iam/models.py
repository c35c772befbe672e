"""moto's backend; being here, it is served with this package's responses."""

from moto.iam.models import IAMBackend as MotoBackend


class IamBackend(MotoBackend):
    """moto's own."""
