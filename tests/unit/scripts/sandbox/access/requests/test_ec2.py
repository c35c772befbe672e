"""EC2's calls: the network's resources, each with its tags and its place."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import allow, arn, asked, refusal, user, wanting

CREATE = "ec2:CreateNetworkInterface"


@pytest.fixture(scope="module")
def subnets(enforced: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = enforced.client("ec2").describe_subnets(
        Filters=[{"Name": "tag:Name", "Values": ["ProSM-ResourceSubnet*"]}]
    )["Subnets"]
    return found


def test_an_interface_is_decided_on_itself_its_subnet_and_its_groups(
    enforced: Sandbox, subnets: list[dict[str, Any]]
) -> None:
    create, subnet = enforced.client("ec2").create_network_interface, subnets[0]["SubnetId"]
    assert asked(enforced, create, SubnetId=subnet, Groups=["sg-1"]) == [
        (CREATE, arn("ec2", "network-interface/*")),
        (CREATE, arn("ec2", f"subnet/{subnet}")),
        (CREATE, arn("ec2", "security-group/sg-1")),
    ]


def test_interfaces_stay_in_a_subnet(enforced: Sandbox, subnets: list[dict[str, Any]]) -> None:
    ours, theirs = (each["SubnetId"] for each in subnets)
    allowed = [arn("ec2", f"subnet/{ours}"), arn("ec2", "network-interface/*")]
    keys = user(enforced, allow(CREATE, allowed))
    create = enforced.client("ec2", credentials=keys).create_network_interface
    assert wanting(create, SubnetId=ours) == ""
    words = refusal(create, SubnetId=theirs)
    assert words.startswith("UnauthorizedOperation: You are not authorized to perform this oper")
    assert f"on resource: {arn('ec2', f'subnet/{theirs}')} because" in words


def test_a_new_interface_is_judged_by_where_it_is_to_be(
    enforced: Sandbox, subnets: list[dict[str, Any]]
) -> None:
    ours, theirs = (each["SubnetId"] for each in subnets)
    for place, lacking in ((theirs, CREATE), (ours, "")):
        keys = user(
            enforced,
            allow(CREATE, arn("ec2", "subnet/*")),
            allow(
                CREATE,
                arn("ec2", "network-interface/*"),
                ArnEquals={"ec2:Subnet": arn("ec2", f"subnet/{place}")},
            ),
        )
        create = enforced.client("ec2", credentials=keys).create_network_interface
        assert wanting(create, SubnetId=ours) == lacking


def test_an_interface_is_judged_by_where_it_is(
    enforced: Sandbox, subnets: list[dict[str, Any]]
) -> None:
    ours, theirs = (arn("ec2", f"subnet/{each['SubnetId']}") for each in subnets)
    action = "ec2:DeleteNetworkInterface"
    made = enforced.client("ec2").create_network_interface(SubnetId=subnets[0]["SubnetId"])
    interface = {"NetworkInterfaceId": made["NetworkInterface"]["NetworkInterfaceId"]}
    for place, lacking in ((theirs, action), (ours, "")):
        keys = user(
            enforced,
            allow(action, arn("ec2", "network-interface/*"), ArnEquals={"ec2:Subnet": place}),
        )
        delete = enforced.client("ec2", credentials=keys).delete_network_interface
        assert wanting(delete, **interface) == lacking


def test_looking_has_no_resource_level(enforced: Sandbox) -> None:
    found = asked(enforced, enforced.client("ec2").describe_subnets)
    assert found == [("ec2:DescribeSubnets", "*")]


def test_tagging_at_creation_takes_the_right_to_tag(enforced: Sandbox) -> None:
    create = enforced.client("ec2").create_security_group
    spec = [{"ResourceType": "security-group", "Tags": [{"Key": "a", "Value": "b"}]}]
    vpc = enforced.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    given: dict[str, Any] = {"GroupName": "g", "Description": "d", "VpcId": vpc}
    found = asked(enforced, create, **given, TagSpecifications=spec)
    assert ("ec2:CreateTags", arn("ec2", "security-group/*")) in found
    keys = user(enforced, allow("ec2:CreateSecurityGroup"))
    create = enforced.client("ec2", credentials=keys).create_security_group
    assert wanting(create, **{**given, "GroupName": "h"}, TagSpecifications=spec) == (
        "ec2:CreateTags"
    )


def test_resources_are_told_apart_by_their_tags(
    enforced: Sandbox, subnets: list[dict[str, Any]]
) -> None:
    rights = allow("ec2:CreateTags", StringLike={"aws:ResourceTag/Name": "ProSM-*"})
    tag = enforced.client("ec2", credentials=user(enforced, rights)).create_tags
    tags = [{"Key": "a", "Value": "b"}]
    assert wanting(tag, Resources=[subnets[0]["SubnetId"]], Tags=tags) == ""
    vpcs = enforced.client("ec2").describe_vpcs(
        Filters=[{"Name": "is-default", "Values": ["true"]}]
    )
    untagged = vpcs["Vpcs"][0]["VpcId"]
    assert wanting(tag, Resources=[untagged], Tags=tags) == "ec2:CreateTags"
