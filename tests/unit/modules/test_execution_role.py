from __future__ import annotations

from typing import Any

from cdktf import TerraformStack

from modules.execution_role import ExecutionRole
from modules.naming import BaseNames, project_names
from modules.policies.execution import code_bucket_policy, execution_policy, jobs_policy
from modules.policies.trust import service_trust
from tests.unit.modules.plain_terraform import ENV, new_stack, policy_of, synthesise

NAMES = project_names(BaseNames(), "demo")
NETWORK = {"subnet_id": "subnet-1", "security_group_id": "sg-1"}
ROLE = "${aws_iam_role.ExecutionRole.name}"


def _role(stack: TerraformStack, **changes: Any) -> ExecutionRole:
    given: dict[str, Any] = {"env": ENV, "names": NAMES, "bucket_name": "data", **NETWORK}
    return ExecutionRole(stack, "ExecutionRole", **given | changes)


def test_the_role_is_trusted_by_sagemaker_for_this_account() -> None:
    stack = new_stack()
    role = _role(stack)
    body = synthesise(stack)["resource"]["aws_iam_role"]["ExecutionRole"]
    trust = service_trust(["sagemaker.amazonaws.com"], account_id="123456789012")
    assert policy_of(body, "assume_role_policy") == trust
    assert body["name"] == "SageMakerExecutionRole-demo"
    assert "permissions_boundary" not in body
    assert role.name == "SageMakerExecutionRole-demo"
    assert role.arn == "arn:aws-us-gov:iam::123456789012:role/SageMakerExecutionRole-demo"


def test_the_projects_policy_is_attached_to_this_role_alone() -> None:
    stack = new_stack()
    _role(stack)
    resources = synthesise(stack)["resource"]
    body = resources["aws_iam_policy"]["ExecutionRole_Policy"]
    assert body["name"] == "SageMakerExecutionPolicy-demo"
    assert policy_of(body) == execution_policy(env=ENV, names=NAMES, bucket_name="data", **NETWORK)
    assert resources["aws_iam_role_policy_attachment"] == {
        "ExecutionRole_PolicyAttachment": {
            "role": ROLE,
            "policy_arn": "${aws_iam_policy.ExecutionRole_Policy.arn}",
        }
    }
    assert "aws_iam_policy_attachment" not in resources


def test_jobs_have_a_policy_of_their_own() -> None:
    stack = new_stack()
    _role(stack)
    (body,) = synthesise(stack)["resource"]["aws_iam_role_policy"].values()
    assert (body["name"], body["role"]) == ("Jobs", ROLE)
    assert policy_of(body) == jobs_policy(env=ENV, names=NAMES, **NETWORK)


def test_the_code_bucket_is_readable_only_when_there_is_one() -> None:
    stack = new_stack()
    _role(stack, code_bucket="prosm-code")
    policies = synthesise(stack)["resource"]["aws_iam_role_policy"]
    body = policies["ExecutionRole_CodeBucketPolicy"]
    assert (body["name"], body["role"]) == ("CodeBucket", ROLE)
    assert policy_of(body) == code_bucket_policy(env=ENV, code_bucket="prosm-code")


def test_the_boundary_is_set() -> None:
    boundary = ENV.global_arn("iam", "policy/boundary")
    stack = new_stack()
    _role(stack, permissions_boundary=boundary)
    body = synthesise(stack)["resource"]["aws_iam_role"]["ExecutionRole"]
    assert body["permissions_boundary"] == boundary
