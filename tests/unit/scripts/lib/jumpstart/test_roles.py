import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.model import RoleFacts
from scripts.lib.jumpstart.roles import FEW, gives_full_access, read_role, read_roles, trusts
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


ENOUGH = ["sagemaker:*", "servicecatalog:*", "iam:PassRole"]


def allow(**changes: Any) -> dict[str, Any]:
    """An inline policy that gives as much as AmazonSageMakerFullAccess, with one thing changed."""
    statement = {"Effect": "Allow", "Action": ENOUGH, "Resource": "*"} | changes
    return {
        "Version": "2012-10-17",
        "Statement": [{key: value for key, value in statement.items() if value is not None}],
    }


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (allow(), True),
        (json.dumps(allow()), True),
        ({"Statement": allow()["Statement"][0]}, True),
        (allow(Action="*"), True),
        (allow(Action=["SageMaker:*", "serviceCatalog:*", "IAM:passrole"]), True),
        (allow(Action=["s3:GetObject", *ENOUGH]), True),
        (allow(Action="sagemaker:*"), False),
        (allow(Action=ENOUGH[1:]), False),
        (allow(Action=ENOUGH[:2]), False),
        (allow(Action=None, NotAction="s3:*"), True),
        (allow(Resource=None, NotResource="arn:aws:sagemaker:*:*:flow-definition/*"), True),
        (allow(Resource=["*"]), True),
        (allow(Resource=["arn:aws:s3:::x", "*"]), True),
        (allow(Condition={}), True),
        ({"Statement": [{"Effect": "Deny", "Action": "s3:*"}, *allow()["Statement"]]}, True),
        (allow(Condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (allow(Effect="Deny"), False),
        (allow(Effect="allow"), False),
        (allow(Effect=None), False),
        (allow(Resource="arn:aws:sagemaker:*:*:*"), False),
        (allow(Resource="arn:*"), False),
        (allow(Resource=[]), False),
        (allow(Resource=None), False),
        (allow(Action=None, NotAction="sagemaker:*"), False),
        (allow(Action=None, NotAction="iam:*"), False),
        (allow(Action="sagemaker:List*"), False),
        (allow(Action="sagemaker:?*"), False),
        (allow(Action="sagemaker-geospatial:*"), False),
        (allow(Action="sagemaker"), False),
        (allow(Action=["sagemaker:Create*", "sagemaker:D*"]), False),
        (allow(Action=[]), False),
        ({"Statement": []}, False),
        ({"Statement": ["sagemaker:*"]}, False),
        ({}, False),
        ([], False),
        (None, False),
        ("null", False),
    ],
)
def test_full_access_is_what_jumpstart_needs_on_everything_without_a_condition(
    policy: object, expected: bool
) -> None:
    assert gives_full_access(policy) is expected


def test_what_the_statements_of_a_policy_grant_counts_together() -> None:
    halves = [allow(Action=action)["Statement"][0] for action in ENOUGH]

    assert gives_full_access({"Statement": halves})
    assert not gives_full_access({"Statement": halves[1:]})


FULL_ACCESS_ARN = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
TRUSTS_OTHERS = trust(Principal={"Service": "lambda.amazonaws.com"})


def make(
    account: Sandbox,
    name: str,
    *,
    path: str = "/",
    policy: dict[str, Any] | None = None,
    full: bool = False,
    **inline: dict[str, Any],
) -> str:
    iam = account.client("iam")
    trusted = json.dumps(policy or trust())
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, Path=path)["Role"]
    if full:
        iam.attach_role_policy(RoleName=name, PolicyArn=FULL_ACCESS_ARN)
    for key, document in inline.items():
        iam.put_role_policy(RoleName=name, PolicyName=key, PolicyDocument=json.dumps(document))
    return str(made["Arn"])


