from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from modules import audit_events
from modules.audit import AuditTrail
from modules.policies.audit import audit_key_policy, delivery_policy, log_bucket_policy
from modules.policies.trust import service_trust
from tests.unit.modules.plain_terraform import ENV, new_stack, policy_of, synthesise

LOGS = "watch-logs-123456789012-us-gov-west-1"
GROUP = "/aws/cloudtrail/watch"


def _audit(stack: TerraformStack, **changes: Any) -> AuditTrail:
    given: dict[str, Any] = {
        "env": ENV,
        "name": "watch",
        "log_retention_days": 365,
        "bucket_names": ["one", "two"],
        "launch_role_names": ["SCLaunchRole-demo"],
        "notebook_creators": ["SageMakerBuild-*"],
    }
    return AuditTrail(stack, "Audit", **given | changes)


def _resources(**changes: Any) -> dict[str, Any]:
    stack = new_stack()
    _audit(stack, **changes)
    resources: dict[str, Any] = synthesise(stack)["resource"]
    return resources


def test_the_trail_sees_every_region_and_the_projects_objects() -> None:
    assert _resources()["aws_cloudtrail"] == {
        "Audit": {
            "name": "watch",
            "s3_bucket_name": "${aws_s3_bucket.Audit_Logs.bucket}",
            "kms_key_id": "${aws_kms_key.Audit_Key.arn}",
            "cloud_watch_logs_group_arn": "${aws_cloudwatch_log_group.Audit_LogGroup.arn}:*",
            "cloud_watch_logs_role_arn": "${aws_iam_role.Audit_DeliveryRole.arn}",
            "enable_log_file_validation": True,
            "is_multi_region_trail": True,
            "include_global_service_events": True,
            "event_selector": [
                {
                    "read_write_type": "All",
                    "include_management_events": True,
                    "data_resource": [
                        {
                            "type": "AWS::S3::Object",
                            "values": ["arn:aws-us-gov:s3:::one/", "arn:aws-us-gov:s3:::two/"],
                        }
                    ],
                }
            ],
            "depends_on": [
                "aws_s3_bucket_policy.Audit_Logs_Policy",
                "aws_iam_role_policy.Audit_DeliveryPolicy",
            ],
        }
    }


def test_object_events_are_by_choice_and_the_buckets_stay_watched() -> None:
    resources = _resources(s3_data_events=False)
    (selector,) = resources["aws_cloudtrail"]["Audit"]["event_selector"]
    assert "data_resource" not in selector
    assert "Audit_BucketPolicyChanged0" in resources["aws_cloudwatch_log_metric_filter"]


def test_bucket_key_and_role_carry_their_policies() -> None:
    resources = _resources()
    (bucket,) = resources["aws_s3_bucket"].values()
    assert (bucket["bucket"], bucket["force_destroy"]) == (LOGS, False)
    assert policy_of(resources["aws_s3_bucket_policy"]["Audit_Logs_Policy"]) == log_bucket_policy(
        env=ENV, bucket_name=LOGS, trail_name="watch"
    )
    assert policy_of(resources["aws_kms_key"]["Audit_Key"]) == audit_key_policy(
        env=ENV, trail_name="watch", log_group_name=GROUP
    )
    role = resources["aws_iam_role"]["Audit_DeliveryRole"]
    assert policy_of(role, "assume_role_policy") == service_trust(
        ["cloudtrail.amazonaws.com"], account_id=None
    )
    delivery = resources["aws_iam_role_policy"]["Audit_DeliveryPolicy"]
    assert policy_of(delivery) == delivery_policy(env=ENV, log_group_name=GROUP)


def test_the_log_group_is_encrypted_and_ends() -> None:
    assert _resources(log_retention_days=90)["aws_cloudwatch_log_group"]["Audit_LogGroup"] == {
        "name": GROUP,
        "retention_in_days": 90,
        "kms_key_id": "${aws_kms_key.Audit_Key.arn}",
    }


def test_every_watch_has_filters_of_one_metric_and_an_alarm_on_it() -> None:
    resources = _resources()
    filters = resources["aws_cloudwatch_log_metric_filter"]
    alarms = resources["aws_cloudwatch_metric_alarm"]
    watches = {
        "TrailChanged": audit_events.trail_changed(),
        "KeyChanged": audit_events.key_changed(),
        "BucketPolicyChanged": audit_events.bucket_policy_changed(["one", "two"]),
        "LaunchRoleChanged": audit_events.launch_role_changed(["SCLaunchRole-demo"]),
        "NotebookOutsideRules": audit_events.notebook_outside_rules(["SageMakerBuild-*"]),
    }
    for name, watch in watches.items():
        metric = {"name": f"watch-{name}", "namespace": "watch/Audit", "value": "1"}
        for number, pattern in enumerate(watch.patterns):
            body = filters.pop(f"Audit_{name}{number}")
            assert body["pattern"] == pattern
            assert body["metric_transformation"] == metric
            assert body["log_group_name"] == "${aws_cloudwatch_log_group.Audit_LogGroup.name}"
        assert alarms.pop(f"Audit_{name}Alarm") == {
            "alarm_name": f"watch-{name}",
            "alarm_description": watch.description,
            "namespace": "watch/Audit",
            "metric_name": f"watch-{name}",
            "statistic": "Sum",
            "period": 300,
            "evaluation_periods": 1,
            "threshold": 1,
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "treat_missing_data": "notBreaching",
        }
    assert (filters, alarms) == ({}, {})


def test_alarms_go_to_the_topic() -> None:
    topic = ENV.arn("sns", "alarms")
    alarms = _resources(alarm_topic_arn=topic)["aws_cloudwatch_metric_alarm"].values()
    assert [alarm["alarm_actions"] for alarm in alarms] == [[topic]] * 5


def test_without_buckets_and_roles_there_is_no_alarm_that_cannot_ring() -> None:
    resources = _resources(bucket_names=[], launch_role_names=[])
    assert set(resources["aws_cloudwatch_metric_alarm"]) == {
        "Audit_TrailChangedAlarm",
        "Audit_KeyChangedAlarm",
        "Audit_NotebookOutsideRulesAlarm",
    }


def test_boundary_and_force_destroy_are_passed_on() -> None:
    boundary = ENV.global_arn("iam", "policy/boundary")
    resources = _resources(permissions_boundary=boundary, force_destroy=True)
    assert resources["aws_iam_role"]["Audit_DeliveryRole"]["permissions_boundary"] == boundary
    assert resources["aws_s3_bucket"]["Audit_Logs"]["force_destroy"] is True


def test_fails_on_more_filters_than_a_log_group_takes() -> None:
    message = "stack/Audit: 800 buckets and 1 launch roles make 105 metric filters, at most 100"
    with pytest.raises(ValueError, match=message):
        _audit(new_stack(), bucket_names=[f"bucket-{number}" for number in range(800)])


def test_outputs() -> None:
    stack = new_stack()
    audit = _audit(stack)
    assert audit.log_group_name == GROUP
    assert audit.trail_arn
