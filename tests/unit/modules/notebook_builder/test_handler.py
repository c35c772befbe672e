"""The whole function: an event in, one answer at a real HTTP server out."""

from __future__ import annotations

import logging
from typing import Any

import boto3
import pytest
from moto import mock_aws

from modules.notebook_builder import handler as module
from modules.notebook_builder.answer import NotDeliveredError
from modules.notebook_builder.aws import Aws
from modules.notebook_builder.handler import PAUSE_SECONDS, handle
from modules.notebook_builder.request import Project
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    ENVIRONMENT,
    PROJECT,
    World,
    event,
    owner_tags,
    run,
)


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
        world.cloudformation.kind = sent["RequestType"]
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


def test_what_is_done_quickly_is_answered_quickly(answers: Answers) -> None:
    world = World(seconds=0.4)
    run(world, event(url=answers.url))
    assert world.clock.slept == [0.5]
    slow = World(seconds=60)
    run(slow, event(url=answers.url))
    assert slow.clock.slept == [0.5, 1, 2, 4, 8, 10, 10, 10, 10, 10]
    assert max(PAUSE_SECONDS) == 10


def test_pauses_begin_anew_after_a_write(answers: Answers) -> None:
    world = World(seconds=3)
    world.sagemaker.add(owner=owner_tags("request-0"))
    run(world, event("Update", url=answers.url, NotebookInstanceType="ml.m5.xlarge"))
    assert world.sagemaker.writes() == ["stop", "update", "start"]
    assert world.clock.slept == [0.5, 1, 2] * 3
