"""Notebooks that stacks make themselves."""

import time
from dataclasses import replace
from typing import Any

import pytest

from modules.product_template import product_template
from scripts.sandbox.account import role_arn
from scripts.sandbox.backends.cloudformation.caller import Caller
from scripts.sandbox.backends.cloudformation.resources import notebook
from scripts.sandbox.backends.cloudformation.resources.base import ResourceError, Work
from scripts.sandbox.backends.cloudformation.resources.notebook import NotebookInstance
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import (
    Stacks,
    Template,
    parameter,
    stack_maker,
)
from tools.sample_product import FACTS

HANDLER = NotebookInstance()
ROLE = role_arn("CustomRoleBen")
PATTERN = {"InstanceType": "ml.t3.medium", "RoleArn": ROLE}
# Of the registry's schema, in the sandbox's words.
REPLACING = {
    "DirectInternetAccess": "Enabled",
    "KmsKeyId": "alias/other",
    "NotebookInstanceName": "other",
    "PlatformIdentifier": "notebook-al2-v3",
    "SecurityGroupIds": ["sg-2"],
    "SubnetId": "subnet-2",
}
IN_PLACE = {
    "InstanceType": "ml.m5.xlarge",
    "RoleArn": role_arn("CustomRoleCleo"),
    "RootAccess": "Disabled",
    "VolumeSizeInGB": 30,
    "DefaultCodeRepository": "https://example.com/code",
    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
}


def resource(name: str | None = None, **members: Any) -> Template:
    properties = {**PATTERN, **({"NotebookInstanceName": name} if name else {}), **members}
    return {"Nb": {"Type": notebook.TYPE, "Properties": properties}}


def describe(stacks: Stacks, name: str) -> dict[str, Any]:
    found: dict[str, Any] = stacks.sandbox.client("sagemaker").describe_notebook_instance(
        NotebookInstanceName=name
    )
    return found


def exists(stacks: Stacks, name: str) -> bool:
    listed = stacks.sandbox.client("sagemaker").list_notebook_instances(NameContains=name)
    return name in [one["NotebookInstanceName"] for one in listed["NotebookInstances"]]


def calls(stacks: Stacks) -> list[str]:
    """What has been asked of SageMaker since the journal was cleared, apart from looking."""
    made = [call for call in stacks.sandbox.journal() if call.service == "sagemaker"]
    return [call.operation for call in made if not call.operation.startswith(("Describe", "List"))]


def tags(stacks: Stacks, name: str) -> dict[str, str]:
    arn = describe(stacks, name)["NotebookInstanceArn"]
    listed = stacks.sandbox.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def test_a_notebook_is_in_service_when_the_stack_is_complete(stacks: Stacks) -> None:
    stack = stacks.create(
        resource("made", VolumeSizeInGB="30", RootAccess="Disabled"),
        Outputs={
            "Ref": {"Value": {"Ref": "Nb"}},
            "Name": {"Value": {"Fn::GetAtt": "Nb.NotebookInstanceName"}},
            "Arn": {"Value": {"Fn::GetAtt": "Nb.NotebookInstanceArn"}},
        },
    )
    assert stacks.status(stack) == "CREATE_COMPLETE"
    found = describe(stacks, "made")
    assert found["NotebookInstanceStatus"] == "InService"
    assert (found["VolumeSizeInGB"], found["RootAccess"]) == (30, "Disabled")
    arn = found["NotebookInstanceArn"]
    assert stacks.outputs(stack) == {"Ref": arn, "Name": "made", "Arn": arn}
    assert stacks.resource(stack, "Nb")["PhysicalResourceId"] == arn


