"""SageMaker: notebooks with all that their making asks of the caller, jobs, models, Domains.

https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from scripts.sandbox.access import reference
from scripts.sandbox.access.requests import ec2, kms
from scripts.sandbox.access.requests.call import Call, Need, Values, pass_role
from scripts.sandbox.access.requests.generic import tag_context
from scripts.sandbox.account import ACCOUNT

_NOTEBOOK = "NotebookInstance"
_FIND_NETWORK = ("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs")
_FIND_INTERFACE = "ec2:DescribeNetworkInterfaces"
_ROLES = ("RoleArn", "ExecutionRoleArn", "ExecutionRole")
# Ways to a VpcConfig, a list of instance types or model names inside a call's parameters.
_VPC = (
    ("VpcConfig",),
    ("NetworkConfig", "VpcConfig"),
    ("TrainingJobDefinition", "VpcConfig"),
)
# By these defaults a request that names nothing is taken for the wider.
_NOTEBOOK_DEFAULTS = {"DirectInternetAccess": "Enabled", "RootAccess": "Enabled"}


def needs(call: Call) -> Iterator[Need]:
    action = f"sagemaker:{call.operation}"
    context = _context(call)
    arns = [_lowered(arn) for arn in _arns(call)]
    yield from (Need(action, arn, context) for arn in arns)
    if call.operation.startswith("Create") and call.params.get("Tags"):
        tagging = {**tag_context(call.params), "sagemaker:TaggingAction": call.operation}
        yield from (Need("sagemaker:AddTags", arn, tagging) for arn in arns)
    roles = list(_roles(call.params))
    notebook = _notebook(call)
    if call.operation in (f"Start{_NOTEBOOK}", f"Update{_NOTEBOOK}"):
        # The notebook's own role is passed on as well, named or not.
        roles = roles or list(_roles(notebook))
    yield from (pass_role(role, "sagemaker") for role in roles)
    if call.operation == f"Create{_NOTEBOOK}":
        yield from _start(call, call.params)
    elif call.operation == f"Start{_NOTEBOOK}":
        if notebook.get("SubnetId"):
            yield Need(_FIND_INTERFACE, via="sagemaker")
        yield from _start(call, notebook)
    elif call.operation == f"Delete{_NOTEBOOK}":
        yield from _end(call, notebook)


def _arns(call: Call) -> list[str]:
    # A presigned address and the endpoints of inference name the resource as all others do.
    names = {"EndpointName": ("EndpointName",), "DomainId": ("DomainId",)}
    return reference.arns("sagemaker", call.operation, call.params, call.region, names)


def _lowered(arn: str) -> str:
    """SageMaker writes the names in its ARNs in lower case."""
    head, separator, name = arn.partition("/")
    return f"{head}{separator}{name.lower()}" if ":sagemaker:" in head else arn


def _start(call: Call, notebook: Mapping[str, Any]) -> Iterator[Need]:
    """The network interface and the grant on the volume's key, in the caller's name."""
    if notebook.get("SubnetId"):
        yield from (Need(action, via="sagemaker") for action in _FIND_NETWORK)
        groups = notebook.get("SecurityGroupIds") or []
        yield from ec2.network_interface(call, notebook["SubnetId"], groups, via="sagemaker")
    if notebook.get("KmsKeyId"):
        yield from kms.grant_for(call, notebook["KmsKeyId"], "sagemaker")


def _end(call: Call, notebook: Mapping[str, Any]) -> Iterator[Need]:
    """The network interface goes, in the caller's name."""
    if notebook.get("SubnetId"):
        yield ec2.interface_deletion(
            call, notebook["InterfaceId"], notebook["SubnetId"], via="sagemaker"
        )
    if notebook.get("KmsKeyId"):
        yield kms.on_behalf(call, "DescribeKey", notebook["KmsKeyId"], "sagemaker")


def _notebook(call: Call) -> Mapping[str, Any]:
    """What a notebook was made with; nothing for one that does not exist."""
    instances = sagemaker_backends[ACCOUNT][call.region].notebook_instances
    found = instances.get(call.params.get("NotebookInstanceName", ""))
    if found is None:
        return {}
    return {
        "RoleArn": found.role_arn,
        "InterfaceId": getattr(found, "network_interface_id", "*"),
        "SubnetId": found.subnet_id,
        "SecurityGroupIds": found.security_group_ids,
        "KmsKeyId": found.kms_key_id,
    }


def _roles(params: Mapping[str, Any]) -> Iterator[str]:
    """Roles that a request hands to SageMaker, also inside settings of users and spaces."""
    for name, value in params.items():
        if name in _ROLES and isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _roles(value)


def _context(call: Call) -> Values:
    params = call.params
    context = dict(tag_context(params))
    if call.operation == f"Create{_NOTEBOOK}":
        for name, default in _NOTEBOOK_DEFAULTS.items():
            context[f"sagemaker:{name}"] = params.get(name, default)
        context |= _network([params["SubnetId"]] if params.get("SubnetId") else [], params)
    elif params.get("RootAccess"):
        context["sagemaker:RootAccess"] = params["RootAccess"]
    service = params.get("InstanceMetadataServiceConfiguration") or {}
    if service or call.operation == f"Create{_NOTEBOOK}":
        version = service.get("MinimumInstanceMetadataServiceVersion", "1")
        context["sagemaker:MinimumInstanceMetadataServiceVersion"] = str(version)
    for way in _VPC:
        found = _at(params, way)
        context |= _network(found.get("Subnets") or [], found)
    for key, names in (("InstanceTypes", "InstanceType"), ("ModelArn", "ModelName")):
        values = list(dict.fromkeys(_every(params, names)))
        if values:
            context[f"sagemaker:{key}"] = (
                [call.arn(f"model/{value.lower()}") for value in values]
                if key == "ModelArn"
                else values
            )
    volume = next(_every(params, "VolumeKmsKeyId"), params.get("KmsKeyId"))
    if isinstance(volume, str):
        context["sagemaker:VolumeKmsKey"] = volume
    return context


def _network(subnets: list[str], given: Mapping[str, Any]) -> dict[str, str | list[str]]:
    context: dict[str, str | list[str]] = {}
    if subnets:
        context["sagemaker:VpcSubnets"] = subnets
    if given.get("SecurityGroupIds"):
        context["sagemaker:VpcSecurityGroupIds"] = list(given["SecurityGroupIds"])
    return context


def _at(params: Mapping[str, Any], way: tuple[str, ...]) -> Mapping[str, Any]:
    for name in way:
        params = params.get(name) or {}
    return params


def _every(params: Any, name: str) -> Iterator[str]:
    """The texts under a name, however deep."""
    if isinstance(params, Mapping):
        for key, value in params.items():
            if key == name and isinstance(value, str):
                yield value
            else:
                yield from _every(value, name)
    elif isinstance(params, list):
        for entry in params:
            yield from _every(entry, name)
