"""A role for data scientists: launch, see and end the product, use the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from constructs import Construct

from modules.named_role import NamedRole
from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.end_user import end_user_policy
from modules.policies.trust import principal_trust


class EndUserRole(NamedRole):
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
        policy = end_user_policy(
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
            name=names.end_user_role(base_name),
            description=f"Data scientists of {names.project} launch and use notebooks with it",
            trust=principal_trust(assumed_by),
            permissions_boundary=permissions_boundary,
        )
        self.unique_id: str = self.resource.unique_id
        """AWS's own id of the role, which begins ``aws:userid`` of its sessions."""
        self.add_inline_policy("Policy", name="end-user", policy=policy)
