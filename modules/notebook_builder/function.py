"""The builder function, deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf import AssetType, ITerraformDependable, TerraformAsset, Token
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction, LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import (
    LambdaFunctionEventInvokeConfig,
)
from constructs import Construct

from modules.log_retention import LOG_RETENTION_DAYS
from modules.naming import AwsEnvironment, ProjectNames
from modules.notebook_builder import archive
from modules.notebook_builder.role import BuilderRole

RUNTIME = "python3.13"
TIMEOUT_SECONDS = 900
"""Lambda's own limit; a notebook takes 3 to 6 minutes to come into service."""
MEMORY_MB = 256
ROLE_IDS_LIMIT = 3000
"""Characters of roles' names and ids: Lambda takes an environment of 4 KB, and the rest of it
may need a quarter."""
ROLE_ID_LENGTH = 21
"""Characters of a role's unique id, which is known only to Terraform."""
EVENT_AGE_SECONDS = 1800
"""A request that has waited longer is dropped: the product's resource waits an hour, so that
no late Create can make a notebook that CloudFormation has given up and already cleaned away."""


class NotebookBuilder(Construct):
    """One project's builder function and its log.

    The function is in no VPC: it calls only AWS's APIs and the bucket in which CloudFormation
    takes its answer, none of which a VPC without internet could offer it as simply. It needs
    no resource policy: it is invoked with the launch role's identity, in the same account.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        names: ProjectNames,
        role: BuilderRole,
        vpc_id: str,
        subnet_id: str,
        security_group_id: str,
        end_user_role_ids: Mapping[str, str],
        execution_role_arn: str,
        key_arn: str,
        platform_identifier: str,
        project_id: str,
        log_retention_days: int = 365,
    ) -> None:
        """``end_user_role_ids`` are the unique ids, by name, of the roles whose sessions own
        what they launch.

        Raises ValueError when ``log_retention_days`` is not one of LOG_RETENTION_DAYS, or when
        the roles are too many for the function's environment.
        """
        super().__init__(scope, id_)
        self._check_retention(log_retention_days)
        self._check_roles(end_user_role_ids)
        self._env = env
        self._names = names
        log_group = CloudwatchLogGroup(
            self,
            "LogGroup",
            name=names.builder_log_group,
            retention_in_days=log_retention_days,
        )
        function = LambdaFunction(
            self,
            "Resource",
            function_name=names.builder_function,
            description=f"Builds the notebooks of project {names.project}",
            role=role.arn,
            runtime=RUNTIME,
            handler=archive.ENTRY_POINT,
            filename=self._code(),
            source_code_hash=archive.source_code_hash(),
            timeout=TIMEOUT_SECONDS,
            memory_size=MEMORY_MB,
            environment=LambdaFunctionEnvironment(
                variables={
                    "VPC_ID": vpc_id,
                    "SUBNET_ID": subnet_id,
                    "SECURITY_GROUP_ID": security_group_id,
                    "EXECUTION_ROLE_ARN": execution_role_arn,
                    "KMS_KEY_ARN": key_arn,
                    "PLATFORM_IDENTIFIER": platform_identifier,
                    "PROJECT_NAME": names.project,
                    "PROJECT_ID": project_id,
                    "END_USER_ROLE_IDS": json.dumps(dict(end_user_role_ids)),
                }
            ),
            depends_on=[log_group, *role.dependables],
        )
        invocation = LambdaFunctionEventInvokeConfig(
            self,
            "Invocation",
            function_name=function.function_name,
            maximum_event_age_in_seconds=EVENT_AGE_SECONDS,
            maximum_retry_attempts=2,
        )
        self.dependables: list[ITerraformDependable] = [function, invocation]
        """What has to exist before the function is called."""

    @property
    def function_name(self) -> str:
        return self._names.builder_function

    @property
    def function_arn(self) -> str:
        """Written from the name: known when Terraform plans."""
        return self._env.arn("lambda", f"function:{self._names.builder_function}")

    def _code(self) -> str:
        asset = TerraformAsset(self, "Code", path=archive.archive_file(), type=AssetType.FILE)
        return str(asset.path)

    def _check_retention(self, days: int) -> None:
        if not Token.is_unresolved(days) and days not in LOG_RETENTION_DAYS:
            allowed = ", ".join(map(str, LOG_RETENTION_DAYS))
            raise ValueError(f"{self.node.path}: log_retention_days is {days}, allowed: {allowed}")

    def _check_roles(self, role_ids: Mapping[str, str]) -> None:
        length = sum(len(name) + ROLE_ID_LENGTH + len('"": "", ') for name in role_ids)
        if length > ROLE_IDS_LIMIT:
            raise ValueError(
                f"{self.node.path}: {len(role_ids)} end-user roles take {length} characters of "
                f"the function's environment, allowed: {ROLE_IDS_LIMIT}"
            )
