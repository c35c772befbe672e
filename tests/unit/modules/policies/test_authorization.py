"""The checker itself: it must find what it is trusted to find."""

from __future__ import annotations

from modules.policies.document import document, statement
from tests.unit.modules.policies.authorization import ENV, faults


def _faults(*actions: str, resources: list[str], unscoped: frozenset[str] = frozenset()) -> str:
    policy = document(statement("S", actions=actions, resources=resources))
    return "\n".join(faults(policy, unscoped=unscoped))


def test_passes_an_action_on_its_own_type() -> None:
    assert _faults("sagemaker:StopTrainingJob", resources=[_arn("training-job/x")]) == ""


def test_finds_an_action_that_does_not_exist() -> None:
    assert "no such action: autoscaling:RegisterScalableTarget" in _faults(
        "autoscaling:RegisterScalableTarget", resources=["*"]
    )


def test_finds_an_action_on_another_resource_type() -> None:
    resources = [_arn("notebook-instance-lifecycle-config/x")]
    assert "sagemaker:StopTrainingJob never matches" in _faults(
        "sagemaker:StopTrainingJob", resources=resources
    )


def test_finds_an_action_without_resource_types_that_is_scoped() -> None:
    found = _faults("ecr:GetAuthorizationToken", resources=[ENV.arn("ecr", "repository/x")])
    assert "never matches" in found
    assert "has no resource types" in found


def test_finds_a_star_where_the_action_has_resource_types() -> None:
    assert "iam:PassRole never matches ['*']" in _faults("iam:PassRole", resources=["*"])


def test_lets_a_star_pass_where_it_is_meant() -> None:
    action = "cloudwatch:PutMetricData"
    assert _faults(action, resources=["*"], unscoped=frozenset([action])) == ""


def test_finds_an_arn_that_serves_no_action() -> None:
    resources = [_arn("training-job/x"), _arn("endpoint/x")]
    assert f"no action applies to {resources[1]}" in _faults(
        "sagemaker:StopTrainingJob", resources=resources
    )


def test_finds_another_partition() -> None:
    arn = "arn:aws:sagemaker:cn-north-1:123456789012:training-job/x"
    assert "never matches" in _faults("sagemaker:StopTrainingJob", resources=[arn])


def test_finds_an_empty_family() -> None:
    assert "no such action: s3:Frobnicate*" in _faults("s3:Frobnicate*", resources=["*"])


def test_a_family_needs_one_action_that_fits() -> None:
    assert _faults("sagemaker:Stop*", resources=[_arn("training-job/x")]) == ""
    assert "never matches" in _faults("sagemaker:Stop*", resources=[_arn("model/x")])


def _arn(resource: str) -> str:
    return ENV.arn("sagemaker", resource)
