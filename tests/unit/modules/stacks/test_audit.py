from __future__ import annotations

from typing import Any

from tests.unit.modules.stacks.samples import BOUNDARY, END_USERS, TOPIC
from tests.unit.modules.stacks.whole_app import WholeStack, audit_of, reduced


def patterns(stack: WholeStack) -> str:
    filters = stack.all("aws_cloudwatch_log_metric_filter")
    return "\n".join(reduced(each.body["pattern"]) for each in filters)


def test_the_objects_of_every_projects_buckets_are_recorded(app: dict[str, WholeStack]) -> None:
    (selector,) = app["audit"].at("Trail/Resource").body["event_selector"]
    (objects,) = selector["data_resource"]
    assert [reduced(arn) for arn in objects["values"]] == [
        f"arn:<partition>:s3:::{project}-{purpose}-<account_id>-<region>/"
        for project in ("vision", "sound", "text")
        for purpose in ("notebook", "catalog")
    ]


def test_their_policies_and_the_launch_roles_are_watched(app: dict[str, WholeStack]) -> None:
    watched = patterns(app["audit"])
    for project in ("Vision", "sound", "text"):
        assert f'($.requestParameters.roleName = "SCLaunchRole-{project}")' in watched
        for purpose in ("notebook", "catalog"):
            bucket = f"{project.lower()}-{purpose}-<account_id>-<region>"
            assert f'($.requestParameters.bucketName = "{bucket}")' in watched


def creators(**settings: Any) -> list[str]:
    """Return the names of the roles that may create notebooks without an alarm."""
    watched = patterns(audit_of(audit={}, **settings))
    return [part.partition('"')[0] for part in watched.split('sessionIssuer.userName != "')[1:]]


def test_only_the_roles_of_the_ways_in_use_may_create_notebooks(
    app: dict[str, WholeStack],
) -> None:
    ours = {"name": "a", "end_user_roles": END_USERS}
    native = {"name": "b", "end_user_roles": END_USERS, "build": "cloudformation"}
    assert creators(projects=(ours,)) == ["SageMakerBuildRole-*"]
    assert creators(projects=(native,)) == ["SCLaunchRole-*"]
    assert creators(projects=(ours, native)) == ["SCLaunchRole-*", "SageMakerBuildRole-*"]
    assert creators(projects=()) == []
    names = {"builder_role": "Builder"}
    assert creators(projects=(ours,), names=names) == ["Builder-*"]
    assert patterns(app["audit"]).count("sessionIssuer.userName !=") == 2


def test_many_projects_fit_into_one_trail() -> None:
    """A filter pattern takes 1,024 characters, and "none of these" cannot be spread over two."""
    projects = tuple({"name": f"p{n:02}x", "end_user_roles": END_USERS} for n in range(60))
    stack = audit_of(projects=projects, audit={})
    watched = patterns(stack)
    assert all(f'"SCLaunchRole-{project["name"]}"' in watched for project in projects)
    for each in stack.all("aws_cloudwatch_log_metric_filter"):
        assert len(reduced(each.body["pattern"])) <= 1024


def test_alarms_go_to_the_topic_where_there_is_one(app: dict[str, WholeStack]) -> None:
    alarms = app["audit"].all("aws_cloudwatch_metric_alarm")
    assert len(alarms) == 5
    assert all(alarm.body["alarm_actions"] == [TOPIC] for alarm in alarms)
    silent = audit_of(audit={}).all("aws_cloudwatch_metric_alarm")
    assert len(silent) == 5
    assert not any("alarm_actions" in alarm.body for alarm in silent)


def test_the_settings_reach_the_trail(app: dict[str, WholeStack]) -> None:
    chosen = audit_of(audit={"log_retention_days": 30, "s3_data_events": False})
    assert chosen.at("Trail/LogGroup").body["retention_in_days"] == 30
    (selector,) = chosen.at("Trail/Resource").body["event_selector"]
    assert "data_resource" not in selector
    assert app["audit"].at("Trail/LogGroup").body["retention_in_days"] == 365
    assert app["audit"].at("Trail/DeliveryRole").body["permissions_boundary"] == BOUNDARY


def test_outputs(app: dict[str, WholeStack]) -> None:
    stack = app["audit"]
    assert set(stack.outputs) == {"trail_arn", "log_group_name"}
    assert stack.path_of(stack.outputs["trail_arn"]) == "Trail/Resource"
    assert stack.outputs["log_group_name"] == stack.at("Trail/LogGroup").body["name"]
