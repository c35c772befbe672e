"""``jumpstart``: the service roles of SageMaker's portfolio, once per account."""

from __future__ import annotations

from constructs import Construct

from modules.jumpstart_roles import JumpStartServiceRoles
from modules.settings import JumpStartSettings, Settings
from modules.stacks.base import TERRAFORM_WITH_REMOVED_BLOCKS, AwsStack


class JumpStartStack(AwsStack):
    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, jumpstart: JumpStartSettings
    ) -> None:
        super().__init__(scope, name, settings=settings)
        if jumpstart.retention == "release":
            self.require_terraform(TERRAFORM_WITH_REMOVED_BLOCKS)
        roles = JumpStartServiceRoles(
            self,
            "ServiceRoles",
            env=self.env,
            create=jumpstart.create,
            adopt=jumpstart.adopt,
            retention=jumpstart.retention,
            permissions_boundary=settings.permissions_boundary,
        )
        self.add_outputs({"service_role_arns": roles.role_arns})
