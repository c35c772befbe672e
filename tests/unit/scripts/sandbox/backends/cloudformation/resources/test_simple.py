"""Topics, parameters and handles."""

from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks, Template


def topic(**properties: Any) -> Template:
    return {"T": {"Type": "AWS::SNS::Topic", "Properties": properties}}


def stored(**properties: Any) -> Template:
    return {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", **properties}}}


def test_a_topic_is_made_named_and_tagged(stacks: Stacks) -> None:
    outputs = {
        "Ref": {"Value": {"Ref": "T"}},
        "Name": {"Value": {"Fn::GetAtt": "T.TopicName"}},
    }
    tag = {"Key": "k", "Value": "v"}
    stack = stacks.create(topic(DisplayName="shown"), "topical", Outputs=outputs, Tags=[tag])
    arn = stacks.outputs(stack)["Ref"]
    assert stacks.outputs(stack)["Name"] == arn.rpartition(":")[2]
    assert arn.rpartition(":")[2].startswith("topical-T-")
    sns = stacks.sandbox.client("sns")
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "shown"
    assert tag in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert stacks.update(stack, topic(DisplayName="other"), Tags=[tag]) == "UPDATE_COMPLETE"
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "other"
    other = {"Key": "k2", "Value": "v2"}
    assert stacks.update(stack, topic(DisplayName="other"), Tags=[other]) == "UPDATE_COMPLETE"
    tags = sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert other in tags
    assert tag not in tags
    stacks.delete(stack)
    assert arn not in [one["TopicArn"] for one in sns.list_topics()["Topics"]]


def test_a_parameter_is_made_changed_and_deleted(stacks: Stacks) -> None:
    outputs = {"V": {"Value": {"Fn::Sub": "${P}=${P.Value}"}}}
    stack = stacks.create(stored(Name="/a", Value="1"), Outputs=outputs)
    assert stacks.outputs(stack) == {"V": "/a=1"}
    ssm = stacks.sandbox.client("ssm")
    assert stacks.update(stack, stored(Name="/a", Value="2"), Outputs=outputs) == "UPDATE_COMPLETE"
    assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "2"
    assert stacks.outputs(stack) == {"V": "/a=2"}
    tags = [{"Key": "k", "Value": "v"}]
    changed = stored(Name="/a", Value="2")
    for wanted in (tags, []):
        assert stacks.update(stack, changed, Outputs=outputs, Tags=wanted) == "UPDATE_COMPLETE"
        found = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/a")["TagList"]
        assert [one for one in found if one["Key"] == "k"] == wanted
    assert stacks.update(stack, stored(Name="/b", Value="2"), Outputs=outputs) == "UPDATE_COMPLETE"
    assert stacks.outputs(stack) == {"V": "/b=2"}
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/a")
    ssm.delete_parameter(Name="/b")
    assert stacks.delete(stack) == "DELETE_COMPLETE"


def test_fails_with_the_services_own_reason(stacks: Stacks) -> None:
    stacks.sandbox.client("ssm").put_parameter(Name="/taken", Type="String", Value="1")
    stack = stacks.create(stored(Name="/taken", Value="2"))
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    reason = stacks.reasons(stack)["P", "CREATE_FAILED"]
    assert "already exists" in reason
    assert "(Service: ssm, Status Code: 400" in reason


def test_an_attribute_that_the_type_does_not_have_fails(stacks: Stacks) -> None:
    stack = stacks.create(topic(), Outputs={"O": {"Value": {"Fn::GetAtt": "T.Nonsense"}}})
    reason = stacks.reasons(stack)["-", "ROLLBACK_IN_PROGRESS"]
    assert "AWS::SNS::Topic does not support attribute type Nonsense" in reason


def test_a_handle_is_nothing_but_a_name(stacks: Stacks) -> None:
    handle = {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    stack = stacks.create(handle, "handled")
    assert stacks.resource(stack, "H")["PhysicalResourceId"].startswith("handled-H-")
    tag = {"Key": "k", "Value": "v"}
    assert stacks.update(stack, handle, Tags=[tag]) == "UPDATE_COMPLETE"
    assert stacks.delete(stack) == "DELETE_COMPLETE"
