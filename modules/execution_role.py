"""The role that a project's notebooks and their jobs run under."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.named_role import NamedRole
from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import to_json
from modules.policies.execution import code_bucket_policy, execution_policy, jobs_policy
from modules.policies.trust import service_trust


class ExecutionRole(NamedRole):
    """The execution role, trusted by SageMaker for this account alone, with its policies.

    ``bucket_name`` is the project's data bucket; ``code_bucket``, if any, may be read.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        names: ProjectNames,
        bucket_name: str,
        subnet_id: str,
        security_group_id: str,
        code_bucket: str | None = None,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            env=env,
            name=names.execution_role,
            description=f"Notebooks of project {names.project} and their jobs",
            trust=service_trust(["sagemaker.amazonaws.com"], account_id=env.account_id),
            permissions_boundary=permissions_boundary,
        )
        network = {"subnet_id": subnet_id, "security_group_id": security_group_id}
        execution = execution_policy(env=env, names=names, bucket_name=bucket_name, **network)
        policy = IamPolicy(self, "Policy", name=names.execution_policy, policy=to_json(execution))
        self.dependables.append(
            IamRolePolicyAttachment(
                self, "PolicyAttachment", role=self.resource.name, policy_arn=policy.arn
            )
        )
        jobs = jobs_policy(env=env, names=names, **network)
        self.add_inline_policy("JobsPolicy", name="Jobs", policy=jobs)
        if code_bucket:
            code = code_bucket_policy(env=env, code_bucket=code_bucket)
            self.add_inline_policy("CodeBucketPolicy", name="CodeBucket", policy=code)
