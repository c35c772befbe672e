"""The condition keys of a call, and those that differ for what a service asks in its name."""

from typing import Any

import pytest

from scripts.sandbox.access import context
from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests.call import Call, Need

USER = "arn:aws:iam::123456789012:user/dana"
DANA = Principal(
    arn=USER,
    names=(USER,),
    userid="AIDA1",
    type="User",
    username="dana",
    tags={"Team": "a"},
)
HOME = {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "aws-cli"}
VPCE = {"HTTP_X_SANDBOX_VPC_ENDPOINT": "vpce-none"}
VIA = {"HTTP_X_SANDBOX_CALLED_VIA": "servicecatalog,cloudformation"}


def of(
    principal: Principal = DANA, /, service: str = "sagemaker", **environ: str
) -> dict[str, Any]:
    call = Call(service, "X", "eu-west-1", {}, {**HOME, **environ}, principal)
    return dict(context.of_call(call))


def test_the_caller() -> None:
    keys = of()
    assert keys["aws:PrincipalArn"] == USER
    assert keys["aws:PrincipalAccount"] == "123456789012"
    assert keys["aws:PrincipalType"] == "User"
    assert keys["aws:PrincipalTag/Team"] == "a"
    assert keys["aws:PrincipalIsAWSService"] == "false"
    assert (keys["aws:userid"], keys["aws:username"]) == ("AIDA1", "dana")


def test_a_session_goes_by_its_role_and_has_no_username() -> None:
    role = "arn:aws:iam::123456789012:role/R"
    session = "arn:aws:sts::123456789012:assumed-role/R/dana"
    keys = of(Principal(arn=session, names=(role, session), userid="AROA1:dana"))
    assert keys["aws:PrincipalArn"] == role
    assert keys["aws:userid"] == "AROA1:dana"
    assert "aws:username" not in keys


def test_an_anonymous_caller_has_no_keys_of_a_principal() -> None:
    keys = of(Principal())
    assert keys["aws:PrincipalType"] == "Anonymous"
    assert not {"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalIsAWSService"} & set(keys)


def test_the_way_from_the_internet() -> None:
    keys = of()
    assert keys["aws:SourceIp"] == "127.0.0.1"
    assert (keys["aws:SecureTransport"], keys["aws:ViaAWSService"]) == ("true", "false")
    assert keys["aws:RequestedRegion"] == "eu-west-1"
    assert "aws:SourceVpce" not in keys
    assert of(HTTP_X_SANDBOX_SOURCE_IP="192.0.2.1")["aws:SourceIp"] == "192.0.2.1"
    assert of(HTTP_X_SANDBOX_WITHOUT_TLS="true")["aws:SecureTransport"] == "false"


def test_the_way_through_an_endpoint_has_no_public_address() -> None:
    keys = of(DANA, **VPCE)
    assert keys["aws:SourceVpce"] == "vpce-none"
    assert keys["aws:VpcSourceIp"] == "127.0.0.1"
    assert "aws:SourceIp" not in keys


def test_the_way_through_services() -> None:
    keys = of(DANA, **VIA, **VPCE)
    assert keys["aws:ViaAWSService"] == "true"
    assert keys["aws:CalledVia"] == [
        "servicecatalog.amazonaws.com",
        "cloudformation.amazonaws.com",
    ]
    assert keys["aws:CalledViaFirst"] == "servicecatalog.amazonaws.com"
    assert keys["aws:CalledViaLast"] == "cloudformation.amazonaws.com"
    assert not {"aws:SourceVpce", "aws:SourceIp"} & set(keys)


@pytest.mark.parametrize(("service", "region"), [("iam", "us-east-1"), ("kms", "eu-west-1")])
def test_iam_stands_in_one_region(service: str, region: str) -> None:
    assert of(service=service)["aws:RequestedRegion"] == region


@pytest.mark.parametrize("via", ["", "s3"])
def test_what_a_service_asks_does_not_come_the_callers_way(via: str) -> None:
    call = Call("s3", "GetObject", "eu-west-1", {}, {**HOME, **VPCE}, DANA)
    need = Need("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/none", {"a": "b"}, via)
    keys = context.of_need(call, context.of_call(call), need)
    assert keys["a"] == "b"
    assert keys["kms:CallerAccount"] == "123456789012"
    assert keys["aws:ViaAWSService"] == ("true" if via else "false")
    assert ("aws:SourceVpce" in keys) is not bool(via)
    assert ("aws:VpcSourceIp" in keys) is not bool(via)
