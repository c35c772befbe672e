"""Lambda: functions by name, ARN and qualifier.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

import re
from collections.abc import Iterator

from scripts.sandbox.access.requests import kms
from scripts.sandbox.access.requests.call import Call, Need, Values, pass_role
from scripts.sandbox.access.requests.generic import needs as generic_needs
from scripts.sandbox.access.requests.generic import tag_context

_ACTIONS = {
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeAsync",
    "InvokeWithResponseStream": "InvokeFunction",
}
_NAME = re.compile(r"(?:arn:[^:]+:lambda:[^:]+:\d+:)?(?:\d+:)?(?:function:)?([^:]+)(?::(.+))?")
_LIST = "ListFunctions"


def needs(call: Call) -> Iterator[Need]:
    action = _ACTIONS.get(call.operation, call.operation)
    name = call.params.get("FunctionName")
    if not name or call.operation.endswith("EventSourceMapping"):
        yield from generic_needs(call, action, context=_mapping(call))
        return
    arn = function_arn(call, name, call.params.get("Qualifier"))
    context = {**tag_context(call.params), **_network(call)}
    yield Need(f"lambda:{action}", arn, context)
    if call.operation == "CreateFunction":
        # A function's tags are set under the right to tag.
        if call.params.get("Tags"):
            yield Need("lambda:TagResource", arn, context)
        yield from _code(call)
    if call.params.get("Role"):
        yield pass_role(call.params["Role"], "lambda")
    if call.params.get("KMSKeyArn"):
        key = call.params["KMSKeyArn"]
        yield kms.on_behalf(call, "CreateGrant", key, "lambda", GrantIsForAWSResource="true")


def function_arn(call: Call, name: str, qualifier: str | None = None) -> str:
    found = _NAME.fullmatch(name)
    plain, version = found.groups() if found else (name, None)
    version = qualifier or version
    return call.arn(f"function:{plain}" + (f":{version}" if version else ""))


def _mapping(call: Call) -> Values:
    name = call.params.get("FunctionName")
    return {"lambda:FunctionArn": function_arn(call, name)} if name else {}


def _network(call: Call) -> Values:
    config = call.params.get("VpcConfig") or {}
    context: Values = {}
    for key, name in (("SubnetIds", "SubnetIds"), ("SecurityGroupIds", "SecurityGroupIds")):
        if config.get(name):
            context = {**context, f"lambda:{key}": list(config[name])}
    return context


def _code(call: Call) -> Iterator[Need]:
    """Code in a bucket is read in the caller's name."""
    code = call.params.get("Code") or {}
    if code.get("S3Bucket"):
        resource = f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}"
        yield Need("s3:GetObject", resource, via="lambda")
