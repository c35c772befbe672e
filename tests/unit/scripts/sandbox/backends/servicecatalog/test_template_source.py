"""Where the text of a template comes from."""

import json

import pytest

from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.template_source import load_stack, load_url
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    BUCKET,
    REGION,
    TEMPLATE,
    Account,
)


@pytest.mark.parametrize(
    "address",
    [
        f"https://{BUCKET}.s3.{REGION}.amazonaws.com/a%20b/t.json",
        f"https://{BUCKET}.s3.amazonaws.com/a%20b/t.json",
        f"https://{BUCKET}.s3-{REGION}.amazonaws.com/a b/t.json",
        f"https://{BUCKET}.s3.dualstack.{REGION}.amazonaws.com/a b/t.json",
        f"https://s3.{REGION}.amazonaws.com/{BUCKET}/a%20b/t.json",
        f"https://s3.amazonaws.com/{BUCKET}/a b/t.json",
    ],
)
def test_every_form_of_an_s3_address_leads_to_the_object(account: Account, address: str) -> None:
    account.template("body", key="a b/t.json")
    assert load_url(ACCOUNT, "aws", address) == "body"


def test_an_address_may_name_an_objects_version(account: Account) -> None:
    account.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    first = account.s3.put_object(Bucket=BUCKET, Key="t", Body=b"one")["VersionId"]
    account.s3.put_object(Bucket=BUCKET, Key="t", Body=b"two")
    address = f"https://{BUCKET}.s3.amazonaws.com/t"
    assert load_url(ACCOUNT, "aws", address) == "two"
    assert load_url(ACCOUNT, "aws", f"{address}?versionId={first}") == "one"
    account.s3.delete_object(Bucket=BUCKET, Key="t")
    with pytest.raises(InvalidParametersError):
        load_url(ACCOUNT, "aws", address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "t.json",
        f"http://{BUCKET}.s3.amazonaws.com/t.json",
        f"s3://{BUCKET}/t.json",
        f"https://{BUCKET}.s3.amazonaws.com/",
        f"https://s3.amazonaws.com/{BUCKET}",
        f"https://{BUCKET}.s3.amazonaws.com.example.com/t.json",
        f"https://{BUCKET}.s3xamazonaws.com/t.json",
        "https://example.com/t.json",
        f"https://{BUCKET}.s3.amazonaws.com/none.json",
        "https://no-such-bucket.s3.amazonaws.com/t.json",
    ],
)
def test_fails_when_the_address_leads_nowhere(account: Account, address: str) -> None:
    account.template("body", key="t.json")
    with pytest.raises(InvalidParametersError) as caught:
        load_url(ACCOUNT, "aws", address)
    assert address in caught.value.message


def test_fails_when_the_object_is_no_text(account: Account) -> None:
    account.s3.put_object(Bucket=BUCKET, Key="t", Body=b"\xff\xfe\x00")
    with pytest.raises(InvalidParametersError, match="UTF-8"):
        load_url(ACCOUNT, "aws", f"https://{BUCKET}.s3.amazonaws.com/t")


def test_a_stack_gives_its_template(account: Account) -> None:
    stack = account.client("cloudformation").create_stack(
        StackName="s", TemplateBody=json.dumps(TEMPLATE)
    )["StackId"]
    assert json.loads(load_stack(ACCOUNT, REGION, stack)) == TEMPLATE
    with pytest.raises(InvalidParametersError, match="does not exist"):
        load_stack(ACCOUNT, REGION, stack + "x")
