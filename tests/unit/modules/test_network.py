from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.network import (
    INTERFACE_SERVICES,
    Lookup,
    NotebookNetwork,
    NotebookPlacement,
    endpoint_service_name,
)
from modules.policies.endpoint import (
    interface_endpoint_policy,
    notebook_endpoint_policy,
    s3_endpoint_policy,
)
from tests.unit.modules.plain_terraform import ENV, new_stack, policy_of, synthesise

VPC = "${data.aws_vpc.Network_Vpc.id}"
PREFIX = "com.amazonaws"


def _network(stack: TerraformStack, **changes: Any) -> NotebookNetwork:
    given: dict[str, Any] = {
        "env": ENV,
        "vpc": Lookup(name="ProSM-VPC"),
        "route_tables": [Lookup(name="ProSM-RouteTable"), Lookup(id="rtb-2")],
        "endpoint_subnets": [Lookup(name="ProSM-ResourceSubnet"), Lookup(id="subnet-2")],
        "security_group": Lookup(name="ProSM-ResourceSG"),
        "bucket_names": ["data", "code"],
        "dns_prefix": PREFIX,
        "services": ["sts"],
    }
    return NotebookNetwork(stack, "Network", **given | changes)


def _placement(stack: TerraformStack, **changes: Any) -> NotebookPlacement:
    given: dict[str, Any] = {
        "env": ENV,
        "vpc": Lookup(id="vpc-1"),
        "subnet": Lookup(name="ProSM-ResourceSubnet"),
        "security_group": Lookup(id="sg-1"),
    }
    return NotebookPlacement(stack, "Placement", **given | changes)


@pytest.mark.parametrize(
    ("service", "prefix", "name"),
    [
        ("s3", "com.amazonaws", "com.amazonaws.r-1.s3"),
        ("sagemaker.api", "com.amazonaws", "com.amazonaws.r-1.sagemaker.api"),
        ("notebook", "com.amazonaws", "aws.sagemaker.r-1.notebook"),
        ("notebook", "cn.com.amazonaws", "aws.sagemaker.r-1.notebook"),
        ("ecr.dkr", "cn.com.amazonaws", "cn.com.amazonaws.r-1.ecr.dkr"),
        ("sts", "cn.com.amazonaws", "cn.com.amazonaws.r-1.sts"),
        ("s3", "cn.com.amazonaws", "com.amazonaws.r-1.s3"),
        ("kms", "cn.com.amazonaws", "com.amazonaws.r-1.kms"),
        ("logs", "cn.com.amazonaws", "com.amazonaws.r-1.logs"),
    ],
)
def test_service_names(service: str, prefix: str, name: str) -> None:
    assert endpoint_service_name(service, "r-1", prefix) == name


@pytest.mark.parametrize(
    ("id_", "name"), [(None, None), ("", ""), ("vpc-1", "ProSM-VPC"), (None, "")]
)
def test_a_lookup_fails_unless_exactly_one_is_given(id_: str | None, name: str | None) -> None:
    with pytest.raises(ValueError, match="give either id or name, got id="):
        Lookup(id=id_, name=name)


@pytest.mark.parametrize("name", ["*", "ProSM-*", "ProSM-VP?"])
def test_a_lookup_fails_on_a_name_that_matches_others(name: str) -> None:
    with pytest.raises(ValueError, match="must not hold"):
        Lookup(name=name)


def test_finds_what_is_there_by_id_or_by_name() -> None:
    stack = new_stack()
    _network(stack)
    data = synthesise(stack)["data"]
    assert data == {
        "aws_vpc": {"Network_Vpc": {"filter": _named("ProSM-VPC")}},
        "aws_route_table": {
            "Network_RouteTable0": {"vpc_id": VPC, "filter": _named("ProSM-RouteTable")},
            "Network_RouteTable1": {"vpc_id": VPC, "route_table_id": "rtb-2"},
        },
        "aws_subnet": {
            "Network_Subnet0": {"vpc_id": VPC, "filter": _named("ProSM-ResourceSubnet")},
            "Network_Subnet1": {"vpc_id": VPC, "id": "subnet-2"},
        },
        "aws_security_group": {
            "Network_NotebookSecurityGroup": {
                "vpc_id": VPC,
                "filter": _named("ProSM-ResourceSG"),
            }
        },
    }


def test_the_s3_endpoint_is_on_every_route_table() -> None:
    stack = new_stack()
    _network(stack)
    body = synthesise(stack)["resource"]["aws_vpc_endpoint"]["Network_S3Endpoint"]
    assert policy_of(body) == s3_endpoint_policy(env=ENV, bucket_names=["data", "code"])
    del body["policy"]
    assert body == {
        "vpc_id": VPC,
        "service_name": "com.amazonaws.us-gov-west-1.s3",
        "vpc_endpoint_type": "Gateway",
        "route_table_ids": [
            "${data.aws_route_table.Network_RouteTable0.id}",
            "${data.aws_route_table.Network_RouteTable1.id}",
        ],
        "tags": {"Name": "s3-endpoint"},
    }


def test_interface_endpoints_answer_privately_in_their_subnets() -> None:
    stack = new_stack()
    _network(stack)
    body = synthesise(stack)["resource"]["aws_vpc_endpoint"]["Network_StsEndpoint"]
    assert policy_of(body) == interface_endpoint_policy(env=ENV)
    del body["policy"]
    assert body == {
        "vpc_id": VPC,
        "service_name": "com.amazonaws.us-gov-west-1.sts",
        "vpc_endpoint_type": "Interface",
        "private_dns_enabled": True,
        "subnet_ids": [
            "${data.aws_subnet.Network_Subnet0.id}",
            "${data.aws_subnet.Network_Subnet1.id}",
        ],
        "security_group_ids": ["${aws_security_group.Network_SecurityGroup.id}"],
        "tags": {"Name": "sts-endpoint"},
    }


