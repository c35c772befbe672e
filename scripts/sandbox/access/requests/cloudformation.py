"""CloudFormation: stacks by name, whose ARN ends in an id that AWS assigns.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudformation.models import cloudformation_backends

from scripts.sandbox.access.reference import types
from scripts.sandbox.access.requests.call import Call, Need, Values, pass_role
from scripts.sandbox.access.requests.generic import tag_context
from scripts.sandbox.account import ACCOUNT

_KEYS = {
    "TemplateURL": "cloudformation:TemplateUrl",
    "RoleARN": "cloudformation:RoleArn",
    "StackPolicyURL": "cloudformation:StackPolicyUrl",
    "ResourceTypes": "cloudformation:ResourceTypes",
    "ChangeSetName": "cloudformation:ChangeSetName",
}


def needs(call: Call) -> Iterator[Need]:
    action = f"cloudformation:{call.operation}"
    name = call.params.get("StackName")
    kinds = types("cloudformation", call.operation) or ()
    stack = next((kind for kind in kinds if ":stack/" in kind.arn), None)
    if stack is None or not (name or stack.required):
        yield Need(action, "*", _context(call.params))
        if call.operation == "DescribeStacks":
            # All stacks at once: the API's own page asks for this right as well.
            yield Need("cloudformation:ListStacks")
        return
    arn = stack_arn(call, name) if name else call.arn("stack/*/*")
    yield Need(action, arn, _context(call.params))
    if call.params.get("Tags"):
        yield Need("cloudformation:TagResource", arn, tag_context(call.params))
    if call.params.get("RoleARN"):
        yield pass_role(call.params["RoleARN"], "cloudformation")


def stack_arn(call: Call, name: str) -> str:
    """A stack's ARN by its name, id or ARN; one that does not exist ends in `/*`."""
    if name.startswith("arn:"):
        return name
    stacks = getattr(cloudformation_backends[ACCOUNT][call.region], "stacks", {})
    ids = (str(key) for key, stack in stacks.items() if stack.name == name)
    return next(ids, call.arn(f"stack/{name}/*"))


def _context(params: Mapping[str, Any]) -> Values:
    return {
        **tag_context(params),
        **{key: params[name] for name, key in _KEYS.items() if params.get(name)},
    }
