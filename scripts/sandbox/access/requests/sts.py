"""STS: roles are taken on by their trust policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from collections.abc import Iterator

from scripts.sandbox.access.requests.call import Call, Need, Values
from scripts.sandbox.access.requests.generic import needs as generic_needs
from scripts.sandbox.access.requests.generic import tag_context

# Whoever holds a key may ask who he is, and for what his key's session is.
_FREE = frozenset({"GetCallerIdentity", "GetSessionToken"})
_KEYS = {
    "ExternalId": "sts:ExternalId",
    "RoleSessionName": "sts:RoleSessionName",
    "SourceIdentity": "sts:SourceIdentity",
}


def needs(call: Call) -> Iterator[Need]:
    if call.operation in _FREE:
        return
    if call.operation != "AssumeRole":
        yield from generic_needs(call)
        return
    role, params = call.params["RoleArn"], call.params
    context: Values = {
        **tag_context(params),
        **{key: params[name] for name, key in _KEYS.items() if params.get(name)},
    }
    yield Need("sts:AssumeRole", role, context)
    if params.get("Tags"):
        yield Need("sts:TagSession", role, context)
    if params.get("SourceIdentity"):
        yield Need("sts:SetSourceIdentity", role, context)
