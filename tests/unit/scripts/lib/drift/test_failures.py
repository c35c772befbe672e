"""Why Terraform could not look, in one line, from what Terraform and the provider really print."""

from __future__ import annotations

import json

import pytest

from scripts.lib.drift.failures import diagnostics, init_command, reason

DIRECTORY = "cdktf.out/stacks/web"
STS = (
    "Retrieving AWS account details: validating provider credentials: retrieving caller identity "
    "from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, "
    "RequestID: 1, api error {}: The security token included in the request is {}"
)


def line(summary: str, detail: str = "", severity: str = "error", address: str = "") -> str:
    found = {"severity": severity, "summary": summary, "detail": detail, "address": address}
    return json.dumps({"@level": severity, "type": "diagnostic", "diagnostic": found})


def said(summary: str, detail: str = "") -> str:
    return reason(line(summary, detail), directory=DIRECTORY, fallback="terraform plan failed")


@pytest.mark.parametrize(
    ("summary", "detail", "expected"),
    [
        (STS.format("ExpiredToken", "expired"), "", "credentials have expired"),
        (STS.format("InvalidClientTokenId", "invalid."), "", "does not know these credentials"),
        (
            "No valid credential sources found",
            "Please see https://registry.terraform.io/providers/hashicorp/aws\nfor more.",
            "no AWS credentials: give --profile",
        ),
        (
            "Retrieving AWS account details",
            "failed to refresh cached credentials, the SSO session has expired or is invalid",
            "credentials have expired",
        ),
        ("Error acquiring the state lock", "Lock Info:\n  ID: 1", "somebody holds the lock"),
        ("Required plugins are not installed", "run terraform init", "not initialised here"),
        ("Inconsistent dependency lock file", "provider hashicorp/aws", "not initialised here"),
        ('Backend initialization required, please run "terraform init"', "", "not initialised"),
        ("Module not installed", "", "not initialised here"),
        ("Failed to load plugin schemas", "could not load", "provider is missing"),
        ("Failed to query available provider packages", "no releases", "provider is missing"),
        (
            "reading S3 Bucket (data)",
            "operation error S3: HeadBucket, StatusCode: 403, api error AccessDenied: no",
            "does not allow these credentials",
        ),
        (
            "reading EC2 VPC",
            "operation error EC2: DescribeVpcs, api error UnauthorizedOperation: You are not",
            "does not allow these credentials",
        ),
        ("reading IAM Role", "api error Throttling: Rate exceeded", "asked too much at once"),
        (
            "Error refreshing state",
            'request send failed, Get "https://s3": dial tcp: lookup s3: no such host',
            "cannot be reached",
        ),
    ],
)
def test_known_causes_are_told_apart(summary: str, detail: str, expected: str) -> None:
    text = said(summary, detail)
    assert expected in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "summary", ["Required plugins are not installed", "Failed to load plugin schemas"]
)
def test_what_mends_it_is_told(summary: str) -> None:
    assert f"terraform -chdir={DIRECTORY} init -input=false" in said(summary)


def test_awss_own_code_is_told() -> None:
    assert said(STS.format("ExpiredToken", "expired")).endswith("(ExpiredToken)")


def test_what_is_not_known_is_told_as_it_is() -> None:
    printed = line("no matching VPC found", "try another filter", address="data.aws_vpc.it")
    text = reason(printed, directory=DIRECTORY, fallback="")
    assert text == "data.aws_vpc.it: no matching VPC found: try another filter"


def test_the_first_error_of_a_known_cause_is_told_and_warnings_are_not() -> None:
    printed = "\n".join(
        [
            line("acquiring the state lock", severity="warning"),
            line("no matching VPC found"),
            line("reading it", "api error ExpiredToken: gone"),
        ]
    )
    assert "have expired" in reason(printed, directory=DIRECTORY, fallback="")


def test_credentials_come_before_what_they_cause() -> None:
    detail = "StatusCode: 403, api error ExpiredToken: no; AccessDenied; dial tcp"
    assert "have expired" in said("Error refreshing state", detail)


def test_a_token_that_is_only_named_is_not_one_that_expired() -> None:
    assert "expired" not in said("Unsupported argument", "An argument named token_expiry")


def test_plain_text_is_read_for_its_error() -> None:
    printed = (
        "Initializing the backend...\n╷\n│ Error: Failed to install provider\n│ \n│ not found\n╵\n"
    )
    text = reason(printed, directory=DIRECTORY, fallback="x")
    assert text.startswith("the AWS provider is missing")
    assert "Initializing" not in text


@pytest.mark.parametrize("printed", ["", "\n\n", '{"type":"version"}', "{broken", '{"a":1}'])
def test_without_a_word_the_fallback_is_told(printed: str) -> None:
    assert reason(printed, directory=DIRECTORY, fallback="terraform plan failed") == (
        "terraform plan failed"
    )


@pytest.mark.parametrize(
    "odd", ['{"diagnostic": 7}', '{"diagnostic": {"severity": "error", "summary": null}}', "{}"]
)
def test_odd_messages_do_no_harm(odd: str) -> None:
    assert all(each.summary == "" for each in diagnostics(odd))


def test_control_characters_stay_outside() -> None:
    text = said("bad \x1b[31mname\x07", "a\r\nb")
    assert text.isprintable()


def test_directories_are_quoted() -> None:
    assert init_command("a b; c") == "terraform '-chdir=a b; c' init -input=false"
