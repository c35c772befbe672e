from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore import exceptions
from botocore.stub import Stubber

from modules.notebook_builder.aws import Aws, is_overtaken, is_transient
from modules.notebook_builder.request import InvalidRequestError, Owner, parse
from modules.notebook_builder.situation import Change, Create, Place, Stack
from tests.unit.modules.notebook_builder.world import (
    AMY,
    PROJECT,
    STACK,
    World,
    client_error,
    event,
    group,
    owner_tags,
    subnet,
)


def wanted(**changed: str) -> Any:
    return parse(event(**changed), PROJECT).wanted


class TestPlace:
    def test_is_found_by_name_in_the_vpc_alone(self) -> None:
        world = World()
        assert world.aws().place(wanted()) == Place("subnet-1", "sg-1")
        assert world.ec2.filters == [[{"Name": "vpc-id", "Values": ["vpc-1"]}]] * 2

    def test_is_found_by_id(self) -> None:
        by_id = wanted(SubnetName="subnet-1", SecurityGroupName="sg-1")
        assert World().aws().place(by_id) == Place("subnet-1", "sg-1")

    def test_fails_when_two_carry_the_name_even_pages_apart(self) -> None:
        world = World()
        world.ec2.items["describe_subnets"].append(subnet("subnet-2", "ProSM-ResourceSubnet"))
        with pytest.raises(InvalidRequestError) as raised:
            world.aws().place(wanted())
        assert str(raised.value) == (
            "'ProSM-ResourceSubnet' names 2 of the Subnets of vpc-1 (by id or Name tag), "
            "needed: exactly one, found subnet-1, subnet-2"
        )

    def test_fails_when_none_carries_the_name(self) -> None:
        world = World()
        world.ec2.items["describe_security_groups"] = [group("sg-1", None), group("sg-2", "other")]
        with pytest.raises(InvalidRequestError, match="names 0 of the SecurityGroups of vpc-1"):
            world.aws().place(wanted())

    @pytest.mark.parametrize("pattern", ["*", "ProSM-*", "ProSM-ResourceSubne?"])
    def test_takes_no_wildcard(self, pattern: str) -> None:
        with pytest.raises(InvalidRequestError, match="names 0 of the Subnets"):
            World().aws().place(wanted(SubnetName=pattern))


class TestNotebook:
    def test_none_means_that_sagemaker_says_so(self) -> None:
        assert World().aws().notebook("amys-notebook") is None

    @pytest.mark.parametrize(
        "error",
        [
            client_error("AccessDeniedException", "RecordNotFound"),
            client_error("ValidationException", "something else"),
            client_error("ThrottlingException"),
        ],
    )
    @pytest.mark.parametrize("operation", ["describe", "tags"])
    def test_every_other_error_is_raised(self, operation: str, error: Exception) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags())
        world.sagemaker.faults[operation] = [error]
        with pytest.raises(type(error)):
            world.aws().notebook("amys-notebook")

    def test_knows_its_owner_by_tags_of_several_pages(self) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-7"))
        notebook = world.aws().notebook("amys-notebook")
        assert notebook is not None
        assert notebook.owner == Owner(STACK, "Notebook", "request-7")

    @pytest.mark.parametrize("missing", sorted(owner_tags()))
    def test_has_no_owner_when_a_tag_is_missing(self, missing: str) -> None:
        world = World()
        tags = owner_tags()
        del tags[missing]
        world.sagemaker.add(owner=tags)
        notebook = world.aws().notebook("amys-notebook")
        assert notebook is not None
        assert notebook.owner is None

    def test_tells_no_tags_at_all_from_tags_of_somebody_else(self) -> None:
        world = World()
        world.sagemaker.add(owner=None)
        tagged = world.aws().notebook("amys-notebook")
        world.sagemaker.notebooks["amys-notebook"].tags.clear()
        untagged = world.aws().notebook("amys-notebook")
        assert tagged
        assert untagged
        assert (tagged.tagged, untagged.tagged) == (True, False)

    def test_a_reason_that_is_absent_is_none(self) -> None:
        world = World()
        world.sagemaker.add("Failed", owner=None)
        notebook = world.aws().notebook("amys-notebook")
        assert notebook is not None
        assert notebook.failure_reason is None

    def test_two_security_groups_are_not_the_one_that_is_wanted(self) -> None:
        world = World()
        world.sagemaker.add(owner=None, SecurityGroups=["sg-1", "sg-2"])
        notebook = world.aws().notebook("amys-notebook")
        assert notebook is not None
        assert notebook.place.security_group_id == "['sg-1', 'sg-2']"