def mixed(account: Sandbox) -> dict[str, RoleFacts]:
    """Make a mix of roles, and return what is to be known of each."""
    own = make(account, "CustomPolicies")
    iam = account.client("iam")
    mine = iam.create_policy(
        PolicyName="AmazonSageMakerFullAccess", PolicyDocument=json.dumps(allow())
    )["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="CustomPolicies", PolicyArn=mine)
    part = allow(Action="sagemaker:List*")
    expected = [
        RoleFacts(role("CustomRoleBen")),
        RoleFacts(make(account, "Full", path="/team/", full=True)),
        RoleFacts(make(account, "FullAndInline", full=True, x=allow())),
        RoleFacts(make(account, "Bare"), has_full_access=False),
        RoleFacts(own, has_full_access=False),
        RoleFacts(make(account, "Odd", policy=TRUSTS_OTHERS, full=True), trusts_sagemaker=False),
        RoleFacts(make(account, "Inline", a=part, b=allow()), equivalent="b"),
        RoleFacts(
            make(account, "OddInline", policy=TRUSTS_OTHERS, mine=allow()),
            trusts_sagemaker=False,
            equivalent="mine",
        ),
        RoleFacts(make(account, "TwoInline", z=allow(), y=allow(Action="*")), equivalent="y"),
        RoleFacts(
            make(account, "Near", x=allow(Resource="arn:aws:sagemaker:*:*:*"), y=part),
            has_full_access=False,
        ),
        RoleFacts(role("Nobody"), error="does not exist"),
        RoleFacts(role("bare"), error="does not exist"),
        RoleFacts(role("Full"), error=f"does not exist; there is {role('team/Full')}"),
        RoleFacts(
            role("x/CustomRoleBen"), error=f"does not exist; there is {role('CustomRoleBen')}"
        ),
        RoleFacts(
            "arn:aws:iam::210987654321:role/CustomRoleBen",
            error="is of another account than 123456789012",
        ),
        RoleFacts(
            "arn:aws-cn:iam::123456789012:role/CustomRoleBen",
            error="is of another account than 123456789012",
        ),
        RoleFacts(
            "arn:aws:iam::123456789012:user/amy",
            error="'arn:aws:iam::123456789012:user/amy' is not the ARN of a role: "
            "expected arn:<partition>:iam::<12 digits>:role/<path/><name>",
        ),
    ]
    return {each.arn: each for each in expected}


def test_many_roles_are_read_by_the_page_and_are_what_they_are_one_by_one(
    account: Sandbox, clients: Clients
) -> None:
    expected = mixed(account)
    account.clear_journal()

    by_page = read_roles(clients, expected)

    asked = [call.operation for call in account.journal() if call.operation != "GetCallerIdentity"]
    assert asked == ["GetAccountAuthorizationDetails"]
    assert by_page == tuple(expected.values())
    assert tuple(read_role(clients, arn) for arn in expected) == by_page


def test_roles_come_in_the_order_asked_for_and_as_often(account: Sandbox, clients: Clients) -> None:
    expected = mixed(account)
    asked = [*reversed(expected), role("Bare"), role("Bare")]

    assert [facts.arn for facts in read_roles(clients, asked)] == asked
    few = [role("Bare"), role("CustomRoleBen"), role("Bare")]
    assert [facts.arn for facts in read_roles(clients, few)] == few


def test_few_roles_are_asked_for_one_by_one(account: Sandbox, clients: Clients) -> None:
    expected = mixed(account)
    arns = list(expected)[:FEW]
    account.clear_journal()

    assert read_roles(clients, arns) == tuple(expected[arn] for arn in arns)
    asked = {call.operation for call in account.journal()}
    assert "GetAccountAuthorizationDetails" not in asked
    assert "GetRole" in asked


def test_no_roles_are_no_calls(account: Sandbox, clients: Clients) -> None:
    assert read_roles(clients, ()) == ()
    assert account.journal() == []


def detail(name: str) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Arn": role(name),
        "AssumeRolePolicyDocument": json.dumps(trust()),
        "AttachedManagedPolicies": [{"PolicyArn": FULL_ACCESS_ARN}],
    }


def test_roles_beyond_the_first_page_are_found(clients: Clients) -> None:
    """The sandbox answers with one page whatever the account; AWS with a thousand at most."""
    assert clients.account.account_id == "123456789012"
    asked = {"Filter": ["Role"], "MaxItems": 1000}
    first = {"RoleDetailList": [detail("A"), detail("B")], "IsTruncated": True, "Marker": "more"}
    last = {"RoleDetailList": [detail("C")], "IsTruncated": False}
    with Stubber(clients.iam) as iam:
        operation = "get_account_authorization_details"
        iam.add_response(operation, first, asked)
        iam.add_response(operation, last, asked | {"Marker": "more"})
        found = read_roles(clients, [role(name) for name in "CADBX"])
        iam.assert_no_pending_responses()

    assert found == (
        RoleFacts(role("C")),
        RoleFacts(role("A")),
        RoleFacts(role("D"), error="does not exist"),
        RoleFacts(role("B")),
        RoleFacts(role("X"), error="does not exist"),
    )


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
def test_who_may_not_read_all_roles_asks_for_each(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    expected = mixed(account)
    with account.faults(Refuse("GetAccountAuthorizationDetails", code)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        found = read_roles(Clients(open_session()), expected)
        asked = proxy.counts.asked

    assert found == tuple(expected.values())
    assert asked["GetAccountAuthorizationDetails"] == 1
    assert asked["GetRole"] == 14


@pytest.mark.usefixtures("clients")
def test_other_refusals_are_raised_and_not_asked_around(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with account.faults(Refuse("GetAccountAuthorizationDetails", "ServiceFailure")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(ClientError, match="ServiceFailure"):
            read_roles(Clients(open_session()), [role(name) for name in "ABCDE"])

        assert "GetRole" not in proxy.counts.asked


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize("operation", ["ListRolePolicies", "GetRolePolicy"])
def test_who_may_not_read_inline_policies_knows_of_none(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    arn = make(account, "Inline", mine=allow())
    with account.faults(Refuse(operation, "AccessDenied")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        facts = read_role(Clients(open_session()), arn)

    assert facts == RoleFacts(arn, has_full_access=False)
