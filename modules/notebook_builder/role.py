"""The role that the builder function runs under."""

from __future__ import annotations

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.builder import builder_policy, builder_trust
from modules.policies.document import to_json


class BuilderRole(Construct):
    """A project's builder role with its policy.

    It stands apart from the function, which needs the project's key, since the key's policy
    names the role: the role has to exist before both. ``subnet_id`` and
    ``security_group_id`` are what the project's selectors resolved to.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        names: ProjectNames,
        project_id: str,
        subnet_id: str,
        security_group_id: str,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = names.builder_role
        self.arn = env.role_arn(self.name)
        """Written from the name, so that it can be read in the plan."""
        policy = builder_policy(
            env=env,
            names=names,
            project_id=project_id,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        )
        role = IamRole(
            self,
            "Resource",
            name=self.name,
            description=f"Builder function of project {names.project}",
            assume_role_policy=to_json(builder_trust()),
            permissions_boundary=permissions_boundary,
        )
        attached = IamRolePolicy(
            self, "Policy", name="builder", role=role.name, policy=to_json(policy)
        )
        self.dependables: list[ITerraformDependable] = [role, attached]
        """What has to exist before the role can be used."""
