"""The condition keys that every request has: of its caller, its way here and its time.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests.call import DNS_SUFFIX, Call, Need, Values
from scripts.sandbox.access.resource_facts import context as of_resource
from scripts.sandbox.access.resource_policies import endpoint_vpc
from scripts.sandbox.clients import (
    CALLED_VIA_HEADER,
    INSECURE_HEADER,
    SOURCE_IP_HEADER,
    VPC_ENDPOINT_HEADER,
)


def header(environ: Mapping[str, Any], name: str) -> str:
    """One of the sandbox's own headers; empty if it is not there."""
    return str(environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))


def of_call(call: Call) -> Values:
    """The keys that all of a call's requests share."""
    return {**_of_principal(call.principal), **_of_way(call), **_of_time()}


def of_need(call: Call, shared: Values, need: Need) -> Values:
    """All keys of one request: a service that asks for the caller is not on the caller's way."""
    way = shared
    if need.via:
        way = {key: value for key, value in shared.items() if key not in _OF_NETWORK}
        way |= {"aws:ViaAWSService": "true", "aws:SecureTransport": "true"}
    facts = of_resource(need.resource)
    if need.action.startswith("kms:") and call.principal.account:
        facts["kms:CallerAccount"] = call.principal.account
    return {**way, **facts, **need.context}


# Services with one endpoint for all Regions, which stands in this one.
GLOBAL_REGION = "us-east-1"
_GLOBAL = frozenset({"iam"})
_OF_NETWORK = ("aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp", "aws:SourceIp")


def _of_principal(principal: Principal) -> Values:
    if not principal.arn:
        return {"aws:PrincipalType": principal.type, "aws:userid": principal.userid}
    context: dict[str, str | list[str]] = {
        "aws:PrincipalArn": principal.names[0],
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": principal.type,
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": principal.userid,
        **{f"aws:PrincipalTag/{key}": value for key, value in principal.tags.items()},
    }
    if principal.username:
        context["aws:username"] = principal.username
    return context


def _of_way(call: Call) -> Values:
    """The sandbox speaks plain HTTP and stands for TLS, unless a header says otherwise."""
    environ = call.environ
    context: dict[str, str | list[str]] = {
        "aws:SecureTransport": "false" if header(environ, INSECURE_HEADER) else "true",
        "aws:RequestedRegion": GLOBAL_REGION if call.service in _GLOBAL else call.region,
        "aws:ViaAWSService": "false",
        "aws:UserAgent": str(environ.get("HTTP_USER_AGENT", "")),
    }
    address = header(environ, SOURCE_IP_HEADER) or str(environ.get("REMOTE_ADDR", "127.0.0.1"))
    via = header(environ, CALLED_VIA_HEADER)
    if via:
        # A service that calls on with its caller's rights: its own network is not the caller's.
        services = [f"{name.strip()}.{DNS_SUFFIX}" for name in via.split(",")]
        context |= {
            "aws:ViaAWSService": "true",
            "aws:CalledVia": services,
            "aws:CalledViaFirst": services[0],
            "aws:CalledViaLast": services[-1],
        }
        return context
    endpoint = header(environ, VPC_ENDPOINT_HEADER)
    if not endpoint:
        return {**context, "aws:SourceIp": address}
    context |= {"aws:SourceVpce": endpoint, "aws:VpcSourceIp": address}
    vpc = endpoint_vpc(call.region, endpoint)
    return {**context, **({"aws:SourceVpc": vpc} if vpc else {})}


def _of_time() -> Values:
    now = time.time()
    return {
        "aws:CurrentTime": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        "aws:EpochTime": str(int(now)),
    }
