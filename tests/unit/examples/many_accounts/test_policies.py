import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.sandbox.policies import ALLOW, Request, decide
from tests.unit.examples.many_accounts.material import FOLDER, NAMES, filled, policy

DISTRIBUTED_MAP = {"states:StartExecution", "states:DescribeExecution", "states:StopExecution"}
CALLS = {
    "s3:getObject": {"s3:GetObject"},
    "s3:putObject": {
        "s3:PutObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:AbortMultipartUpload",
    },
    "codebuild:startBuild.sync": {
        "codebuild:StartBuild",
        "codebuild:StopBuild",
        "codebuild:BatchGetBuilds",
        "events:PutTargets",
        "events:PutRule",
        "events:DescribeRule",
    },
    "aws-sdk:sfn:describeMapRun": {"states:DescribeMapRun"},
}
"""What AWS's documentation asks for, by what a state calls:
https://docs.aws.amazon.com/step-functions/latest/dg/codebuild-iam.html
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"""

POLICIES = ("state_machine", "build", "member")
TRUSTS = ("state_machine_trust", "build_trust", "member_trust")


def values(node: Any, key: str) -> Iterator[Any]:
    """Every value of ``key``, however deep."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from values(value, key)
    elif isinstance(node, list):
        for each in node:
            yield from values(each, key)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(document: Any) -> list[str]:
    return [action for each in document["Statement"] for action in listed(each["Action"])]


def resources(document: Any, action: str) -> list[str]:
    return [
        resource
        for each in document["Statement"]
        if action in listed(each["Action"])
        for resource in listed(each["Resource"])
    ]


def test_state_machines_policy_names_just_what_its_states_call() -> None:
    machine = filled("state_machine.asl.json")
    called = {arn.split(":::", 1)[1] for arn in values(machine, "Resource")}
    distributed = {each["Mode"] for each in values(machine, "ProcessorConfig")}

    assert distributed == {"DISTRIBUTED"}
    assert set(actions(policy("state_machine"))) == DISTRIBUTED_MAP.union(
        *(CALLS[call] for call in called)
    )
    assert called == set(CALLS)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::{bucket}/{list}"),
        ("s3:PutObject", "arn:aws:s3:::{bucket}/{prefix}/id/manifest.json"),
        ("codebuild:StartBuild", "arn:aws:codebuild:{region}:{account}:project/{build}"),
        ("states:StartExecution", "arn:aws:states:{region}:{account}:stateMachine:{machine}"),
        ("states:DescribeMapRun", "arn:aws:states:{region}:{account}:mapRun:{machine}/{label}:id"),
        ("states:StopExecution", "arn:aws:states:{region}:{account}:execution:{machine}/{label}:i"),
    ],
)
def test_state_machines_policy_allows_what_its_states_name(action: str, resource: str) -> None:
    each = filled("state_machine.asl.json")["States"]["EachAccount"]
    arn = resource.format(
        **{key: NAMES[key] for key in ("region", "account")},
        bucket=each["ItemReader"]["Parameters"]["Bucket"],
        list=each["ItemReader"]["Parameters"]["Key"],
        prefix=each["ResultWriter"]["Parameters"]["Prefix"],
        build=each["ItemProcessor"]["States"]["Build"]["Parameters"]["ProjectName"],
        machine=NAMES["state_machine"],
        label=each["Label"],
    )
    request = Request(("arn:aws:iam::123456789012:role/X",), action, arn, {})

    assert decide(_with_principal(policy("state_machine")), request) == ALLOW
    for other in (arn.replace(NAMES["bucket"], "other"), arn.replace(":123456789012:", ":1:")):
        if other != arn:
            refused = Request(request.principals, action, other, {})
            assert decide(_with_principal(policy("state_machine")), refused) != ALLOW


def _with_principal(document: Any) -> Any:
    """The sandbox decides by the rules of a resource's policy too, which names who."""
    statements = [each | {"Principal": "*"} for each in document["Statement"]]
    return {"Version": document["Version"], "Statement": statements}


@pytest.mark.parametrize("name", POLICIES)
def test_no_action_is_a_pattern_or_allowed_twice_on_the_same(name: str) -> None:
    document = policy(name)
    pairs = [
        (action, resource)
        for each in document["Statement"]
        for action in listed(each["Action"])
        for resource in listed(each["Resource"])
    ]

    assert len(pairs) == len(set(pairs))
    assert not [action for action in actions(document) if "*" in action]
    assert {each["Effect"] for each in document["Statement"]} == {"Allow"}


@pytest.mark.parametrize("name", ["state_machine", "build"])
def test_only_the_members_policy_speaks_of_everything(name: str) -> None:
    document = policy(name)

    for action in actions(document):
        assert "*" not in resources(document, action)


def test_builds_take_on_one_role_of_their_own_organization_only() -> None:
    document = policy("build")
    (statement,) = (each for each in document["Statement"] if "sts:AssumeRole" in each["Action"])

    assert statement["Resource"] == f"arn:aws:iam::*:role/{NAMES['member_role']}"
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceOrgID": NAMES["organization"]}}


@pytest.mark.parametrize("name", TRUSTS)
def test_each_role_trusts_one_and_that_of_this_account(name: str) -> None:
    (statement,) = policy(name)["Statement"]

    assert statement["Action"] == "sts:AssumeRole"
    service = statement["Principal"].get("Service")
    if service:
        expected = {"StringEquals": {"aws:SourceAccount": NAMES["account"]}}
        assert statement["Condition"] == expected
    else:
        arn = f"arn:aws:iam::{NAMES['account']}:role/{NAMES['build_role']}"
        assert statement["Principal"] == {"AWS": arn}


def test_every_placeholder_is_one_that_the_readme_fills() -> None:
    texts = [file.read_text() for file in FOLDER.rglob("*.json")]

    assert {name for text in texts for name in re.findall(r"\$\{(\w+)\}", text)} == set(NAMES)
    for text in texts:
        json.loads(text)
        # A partition that is written down would be the wrong one elsewhere.
        assert "arn:aws:" not in text
