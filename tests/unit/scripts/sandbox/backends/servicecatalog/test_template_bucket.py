"""Service Catalog's own copies of templates."""

import pytest
from moto.s3.models import s3_backends

from scripts.sandbox.backends.servicecatalog.template_bucket import OWNER, publish
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import REGION, Account


def place(url: str) -> dict[str, str]:
    host, _, key = url.removeprefix("https://").partition("/")
    return {"Bucket": host.partition(".s3.")[0], "Key": key}


def test_a_copy_can_be_read_at_its_address(account: Account) -> None:
    url = publish("aws", REGION, "a template\n")
    assert f".s3.{REGION}.amazonaws.com/" in url
    assert account.s3.get_object(**place(url))["Body"].read() == b"a template\n"


@pytest.mark.usefixtures("account")
def test_a_copy_has_the_tag_that_launch_roles_are_allowed_to_read() -> None:
    url = publish("aws", REGION, "a template\n")
    backend = s3_backends[OWNER]["aws"]
    made = backend.get_object(place(url)["Bucket"], place(url)["Key"])
    assert made is not None
    assert backend.tagger.get_tag_dict_for_resource(made.arn) == {
        "servicecatalog:provisioning": "true"
    }


def test_the_same_text_is_held_once_and_another_beside_it(account: Account) -> None:
    first = publish("aws", REGION, "a template\n")
    assert publish("aws", REGION, "a template\n") == first
    assert publish("aws", REGION, "another\n") != first
    assert account.s3.get_object(**place(first))["Body"].read() == b"a template\n"


@pytest.mark.usefixtures("account")
def test_regions_have_buckets_of_their_own() -> None:
    here, there = (publish("aws", region, "t") for region in (REGION, "eu-west-2"))
    assert place(here)["Bucket"] != place(there)["Bucket"]


def test_the_bucket_is_none_of_the_accounts(account: Account) -> None:
    bucket = place(publish("aws", REGION, "t"))["Bucket"]
    assert bucket not in {each["Name"] for each in account.s3.list_buckets()["Buckets"]}
