"""Lambda: moto's, with invocations that run the deployed zip."""

from moto.awslambda.models import lambda_backends

from .models import LambdaBackend


def register() -> None:
    """Serve Lambda from this package, in every account and Region."""
    lambda_backends.backend = LambdaBackend
    lambda_backends.clear()
