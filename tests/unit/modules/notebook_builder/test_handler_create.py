"""The whole function, on a Create: an event in, one answer at a real HTTP server out."""

from __future__ import annotations

from typing import Any

from modules.notebook_builder.aws import Aws
from modules.notebook_builder.handler import RESERVE_SECONDS, handle
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    ENVIRONMENT,
    PROJECT,
    STACK,
    World,
    client_error,
    event,
    owner_tags,
    run,
    subnet,
)

OTHER_STACK = STACK.replace("SC-1", "SC-2")


def test_answers_when_the_notebook_is_in_service(answers: Answers) -> None:
    world = World()
    run(world, event(url=answers.url))
    arn = "arn:aws:sagemaker:r:1:notebook-instance/amys-notebook"
    assert answers.only == {
        "Status": "SUCCESS",
        "Reason": "notebook amys-notebook is in service",
        "PhysicalResourceId": "amys-notebook",
        "StackId": STACK,
        "RequestId": "request-1",
        "LogicalResourceId": "Notebook",
        "Data": {
            "Message": "notebook amys-notebook is in service",
            "NotebookInstanceName": "amys-notebook",
            "NotebookInstanceArn": arn,
            "KmsKeyArn": PROJECT.key_arn,
            "ExecutionRoleArn": PROJECT.execution_role_arn,
        },
    }
    assert world.sagemaker.writes() == ["create"]
    assert world.clock.now >= 60


def test_passes_on_everything_that_governs_the_notebook(answers: Answers) -> None:
    world = World()
    run(world, event(url=answers.url))
    (arguments,) = world.sagemaker.arguments
    tags = {tag["Key"]: tag["Value"] for tag in arguments.pop("Tags")}
    assert arguments == {
        "NotebookInstanceName": "amys-notebook",
        "InstanceType": "ml.t3.medium",
        "SubnetId": "subnet-1",
        "SecurityGroupIds": ["sg-1"],
        "RoleArn": PROJECT.execution_role_arn,
        "KmsKeyId": PROJECT.key_arn,
        "VolumeSizeInGB": 20,
        "RootAccess": "Disabled",
        "DirectInternetAccess": "Disabled",
        "PlatformIdentifier": "notebook-al2023-v1",
        "LifecycleConfigName": "Provisioned-LC-alpha",
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
    }
    assert tags == {
        "ProjectName": "alpha",
        "ProjectID": "QuickStart007",
        "EnvironmentName": "Dev",
        "LaunchedBy": "AROAENDUSERS:amy@example.com",
        **owner_tags(),
    }


def test_leaves_out_a_lifecycle_configuration_that_is_not_wanted(answers: Answers) -> None:
    world = World()
    run(world, event(url=answers.url, LifecycleConfigName=""))
    assert "LifecycleConfigName" not in world.sagemaker.arguments[0]
    assert answers.only["Status"] == "SUCCESS"


def test_a_retry_finds_its_own_notebook_and_makes_no_second(answers: Answers) -> None:
    world = World()
    world.sagemaker.add("Pending", owner=owner_tags("request-1"))
    world.sagemaker.notebooks["amys-notebook"].coming = [(120, "InService")]
    run(world, event(url=answers.url))
    assert world.sagemaker.writes() == []
    assert answers.only["Status"] == "SUCCESS"


def test_fails_on_somebody_elses_notebook_and_its_rollback_leaves_it_alone(
    answers: Answers,
) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0", OTHER_STACK))
    run(world, event(url=answers.url))
    refusal = answers.puts[0]
    assert refusal["Status"] == "FAILED"
    assert "exists already" in refusal["Reason"]
    physical_id = refusal["PhysicalResourceId"]
    run(world, event("Delete", url=answers.url, request="r2", physical_id=physical_id))
    assert answers.puts[1]["Status"] == "SUCCESS"
    assert answers.puts[1]["PhysicalResourceId"] == physical_id
    assert world.sagemaker.writes() == []
    assert world.sagemaker.status() == "InService"


