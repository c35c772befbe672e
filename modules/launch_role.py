"""The role that Service Catalog assumes when it launches, updates or ends the product."""

from __future__ import annotations

from typing import Literal

from constructs import Construct

from modules.named_role import NamedRole
from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.launch import launch_policy
from modules.policies.trust import service_trust


class LaunchRole(NamedRole):
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
        policy = launch_policy(
            env=env,
            names=names,
            project_id=project_id,
            build=build,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        )
        super().__init__(
            scope,
            id_,
            env=env,
            name=names.launch_role,
            description=f"Service Catalog launches the notebook of {names.project} with it",
            trust=service_trust(["servicecatalog.amazonaws.com"], account_id=env.account_id),
            permissions_boundary=permissions_boundary,
        )
        self.add_inline_policy("Policy", name="launch", policy=policy)
