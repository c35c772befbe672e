"""SageMaker: moto's, with Domains, user profiles, spaces and notebooks as AWS answers for them."""

from moto.sagemaker.models import sagemaker_backends

from .models import SageMakerBackend


def register() -> None:
    """Serve SageMaker from this package, in every account and Region."""
    sagemaker_backends.backend = SageMakerBackend
    sagemaker_backends.clear()
