from unittest.mock import create_autospec

import pytest
from botocore.exceptions import ClientError

from scripts.lib.changes import Finding, Severity
from scripts.lib.clients import Account, Clients
from scripts.lib.errors import AwsError
from scripts.lib.launch.model import Output
from scripts.lib.launch.result import Result, explained, shown
from tests.unit.scripts.lib.launch.samples import record

CLIENTS: Clients = create_autospec(Clients, instance=True)
CLIENTS.account = Account("123456789012", "aws", "eu-west-1")
CLIENTS.caller_arn = "arn:aws:iam::123456789012:user/dana"  # type: ignore[misc]


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "SearchProducts")


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
def test_refusal_names_who_was_refused(code: str) -> None:
    with pytest.raises(AwsError) as caught, explained(CLIENTS):
        raise refusal(code)

    assert str(caught.value) == (
        f"SearchProducts: {code}: no; you work as arn:aws:iam::123456789012:user/dana: launching "
        "takes a project's end-user role (--profile, --assume-role)"
    )


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ClientError, match="Throttling"), explained(CLIENTS):
        raise refusal("Throttling")


def test_what_is_only_looked_at_is_neither_applied_nor_dry() -> None:
    looked = shown(CLIENTS, "T", [])
    faulty = shown(CLIENTS, "T", [], [Finding(Severity.ERROR, "x", "y")])

    assert (looked.report.applied, looked.exit_code, faulty.exit_code) == (None, 0, 1)
    assert (looked.outputs, looked.notebook) == ({}, None)


def test_result_has_the_records_outputs_by_name() -> None:
    outputs = (Output("S3BucketName", "b"), Output("NotebookInstanceName", "dana"))
    result = Result(shown(CLIENTS, "T", []).report, "dana", record(outputs=outputs))

    assert result.outputs == {"S3BucketName": "b", "NotebookInstanceName": "dana"}
    assert result.notebook == "dana"
