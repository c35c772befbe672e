"""The whole function: an event in, one answer at a real HTTP server out."""

from __future__ import annotations

import logging
import time
from typing import Any

import boto3
import pytest
from moto import mock_aws

from modules.notebook_builder import handler as module
from modules.notebook_builder.answer import NotDeliveredError
from modules.notebook_builder.aws import Aws
from modules.notebook_builder.handler import RESERVE_SECONDS, handle
from modules.notebook_builder.request import Project
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    ENVIRONMENT,
    PROJECT,
    STACK,
    World,
    client_error,
    event,
    owner_tags,
)

OTHER_STACK = STACK.replace("SC-1", "SC-2")


def run(world: World, sent: dict[str, Any]) -> None:
    handle(
        sent,
        world.clock,
        connect=world.connect(),
        environment=ENVIRONMENT,
        sleep=world.clock.sleep,
    )


class TestCreate:
    def test_answers_when_the_notebook_is_in_service(self, answers: Answers) -> None:
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

    def test_passes_on_everything_that_governs_the_notebook(self, answers: Answers) -> None:
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

    def test_leaves_out_a_lifecycle_configuration_that_is_not_wanted(
        self, answers: Answers
    ) -> None:
        world = World()
        run(world, event(url=answers.url, LifecycleConfigName=""))
        assert "LifecycleConfigName" not in world.sagemaker.arguments[0]
        assert answers.only["Status"] == "SUCCESS"

    def test_a_retry_finds_its_own_notebook_and_makes_no_second(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add("Pending", owner=owner_tags("request-1"))
        world.sagemaker.notebooks["amys-notebook"].coming = [(120, "InService")]
        run(world, event(url=answers.url))
        assert world.sagemaker.writes() == []
        assert answers.only["Status"] == "SUCCESS"

    def test_fails_on_somebody_elses_notebook_and_its_rollback_leaves_it_alone(
        self, answers: Answers
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

    def test_fails_with_sagemakers_reason_when_the_notebook_fails(self, answers: Answers) -> None:
        world = World(ends="Failed")
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert answers.only["Reason"] == (
            "notebook amys-notebook failed: SageMaker gives no reason"
        )
        assert answers.only["PhysicalResourceId"] == "amys-notebook"

    def test_answers_before_the_deadline_when_the_notebook_takes_too_long(
        self, answers: Answers
    ) -> None:
        world = World(seconds=5000)
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert answers.only["Reason"] == ("ran out of time: notebook amys-notebook is Pending")
        assert 900 - RESERVE_SECONDS <= world.clock.now < 900

    def test_rollback_waits_out_pending_and_cleans_up(self, answers: Answers) -> None:
        world = World(seconds=1000)
        run(world, event(url=answers.url))
        world.clock.limit = world.clock.now + 900
        world.sagemaker.seconds = 60
        run(world, event("Delete", url=answers.url, request="r2"))
        assert [put["Status"] for put in answers.puts] == ["FAILED", "SUCCESS"]
        assert world.sagemaker.notebooks == {}

    def test_survives_a_create_whose_answer_was_lost(self, answers: Answers) -> None:
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


class TestUpdate:
    def test_changes_in_place_what_can_be_changed(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        run(
            world,
            event(
                "Update",
                url=answers.url,
                NotebookInstanceType="ml.m5.xlarge",
                VolumeSizeInGB="50",
                RootAccess="Enabled",
                LifecycleConfigName="Provisioned-LC-S3-alpha",
            ),
        )
        assert answers.only["Status"] == "SUCCESS"
        assert answers.only["PhysicalResourceId"] == "amys-notebook"
        assert world.sagemaker.writes() == ["stop", "update", "start"]
        assert world.sagemaker.arguments == [
            {
                "InstanceType": "ml.m5.xlarge",
                "VolumeSizeInGB": 50,
                "RootAccess": "Enabled",
                "LifecycleConfigName": "Provisioned-LC-S3-alpha",
            }
        ]
        assert world.sagemaker.status() == "InService"

    def test_does_nothing_to_a_notebook_that_is_as_wanted(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        run(world, event("Update", url=answers.url))
        assert world.sagemaker.writes() == []
        assert answers.only["Status"] == "SUCCESS"

    def test_replaces_under_a_new_name_and_the_old_one_is_deleted_after(
        self, answers: Answers
    ) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        run(world, event("Update", url=answers.url, NotebookInstanceName="second"))
        assert answers.only["PhysicalResourceId"] == "second"
        assert sorted(world.sagemaker.notebooks) == ["amys-notebook", "second"]
        run(world, event("Delete", url=answers.url, request="r3"))
        assert list(world.sagemaker.notebooks) == ["second"]

    def test_fails_when_the_disk_would_shrink_and_touches_nothing(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"), VolumeSizeInGB=50)
        run(world, event("Update", url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert answers.only["Reason"] == (
            "a volume of 50 GB cannot shrink to 20 GB: this takes a new notebook, "
            "give it another NotebookInstanceName"
        )
        assert world.sagemaker.writes() == []

    def test_a_rollback_of_a_grown_disk_does_not_strand_the_stack(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add("Failed", owner=owner_tags("request-0"), VolumeSizeInGB=50)
        world.cloudformation.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        run(world, event("Update", url=answers.url))
        assert answers.only["Status"] == "SUCCESS"
        assert world.sagemaker.writes() == ["start"]

    def test_fails_on_a_notebook_of_another_stack(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0", OTHER_STACK))
        run(world, event("Update", url=answers.url, NotebookInstanceType="ml.m5.xlarge"))
        assert answers.only["Status"] == "FAILED"
        assert world.sagemaker.writes() == []

    def test_a_retry_goes_on_where_the_first_attempt_was_cut_off(self, answers: Answers) -> None:
        world = World(limit=900)
        world.sagemaker.add("Stopped", owner=owner_tags("request-0"))
        run(world, event("Update", url=answers.url, NotebookInstanceType="ml.m5.xlarge"))
        assert world.sagemaker.writes() == ["update", "start"]
        assert answers.only["Status"] == "SUCCESS"


class TestDelete:
    @pytest.mark.parametrize(
        ("status", "writes"),
        [
            ("InService", ["stop", "delete"]),
            ("Stopped", ["delete"]),
            ("Failed", ["delete"]),
        ],
    )
    def test_stops_deletes_and_waits_until_it_is_gone(
        self, answers: Answers, status: str, writes: list[str]
    ) -> None:
        world = World()
        world.sagemaker.add(status, owner=owner_tags("request-0"))
        run(world, event("Delete", url=answers.url, request="r2"))
        assert answers.only["Status"] == "SUCCESS"
        assert world.sagemaker.writes() == writes
        assert world.sagemaker.notebooks == {}

    @pytest.mark.parametrize("status", ["Pending", "Updating", "Stopping", "Deleting"])
    def test_waits_out_what_passes_by_itself(self, answers: Answers, status: str) -> None:
        world = World()
        world.sagemaker.add(status, owner=owner_tags("request-0"))
        follows = "gone" if status == "Deleting" else "Stopped"
        world.sagemaker.notebooks["amys-notebook"].coming = [(100, follows)]
        run(world, event("Delete", url=answers.url, request="r2"))
        assert answers.only["Status"] == "SUCCESS"
        assert world.sagemaker.notebooks == {}
        assert world.clock.now >= 100

    def test_succeeds_when_there_is_none(self, answers: Answers) -> None:
        run(World(), event("Delete", url=answers.url))
        assert answers.only["Status"] == "SUCCESS"
        assert answers.only["PhysicalResourceId"] == "amys-notebook"

    def test_does_not_take_being_refused_for_being_gone(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        world.sagemaker.faults["describe"] = [client_error("AccessDeniedException", "no")]
        run(world, event("Delete", url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert "AccessDeniedException" in answers.only["Reason"]

    def test_works_whatever_the_properties(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        sent = event("Delete", url=answers.url, VolumeSizeInGB="a lot", ProjectName="other")
        run(world, sent)
        assert answers.only["Status"] == "SUCCESS"
        assert world.sagemaker.notebooks == {}

    @pytest.mark.parametrize(
        "physical_id", ["no_notebook", "2024/04/30/[$LATEST]ab", "-x", "a" * 64]
    )
    def test_succeeds_without_asking_for_what_no_notebook_can_be_named(
        self, answers: Answers, physical_id: str
    ) -> None:
        world = World()
        run(world, event("Delete", url=answers.url, physical_id=physical_id))
        assert answers.only["Status"] == "SUCCESS"
        assert answers.only["PhysicalResourceId"] == physical_id
        assert world.sagemaker.calls == []

    def test_answers_failed_when_the_notebook_never_goes(self, answers: Answers) -> None:
        world = World(seconds=5000)
        world.sagemaker.add(owner=owner_tags("request-0"))
        run(world, event("Delete", url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert "Stopping" in answers.only["Reason"]


class TestFaults:
    @pytest.mark.parametrize(
        "fault",
        [client_error("ThrottlingException", "slow down"), client_error("Unknown", status=503)],
        ids=["throttled", "unavailable"],
    )
    @pytest.mark.parametrize("operation", ["describe", "create", "tags"])
    def test_a_passing_fault_is_waited_out(
        self, answers: Answers, operation: str, fault: Exception
    ) -> None:
        world = World()
        world.sagemaker.faults[operation] = [fault, fault]
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "SUCCESS"

    def test_a_lasting_fault_is_the_reason_of_the_timeout(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.faults["describe"] = [
            client_error("ThrottlingException", "slow down")
        ] * 500
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert "ran out of time" in answers.only["Reason"]
        assert "slow down" in answers.only["Reason"]

    def test_a_state_that_moved_between_look_and_write_is_looked_at_again(
        self, answers: Answers
    ) -> None:
        world = World()
        world.sagemaker.add(owner=owner_tags("request-0"))
        moved = client_error("ValidationException", "Status (Updating). Unable to transition to")
        world.sagemaker.faults["stop"] = [moved]
        run(world, event("Delete", url=answers.url))
        assert answers.only["Status"] == "SUCCESS"
        assert world.sagemaker.writes() == ["stop", "stop", "delete"]

    def test_a_refused_write_is_answered_with_sagemakers_words(self, answers: Answers) -> None:
        world = World()
        refusal = client_error("ResourceLimitExceeded", "no more ml.t3.medium for you")
        world.sagemaker.faults["create"] = [refusal]
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert "no more ml.t3.medium for you" in answers.only["Reason"]

    def test_a_long_reason_still_fits_cloudformations_limit(self, answers: Answers) -> None:
        world = World()
        world.sagemaker.faults["create"] = [
            client_error("ValidationException", "\N{SNOWMAN}" * 5000)
        ]
        run(world, event(url=answers.url))
        assert answers.only["Status"] == "FAILED"
        assert int(answers.headers[0]["Content-Length"]) <= 4096

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"VolumeSizeInGB": "4"}, "VolumeSizeInGB is '4'"),
            ({"DirectInternetAccess": "Enabled"}, "DirectInternetAccess is 'Enabled'"),
            ({"ProjectName": "beta"}, "ProjectName is 'beta', allowed: alpha"),
        ],
    )
    def test_bad_properties_are_answered_and_nothing_is_asked(
        self, answers: Answers, changed: dict[str, str], reason: str
    ) -> None:
        world = World()
        run(world, event(url=answers.url, **changed))
        assert answers.only["Status"] == "FAILED"
        assert reason in answers.only["Reason"]
        assert world.sagemaker.calls == []

    def test_a_missing_environment_variable_is_answered(self, answers: Answers) -> None:
        world = World()
        handle(event(url=answers.url), world.clock, connect=world.connect(), environment={})
        assert answers.only["Status"] == "FAILED"
        assert "VPC_ID" in answers.only["Reason"]

    def test_an_impossible_name_gets_a_physical_id_that_is_nobodys(self, answers: Answers) -> None:
        run(World(), event(url=answers.url, NotebookInstanceName="not/a/name"))
        assert answers.only["Status"] == "FAILED"
        assert answers.only["PhysicalResourceId"] == "no_notebook"

    def test_the_alarm_answers_when_a_call_hangs(
        self, answers: Answers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "ALARM_SECONDS", 899.8)
        world = World()

        def hang(**_arguments: Any) -> Any:
            try:
                time.sleep(30)
            except Exception:  # noqa: BLE001 - what botocore does; the alarm must pass through
                return {}

        monkeypatch.setattr(world.sagemaker, "describe_notebook_instance", hang)
        started = time.monotonic()
        run(world, event(url=answers.url))
        assert time.monotonic() - started < 10
        assert answers.only["Status"] == "FAILED"
        assert answers.only["Reason"] == "ran out of time while waiting for AWS"

    def test_an_answer_that_cannot_be_delivered_makes_lambda_retry(self, answers: Answers) -> None:
        answers.statuses = [403]
        with pytest.raises(NotDeliveredError, match="HTTP 403"):
            run(World(), event(url=answers.url))
        assert len(answers.puts) == 1


def test_the_log_tells_the_steps_and_never_the_url(
    answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        run(World(), event(url=answers.url))
        answers.statuses = [500, 500, 500]
        with pytest.raises(NotDeliveredError) as raised:
            run(World(), event(url=answers.url))
    assert '"step": "Create"' in caplog.text
    assert '"status": "InService"' in caplog.text
    for text in (caplog.text, str(raised.value)):
        assert "Signature" not in text
        assert "secret" not in text


@mock_aws
def test_creates_and_deletes_through_real_clients(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """botocore checks every argument's name and type; moto stores what it is given."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    ec2: Any = boto3.client("ec2", region_name="eu-west-1")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d")["GroupId"]
    for id_, name in ((subnet, "ProSM-ResourceSubnet"), (group, "ProSM-ResourceSG")):
        ec2.create_tags(Resources=[id_], Tags=[{"Key": "Name", "Value": name}])
    world = World()
    environment = {
        **ENVIRONMENT,
        "VPC_ID": vpc,
        "SUBNET_ID": subnet,
        "SECURITY_GROUP_ID": group,
    }

    def connect(project: Project) -> Aws:
        aws = module.connect(project)
        aws._cloudformation = world.cloudformation  # moto's stacks are finished at once
        return aws

    def invoke(sent: dict[str, Any]) -> None:
        handle(
            sent,
            world.clock,
            connect=connect,
            environment=environment,
            sleep=world.clock.sleep,
        )

    invoke(event(url=answers.url))
    assert answers.puts[0]["Status"] == "SUCCESS", answers.puts
    sagemaker: Any = boto3.client("sagemaker", region_name="eu-west-1")
    made = sagemaker.describe_notebook_instance(NotebookInstanceName="amys-notebook")
    assert (made["SubnetId"], made["SecurityGroups"]) == (subnet, [group])
    assert made["DirectInternetAccess"] == "Disabled"
    invoke(event("Delete", url=answers.url, request="r2"))
    assert answers.puts[1]["Status"] == "SUCCESS", answers.puts
    assert sagemaker.list_notebook_instances()["NotebookInstances"] == []


def test_connect_makes_clients_that_cannot_outlive_the_alarm_for_long() -> None:
    config: Any = module.CLIENT_CONFIG
    assert config.connect_timeout == 5
    assert config.read_timeout == 15
    assert config.retries["total_max_attempts"] == 3


def test_project_is_read_from_the_environment() -> None:
    assert Project.from_environment(ENVIRONMENT) == PROJECT