def test_the_product_of_the_cloudformation_way_becomes_a_notebook(stacks: Stacks) -> None:
    template = _product(stacks)
    stack = stacks.create(
        template["Resources"],
        TemplateParameters=template["Parameters"],
        Rules=template["Rules"],
        Outputs=template["Outputs"],
        Parameters=parameter(NotebookInstanceName="product"),
    )
    assert stacks.status(stack) == "CREATE_COMPLETE", stacks.reasons(stack)
    outputs = stacks.outputs(stack)
    assert outputs["NotebookInstanceName"] == "product"
    assert "Your notebook product is ready" in outputs["Message"]
    found = describe(stacks, "product")
    assert found["DirectInternetAccess"] == "Disabled"
    assert found["InstanceMetadataServiceConfiguration"] == {
        "MinimumInstanceMetadataServiceVersion": "2"
    }


def _product(stacks: Stacks) -> Template:
    ec2, sagemaker = stacks.sandbox.client("ec2"), stacks.sandbox.client("sagemaker")
    named = {"Name": "tag:Name", "Values": ["ProSM-ResourceSubnet"]}
    groups = {"Name": "group-name", "Values": ["ProSM-ResourceSG"]}
    subnet = ec2.describe_subnets(Filters=[named])["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups(Filters=[groups])["SecurityGroups"][0]["GroupId"]
    sagemaker.create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName=FACTS.lifecycle_config
    )
    facts = replace(
        FACTS,
        subnet_id=subnet,
        security_group_id=group,
        execution_role_arn=ROLE,
        code_bucket=None,
        lifecycle_config_s3=None,
    )
    return product_template(facts, "cloudformation")


def test_a_notebook_without_a_name_gets_one(stacks: Stacks) -> None:
    stack = stacks.create(resource())
    arn = stacks.resource(stack, "Nb")["PhysicalResourceId"]
    name = arn.rpartition("/")[2]
    assert name.startswith("Nb-")
    assert describe(stacks, name)["NotebookInstanceStatus"] == "InService"


def test_tags_come_from_the_template_the_stack_and_cloudformation(stacks: Stacks) -> None:
    own = [{"Key": "Project", "Value": "churn"}, {"Key": "Both", "Value": "template"}]
    stack = stacks.create(
        resource("tagged", Tags=own),
        Tags=[{"Key": "Owner", "Value": "me"}, {"Key": "Both", "Value": "stack"}],
    )
    assert tags(stacks, "tagged") == {
        "Project": "churn",
        "Both": "template",
        "Owner": "me",
        "aws:cloudformation:stack-name": stacks.look(stack)["StackName"],
        "aws:cloudformation:stack-id": stack,
        "aws:cloudformation:logical-id": "Nb",
    }


def test_tags_change_without_a_stop(stacks: Stacks) -> None:
    one, two = {"Key": "One", "Value": "1"}, {"Key": "Two", "Value": "2"}
    stack = stacks.create(resource("retagged", Tags=[one]), Tags=[two])
    stacks.sandbox.clear_journal()
    changed = {"Key": "One", "Value": "changed"}
    assert stacks.update(stack, resource("retagged", Tags=[changed]), Tags=[]) == "UPDATE_COMPLETE"
    found = tags(stacks, "retagged")
    assert found["One"] == "changed"
    assert "Two" not in found
    assert found["aws:cloudformation:stack-id"] == stack
    assert calls(stacks) == ["DeleteTags", "AddTags"]


@pytest.mark.parametrize(("name", "value"), REPLACING.items())
def test_a_change_of_what_sagemaker_cannot_change_replaces(name: str, value: Any) -> None:
    old = {**PATTERN, "NotebookInstanceName": "n", "Tags": []}
    assert HANDLER.replaces(old, {**old, name: value})
    assert HANDLER.replaces({**old, name: "before"}, old)


@pytest.mark.parametrize(("name", "value"), IN_PLACE.items())
def test_any_other_change_is_made_in_place(name: str, value: Any) -> None:
    old = {**PATTERN, "NotebookInstanceName": "n", "Tags": []}
    assert not HANDLER.replaces(old, {**old, name: value})


