"""moto's backend, with AWS's managed policies read once and not once for each partition."""

from moto.iam.models import IAMBackend as MotoBackend
from moto.iam.models import ManagedPolicy

SERVED = "aws"


class IamBackend(MotoBackend):
    """moto makes six partitions' backends at the first call; reading 1,500 policies takes 0.3 s."""

    def _init_aws_policies(self) -> list[ManagedPolicy]:
        return super()._init_aws_policies() if self.region_name == SERVED else []
