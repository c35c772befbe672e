"""EC2: moto's, with descriptions of security group rules that refer to a group."""

from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroupRule

from .models import Ec2Backend, description


def register() -> None:
    """Serve EC2 from this package, in every account and Region."""
    SecurityGroupRule.description = property(description)  # type: ignore[assignment, method-assign]  # moto has no hook
    ec2_backends.backend = Ec2Backend
    ec2_backends.clear()
