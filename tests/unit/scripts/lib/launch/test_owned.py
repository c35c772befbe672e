from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.launch import Manner, start
from scripts.lib.launch.model import Output
from scripts.lib.launch.owned import (
    failed_resources,
    find_own,
    list_own,
    read_record,
    require_own,
)
from scripts.sandbox.faults import Answer, Refusal, Refuse
from tests.unit.scripts.launchable import NAME, TYPE, Launchable, notebook_template

APPLY = Manner(apply=True, wait_seconds=60)


def test_own_products_and_outputs_are_read_beyond_one_page(
    shop: Launchable, clients: Clients
) -> None:
    template = notebook_template()
    template["Resources"] = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
    }
    template["Outputs"] = {f"Output{n:02}": {"Value": str(n)} for n in range(25)}
    product = shop.new_product("Handles", template)
    for number in range(22):
        # Asked for all at once; the last is followed to its end.
        last = start(
            clients,
            f"dana-{number:02}",
            product=product,
            given={NAME: "x"},
            manner=replace(APPLY, wait_seconds=60 if number == 21 else 0),
        )

    assert [item.name for item in list_own(clients)] == [f"dana-{n:02}" for n in range(22)]
    assert [key for key in last.outputs if key.startswith("Output")] == [
        f"Output{n:02}" for n in range(25)
    ]


def test_found_has_product_version_values_and_record(clients: Clients) -> None:
    start(clients, "dana", given={NAME: "dana", TYPE: "ml.t3.large"}, manner=APPLY)

    found = find_own(clients, "dana")

    assert found is not None
    assert (found.product.name, found.version.name) == ("Notebook", "1")
    assert found.values == {NAME: "dana", TYPE: "ml.t3.large", "VolumeSizeInGB": "20"}
    assert (found.record.verb, found.record.succeeded) == ("launch", True)
    assert found.provisioned.last_launched_id == found.record.id
    assert Output(NAME, "dana", "The notebook's name.") in found.record.outputs
    assert find_own(clients, "dan") is None


@pytest.mark.parametrize("there", [True, False])
def test_a_request_that_ends_while_its_product_is_read_has_ended(
    shop: Launchable, clients: Clients, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """The list is read first: what it says of the product may be older than the record."""
    launched = start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    listed = clients.servicecatalog.scan_provisioned_products()["ProvisionedProducts"]
    before = {**listed[0], "Status": "UNDER_CHANGE", "CreatedTime": 0}
    del before["LastSuccessfulProvisioningRecordId"]
    after = {**listed[0], "CreatedTime": 0}

    def rule(operation: str, call: int) -> Answer | None:
        if operation != "ScanProvisionedProducts":
            return None
        return {"ProvisionedProducts": [before] if call == 1 else [after] * there}

    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        found = find_own(shop.clients(), "dana")

    assert launched.record is not None
    if not there:
        assert found is None
        return
    assert found is not None
    assert found.provisioned.last_launched_id == launched.record.id == found.record.id
    assert found.provisioned.status == "AVAILABLE"


def test_refuses_a_name_that_is_none_of_ones_own_and_lists_them(clients: Clients) -> None:
    start(clients, "dana", given={NAME: "dana"}, manner=APPLY)

    with pytest.raises(InputError) as caught:
        require_own(clients, "Dana")

    assert str(caught.value).startswith(
        "no provisioned product of yours is named 'Dana'; there are: dana (pp-"
    )


@pytest.mark.parametrize(
    ("code", "known"), [("AccessDenied", True), ("ValidationError", True), ("Throttling", False)]
)
def test_values_may_be_unreadable_but_other_refusals_are_raised(
    shop: Launchable, clients: Clients, monkeypatch: pytest.MonkeyPatch, code: str, known: bool
) -> None:
    start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    with shop.sandbox.faults(Refuse("DescribeStacks", code)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        mine = shop.clients()
        if not known:
            with pytest.raises(ClientError, match=code):
                find_own(mine, "dana")
            return
        found = find_own(mine, "dana")

    assert found is not None
    assert (found.values, found.unreadable) == (
        None,
        f"DescribeStacks: {code}: refused by the test",
    )


def test_reasons_are_those_of_the_last_operation_alone(shop: Launchable, clients: Clients) -> None:
    shop.sandbox.fail_notebooks("dana", "no capacity")
    made = start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    assert made.record is not None
    provisioned = made.record.provisioned_id

    (reason,) = failed_resources(clients, provisioned)

    assert reason.startswith("Notebook: ")
    assert "no capacity" in reason
    assert read_record(clients, made.record.id).errors != ()


def event(resource: str, status: str, reason: str = "") -> dict[str, Any]:
    of_stack = resource == "stack"
    return {
        "StackId": "arn:stack",
        "PhysicalResourceId": "arn:stack" if of_stack else f"id-{resource}",
        "LogicalResourceId": resource,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


class Events:
    """CloudFormation's events, the newest first, in pages of two."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = events

    def get_paginator(self, operation: str) -> "Events":
        assert operation == "describe_stack_events"
        return self

    def paginate(self, **_: str) -> Any:
        for start_at in range(0, len(self.events), 2):
            yield {"StackEvents": list(self.events[start_at : start_at + 2])}


def test_cancelled_resources_and_history_are_no_reasons(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = Events(
        event("stack", "UPDATE_ROLLBACK_COMPLETE"),
        event("Second", "UPDATE_FAILED", "Resource update cancelled"),
        event("Third", "UPDATE_FAILED", "no quota"),
        event("First", "CREATE_FAILED", "no capacity"),
        event("Fourth", "DELETE_COMPLETE"),
        event("stack", "UPDATE_IN_PROGRESS", "User Initiated"),
        event("First", "CREATE_FAILED", "long ago"),
    )
    monkeypatch.setitem(clients.__dict__, "cloudformation", events)

    assert failed_resources(clients, "pp-1") == ("First: no capacity", "Third: no quota")


def test_reasons_that_cannot_be_read_are_none(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rule(name: str, _: int) -> Answer | None:
        return Refusal("AccessDenied") if name == "DescribeStackEvents" else None

    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert failed_resources(shop.clients(), "pp-1") == ()
