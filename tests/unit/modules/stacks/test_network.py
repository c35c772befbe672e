from __future__ import annotations

import json
from typing import Any

from modules.network import INTERFACE_SERVICES
from modules.settings.network import DEFAULT_ENDPOINTS
from tests.unit.modules.stacks.whole_app import WholeStack, reduced, stacks_of

DATA = "{}-notebook-<account_id>-<region>"


def buckets(stack: WholeStack) -> list[str]:
    """Return the buckets that the S3 endpoint lets this account's principals reach."""
    policy = json.loads(reduced(stack.at("Network/S3Endpoint").body["policy"]))
    (ours,) = (s for s in policy["Statement"] if s["Sid"] == "ListedBucketsByThisAccount")
    arns = [arn.removeprefix("arn:<partition>:s3:::") for arn in ours["Resource"]]
    names = [name for name in arns if "/" not in name]
    assert arns == [*names, *(f"{name}/*" for name in names)]
    return names


def test_the_s3_endpoint_lets_through_what_the_networks_projects_use(
    app: dict[str, WholeStack],
) -> None:
    """The code bucket of both projects once; neither another network's nor a catalog bucket."""
    assert buckets(app["network-main"]) == [
        DATA.format("vision"),
        "prosm-code",
        DATA.format("sound"),
        "shared-datasets",
    ]


def test_the_only_network_serves_projects_that_name_none(least: dict[str, WholeStack]) -> None:
    assert buckets(least["network-main"]) == [DATA.format("vision")]


def test_a_reused_s3_endpoint_is_left_as_it_is(app: dict[str, WholeStack]) -> None:
    stack = app["network-other"]
    assert stack.outputs["s3_endpoint_id"] == "vpce-0123456789abcdef0"
    types = {each.body["vpc_endpoint_type"] for each in stack.all("aws_vpc_endpoint")}
    assert types == {"Interface"}


def test_by_default_all_that_a_notebook_calls_is_reached_privately(
    app: dict[str, WholeStack],
) -> None:
    assert ("s3", *INTERFACE_SERVICES) == DEFAULT_ENDPOINTS
    for name in ("network-main", "network-other"):
        assert set(app[name].outputs["interface_endpoint_ids"]) == set(INTERFACE_SERVICES)


def test_outputs(app: dict[str, WholeStack]) -> None:
    stack = app["network-main"]
    ids = stack.outputs["interface_endpoint_ids"]
    assert {service: stack.path_of(reference) for service, reference in ids.items()}["ecr.api"] == (
        "Network/EcrApiEndpoint"
    )
    assert {
        name: stack.path_of(value)
        for name, value in stack.outputs.items()
        if name != "interface_endpoint_ids"
    } == {
        "vpc_id": "Network/Vpc",
        "s3_endpoint_id": "Network/S3Endpoint",
        "endpoint_security_group_id": "Network/SecurityGroup",
    }


def test_where_every_endpoint_exists_nothing_is_made_and_no_group_is_put_out() -> None:
    ids = {service: f"vpce-{number:08x}" for number, service in enumerate(DEFAULT_ENDPOINTS)}
    network: dict[str, Any] = {
        "name": "main",
        "vpc": {"id": "vpc-0a1b2c3d4e5f60718"},
        "existing_endpoints": ids,
    }
    stack = stacks_of(networks=(network,), projects=())["network-main"]
    assert stack.all() == []
    assert set(stack.outputs) == {"vpc_id", "s3_endpoint_id", "interface_endpoint_ids"}
    assert stack.outputs["s3_endpoint_id"] == ids.pop("s3")
    assert stack.outputs["interface_endpoint_ids"] == ids
    assert stack.at("Network/Vpc").body["id"] == "vpc-0a1b2c3d4e5f60718"


def test_addresses_are_in_the_notebooks_subnet_unless_others_are_named() -> None:
    def subnets(**more: Any) -> list[Any]:
        network = {"name": "main", "vpc": {"name": "V"}, "route_tables": ({"name": "R"},), **more}
        stack = stacks_of(networks=(network,), projects=())["network-main"]
        found = [each for each in stack.elements if each.address.startswith("data.aws_subnet.")]
        return [each.body["filter"][0]["values"] for each in found]

    assert subnets() == [["ProSM-ResourceSubnet"]]
    assert subnets(subnet={"name": "mine"}) == [["mine"]]
    assert subnets(endpoint_subnets=({"name": "a"}, {"name": "b"})) == [["a"], ["b"]]
