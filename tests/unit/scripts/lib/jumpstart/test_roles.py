import json
from typing import Any

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.model import RoleFacts
from scripts.lib.jumpstart.roles import read_role, trusts
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Refuse
from tests.unit.scripts.lib.jumpstart.builders import role


def trust(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement | changes]}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (trust(), True),
        (json.dumps(trust()), True),
        ({"Statement": trust()["Statement"][0]}, True),
        (trust(Principal={"Service": ["a.amazonaws.com", "sagemaker.amazonaws.com"]}), True),
        (trust(Action=["sts:TagSession", "sts:AssumeRole"]), True),
        (trust(Effect="Deny"), False),
        (trust(Action="sts:TagSession"), False),
        (trust(Principal={"Service": "lambda.amazonaws.com"}), False),
        (trust(Principal={"AWS": "sagemaker.amazonaws.com"}), False),
        (trust(Principal="*"), False),
        ({"Statement": []}, False),
        ({"Statement": ["x"]}, False),
        ({}, False),
        (None, False),
    ],
)
def test_trust_needs_an_allow_of_assume_role_for_the_service(
    policy: object, expected: bool
) -> None:
    assert trusts(policy, "sagemaker.amazonaws.com") is expected


def test_role_of_the_account_that_sagemaker_may_use_has_all_preconditions(clients: Clients) -> None:
    assert read_role(clients, role("CustomRoleBen")) == RoleFacts(role("CustomRoleBen"))


def test_role_that_sagemaker_may_not_use_is_told_so(account: Sandbox, clients: Clients) -> None:
    policy = trust(Principal={"Service": "lambda.amazonaws.com"})
    account.client("iam").create_role(
        RoleName="Odd", AssumeRolePolicyDocument=json.dumps(policy), Path="/team/"
    )

    assert read_role(clients, role("team/Odd")) == RoleFacts(
        role("team/Odd"), trusts_sagemaker=False, has_full_access=False
    )


def test_full_access_is_found_among_many_policies(account: Sandbox, clients: Clients) -> None:
    iam = account.client("iam")
    for number in range(9):
        name = f"AmazonSageMakerFullAccess{number}"
        statement = {"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        arn = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="CustomRoleBen", PolicyArn=arn)
    assert read_role(clients, role("CustomRoleBen")).has_full_access

    iam.detach_role_policy(
        RoleName="CustomRoleBen", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    assert not read_role(clients, role("CustomRoleBen")).has_full_access


@pytest.mark.parametrize(
    ("arn", "error"),
    [
        (role("Nobody"), "does not exist"),
        (
            role("path/CustomRoleBen"),
            f"does not exist; there is {role('CustomRoleBen')}",
        ),
        (
            "arn:aws:iam::210987654321:role/CustomRoleBen",
            "is of another account than 123456789012",
        ),
        ("arn:aws-cn:iam::123456789012:role/R", "is of another account than 123456789012"),
    ],
)
def test_role_that_cannot_be_associated_says_why(clients: Clients, arn: str, error: str) -> None:
    assert read_role(clients, arn) == RoleFacts(arn, error=error)


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize("operation", ["GetRole", "ListAttachedRolePolicies"])
def test_role_that_may_not_be_read_is_unchecked_and_not_missing(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    with account.faults(Refuse(operation, "AccessDenied")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        facts = read_role(Clients(open_session()), role("CustomRoleBen"))

    assert facts == RoleFacts(
        role("CustomRoleBen"), unchecked=f"{operation}: AccessDenied: refused by the test"
    )
