"""Templates from requests and from S3."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.template_source import BODY_LIMIT, read
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import (
    Stacks,
    refused,
    stack_maker,
)

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
BODY = json.dumps({"Resources": {"A": HANDLE}})


@pytest.fixture(scope="module")
def address(stacks: Stacks) -> str:
    """Where a bucket's objects are."""
    s3 = stacks.sandbox.client("s3")
    region = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="stack-templates", CreateBucketConfiguration=region)
    s3.put_bucket_versioning(
        Bucket="stack-templates", VersioningConfiguration={"Status": "Enabled"}
    )
    return "https://stack-templates.s3.eu-west-1.amazonaws.com"


def stored(stacks: Stacks, key: str, body: bytes) -> str:
    """Version of the object."""
    put = stacks.sandbox.client("s3").put_object(Bucket="stack-templates", Key=key, Body=body)
    return str(put["VersionId"])


def test_a_template_may_be_an_object(stacks: Stacks, address: str) -> None:
    stored(stacks, "in/folder.json", BODY.encode())
    for url in (
        f"{address}/in/folder.json",
        "https://s3.amazonaws.com/stack-templates/in/folder.json",
    ):
        created = stacks.client.create_stack(StackName=f"from-{len(url)}", TemplateURL=url)
        assert stacks.settle(created["StackId"]) == "CREATE_COMPLETE"
    summary = stacks.client.get_template_summary(TemplateURL=f"{address}/in/folder.json")
    assert summary["ResourceTypes"] == [HANDLE["Type"]]


def test_a_version_may_be_named(stacks: Stacks, address: str) -> None:
    first = stored(stacks, "versions.json", BODY.encode())
    stored(stacks, "versions.json", b"nonsense")
    found = stacks.client.validate_template(
        TemplateURL=f"{address}/versions.json?versionId={first}"
    )
    assert found["Parameters"] == []
    with refused():
        stacks.client.validate_template(TemplateURL=f"{address}/versions.json")


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/gone.json", None, "S3 error: The specified key does not exist."),
        ("/binary", b"\xff\xfe", "Template format error: unsupported structure."),
        ("/large", b" " * 1_048_577, "Template may not exceed 1048576 bytes in size."),
    ],
)
def test_refuses_an_object_that_is_no_template(
    stacks: Stacks, address: str, path: str, body: bytes | None, words: str
) -> None:
    if body is not None:
        stored(stacks, path[1:], body)
    with refused() as messages:
        stacks.client.validate_template(TemplateURL=address + path)
    assert messages[0].startswith(words)


@pytest.mark.parametrize("url", ["http://a.s3.amazonaws.com/b", "https://example.com/a/b", "s3"])
def test_refuses_an_address_that_is_not_s3s(stacks: Stacks, url: str) -> None:
    with refused() as messages:
        stacks.client.validate_template(TemplateURL=url)
    assert messages == ["TemplateURL must be a supported URL."]


def test_the_object_is_read_with_the_callers_rights(stacks: Stacks, address: str) -> None:
    stored(stacks, "private.json", BODY.encode())
    with stacks.sandbox.fork() as copy:
        client = copy.client("cloudformation", credentials=stack_maker(copy))
        copy.enforce(True)
        with refused() as messages:
            client.validate_template(TemplateURL=f"{address}/private.json")
    assert "stack-maker is not authorized to perform: s3:GetObject" in messages[0]


@pytest.mark.parametrize("given", [{}, {"TemplateBody": BODY, "TemplateURL": "https://x"}])
def test_refuses_none_and_two(stacks: Stacks, given: dict[str, Any]) -> None:
    with refused() as messages:
        stacks.client.create_stack(StackName="templateless", **given)
    assert messages == ["Either Template URL or Template Body must be specified."]


def test_refuses_a_body_that_is_too_long(stacks: Stacks) -> None:
    with refused() as messages:
        stacks.client.validate_template(TemplateBody=BODY + " " * (BODY_LIMIT - len(BODY) + 1))
    assert "Member must have length less than or equal to 51200" in messages[0]
    stacks.client.validate_template(TemplateBody=BODY + " " * (BODY_LIMIT - len(BODY)))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "Template format error: At least one Resources member must be defined."),
        ({"Resources": {"A": {"Type": "Nonsense"}}}, "Unrecognized resource types: [Nonsense]"),
        (
            {"Resources": {"A": {**HANDLE, "DependsOn": "B"}}},
            "Template format error: Unresolved resource dependencies [B] in the Resources block",
        ),
    ],
)
def test_refuses_what_is_no_template(document: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(json.dumps(document))
    assert words in caught.value.message


@pytest.mark.parametrize(
    "document",
    [
        {"Resources": {"A": {"Type": "AWS::EC2::Instance"}}},
        {"Resources": {"A": HANDLE}, "Transform": "AWS::Serverless-2016-10-31"},
    ],
)
def test_names_what_the_sandbox_does_not_have(document: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=r"AWS::EC2::Instance|transforms"):
        read(json.dumps(document))
