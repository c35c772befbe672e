"""Calls of CloudWatch Logs: groups, and streams inside them."""

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import allow, arn, asked, user, wanting

GROUP = "/aws/lambda/builder"
PUT = "logs:PutLogEvents"


@pytest.fixture(scope="module")
def stream(enforced: Sandbox) -> str:
    logs = enforced.client("logs")
    logs.create_log_group(logGroupName=GROUP, tags={"Team": "a"})
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    return "s"


def test_groups_and_streams_have_arns_of_their_own(enforced: Sandbox, stream: str) -> None:
    logs = enforced.client("logs")
    group = arn("logs", f"log-group:{GROUP}")
    new = asked(enforced, logs.create_log_stream, logGroupName=GROUP, logStreamName="t")
    assert new == [("logs:CreateLogStream", f"{group}:log-stream:t")]
    events = [{"timestamp": 1, "message": "m"}]
    written = asked(
        enforced, logs.put_log_events, logGroupName=GROUP, logStreamName=stream, logEvents=events
    )
    assert written == [(PUT, f"{group}:log-stream:{stream}")]
    kept = asked(enforced, logs.put_retention_policy, logGroupName=GROUP, retentionInDays=1)
    assert kept == [("logs:PutRetentionPolicy", group)]
    tags = asked(enforced, logs.list_tags_for_resource, resourceArn=group)
    assert tags == [("logs:ListTagsForResource", group)]


def test_a_function_writes_its_own_log_only(enforced: Sandbox, stream: str) -> None:
    own = arn("logs", f"log-group:{GROUP}:log-stream:*")
    for resource, lacking in ((own, ""), (own.replace("builder", "other"), PUT)):
        keys = user(enforced, allow(["logs:CreateLogStream", PUT], resource))
        put = enforced.client("logs", credentials=keys).put_log_events
        events = [{"timestamp": 1, "message": "m"}]
        given = {"logGroupName": GROUP, "logStreamName": stream, "logEvents": events}
        assert wanting(put, **given) == lacking


@pytest.mark.usefixtures("stream")
def test_groups_are_told_apart_by_their_tags(enforced: Sandbox) -> None:
    action = "logs:PutRetentionPolicy"
    for team, lacking in (("a", ""), ("b", action)):
        keys = user(enforced, allow(action, StringEquals={"aws:ResourceTag/Team": team}))
        put = enforced.client("logs", credentials=keys).put_retention_policy
        assert wanting(put, logGroupName=GROUP, retentionInDays=1) == lacking
