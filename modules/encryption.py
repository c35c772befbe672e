"""A project's customer managed KMS key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.naming import LENGTH_LIMITS, AwsEnvironment
from modules.policies.document import to_json
from modules.policies.key import key_policy

DELETION_WINDOW_DAYS = (7, 30)
"""Shortest and longest, from KMS's ScheduleKeyDeletion."""

_ALIAS = re.compile(r"[a-zA-Z0-9/_-]+")


class CustomerManagedKey(Construct):
    """A key with yearly rotation, its alias and its policy.

    ``user_role_arn`` uses the key and ``grantee_role_arns`` let SageMaker use it; neither
    administers it. KMS refuses a policy that names a role which does not exist, so whatever
    creates those roles belongs into ``depends_on``. ``catalog_bucket_name`` is the bucket of
    product templates: whoever may reach it by IAM may use the key for it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        alias: str,
        user_role_arn: str,
        grantee_role_arns: Sequence[str],
        depends_on: Sequence[ITerraformDependable] = (),
        catalog_bucket_name: str | None = None,
        deletion_window_days: int = DELETION_WINDOW_DAYS[1],
    ) -> None:
        super().__init__(scope, id_)
        self._check(alias, deletion_window_days)
        key = KmsKey(
            self,
            "Resource",
            description=f"Data of {alias}",
            enable_key_rotation=True,
            deletion_window_in_days=deletion_window_days,
            policy=to_json(
                key_policy(
                    env=env,
                    user_role_arn=user_role_arn,
                    grantee_role_arns=grantee_role_arns,
                    catalog_bucket_name=catalog_bucket_name,
                )
            ),
            depends_on=list(depends_on) or None,
        )
        self.key_arn: str = key.arn
        self.key_id: str = key.key_id
        self.alias_name: str = f"alias/{alias}"
        named = KmsAlias(self, "Alias", name=self.alias_name, target_key_id=key.key_id)
        self.dependables: list[ITerraformDependable] = [key, named]
        """What has to exist before the key can be used: policies know it by its alias."""

    def _check(self, alias: str, deletion_window_days: int) -> None:
        path, limit = self.node.path, LENGTH_LIMITS["key_alias"]
        shortest, longest = DELETION_WINDOW_DAYS
        if not shortest <= deletion_window_days <= longest:
            raise ValueError(
                f"{path}: deletion_window_days must be {shortest} to {longest}, "
                f"got {deletion_window_days}"
            )
        if Token.is_unresolved(alias):
            return
        if alias.startswith(("alias/", "aws/")):
            raise ValueError(f"{path}: alias must not begin with alias/ or aws/, got {alias!r}")
        if not _ALIAS.fullmatch(alias) or len(alias) > limit:
            raise ValueError(
                f"{path}: alias must be 1 to {limit} letters, digits or /_-, got {alias!r}"
            )
