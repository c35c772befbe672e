"""The role that Service Catalog assumes when it launches, updates or ends the product."""

from __future__ import annotations

from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import to_json
from modules.policies.launch import launch_policy
from modules.policies.trust import service_trust


class LaunchRole(Construct):
    """A project's launch role with its policy.

    ``subnet_id`` and ``security_group_id`` are what the project's selectors resolved to;
    only the ``cloudformation`` way needs them, and raises ``ValueError`` without.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        names: ProjectNames,
        project_id: str,
        build: Literal["lambda", "cloudformation"],
        subnet_id: str | None = None,
        security_group_id: str | None = None,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = names.launch_role
        self.arn = env.role_arn(self.name)
        """Written from the name, so that it can be read in the plan."""
        policy = launch_policy(
            env=env,
            names=names,
            project_id=project_id,
            build=build,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        )
        role = IamRole(
            self,
            "Resource",
            name=self.name,
            description=f"Service Catalog launches the notebook of {names.project} with it",
            assume_role_policy=to_json(
                service_trust(["servicecatalog.amazonaws.com"], account_id=env.account_id)
            ),
            permissions_boundary=permissions_boundary,
        )
        attached = IamRolePolicy(
            self, "Policy", name="launch", role=role.name, policy=to_json(policy)
        )
        self.dependables: list[ITerraformDependable] = [role, attached]
        """What has to exist before the role can be used."""