def test_a_change_in_place_stops_and_starts_the_notebook(stacks: Stacks) -> None:
    stack = stacks.create(resource("changed"))
    arn = stacks.resource(stack, "Nb")["PhysicalResourceId"]
    stacks.sandbox.clear_journal()
    wanted = {**IN_PLACE}
    assert stacks.update(stack, resource("changed", **wanted)) == "UPDATE_COMPLETE"
    assert calls(stacks) == [
        "StopNotebookInstance",
        "UpdateNotebookInstance",
        "StartNotebookInstance",
    ]
    found = describe(stacks, "changed")
    assert found["NotebookInstanceStatus"] == "InService"
    assert {name: found[name] for name in IN_PLACE} == IN_PLACE
    assert stacks.resource(stack, "Nb")["PhysicalResourceId"] == arn


def test_a_property_that_is_taken_away_is_taken_from_the_notebook(stacks: Stacks) -> None:
    stack = stacks.create(resource("without", DefaultCodeRepository="https://example.com/code"))
    assert stacks.update(stack, resource("without")) == "UPDATE_COMPLETE"
    assert describe(stacks, "without").get("DefaultCodeRepository") is None


def test_a_new_name_makes_another_notebook_and_deletes_the_first(stacks: Stacks) -> None:
    stack = stacks.create(resource("first"))
    assert stacks.update(stack, resource("second")) == "UPDATE_COMPLETE"
    assert describe(stacks, "second")["NotebookInstanceStatus"] == "InService"
    assert not exists(stacks, "first")
    reason = stacks.reasons(stack)["Nb", "UPDATE_IN_PROGRESS"]
    assert reason == "Resource creation Initiated"
    events = stacks.events(stack)
    assert events.index(("Nb", "UPDATE_COMPLETE")) < events.index(("Nb", "DELETE_IN_PROGRESS"))


def test_refuses_to_replace_a_notebook_under_its_own_name(stacks: Stacks) -> None:
    stack = stacks.create(resource("named"))
    moved = resource("named", PlatformIdentifier="notebook-al2-v3")
    assert stacks.update(stack, moved) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.reasons(stack)["Nb", "UPDATE_FAILED"] == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing."
        " Rename named and update the stack again."
    )
    assert describe(stacks, "named")["NotebookInstanceStatus"] == "InService"


def test_a_notebook_that_fails_is_deleted_and_its_reason_told(stacks: Stacks) -> None:
    stacks.sandbox.fail_notebooks("ill", "no capacity left")
    stack = stacks.create(resource("ill"))
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    reason = stacks.reasons(stack)["Nb", "CREATE_FAILED"]
    assert reason.startswith('Resource handler returned message: "no capacity left" (RequestToken:')
    assert reason.endswith("HandlerErrorCode: NotStabilized)")
    assert not exists(stacks, "ill")


def test_fails_when_the_name_is_taken_and_leaves_the_other_alone(stacks: Stacks) -> None:
    taken = {**PATTERN, "NotebookInstanceName": "taken"}
    stacks.sandbox.client("sagemaker").create_notebook_instance(**taken)
    stack = stacks.create(resource("taken"))
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: AlreadyExists" in stacks.reasons(stack)["Nb", "CREATE_FAILED"]
    assert ("Nb", "DELETE_IN_PROGRESS") not in stacks.events(stack)
    assert exists(stacks, "taken")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"InstanceType": "ml.t3.medium"}, "required key [RoleArn] not found"),
        ({"RoleArn": ROLE}, "required key [InstanceType] not found"),
        ({**PATTERN, "Nonsense": 1}, "extraneous key [Nonsense] is not permitted"),
        ({**PATTERN, "InstanceType": "ml.nonsense"}, "HandlerErrorCode: InvalidRequest"),
    ],
)
def test_fails_when_the_properties_are_not_a_notebooks(
    stacks: Stacks, properties: dict[str, Any], words: str
) -> None:
    stack = stacks.create({"Nb": {"Type": notebook.TYPE, "Properties": properties}})
    assert words in stacks.reasons(stack)["Nb", "CREATE_FAILED"]


