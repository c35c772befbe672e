"""What can be seen of stacks."""

import json

import pytest

from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks, parameter, refused

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def test_a_stack_is_described_as_it_was_asked_for(stacks: Stacks) -> None:
    stack = stacks.create(
        {"A": HANDLE},
        "described",
        Description="words",
        TemplateParameters={"P": {"Type": "String"}, "S": {"Type": "String", "NoEcho": True}},
        Outputs={"O": {"Value": {"Ref": "AWS::StackName"}, "Description": "its name"}},
        Parameters=parameter(P="1", S="hush"),
        Tags=[{"Key": "k", "Value": "v"}],
        Capabilities=["CAPABILITY_IAM"],
    )
    found = stacks.look("described")
    created = found.pop("CreationTime")
    assert found == {
        "StackId": stack,
        "StackName": "described",
        "Description": "words",
        "Parameters": [
            {"ParameterKey": "P", "ParameterValue": "1"},
            {"ParameterKey": "S", "ParameterValue": "****"},
        ],
        "RollbackConfiguration": {},
        "StackStatus": "CREATE_COMPLETE",
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": ["CAPABILITY_IAM"],
        "Outputs": [{"OutputKey": "O", "OutputValue": "described", "Description": "its name"}],
        "Tags": [{"Key": "k", "Value": "v"}],
        "EnableTerminationProtection": False,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }
    stacks.update(stack, {"A": HANDLE}, Tags=[], Description="words")
    assert stacks.look(stack)["LastUpdatedTime"] >= created


def test_a_deleted_stack_is_known_by_its_id_alone(stacks: Stacks) -> None:
    stack = stacks.create({"A": HANDLE}, "ended")
    stacks.delete(stack)
    found = stacks.look(stack)
    assert found["StackStatus"] == "DELETE_COMPLETE"
    assert found["DeletionTime"] >= found["CreationTime"]
    for ask in (
        "describe_stacks",
        "list_stack_resources",
        "describe_stack_resources",
        "get_template",
    ):
        with refused() as messages:
            getattr(stacks.client, ask)(StackName="ended")
        assert messages == ["Stack with id ended does not exist"]
        getattr(stacks.client, ask)(StackName=stack)
    with refused() as messages:
        stacks.client.describe_stack_events(StackName="ended")
    assert messages == ["Stack [ended] does not exist"]


def test_lists_tell_the_living_from_the_deleted(stacks: Stacks) -> None:
    living, deleted = stacks.create({"A": HANDLE}, "living"), stacks.create({"A": HANDLE})
    stacks.delete(deleted)
    described = [one["StackId"] for one in stacks.client.describe_stacks()["Stacks"]]
    assert living in described
    assert deleted not in described
    ended = stacks.client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert deleted in [one["StackId"] for one in ended]
    assert living not in [one["StackId"] for one in ended]
    every = [one["StackId"] for one in stacks.client.list_stacks()["StackSummaries"]]
    assert {living, deleted} <= set(every)
    assert every.index(deleted) < every.index(living)


def test_events_come_newest_first_and_in_pages(stacks: Stacks) -> None:
    stack = stacks.create({f"H{index}": HANDLE for index in range(40)})
    first = stacks.client.describe_stack_events(StackName=stack)
    assert first["StackEvents"][0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert first["StackEvents"][0]["LogicalResourceId"] == stacks.look(stack)["StackName"]
    assert len(first["StackEvents"]) == 100
    rest = stacks.client.describe_stack_events(StackName=stack, NextToken=first["NextToken"])
    assert len(rest["StackEvents"]) == 2 + 3 * 40 - 100
    assert rest["StackEvents"][-1]["ResourceStatusReason"] == "User Initiated"
    assert "NextToken" not in rest
    ids = [one["EventId"] for one in first["StackEvents"] + rest["StackEvents"]]
    assert len(set(ids)) == len(ids)
    with refused():
        stacks.client.describe_stack_events(StackName=stack, NextToken="nonsense")


def test_events_carry_the_properties(stacks: Stacks) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "shown"}}
    stack = stacks.create({"T": topic})
    events = stacks.client.describe_stack_events(StackName=stack)["StackEvents"]
    done = next(one for one in events if one["ResourceType"] == "AWS::SNS::Topic")
    assert json.loads(done["ResourceProperties"])["DisplayName"] == "shown"
    assert done["PhysicalResourceId"].startswith("arn:aws:sns:")


def test_resources_are_described_one_and_all(stacks: Stacks) -> None:
    meta = {**HANDLE, "Metadata": {"m": {"Ref": "AWS::Region"}}}
    stack = stacks.create({"B": HANDLE, "A": meta}, "resourceful")
    every = stacks.client.describe_stack_resources(StackName=stack)["StackResources"]
    assert [one["LogicalResourceId"] for one in every] == ["A", "B"]
    (one,) = stacks.client.describe_stack_resources(StackName=stack, LogicalResourceId="B")[
        "StackResources"
    ]
    assert one["ResourceStatus"] == "CREATE_COMPLETE"
    assert one["StackName"] == "resourceful"
    assert one["DriftInformation"] == {"StackResourceDriftStatus": "NOT_CHECKED"}
    by_id = stacks.client.describe_stack_resources(PhysicalResourceId=one["PhysicalResourceId"])
    assert by_id["StackResources"] == every
    assert stacks.resource("resourceful", "A")["Metadata"] == '{"m": "eu-west-1"}'
    assert "Metadata" not in stacks.resource("resourceful", "B")
    listed = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert [found["PhysicalResourceId"] for found in listed] == [
        found["PhysicalResourceId"] for found in every
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "Either StackName or PhysicalResourceId must be specified."),
        ({"PhysicalResourceId": "gone"}, "Stack with id gone does not exist"),
    ],
)
def test_refuses_resources_of_no_stack(stacks: Stacks, asked: dict[str, str], message: str) -> None:
    with refused() as messages:
        stacks.client.describe_stack_resources(**asked)
    assert messages == [message]


def test_refuses_a_resource_that_the_stack_does_not_have(stacks: Stacks) -> None:
    stacks.create({"A": HANDLE}, "without-b")
    with refused() as messages:
        stacks.resource("without-b", "B")
    assert messages == ["Resource B does not exist for stack without-b"]


def test_a_template_is_given_back_as_it_came(stacks: Stacks) -> None:
    text = "Resources:\n  A: # a comment\n    Type: AWS::CloudFormation::WaitConditionHandle\n"
    created = stacks.client.create_stack(StackName="yaml", TemplateBody=text)
    stacks.settle(created["StackId"])
    assert stacks.client.get_template(StackName="yaml")["TemplateBody"] == text
