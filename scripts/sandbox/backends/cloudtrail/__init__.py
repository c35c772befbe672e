"""CloudTrail: moto's, with a trail deleted by its ARN as well as by its name."""

from moto.cloudtrail.models import cloudtrail_backends

from .models import CloudTrailBackend


def register() -> None:
    """Serve CloudTrail from this package, in every account and Region."""
    cloudtrail_backends.backend = CloudTrailBackend
    cloudtrail_backends.clear()
