"""EC2: the network's resources, by their ids.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from collections.abc import Iterator, Sequence

from moto.ec2.models import ec2_backends

from scripts.sandbox.access.requests.call import Call, Need, Values, plain_tags, request_tags
from scripts.sandbox.access.requests.generic import needs as generic_needs
from scripts.sandbox.account import ACCOUNT

_GROUPS = ("SecurityGroupId", "GroupId", "SecurityGroupIds", "GroupIds", "Groups")
_NAMES = {"SecurityGroupId": _GROUPS}


def needs(call: Call) -> Iterator[Need]:
    if call.operation == "CreateNetworkInterface":
        groups = call.params.get("Groups") or []
        yield from network_interface(call, call.params["SubnetId"], groups)
    elif call.operation in ("CreateTags", "DeleteTags"):
        tags = request_tags(plain_tags(call.params.get("Tags")))
        for resource in call.params.get("Resources") or []:
            yield Need(f"ec2:{call.operation}", call.arn(f"{_kind(resource)}/{resource}"), tags)
    else:
        tags = plain_tags([each for spec in _specifications(call) for each in spec["Tags"]])
        yield from generic_needs(call, names=_NAMES, context=request_tags(tags))
        if tags and call.operation.startswith(("Create", "Run", "Allocate")):
            creating = {**request_tags(tags), "ec2:CreateAction": call.operation}
            for spec in _specifications(call):
                yield Need("ec2:CreateTags", call.arn(f"{spec['ResourceType']}/*"), creating)


def network_interface(
    call: Call, subnet: str, groups: Sequence[str], via: str = ""
) -> Iterator[Need]:
    """The rights to make a network interface: on itself, its subnet and its groups."""
    vpc = _vpc_of(call.region, subnet)
    context: Values = {"ec2:Vpc": call.arn(f"vpc/{vpc}", "ec2")} if vpc else {}
    placed = {**context, "ec2:Subnet": call.arn(f"subnet/{subnet}", "ec2")}
    arns = [("network-interface/*", placed), (f"subnet/{subnet}", context)]
    arns += [(f"security-group/{group}", context) for group in groups]
    for resource, keys in arns:
        yield Need("ec2:CreateNetworkInterface", call.arn(resource, "ec2"), keys, via)


def interface_deletion(call: Call, interface: str, subnet: str, via: str = "") -> Need:
    """The right to delete a network interface of a subnet."""
    vpc = _vpc_of(call.region, subnet)
    context: Values = {"ec2:Subnet": call.arn(f"subnet/{subnet}", "ec2")}
    if vpc:
        context = {**context, "ec2:Vpc": call.arn(f"vpc/{vpc}", "ec2")}
    arn = call.arn(f"network-interface/{interface}", "ec2")
    return Need("ec2:DeleteNetworkInterface", arn, context, via)


def _vpc_of(region: str, subnet_id: str) -> str:
    for subnets in ec2_backends[ACCOUNT][region].subnets.values():
        if subnet_id in subnets:
            return str(subnets[subnet_id].vpc_id)
    return ""


def _specifications(call: Call) -> list[dict[str, list[dict[str, str]]]]:
    return call.params.get("TagSpecifications") or []


def _kind(resource_id: str) -> str:
    """`vpce-1` -> `vpc-endpoint`."""
    prefix = resource_id.rpartition("-")[0]
    return _KINDS.get(prefix, prefix)


_KINDS = {
    "eni": "network-interface",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "vpce": "vpc-endpoint",
    "i": "instance",
    "igw": "internet-gateway",
    "vol": "volume",
}
