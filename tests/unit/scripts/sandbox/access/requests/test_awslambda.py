"""Lambda's calls: functions by any name, their policies, and the role that they are handed."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests.awslambda import function_arn
from scripts.sandbox.access.requests.call import Call
from tests.unit.scripts.sandbox.access.people import (
    allow,
    archive,
    arn,
    asked,
    deny,
    role,
    user,
    wanting,
)

FUNCTION = arn("lambda", "function:builder")


@pytest.fixture(scope="module")
def settings(enforced: Sandbox) -> dict[str, Any]:
    given = {
        "Runtime": "python3.12",
        "Handler": "main.handler",
        "Role": role(enforced, principal={"Service": "lambda.amazonaws.com"}),
        "Code": {"ZipFile": archive()},
    }
    enforced.client("lambda").create_function(FunctionName="builder", **given)
    return given


@pytest.mark.parametrize(
    ("name", "qualifier", "resource"),
    [
        ("builder", None, "function:builder"),
        (FUNCTION, None, "function:builder"),
        ("123456789012:function:builder", None, "function:builder"),
        ("builder", "live", "function:builder:live"),
        ("builder:live", None, "function:builder:live"),
        (f"{FUNCTION}:live", None, "function:builder:live"),
    ],
)
def test_a_function_is_found_by_any_of_its_names(
    name: str, qualifier: str | None, resource: str
) -> None:
    call = Call("lambda", "Invoke", "eu-west-1", {}, {}, Principal())
    assert function_arn(call, name, qualifier) == arn("lambda", resource)


@pytest.mark.usefixtures("settings")
def test_invoking_is_a_right_on_the_function(enforced: Sandbox) -> None:
    invoke, other = "lambda:InvokeFunction", arn("lambda", "function:other")
    for resource, lacking in ((FUNCTION, ""), (other, invoke)):
        keys = user(enforced, allow(invoke, resource))
        call = enforced.client("lambda", credentials=keys).invoke
        assert wanting(call, FunctionName="builder") == lacking


@pytest.mark.usefixtures("settings")
def test_a_function_policy_is_enough_for_whom_it_names(enforced: Sandbox) -> None:
    keys, other = user(enforced), user(enforced)
    enforced.client("lambda").add_permission(
        FunctionName="builder",
        StatementId="One",
        Action="lambda:InvokeFunction",
        Principal=f"arn:aws:iam::123456789012:user/{keys['UserName']}",
    )
    for given, lacking in ((keys, ""), (other, "lambda:InvokeFunction")):
        call = enforced.client("lambda", credentials=given).invoke
        assert wanting(call, FunctionName="builder") == lacking
    denied = user(enforced, allow("lambda:*"), deny("lambda:InvokeFunction", FUNCTION))
    call = enforced.client("lambda", credentials=denied).invoke
    assert wanting(call, FunctionName="builder") == "lambda:InvokeFunction"


def test_a_function_is_handed_its_role(enforced: Sandbox, settings: dict[str, Any]) -> None:
    create = enforced.client("lambda").create_function
    made = arn("lambda", "function:made")
    found = asked(enforced, create, FunctionName="made", **settings, Tags={"a": "b"})
    assert found == [
        ("lambda:CreateFunction", made),
        ("lambda:TagResource", made),
        ("iam:PassRole", settings["Role"]),
    ]
    keys = user(
        enforced,
        allow("lambda:CreateFunction"),
        allow("iam:PassRole", StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}),
    )
    create = enforced.client("lambda", credentials=keys).create_function
    assert wanting(create, FunctionName="mine", **settings) == "iam:PassRole"


@pytest.mark.usefixtures("settings")
def test_nobody_changes_the_code_by_the_right_to_invoke(enforced: Sandbox) -> None:
    keys = user(enforced, allow("lambda:InvokeFunction"))
    update = enforced.client("lambda", credentials=keys).update_function_code
    lacking = wanting(update, FunctionName="builder", ZipFile=archive())
    assert lacking == "lambda:UpdateFunctionCode"


def test_code_in_a_bucket_is_read_in_the_callers_name(
    enforced: Sandbox, settings: dict[str, Any]
) -> None:
    keys = user(enforced, allow("lambda:CreateFunction"), allow("iam:PassRole"))
    create = enforced.client("lambda", credentials=keys).create_function
    code = {"S3Bucket": "prosm-code", "S3Key": "README.md"}
    lacking = wanting(create, FunctionName="read", **{**settings, "Code": code})
    assert lacking == "s3:GetObject"


def test_a_list_is_decided_on_everything(enforced: Sandbox) -> None:
    found = asked(enforced, enforced.client("lambda").list_functions)
    assert found == [("lambda:ListFunctions", "*")]