def test_an_unknown_attribute_fails_the_stack(stacks: Stacks) -> None:
    outputs = {"A": {"Value": {"Fn::GetAtt": "Nb.Nonsense"}}}
    stack = stacks.create(resource("asked"), Outputs=outputs)
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    reason = stacks.reasons(stack)["-", "ROLLBACK_IN_PROGRESS"]
    assert "does not support attribute type Nonsense" in reason


def test_a_notebook_is_stopped_before_it_is_deleted(stacks: Stacks) -> None:
    stack = stacks.create(resource("ended"))
    stacks.sandbox.clear_journal()
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert calls(stacks) == ["StopNotebookInstance", "DeleteNotebookInstance"]
    assert not exists(stacks, "ended")


def test_a_notebook_that_is_gone_already_is_well_deleted(stacks: Stacks) -> None:
    stack = stacks.create(resource("by-hand"))
    sagemaker = stacks.sandbox.client("sagemaker")
    sagemaker.stop_notebook_instance(NotebookInstanceName="by-hand")
    _until(lambda: describe(stacks, "by-hand")["NotebookInstanceStatus"] == "Stopped")
    sagemaker.delete_notebook_instance(NotebookInstanceName="by-hand")
    # Whether it is still being deleted or gone by now makes no difference.
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert not exists(stacks, "by-hand")


def test_a_notebook_that_is_at_rest_is_deleted_without_a_stop(stacks: Stacks) -> None:
    stack = stacks.create(resource("rests"))
    stacks.sandbox.client("sagemaker").stop_notebook_instance(NotebookInstanceName="rests")
    stacks.sandbox.clear_journal()
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert calls(stacks) == ["DeleteNotebookInstance"]


def test_gives_up_on_a_notebook_that_stays_as_it_is(
    stacks: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, as the limit is long."""
    monkeypatch.setattr(notebook, "LIMIT_SECONDS", 0.3)
    stacks.sandbox.pace_notebooks(60)
    started: list[str] = []
    work = replace(_work(stacks), started=started.append)
    try:
        with pytest.raises(ResourceError, match="did not stabilize"):
            HANDLER.create(work, {**PATTERN, "NotebookInstanceName": "slow", "Tags": []})
    finally:
        stacks.sandbox.pace_notebooks(0.1)
    assert [arn.rpartition("/")[2] for arn in started] == ["slow"]


def test_a_cancelled_creation_ends_at_once(stacks: Stacks) -> None:
    work = _work(stacks)
    work.cancelled.set()
    began = time.monotonic()
    with pytest.raises(ResourceError, match="Resource creation cancelled"):
        HANDLER.create(work, {**PATTERN, "NotebookInstanceName": "never", "Tags": []})
    assert time.monotonic() - began < 5


def test_the_reason_of_a_refusal_is_told(stacks: Stacks) -> None:
    """The launcher's rights are what counts, not CloudFormation's."""
    with stacks.sandbox.fork() as copy:
        mine = Stacks(copy)
        mine.client = copy.client("cloudformation", credentials=stack_maker(copy))
        copy.enforce(True)
        stack = mine.create(resource("forbidden"))
        reason = mine.reasons(stack)["Nb", "CREATE_FAILED"]
    assert "is not authorized to perform: sagemaker:CreateNotebookInstance" in reason
    assert reason.endswith("HandlerErrorCode: AccessDenied)")


def _work(stacks: Stacks) -> Any:
    caller = Caller(stacks.sandbox.endpoint, stacks.sandbox.region, "AKIAANYBODYANYBODY00", "any")
    return Work("arn:stack", "stack", "Nb", notebook.TYPE, caller)


def _until(true: Any) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.03)
