"""What is refused before anything is done, and what is begun."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox.account import ACCOUNT, role_arn
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import (
    Provider,
    Stacks,
    failure,
    parameter,
    refused,
)

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
ONE = {"A": HANDLE}
NAMED: dict[str, Any] = {
    "TemplateParameters": {
        "Name": {"Type": "String", "Default": "d"},
        "Secret": {"Type": "String", "NoEcho": True, "Default": "hush"},
    },
    "Outputs": {"O": {"Value": {"Ref": "Name"}}},
}


def test_a_stack_has_an_arn_with_an_id_of_its_own(stacks: Stacks) -> None:
    first = stacks.create(ONE, "named")
    prefix = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/named/"
    assert first.startswith(prefix)
    assert len(first.removeprefix(prefix)) == 36
    stacks.delete(first)
    assert stacks.create(ONE, "named") != first


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("1a", "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"),
        ("under_score", "Member must satisfy regular expression pattern"),
        ("a" * 129, "Member must have length less than or equal to 128"),
    ],
)
def test_refuses_a_name_that_no_stack_can_have(stacks: Stacks, name: str, fault: str) -> None:
    with refused() as messages:
        stacks.begin(ONE, name)
    assert messages[0].startswith(
        f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
    )
    assert fault in messages[0]


def test_refuses_a_second_stack_of_a_name(stacks: Stacks) -> None:
    stacks.create(ONE, "twice")
    with refused("AlreadyExistsException") as messages:
        stacks.begin(ONE, "twice")
    assert messages == ["Stack [twice] already exists"]


def test_a_repeated_token_is_the_same_request(stacks: Stacks) -> None:
    first = stacks.create(ONE, "token", ClientRequestToken="t-1")
    assert stacks.create(ONE, "token", ClientRequestToken="t-1") == first
    with refused("AlreadyExistsException"):
        stacks.begin(ONE, "token", ClientRequestToken="t-2")
    event = stacks.client.describe_stack_events(StackName=first)["StackEvents"][0]
    assert event["ClientRequestToken"] == "t-1"


def test_refuses_parameters_that_break_the_template_and_leaves_nothing(stacks: Stacks) -> None:
    with refused() as messages:
        stacks.begin(ONE, "unmade", Parameters=parameter(Nonsense="1"))
    assert messages == ["Parameters: [Nonsense] do not exist in the template"]
    with refused():
        stacks.status("unmade")


def test_a_rule_is_asked_before_anything_is_made(stacks: Stacks) -> None:
    never = {"Assert": {"Fn::Equals": ["1", "2"]}, "AssertDescription": "never."}
    with refused() as messages:
        stacks.begin(ONE, Rules={"R": {"Assertions": [never]}})
    assert messages == ["Template error: never."]


@pytest.mark.parametrize(
    "wish",
    [
        {"TimeoutInMinutes": 1},
        {"ResourceTypes": ["AWS::*"]},
        {"RollbackConfiguration": {"MonitoringTimeInMinutes": 1}},
        {"StackPolicyURL": "https://example.com/policy"},
    ],
)
def test_refuses_what_the_sandbox_does_not_have(stacks: Stacks, wish: dict[str, Any]) -> None:
    with refused("NotImplementedException") as messages:
        stacks.begin(ONE, **wish)
    assert next(iter(wish)) in messages[0]


# Update


def test_refuses_an_update_that_changes_nothing(stacks: Stacks) -> None:
    stack = stacks.create(ONE, **NAMED, Parameters=parameter(Name="n"))
    with refused() as messages:
        stacks.update(stack, ONE, **NAMED, Parameters=parameter(Name="n"))
    with refused() as more:
        stacks.update(stack, ONE, **NAMED, Parameters=parameter(Name="n", Secret="unused"))
    assert messages == more == ["No updates are to be performed."]
    assert stacks.status(stack) == "CREATE_COMPLETE"


def test_previous_template_and_values_are_kept_where_that_is_asked(stacks: Stacks) -> None:
    stack = stacks.create(ONE, **NAMED, Parameters=parameter(Name="n"), Tags=[_tag("1")])
    keep = [{"ParameterKey": "Name", "UsePreviousValue": True}]
    with refused() as messages:
        stacks.client.update_stack(StackName=stack, UsePreviousTemplate=True, Parameters=keep)
    assert messages == ["No updates are to be performed."]
    stacks.client.update_stack(
        StackName=stack, UsePreviousTemplate=True, Parameters=keep, Tags=[_tag("2")]
    )
    assert stacks.settle(stack) == "UPDATE_COMPLETE"
    assert stacks.outputs(stack) == {"O": "n"}
    assert stacks.look(stack)["Tags"] == [_tag("2")]
    # A parameter that is not named falls back to its default.
    stacks.client.update_stack(StackName=stack, UsePreviousTemplate=True)
    stacks.settle(stack)
    assert stacks.outputs(stack) == {"O": "d"}
    assert stacks.look(stack)["Tags"] == [_tag("2")]


def _tag(value: str) -> dict[str, str]:
    return {"Key": "k", "Value": value}


def test_refuses_an_update_without_a_template(stacks: Stacks) -> None:
    stack = stacks.create(ONE)
    with refused() as messages:
        stacks.client.update_stack(StackName=stack)
    assert messages == ["Either Template URL or Template Body must be specified."]


def test_refuses_another_type_for_a_resource(stacks: Stacks) -> None:
    stack = stacks.create({"A": HANDLE, "B": HANDLE})
    with refused() as messages:
        stacks.update(stack, {"A": {"Type": "AWS::SNS::Topic"}, "B": HANDLE})
    assert messages[0] == (
        "Update of resource type is not permitted. The new template modifies resource type of the"
        " following resources: [A]"
    )


def test_refuses_to_update_what_does_not_exist(stacks: Stacks) -> None:
    with refused() as messages:
        stacks.update("gone", ONE)
    assert messages == ["Stack [gone] does not exist"]
    stack = stacks.create(ONE)
    stacks.delete(stack)
    with refused() as messages:
        stacks.update(stack, ONE)
    assert messages == [f"Stack [{stack}] does not exist"]


def test_refuses_to_update_a_stack_that_was_rolled_back(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [failure("no")]
    stack = stacks.create({"A": provider.resource()})
    with refused() as messages:
        stacks.update(stack, ONE)
    assert messages == [f"Stack:{stack} is in ROLLBACK_COMPLETE state and can not be updated."]


def test_refuses_to_touch_a_stack_at_work(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create(ONE)
    provider.behaviour = [lambda _: None]
    slow = provider.resource(ServiceTimeout=1)
    stacks.client.update_stack(
        StackName=stack, TemplateBody=json.dumps({"Resources": {**ONE, "S": slow}})
    )
    with refused() as messages:
        stacks.update(stack, ONE)
    assert messages == [f"Stack:{stack} is in UPDATE_IN_PROGRESS state and can not be updated."]
    with refused() as messages:
        stacks.client.delete_stack(StackName=stack)
    assert messages == [f"Stack [{stack}] cannot be deleted while in status UPDATE_IN_PROGRESS"]
    assert stacks.settle(stack) == "UPDATE_ROLLBACK_COMPLETE"


# Deletion and settings


def test_deleting_what_does_not_exist_is_no_error(stacks: Stacks) -> None:
    stacks.client.delete_stack(StackName="gone")
    stack = stacks.create(ONE)
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    events = stacks.events(stack)
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert stacks.events(stack) == events


def test_refuses_to_retain_when_nothing_has_failed(stacks: Stacks) -> None:
    stack = stacks.create(ONE)
    with refused() as messages:
        stacks.client.delete_stack(StackName=stack, RetainResources=["A"])
    assert "only when the stack is in the DELETE_FAILED state" in messages[0]


def test_refuses_to_delete_a_protected_stack(stacks: Stacks) -> None:
    stack = stacks.create(ONE, "protected", EnableTerminationProtection=True)
    with refused() as messages:
        stacks.client.delete_stack(StackName=stack)
    assert messages == [
        "Stack [protected] cannot be deleted while TerminationProtection is enabled"
    ]
    stacks.client.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    assert stacks.look(stack)["EnableTerminationProtection"] is False
    assert stacks.delete(stack) == "DELETE_COMPLETE"


def test_a_policy_is_kept_with_its_stack(stacks: Stacks) -> None:
    policy = json.dumps({"Statement": [_allow("Update:*", "*")]})
    stack = stacks.create(ONE)
    assert "StackPolicyBody" not in stacks.client.get_stack_policy(StackName=stack)
    stacks.client.set_stack_policy(StackName=stack, StackPolicyBody=policy)
    assert stacks.client.get_stack_policy(StackName=stack)["StackPolicyBody"] == policy
    with refused() as messages:
        stacks.client.set_stack_policy(StackName=stack, StackPolicyBody="nonsense")
    assert messages == ["Error validating stack policy: Invalid stack policy"]
    assert stacks.client.get_stack_policy(StackName=stack)["StackPolicyBody"] == policy


def _allow(action: str, resource: str) -> dict[str, str]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}


# With whose rights


def test_resources_are_made_by_whoever_calls(stacks: Stacks) -> None:
    with stacks.sandbox.fork() as copy:
        copy.clear_journal()
        mine = Stacks(copy)
        credentials = _session(copy, "Launcher", "sts")
        mine.client = copy.client("cloudformation", credentials=credentials)
        stack = mine.create({"T": {"Type": "AWS::SNS::Topic"}})
        assert mine.status(stack) == "CREATE_COMPLETE"
        (made,) = [call for call in copy.journal() if call.operation == "CreateTopic"]
        deployer = Stacks(copy)
        deployer.delete(stack)
        (deleted,) = [call for call in copy.journal() if call.operation == "DeleteTopic"]
    assert made.principal.endswith("assumed-role/Launcher/me")
    assert deleted.principal.endswith("user/platform-deployer")


def test_a_stacks_own_role_takes_the_place_of_the_caller(stacks: Stacks) -> None:
    with stacks.sandbox.fork() as copy:
        copy.clear_journal()
        mine = Stacks(copy)
        _role(copy, "StackRole", "cloudformation.amazonaws.com")
        stack = mine.create({"T": {"Type": "AWS::SNS::Topic"}}, RoleARN=role_arn("StackRole"))
        mine.delete(stack)
        calls = [c for c in copy.journal() if c.operation in ("CreateTopic", "DeleteTopic")]
    assert ["assumed-role/StackRole/AWSCloudFormation-" in c.principal for c in calls] == [True] * 2


def test_refuses_a_role_that_does_not_trust_cloudformation(stacks: Stacks) -> None:
    with refused() as messages:
        stacks.begin(ONE, "untrusted", RoleARN=role_arn("CustomRoleBen"))
    assert messages == [f"Role {role_arn('CustomRoleBen')} is invalid or cannot be assumed"]
    with pytest.raises(ClientError):
        stacks.status("untrusted")


def _role(sandbox: Any, name: str, service: str = "", **principal: str) -> None:
    who = {"Service": service} if service else principal
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}],
    }
    sandbox.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))


def _session(sandbox: Any, name: str, service: str) -> dict[str, str]:
    _role(sandbox, name, AWS=ACCOUNT)
    answer = sandbox.client(service).assume_role(RoleArn=role_arn(name), RoleSessionName="me")
    credentials: dict[str, str] = answer["Credentials"]
    return credentials
