"""The role that a project's notebooks and their jobs run under."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import to_json
from modules.policies.execution import code_bucket_policy, execution_policy, jobs_policy
from modules.policies.trust import service_trust


class ExecutionRole(Construct):
    """The execution role, trusted by SageMaker for this account alone, with its policies.

    ``bucket_name`` is the project's data bucket; ``code_bucket``, if any, may be read. The
    role itself (``resource``) is what a key policy that names it has to wait for.
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
        super().__init__(scope, id_)
        trust = service_trust(["sagemaker.amazonaws.com"], account_id=env.account_id)
        self.role_name = names.execution_role
        self.role_arn = env.role_arn(names.execution_role)
        self.resource = IamRole(
            self,
            "Resource",
            name=self.role_name,
            description=f"Notebooks of project {names.project} and their jobs",
            assume_role_policy=to_json(trust),
            permissions_boundary=permissions_boundary,
        )
        network = {"subnet_id": subnet_id, "security_group_id": security_group_id}
        execution = execution_policy(env=env, names=names, bucket_name=bucket_name, **network)
        policy = IamPolicy(self, "Policy", name=names.execution_policy, policy=to_json(execution))
        IamRolePolicyAttachment(
            self, "PolicyAttachment", role=self.resource.name, policy_arn=policy.arn
        )
        jobs = jobs_policy(env=env, names=names, **network)
        IamRolePolicy(
            self, "JobsPolicy", name="Jobs", role=self.resource.name, policy=to_json(jobs)
        )
        if code_bucket:
            IamRolePolicy(
                self,
                "CodeBucketPolicy",
                name="CodeBucket",
                role=self.resource.name,
                policy=to_json(code_bucket_policy(env=env, code_bucket=code_bucket)),
            )
