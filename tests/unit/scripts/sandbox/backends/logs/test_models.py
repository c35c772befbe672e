"""Metric filters."""

from typing import Any

from scripts.sandbox import Sandbox


def put(logs: Any, group: str, name: str, pattern: str) -> None:
    metric = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[metric],
    )


def test_a_filter_put_again_replaces_itself_and_no_other(account: Sandbox) -> None:
    logs = account.client("logs")
    for group in ("g", "h"):
        logs.create_log_group(logGroupName=group)
        put(logs, group, "f", "old")
    put(logs, "g", "other", "old")
    put(logs, "g", "f", "new")
    found = logs.describe_metric_filters()["metricFilters"]
    patterns = {(f["logGroupName"], f["filterName"]): f["filterPattern"] for f in found}
    assert len(found) == 3
    assert patterns == {("g", "f"): "new", ("g", "other"): "old", ("h", "f"): "old"}
