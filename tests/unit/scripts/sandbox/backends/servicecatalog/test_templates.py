"""What Service Catalog makes of a template, good or bad."""

import json

import pytest

from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.templates import parse, read

RESOURCES = {"T": {"Type": "AWS::SNS::Topic"}}
VALID = json.dumps({"Resources": RESOURCES})


def test_a_template_is_read() -> None:
    assert parse(VALID).section("Resources") == RESOURCES


def test_fails_with_what_is_wrong_in_service_catalogs_words() -> None:
    with pytest.raises(InvalidParametersError) as caught:
        parse("{}")
    assert caught.value.message == (
        "Invalid templateBody. Please make sure that your template is valid:"
        " At least one Resources member must be defined."
    )


def test_an_unchecked_template_counts_as_empty_if_invalid() -> None:
    assert read("nonsense").document == {}
    assert read("nonsense").body == "nonsense"
    assert read(VALID).section("Resources") == RESOURCES