class TestPerform:
    def test_changes_have_the_shape_that_sagemaker_takes(self) -> None:
        client: Any = boto3.client(
            "sagemaker", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        changes = {
            "InstanceType": "ml.m5.xlarge",
            "VolumeSizeInGB": 50,
            "RootAccess": "Enabled",
            "DisassociateLifecycleConfig": True,
        }
        world = World()
        aws = Aws(client, world.ec2, world.cloudformation, PROJECT)
        with Stubber(client) as stubber:
            expected = {"NotebookInstanceName": "n", **changes}
            stubber.add_response("update_notebook_instance", {}, expected)
            aws.perform(Change(changes), "n", parse(event("Update"), PROJECT))
            stubber.assert_no_pending_responses()

    def test_does_not_create_without_knowing_what(self) -> None:
        step = Create(Place("subnet-1", "sg-1"))
        with pytest.raises(ValueError, match="Create needs to know what is wanted"):
            World().aws().perform(step, "n", parse(event("Delete"), PROJECT))

    @pytest.mark.parametrize("launcher", [None, "AROA:amy"])
    def test_a_notebook_is_tagged_with_its_launcher_if_there_is_one(
        self, launcher: str | None
    ) -> None:
        world = World()
        step = Create(Place("subnet-1", "sg-1"), launcher)
        world.aws().perform(step, "amys-notebook", parse(event(), PROJECT))
        assert world.sagemaker.notebooks["amys-notebook"].tags.get("LaunchedBy") == launcher


class TestStack:
    def test_has_a_status_and_a_launcher(self) -> None:
        world = World()
        world.cloudformation.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        assert world.aws().stack(STACK) == Stack("UPDATE_ROLLBACK_IN_PROGRESS", AMY)

    def test_is_asked_for_and_read_in_cloudformations_own_shape(self) -> None:
        client: Any = boto3.client(
            "cloudformation",
            region_name="eu-west-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        answer = {
            "StackName": "SC-1",
            "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
            "StackStatus": "CREATE_IN_PROGRESS",
            "Tags": [{"Key": "aws:servicecatalog:provisioningPrincipalArn", "Value": AMY}],
        }
        with Stubber(client) as stubber:
            stubber.add_response("describe_stacks", {"Stacks": [answer]}, {"StackName": STACK})
            aws = Aws(World().sagemaker, World().ec2, client, PROJECT)
            assert aws.stack(STACK) == Stack("CREATE_IN_PROGRESS", AMY)

    def test_of_nobodys_launch_has_none(self) -> None:
        world = World()
        world.cloudformation.launched_by = None
        assert world.aws().stack(STACK) == Stack("UPDATE_IN_PROGRESS", None)

    def test_that_is_forgotten_is_deleted(self) -> None:
        world = World()
        world.cloudformation.fault = client_error(
            "ValidationError", f"Stack with id {STACK} does not exist"
        )
        assert world.aws().stack(STACK) == Stack("DELETE_COMPLETE", None)

    @pytest.mark.parametrize(
        "fault",
        [client_error("AccessDenied", "does not exist"), client_error("ValidationError", "bad")],
    )
    def test_that_cannot_be_asked_for_is_an_error(self, fault: Exception) -> None:
        world = World()
        world.cloudformation.fault = fault
        with pytest.raises(type(fault)):
            world.aws().stack(STACK)


@pytest.mark.parametrize(
    ("error", "transient", "overtaken"),
    [
        (client_error("ThrottlingException"), True, False),
        (client_error("Whatever", status=500), True, False),
        (exceptions.EndpointConnectionError(endpoint_url="u"), True, False),
        (exceptions.ReadTimeoutError(endpoint_url="u"), True, False),
        (client_error("AccessDeniedException"), False, False),
        (client_error("ValidationException", "1 validation error"), False, False),
        (client_error("ValidationException", "Unable to transition to (Stopping)"), False, True),
        (client_error("ValidationException", "Cannot create a duplicate (arn)"), False, True),
        (client_error("ValidationException", "RecordNotFound"), False, True),
        (client_error("AccessDeniedException", "RecordNotFound"), False, False),
        (ValueError("RecordNotFound"), False, False),
    ],
)
def test_errors_are_told_apart(error: Exception, transient: bool, overtaken: bool) -> None:
    assert (is_transient(error), is_overtaken(error)) == (transient, overtaken)