def test_fails_with_sagemakers_reason_when_the_notebook_fails(answers: Answers) -> None:
    world = World(ends="Failed")
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert answers.only["Reason"] == ("notebook amys-notebook failed: SageMaker gives no reason")
    assert answers.only["PhysicalResourceId"] == "amys-notebook"


def test_answers_before_the_deadline_when_the_notebook_takes_too_long(answers: Answers) -> None:
    world = World(seconds=5000)
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert answers.only["Reason"] == ("ran out of time: notebook amys-notebook is Pending")
    assert 900 - RESERVE_SECONDS <= world.clock.now < 900


def test_rollback_waits_out_pending_and_cleans_up(answers: Answers) -> None:
    world = World(seconds=1000)
    run(world, event(url=answers.url))
    world.clock.limit = world.clock.now + 900
    world.sagemaker.seconds = 60
    run(world, event("Delete", url=answers.url, request="r2"))
    assert [put["Status"] for put in answers.puts] == ["FAILED", "SUCCESS"]
    assert world.sagemaker.notebooks == {}


def test_survives_a_create_whose_answer_was_lost(answers: Answers) -> None:
    world = World()

    class Lossy:
        """Accepts the first create and loses the connection afterwards."""

        lost = False

        def __getattr__(self, name: str) -> Any:
            return getattr(world.sagemaker, name)

        def create_notebook_instance(self, **arguments: Any) -> None:
            world.sagemaker.create_notebook_instance(**arguments)
            if not self.lost:
                self.lost = True
                raise client_error("InternalFailure", status=500)

    lossy = Lossy()
    handle(
        event(url=answers.url),
        world.clock,
        connect=lambda project: Aws(lossy, world.ec2, world.cloudformation, project),
        environment=ENVIRONMENT,
        sleep=world.clock.sleep,
    )
    assert world.sagemaker.writes() == ["create"]
    assert answers.only["Status"] == "SUCCESS"


def test_refuses_a_subnet_of_the_vpc_that_is_not_the_projects(answers: Answers) -> None:
    world = World()
    world.ec2.items["describe_subnets"].append(subnet("subnet-2", "public"))
    run(world, event(url=answers.url, SubnetName="public"))
    assert answers.only["Status"] == "FAILED"
    assert answers.only["Reason"] == (
        "subnet subnet-2 is not the one of project alpha, allowed: subnet-1"
    )
    assert world.sagemaker.writes() == []


def test_a_late_repetition_makes_nothing_for_a_stack_that_is_undone(answers: Answers) -> None:
    world = World()
    world.cloudformation.status = "ROLLBACK_COMPLETE"
    run(world, event(url=answers.url))
    assert answers.only["Reason"] == (
        "the stack is ROLLBACK_COMPLETE: nothing is built for it any more"
    )
    assert world.sagemaker.writes() == []


def test_a_notebook_of_no_known_launcher_is_nobodys(answers: Answers) -> None:
    world = World()
    world.cloudformation.launched_by = None
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "SUCCESS"
    assert "LaunchedBy" not in world.sagemaker.notebooks["amys-notebook"].tags


def test_waits_for_the_tags_of_its_own_notebook_before_it_judges(answers: Answers) -> None:
    world = World()
    world.sagemaker.add("Pending", owner=owner_tags("request-1"))
    made = world.sagemaker.notebooks["amys-notebook"]
    made.coming = [(5, "InService")]
    tags, made.tags = made.tags, {}
    sleep = world.clock.sleep

    def tagged_after_20_seconds(seconds: float) -> None:
        sleep(seconds)
        made.tags = tags if world.clock.now >= 20 else {}

    handle(
        event(url=answers.url),
        world.clock,
        connect=world.connect(),
        environment=ENVIRONMENT,
        sleep=tagged_after_20_seconds,
    )
    assert answers.only["Status"] == "SUCCESS"
    assert 20 <= world.clock.now <= 30
