"""What the account's resources say of themselves: their tags, and condition keys of their own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.cloudformation.models import cloudformation_backends
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.sagemaker.models import sagemaker_backends
from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.access.requests.call import plain_tags
from scripts.sandbox.account import ACCOUNT

if TYPE_CHECKING:
    from scripts.sandbox.backends.servicecatalog.store import Store

Values = dict[str, str | list[str]]
_PARTITION = "aws"
# Services that know their resources' tags by a key of their own as well.
_OWN_TAG_KEYS = frozenset({"ec2", "iam", "sagemaker", "ecr"})


def context(arn: str) -> Values:
    """The condition keys that a resource brings along; none for one that does not exist."""
    if not arn.startswith("arn:"):
        return {}
    _, _, service, region, _, resource = arn.split(":", 5)
    if "*" in resource:
        return {}
    tags = _TAGS[service](region, resource, arn) if service in _TAGS else {}
    keys: Values = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    if service in _OWN_TAG_KEYS:
        keys |= {f"{service}:ResourceTag/{key}": value for key, value in tags.items()}
    return keys | (_OWN[service](region, resource) if service in _OWN else {})


def function(region: str, arn: str) -> Any:
    """A Lambda function by its ARN, or nothing."""
    try:
        return lambda_backends[ACCOUNT][region].get_function(arn)
    except LambdaClientError:
        return None


def _function_tags(region: str, _resource: str, arn: str) -> Mapping[str, str]:
    found = function(region, arn)
    return plain_tags(found.tags) if found else {}


def _catalog_tags(region: str, resource: str, _arn: str) -> Mapping[str, str]:
    store = cast("Store", servicecatalog_backends[ACCOUNT][region])
    kind, _, identifier = resource.partition("/")
    if kind == "product":
        product = store.find_product(identifier)
        return plain_tags(product.tags) if product else {}
    known = {portfolio.id: portfolio for portfolio in store.usable_portfolios()}
    return plain_tags(known[identifier].tags) if identifier in known else {}


def _stack_tags(region: str, _resource: str, arn: str) -> Mapping[str, str]:
    stacks = getattr(cloudformation_backends[ACCOUNT][region], "stacks", {})
    return plain_tags(stacks[arn].tags) if arn in stacks else {}


def _key_tags(region: str, resource: str, _arn: str) -> Mapping[str, str]:
    tagger = kms_backends[ACCOUNT][region].tagger
    return dict(tagger.get_tag_dict_for_resource(resource.partition("/")[2]))


def _network_tags(region: str, resource: str, _arn: str) -> Mapping[str, str]:
    tags = ec2_backends[ACCOUNT][region].tags
    return dict(tags.get(resource.partition("/")[2]) or {})


def _iam_tags(_region: str, resource: str, arn: str) -> Mapping[str, str]:
    iam = iam_backends[ACCOUNT][_PARTITION]
    kind = resource.partition("/")[0]
    held: Any = {"role": iam.roles, "user": iam.users, "policy": iam.managed_policies}.get(kind, {})
    found = next((each for each in held.values() if each.arn == arn), None)
    tags = found.tags if found else None
    return plain_tags(list(tags.values()) if isinstance(tags, Mapping) else tags)


def _group_tags(region: str, resource: str, arn: str) -> Mapping[str, str]:
    group = ":".join(resource.split(":")[:2])
    head = arn.removesuffix(resource)
    return dict(logs_backends[ACCOUNT][region].tagger.get_tag_dict_for_resource(head + group))


def _sagemaker_tags(region: str, resource: str, _arn: str) -> Mapping[str, str]:
    """By name in lower case, as the ARN has it."""
    backend = sagemaker_backends[ACCOUNT][region]
    kind, _, name = resource.partition("/")
    held = getattr(backend, _SAGEMAKER.get(kind, ""), {})
    found = next((each for key, each in held.items() if key.lower() == name), None)
    return plain_tags(getattr(found, "tags", None))


_SAGEMAKER = {
    "notebook-instance": "notebook_instances",
    "notebook-instance-lifecycle-config": "notebook_instance_lifecycle_configurations",
    "domain": "domains",
    "endpoint": "endpoints",
    "endpoint-config": "endpoint_configs",
    "model": "_models",
    "processing-job": "processing_jobs",
    "training-job": "training_jobs",
    "transform-job": "transform_jobs",
    "hyper-parameter-tuning-job": "hyper_parameter_tuning_jobs",
}
_TAGS: dict[str, Callable[[str, str, str], Mapping[str, str]]] = {
    "catalog": _catalog_tags,
    "cloudformation": _stack_tags,
    "ec2": _network_tags,
    "iam": _iam_tags,
    "kms": _key_tags,
    "lambda": _function_tags,
    "logs": _group_tags,
    "sagemaker": _sagemaker_tags,
}


def _key_facts(region: str, resource: str) -> Values:
    kind, _, name = resource.partition("/")
    backend = kms_backends[ACCOUNT][region]
    key = backend.keys.get(name) if kind == "key" else None
    if key is None:
        return {}
    aliases = [str(each.alias_name) for each in backend.list_aliases(name)]
    facts: Values = {
        "kms:CallerAccount": ACCOUNT,
        "kms:KeyOrigin": str(key.origin),
        "kms:KeySpec": str(key.key_spec),
        "kms:KeyUsage": str(key.key_usage),
        "kms:MultiRegion": str(bool(key.multi_region)).lower(),
    }
    return facts | ({"kms:ResourceAliases": aliases} if aliases else {})


def _network_facts(region: str, resource: str) -> Values:
    kind, _, name = resource.partition("/")
    backend = ec2_backends[ACCOUNT][region]

    def arn(of: str, identifier: str) -> str:
        return f"arn:{_PARTITION}:ec2:{region}:{ACCOUNT}:{of}/{identifier}"

    facts: Values = {"ec2:Region": region}
    if kind == "network-interface" and name in backend.enis:
        subnet = backend.enis[name].subnet
        facts |= {"ec2:Subnet": arn("subnet", subnet.id), "ec2:Vpc": arn("vpc", subnet.vpc_id)}
    elif kind == "subnet":
        facts["ec2:SubnetID"] = name
    elif kind == "security-group":
        facts["ec2:SecurityGroupID"] = name
    elif kind == "vpc":
        facts["ec2:VpcID"] = name
    return facts


_OWN: dict[str, Callable[[str, str], Values]] = {"ec2": _network_facts, "kms": _key_facts}
