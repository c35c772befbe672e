"""What resources bring to a decision: their tags, and keys of their own."""

import json

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.access.resource_facts import context
from tests.unit.scripts.sandbox.access.people import allow, archive, arn, role, trust, user, wanting

TEAM = {"Key": "Team", "Value": "a"}


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "",
        arn("sagemaker", "notebook-instance/*"),
        arn("sagemaker", "notebook-instance/none"),
        arn("sagemaker", "unheard-of/none"),
        arn("lambda", "function:none"),
        arn("kms", "key/none"),
        arn("kms", "alias/none"),
        arn("cloudformation", "stack/none/1"),
        arn("logs", "log-group:none"),
        arn("logs", "log-group:none:log-stream:s"),
        "arn:aws:iam::123456789012:role/none",
        "arn:aws:s3:::none/k",
    ],
)
def test_what_is_not_there_brings_nothing(resource: str) -> None:
    assert context(resource) == {}


def test_a_subnet_brings_its_id() -> None:
    assert context(arn("ec2", "subnet/subnet-1")) == {
        "ec2:Region": "eu-west-1",
        "ec2:SubnetID": "subnet-1",
    }


def passes(sandbox: Sandbox, service: str, action: str, team: str, **parameters: str) -> bool:
    """Whether a caller with a right on what `Team` tags so gets past access control."""
    keys = user(sandbox, allow("*", StringEquals={"aws:ResourceTag/Team": team}))
    operation = "".join(f"_{c.lower()}" if c.isupper() else c for c in action).lstrip("_")
    call = getattr(sandbox.client(service, credentials=keys), operation)
    return wanting(call, **parameters) == ""


def told_apart(sandbox: Sandbox, service: str, action: str, **parameters: str) -> bool:
    return [passes(sandbox, service, action, team, **parameters) for team in "ab"] == [True, False]


def test_tags_of_roles_users_and_policies(enforced: Sandbox) -> None:
    iam = enforced.client("iam")
    made = role(enforced, Tags=[TEAM])
    assert told_apart(enforced, "iam", "GetRole", RoleName=made.rpartition("/")[2])
    iam.create_user(UserName="tagged", Tags=[TEAM])
    assert told_apart(enforced, "iam", "GetUser", UserName="tagged")
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:*")]})
    policy = iam.create_policy(PolicyName="tagged", PolicyDocument=document, Tags=[TEAM])
    assert told_apart(enforced, "iam", "GetPolicy", PolicyArn=policy["Policy"]["Arn"])


def test_tags_of_portfolios(enforced: Sandbox) -> None:
    made = enforced.client("servicecatalog").create_portfolio(
        DisplayName="d", ProviderName="p", Tags=[TEAM]
    )
    identifier = made["PortfolioDetail"]["Id"]
    assert told_apart(enforced, "servicecatalog", "DescribePortfolio", Id=identifier)


def test_tags_of_stacks(enforced: Sandbox) -> None:
    template = {"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    enforced.client("cloudformation").create_stack(
        StackName="tagged", TemplateBody=json.dumps(template), Tags=[TEAM]
    )
    assert told_apart(enforced, "cloudformation", "ListStackResources", StackName="tagged")


def test_tags_of_functions(enforced: Sandbox) -> None:
    service = role(enforced, principal={"Service": "lambda.amazonaws.com"})
    enforced.client("lambda").create_function(
        FunctionName="tagged",
        Runtime="python3.12",
        Handler="main.handler",
        Role=service,
        Code={"ZipFile": archive()},
        Tags={"Team": "a"},
    )
    assert told_apart(enforced, "lambda", "GetFunction", FunctionName="tagged")


def test_tags_of_notebooks_whatever_the_case_of_their_name(enforced: Sandbox) -> None:
    service = role(enforced)
    enforced.client("iam").update_assume_role_policy(
        RoleName=service.rpartition("/")[2],
        PolicyDocument=trust({"Service": "sagemaker.amazonaws.com"}),
    )
    enforced.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="Tagged", InstanceType="ml.t3.medium", RoleArn=service, Tags=[TEAM]
    )
    name = {"NotebookInstanceName": "Tagged"}
    assert told_apart(enforced, "sagemaker", "DescribeNotebookInstance", **name)