def test_the_endpoints_admit_https_from_the_notebooks_and_nothing_else() -> None:
    stack = new_stack()
    _network(stack)
    resources = synthesise(stack)["resource"]
    group = resources["aws_security_group"]["Network_SecurityGroup"]
    assert group["vpc_id"] == VPC
    (rule,) = group["ingress"]
    assert {key: value for key, value in rule.items() if value is not None} == {
        "description": "HTTPS from the notebooks",
        "protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "security_groups": ["${data.aws_security_group.Network_NotebookSecurityGroup.id}"],
    }
    assert "egress" not in group
    assert set(resources) == {"aws_security_group", "aws_vpc_endpoint"}


def test_jupyter_itself_is_fenced_by_notebook_not_by_caller() -> None:
    stack = new_stack()
    _network(stack, services=["notebook"])
    body = synthesise(stack)["resource"]["aws_vpc_endpoint"]["Network_NotebookEndpoint"]
    assert policy_of(body) == notebook_endpoint_policy(env=ENV)
    assert body["service_name"] == "aws.sagemaker.us-gov-west-1.notebook"


def test_by_default_everything_that_a_notebook_calls_is_private() -> None:
    stack = new_stack()
    network = _network(stack, services=INTERFACE_SERVICES)
    endpoints = synthesise(stack)["resource"]["aws_vpc_endpoint"]
    names = {body["service_name"] for body in endpoints.values()}
    assert names == {
        f"com.amazonaws.us-gov-west-1.{name}"
        for name in (
            "s3",
            "sagemaker.api",
            "sagemaker.runtime",
            "sts",
            "logs",
            "monitoring",
            "kms",
            "ecr.api",
            "ecr.dkr",
        )
    }
    assert set(network.interface_endpoint_ids) == set(INTERFACE_SERVICES)
    assert "Network_EcrDkrEndpoint" in endpoints


def test_endpoints_that_are_there_already_are_left_alone() -> None:
    stack = new_stack()
    existing = {"s3": "vpce-s3", "sts": "vpce-sts", "athena": "vpce-athena"}
    network = _network(stack, services=["sts", "kms"], existing_endpoints=existing)
    endpoints = synthesise(stack)["resource"]["aws_vpc_endpoint"]
    assert set(endpoints) == {"Network_KmsEndpoint"}
    assert network.s3_endpoint_id == "vpce-s3"
    assert network.interface_endpoint_ids["sts"] == "vpce-sts"
    assert set(network.interface_endpoint_ids) == {"sts", "athena", "kms"}


def test_with_every_endpoint_there_nothing_is_made() -> None:
    stack = new_stack()
    network = _network(
        stack,
        existing_endpoints={"s3": "vpce-s3", "sts": "vpce-sts"},
        endpoint_subnets=[],
        route_tables=[],
    )
    assert synthesise(stack)["resource"] == {}
    assert network.endpoint_security_group_id is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"route_tables": []}, "route_tables must name at least one, got none"),
        ({"endpoint_subnets": []}, "endpoint_subnets must name at least one, got none"),
        ({"services": ["sts", "sts"]}, "services must differ, got sts, sts"),
        ({"services": ["STS"]}, "short name such as ecr.api, got 'STS'"),
        ({"services": ["com.amazonaws..sts"]}, "short name such as ecr.api, got"),
        ({"services": [""]}, "short name such as ecr.api, got ''"),
        ({"existing_endpoints": {"s3 ": "vpce-1"}}, "short name such as ecr.api, got 's3 '"),
    ],
)
def test_fails_on_bad_arguments(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="stack/Network: ") as raised:
        _network(new_stack(), **changes)
    assert message in str(raised.value)


def test_a_placement_finds_everything_in_its_vpc() -> None:
    stack = new_stack()
    placement = _placement(stack)
    synthesised = synthesise(stack)
    vpc = "${data.aws_vpc.Placement_Vpc.id}"
    assert synthesised["data"] == {
        "aws_vpc": {"Placement_Vpc": {"id": "vpc-1"}},
        "aws_subnet": {
            "Placement_Subnet": {"vpc_id": vpc, "filter": _named("ProSM-ResourceSubnet")}
        },
        "aws_security_group": {"Placement_NotebookSecurityGroup": {"vpc_id": vpc, "id": "sg-1"}},
        "aws_vpc_endpoint": {
            "Placement_S3Endpoint": {
                "vpc_id": vpc,
                "service_name": "com.amazonaws.us-gov-west-1.s3",
                "filter": [
                    {"name": "tag:Name", "values": ["s3-endpoint"]},
                    {"name": "vpc-endpoint-type", "values": ["Gateway"]},
                ],
            }
        },
    }
    assert synthesised["resource"] == {}
    assert placement.s3_endpoint_id != "vpce-1"


def test_a_placement_takes_the_endpoint_that_it_is_given() -> None:
    stack = new_stack()
    placement = _placement(stack, s3_endpoint_id="vpce-1")
    assert placement.s3_endpoint_id == "vpce-1"
    assert "aws_vpc_endpoint" not in synthesise(stack)["data"]


def _named(name: str) -> list[dict[str, Any]]:
    return [{"name": "tag:Name", "values": [name]}]
