"""The role that a project's notebooks and their jobs run under."""

from __future__ import annotations

from cdktf import ITerraformDependable
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
        super().__init__(scope, id_)
        trust = service_trust(["sagemaker.amazonaws.com"], account_id=env.account_id)
        self.name = names.execution_role
        self.arn = env.role_arn(self.name)
        """Written from the name, so that it can be read in the plan."""
        role = IamRole(
            self,
            "Resource",
            name=self.name,
            description=f"Notebooks of project {names.project} and their jobs",
            assume_role_policy=to_json(trust),
            permissions_boundary=permissions_boundary,
        )
        network = {"subnet_id": subnet_id, "security_group_id": security_group_id}
        execution = execution_policy(env=env, names=names, bucket_name=bucket_name, **network)
        policy = IamPolicy(self, "Policy", name=names.execution_policy, policy=to_json(execution))
        attached = IamRolePolicyAttachment(
            self, "PolicyAttachment", role=role.name, policy_arn=policy.arn
        )
        jobs = jobs_policy(env=env, names=names, **network)
        inline = IamRolePolicy(
            self, "JobsPolicy", name="Jobs", role=role.name, policy=to_json(jobs)
        )
        self.dependables: list[ITerraformDependable] = [role, attached, inline]
        """What has to exist before the role can be used."""
        if code_bucket:
            code = IamRolePolicy(
                self,
                "CodeBucketPolicy",
                name="CodeBucket",
                role=role.name,
                policy=to_json(code_bucket_policy(env=env, code_bucket=code_bucket)),
            )
            self.dependables.append(code)
