"""CloudWatch's calls: metrics by namespace, alarms by name."""

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import allow, arn, asked, user, wanting

PUT = "cloudwatch:PutMetricData"


def test_metrics_are_told_apart_by_namespace(enforced: Sandbox) -> None:
    rights = allow(PUT, StringLike={"cloudwatch:namespace": ["vision/*"]})
    put = enforced.client("cloudwatch", credentials=user(enforced, rights)).put_metric_data
    data = [{"MetricName": "loss", "Value": 1.0}]
    assert wanting(put, Namespace="vision/train", MetricData=data) == ""
    assert wanting(put, Namespace="other/train", MetricData=data) == PUT


def test_alarms_are_decided_on_by_name(enforced: Sandbox) -> None:
    delete = enforced.client("cloudwatch").delete_alarms
    found = asked(enforced, delete, AlarmNames=["a", "b"])
    assert [resource for _, resource in found] == [
        arn("cloudwatch", "alarm:a"),
        arn("cloudwatch", "alarm:b"),
    ]
