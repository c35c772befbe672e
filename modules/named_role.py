"""What the toolkit's roles have in common: a name that is chosen, its policies, and an order."""

from __future__ import annotations

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.naming import AwsEnvironment
from modules.policies.document import Document, to_json


class NamedRole(Construct):
    """An IAM role of a chosen name; policies are added by ``add_inline_policy``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        name: str,
        description: str,
        trust: Document,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.arn = env.role_arn(name)
        """Written from the name, so that it can be read in the plan."""
        self.resource = IamRole(
            self,
            "Resource",
            name=name,
            description=description,
            assume_role_policy=to_json(trust),
            permissions_boundary=permissions_boundary,
        )
        self.dependables: list[ITerraformDependable] = [self.resource]
        """What has to exist before the role can be used."""

    def add_inline_policy(self, id_: str, *, name: str, policy: Document) -> None:
        """Give the role a policy; ``id_`` is the construct's, ``name`` IAM's."""
        attached = IamRolePolicy(
            self, id_, name=name, role=self.resource.name, policy=to_json(policy)
        )
        self.dependables.append(attached)
