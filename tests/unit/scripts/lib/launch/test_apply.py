from typing import Any
from unittest.mock import create_autospec

import pytest
from botocore.exceptions import ClientError

from scripts.lib.changes import Status
from scripts.lib.clients import Clients
from scripts.lib.errors import AwsError
from scripts.lib.launch import apply, following
from scripts.lib.launch.apply import carry_out, request
from scripts.lib.launch.model import Record
from scripts.lib.launch.plan import End, Launch, Request, UnderWay, Update
from scripts.lib.launch.shell import Shell
from tests.unit.scripts.lib.launch.samples import provisioned, record, wanted

LAUNCH = Launch(name="dana", place="x", wanted=wanted())
UPDATE = Update(
    name="dana",
    place="x",
    provisioned=provisioned(),
    wanted=wanted(given={"Size": "50"}),
    kept=("Type",),
)
END = End(name="dana", place="x", provisioned=provisioned())
DETAIL = {"RecordDetail": {"RecordId": "rec-9", "Status": "SUCCEEDED", "RecordType": "T"}}


class Catalog:
    """Service Catalog that takes note of what it is asked, and answers or raises ``answer``."""

    def __init__(self, answer: object = DETAIL) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> object:
            self.asked.append((operation, arguments))
            if isinstance(self.answer, BaseException):
                raise self.answer
            return self.answer

        return call


def clients_with(catalog: Catalog) -> Clients:
    made: Clients = create_autospec(Clients, instance=True)
    made.servicecatalog = catalog  # type: ignore[assignment]
    return made


def run(catalog: Catalog, change: Request, watch: Any = lambda _: None) -> apply.Ended:
    return carry_out(
        clients_with(catalog), change, wait_seconds=0, watch=watch, shell=Shell("eu-west-1")
    )


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "ProvisionProduct")


def test_launch_gives_the_chosen_ids_and_only_the_values_that_were_given() -> None:
    catalog = Catalog()
    request(clients_with(catalog), LAUNCH)

    ((operation, asked),) = catalog.asked
    token = asked.pop("ProvisionToken")
    assert operation == "provision_product"
    assert len(token) == 36
    assert asked == {
        "ProvisionedProductName": "dana",
        "ProductId": "prod-1",
        "ProvisioningArtifactId": "pa-2",
        "PathId": "lpv3-1",
        "ProvisioningParameters": [{"Key": "NotebookInstanceName", "Value": "dana"}],
    }


def test_update_keeps_values_without_repeating_them() -> None:
    catalog = Catalog()
    request(clients_with(catalog), UPDATE)

    ((operation, asked),) = catalog.asked
    assert operation == "update_provisioned_product"
    assert asked["ProvisionedProductId"] == "pp-1"
    assert asked["ProvisioningParameters"] == [
        {"Key": "Size", "Value": "50"},
        {"Key": "Type", "UsePreviousValue": True},
    ]


def test_end_names_the_id_since_a_name_may_be_another_ones_by_now() -> None:
    catalog = Catalog()
    request(clients_with(catalog), END)

    ((operation, asked),) = catalog.asked
    assert operation == "terminate_provisioned_product"
    assert set(asked) == {"ProvisionedProductId", "TerminateToken"}


def test_two_requests_have_two_tokens() -> None:
    catalog = Catalog()
    for _ in range(2):
        request(clients_with(catalog), LAUNCH)

    assert len({asked["ProvisionToken"] for _, asked in catalog.asked}) == 2


def test_what_is_under_way_is_not_asked_for() -> None:
    catalog = Catalog()
    busy = record("SUCCEEDED")

    ended = run(catalog, UnderWay(name="dana", place="x", record=busy))

    assert (ended.joined, ended.succeeded, ended.record) == (True, True, busy)
    assert catalog.asked == []


def test_unknown_request_is_a_defect() -> None:
    with pytest.raises(TypeError, match="no way to request"):
        request(clients_with(Catalog()), Strange(name="dana", place="x"))


class Strange(Request):
    @property
    def action(self) -> str:
        return "strange"


@pytest.mark.parametrize(
    ("code", "message", "taken"),
    [
        ("InvalidParametersException", "A stack named dana already exists.", True),
        ("DuplicateResourceException", "whatever", True),
        ("InvalidParametersException", "Parameter Size is not valid", False),
        ("ValidationException", "it already exists", False),
    ],
)
def test_name_that_is_taken_is_told_from_other_refusals(
    monkeypatch: pytest.MonkeyPatch, code: str, message: str, taken: bool
) -> None:
    monkeypatch.setattr(apply, "find_own", lambda *_: None)

    ended = run(Catalog(refusal(code, message)), LAUNCH)

    assert ended.outcome is not None
    assert ended.outcome.status is Status.FAILED
    assert ("the name 'dana' is taken" in ended.outcome.detail) == taken
    assert (message in ended.outcome.detail) == (not taken)


def test_interrupted_while_asking_nobody_knows() -> None:
    with pytest.raises(AwsError) as caught:
        run(Catalog(KeyboardInterrupt()), END)

    assert str(caught.value) == (
        "interrupted: AWS may have been asked to end dana already; see what came of it: "
        "python -m scripts.launch follow dana --region eu-west-1"
    )


def test_interrupted_while_following_it_goes_on() -> None:
    def watch(_: Record) -> None:
        raise KeyboardInterrupt

    with pytest.raises(AwsError) as caught:
        run(Catalog(), UPDATE, watch)

    assert str(caught.value) == (
        "interrupted: the update of dana goes on; follow it with: "
        "python -m scripts.launch follow dana --region eu-west-1"
    )


def test_failed_record_gives_its_reasons_and_those_of_its_resources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apply, "failed_resources", lambda *_: ("Notebook: no capacity",))
    errors = [{"Code": "A", "Description": "one"}, {"Description": "two"}]
    detail = {"RecordDetail": {"RecordId": "rec-9", "Status": "FAILED", "RecordErrors": errors}}

    ended = run(Catalog(detail), LAUNCH)

    assert ended.outcome is not None
    assert ended.outcome.detail == "rec-9: A: one; two"
    assert [finding.message for finding in ended.findings] == ["Notebook: no capacity"]


def test_record_that_has_not_ended_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "read_record", lambda *_: record("IN_PROGRESS"))
    detail = {"RecordDetail": {"RecordId": "rec-9", "Status": "CREATED"}}

    ended = run(Catalog(detail), LAUNCH)

    assert ended.outcome is not None
    assert (ended.outcome.status, ended.succeeded) == (Status.UNDER_WAY, False)
    assert ended.outcome.detail == "CREATED after 0 s: it goes on"
