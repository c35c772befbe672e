"""The service roles that SageMaker's own portfolio (Projects, JumpStart) needs in an account.

They are the account's, not this project's: they outlive it unless settings say otherwise, and
those that exist already are adopted as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from cdktf import TerraformElement, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.naming import SERVICE_ROLE_PATH, AwsEnvironment
from modules.policies.document import Document, document, statement, to_json
from modules.policies.product_use import POLICY_NAME, product_use_policy
from modules.service_roles import BY_SHORT_NAME, ServiceRole

Retention = Literal["protect", "release", "delete"]


def service_role_trust(role: ServiceRole) -> Document:
    """Return the trust as AWS has it: service principals have this suffix in every partition,
    and not all of these services send ``aws:SourceAccount``."""
    principals = [f"{service}.amazonaws.com" for service in role.services]
    return document(
        statement(
            "AssumeByServices", principals={"Service": principals}, actions=["sts:AssumeRole"]
        )
    )


class JumpStartServiceRoles(Construct):
    """The service roles of one account.

    ``create`` and ``adopt`` hold short names (``LaunchRole``, ``UseRole``, ...). An adopted role
    is imported and its own attributes are left as they are; attaching what it needs changes
    nothing where that is attached already.

    ``retention``: ``protect`` refuses every plan that destroys one of them; ``release`` makes
    Terraform forget them, so that a destroy after that apply leaves them standing; ``delete``
    lets a destroy delete them, adopted ones too.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        create: Sequence[str] = (),
        adopt: Sequence[str] = (),
        retention: Retention = "protect",
        permissions_boundary: str | None = None,
    ) -> None:
        """Raises ValueError for an unknown, repeated or twice used name or retention."""
        super().__init__(scope, id_)
        self._check(create, adopt, retention)
        self._env = env
        self._boundary = permissions_boundary
        self._protected = retention == "protect"
        self._roles = [BY_SHORT_NAME[name] for name in (*create, *adopt)]
        if retention == "release":
            self._release()
            return
        for role in self._roles:
            self._manage(role, adopted=role.short_name in adopt)

    @property
    def role_arns(self) -> dict[str, str]:
        """ARNs by short name, written from the names: known when Terraform plans."""
        return {role.short_name: self._arn(role) for role in self._roles}

    def _arn(self, role: ServiceRole) -> str:
        return self._env.role_arn(role.name, SERVICE_ROLE_PATH)

    def _manage(self, role: ServiceRole, *, adopted: bool) -> None:
        place = Construct(self, role.short_name)
        resource = IamRole(
            place,
            "Resource",
            name=role.name,
            path=SERVICE_ROLE_PATH,
            description=f"SageMaker Projects and JumpStart: {role.short_name}",
            assume_role_policy=to_json(service_role_trust(role)),
            permissions_boundary=self._boundary,
            lifecycle=self._lifecycle(ignore_changes="all" if adopted else None),
        )
        if adopted:
            resource.import_from(role.name)
        if role.managed_policy:
            IamRolePolicyAttachment(
                place,
                "ManagedPolicy",
                role=resource.name,
                policy_arn=self._env.aws_policy_arn(role.managed_policy),
                lifecycle=self._lifecycle(),
            )
        else:
            IamRolePolicy(
                place,
                "InlinePolicy",
                name=POLICY_NAME,
                role=resource.name,
                policy=to_json(product_use_policy(env=self._env, use_role_arn=self._arn(role))),
                lifecycle=self._lifecycle(),
            )

    def _lifecycle(self, ignore_changes: str | None = None) -> TerraformResourceLifecycle:
        return TerraformResourceLifecycle(
            prevent_destroy=self._protected, ignore_changes=ignore_changes
        )

    def _release(self) -> None:
        """Emit ``removed`` blocks, which cdktf does not know, for the addresses that the managed
        resources have: an element of the same construct path has the same logical id."""
        removed = [
            {
                "from": f"{kind}.{TerraformElement(place, id_).friendly_unique_id}",
                "lifecycle": {"destroy": False},
            }
            for role in self._roles
            for place in [Construct(self, role.short_name)]
            for kind, id_ in _resources(role)
        ]
        if removed:
            TerraformStack.of(self).add_override("removed", removed)

    def _check(self, create: Sequence[str], adopt: Sequence[str], retention: str) -> None:
        named = [*create, *adopt]
        unknown = [name for name in named if name not in BY_SHORT_NAME]
        if unknown:
            raise ValueError(
                f"{self.node.path}: unknown service roles {', '.join(map(repr, unknown))}, "
                f"allowed: {', '.join(BY_SHORT_NAME)}"
            )
        repeated = sorted({name for name in named if named.count(name) > 1})
        if repeated:
            raise ValueError(
                f"{self.node.path}: each service role is created or adopted once, "
                f"got more than once: {', '.join(repeated)}"
            )
        if retention not in get_args(Retention):
            raise ValueError(
                f"{self.node.path}: retention is {retention!r}, "
                f"allowed: {', '.join(get_args(Retention))}"
            )


def _resources(role: ServiceRole) -> list[tuple[str, str]]:
    """A role's resources: Terraform type and construct id."""
    if role.managed_policy:
        policy = ("aws_iam_role_policy_attachment", "ManagedPolicy")
    else:
        policy = ("aws_iam_role_policy", "InlinePolicy")
    return [("aws_iam_role", "Resource"), policy]
