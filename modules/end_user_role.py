"""A role for data scientists: launch, see and end the product, use the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import to_json
from modules.policies.end_user import end_user_policy
from modules.policies.trust import principal_trust


class EndUserRole(Construct):
    """An end-user role of a project; a portfolio gives it access (``Portfolio.grant_access``).

    ``assumed_by`` are the ARNs of the principals that may assume it. ``subnet_id`` and
    ``security_group_id`` are what the project's selectors resolved to: starting a notebook
    takes rights on both. In the ``lambda`` way a person uses only what the same session name
    launched. Raises ``ValueError`` when ``assumed_by`` is empty or holds a
    wildcard.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        names: ProjectNames,
        project_id: str,
        base_name: str,
        assumed_by: Sequence[str],
        build: Literal["lambda", "cloudformation"],
        subnet_id: str,
        security_group_id: str,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = names.end_user_role(base_name)
        self.arn = env.role_arn(self.name)
        """Written from the name, so that it can be read in the plan."""
        policy = end_user_policy(
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
            description=f"Data scientists of {names.project} launch and use notebooks with it",
            assume_role_policy=to_json(principal_trust(assumed_by)),
            permissions_boundary=permissions_boundary,
        )
        self.unique_id: str = role.unique_id
        """AWS's own id of the role, which begins ``aws:userid`` of its sessions."""
        attached = IamRolePolicy(
            self, "Policy", name="end-user", role=role.name, policy=to_json(policy)
        )
        self.dependables: list[ITerraformDependable] = [role, attached]
        """What has to exist before the role can be used."""
