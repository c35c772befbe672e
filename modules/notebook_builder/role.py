"""The role that the builder function runs under."""

from __future__ import annotations

from constructs import Construct

from modules.named_role import NamedRole
from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.builder import builder_policy, builder_trust


class BuilderRole(NamedRole):
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
        policy = builder_policy(
            env=env,
            names=names,
            project_id=project_id,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        )
        super().__init__(
            scope,
            id_,
            env=env,
            name=names.builder_role,
            description=f"Builder function of project {names.project}",
            trust=builder_trust(),
            permissions_boundary=permissions_boundary,
        )
        self.add_inline_policy("Policy", name="builder", policy=policy)
