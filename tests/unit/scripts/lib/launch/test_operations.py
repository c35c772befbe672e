"""Launches for real: over HTTP, through Service Catalog and CloudFormation, to a notebook."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.changes import Severity, Status
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import AwsError, InputError
from scripts.lib.launch import Manner, Result, end, follow, start, update
from scripts.lib.launch.session import open_clients
from scripts.lib.launch.shell import Shell
from scripts.lib.report import write_json, write_text
from scripts.sandbox.faults import Answer, Refusal, Refuse
from tests.unit.scripts.launchable import (
    NAME,
    STRANGER,
    TYPE,
    USER_ROLE,
    Launchable,
    notebook_template,
)

APPLY = Manner(apply=True, wait_seconds=60)
LOOK = Manner(apply=True, wait_seconds=0)


def status(result: Result) -> Status:
    (outcome,) = result.report.outcomes
    return outcome.status


def detail(result: Result) -> str:
    (outcome,) = result.report.outcomes
    return outcome.detail


def errors(result: Result) -> list[str]:
    return [
        f"{item.subject}: {item.message}"
        for item in result.report.findings
        if item.severity is Severity.ERROR
    ]


def commands(result: Result) -> dict[str, str]:
    (section,) = result.report.sections
    return {command.purpose: command.line for command in section.commands}


def launched(clients: Clients, name: str = "dana", **given: str) -> Result:
    result = start(clients, name, given={NAME: name} | given, manner=APPLY)
    assert result.exit_code == 0, result.report
    return result


def clients_as(session: str) -> Clients:
    """The end-user role in a session of another name: another person."""
    return Clients(open_session(assume_role=USER_ROLE, session_name=session))


def test_launch_update_and_end_run_through_to_the_notebook(
    shop: Launchable, clients: Clients
) -> None:
    made = launched(clients)
    assert (made.exit_code, made.notebook, status(made)) == (0, "dana", Status.DONE)
    assert made.outputs[NAME] == "dana"
    assert shop.notebooks() == {"dana": "ml.t3.medium"}
    assert commands(made) == {
        "print the notebook's URL": (
            "aws sagemaker create-presigned-notebook-instance-url --notebook-instance-name dana "
            "--query AuthorizedUrl --output text"
        )
    }

    changed = update(clients, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY)
    assert changed.exit_code == 0
    assert changed.report.outcomes[0].change.reasons == (f"{TYPE}: ml.t3.medium -> ml.t3.large",)
    assert shop.notebooks() == {"dana": "ml.t3.large"}

    ended = end(clients, "dana", manner=APPLY)
    assert (ended.exit_code, ended.outputs, commands(ended)) == (0, {}, {})
    assert shop.notebooks() == {}


def test_nothing_is_written_without_apply(shop: Launchable, clients: Clients) -> None:
    planned = start(clients, "dana", given={NAME: "dana"})
    assert (planned.exit_code, shop.writes()) == (2, [])

    launched(clients)
    writes = shop.writes()
    assert update(clients, "dana", given={TYPE: "ml.t3.large"}).exit_code == 2
    assert end(clients, "dana").exit_code == 2
    assert shop.writes() == writes


def test_second_run_of_each_asks_for_nothing(shop: Launchable, clients: Clients) -> None:
    steps: tuple[Callable[[], Result], ...] = (
        lambda: start(clients, "dana", given={NAME: "dana"}, manner=APPLY),
        lambda: update(clients, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY),
        lambda: end(clients, "dana", manner=APPLY),
    )

    for step in steps:
        assert step().exit_code == 0
        writes = shop.writes()
        again = step()
        assert (again.exit_code, again.report.outcomes, shop.writes()) == (0, (), writes)


def test_launch_that_is_there_with_other_values_is_left_alone(
    shop: Launchable, clients: Clients
) -> None:
    launched(clients)

    result = start(clients, "dana", given={NAME: "dana", TYPE: "ml.t3.large"}, manner=APPLY)

    assert result.exit_code == 1
    assert errors(result) == [
        f"dana: is launched already, and {TYPE} is ml.t3.medium, not ml.t3.large: use update"
    ]
    assert shop.writes() == ["ProvisionProduct"]


def test_launch_without_a_name_is_named_after_product_and_notebook(clients: Clients) -> None:
    made = start(clients, given={NAME: "dana"}, manner=APPLY)
    again = start(clients, given={NAME: "dana"}, manner=APPLY)

    assert (made.name, made.exit_code) == ("Notebook-dana", 0)
    assert (again.name, again.report.outcomes) == ("Notebook-dana", ())


def test_command_of_a_dry_run_launches_what_was_shown(clients: Clients) -> None:
    def answer(_: Any, given: Mapping[str, str]) -> Mapping[str, str]:
        return {**given, NAME: "dana nb"}

    def other(_: Any, given: Mapping[str, str]) -> Mapping[str, str]:
        return {**given, NAME: "dana"}

    refused = start(clients, "dana", manner=Manner(ask=answer))
    planned = start(clients, "dana", manner=Manner(ask=other, shell=Shell(region="eu-west-1")))

    assert (refused.exit_code, commands(refused)) == (1, {})
    line = commands(planned)["launch it"]
    assert line.startswith("python -m scripts.launch start dana --product prod-")
    assert f" --parameter {NAME}=dana --apply --region eu-west-1" in line


def test_limit_leaves_the_launch_under_way_and_says_how_to_follow_it(
    shop: Launchable, clients: Clients
) -> None:
    shop.sandbox.pace_notebooks(2)
    begun = start(clients, "dana", given={NAME: "dana"}, manner=LOOK)
    again = start(clients, "dana", given={NAME: "dana"}, manner=LOOK)
    dry = start(clients, "dana", given={NAME: "dana"})

    for result in (begun, again, dry):
        assert (result.exit_code, status(result)) == (2, Status.UNDER_WAY)
        assert commands(result) == {"follow it": "python -m scripts.launch follow dana"}
    assert detail(begun).endswith(" after 0 s: it goes on")
    assert shop.writes() == ["ProvisionProduct"]

    finished = follow(clients, "dana", manner=APPLY)
    assert (finished.exit_code, finished.notebook) == (0, "dana")
    assert follow(clients, "dana").report.outcomes == ()


def test_launch_that_was_begun_with_other_values_is_followed_and_told(
    shop: Launchable, clients: Clients
) -> None:
    shop.sandbox.pace_notebooks(1)
    start(clients, "dana", given={NAME: "dana"}, manner=LOOK)

    result = start(clients, "dana", given={NAME: "dana", TYPE: "ml.t3.large"}, manner=APPLY)

    assert (result.exit_code, status(result)) == (1, Status.DONE)
    assert errors(result) == [
        f"dana: is launched already, and {TYPE} is ml.t3.medium, not ml.t3.large: use update"
    ]


def test_failed_launch_tells_the_resources_own_reason_and_frees_its_name(
    shop: Launchable, clients: Clients
) -> None:
    shop.sandbox.fail_notebooks("dana", "no capacity for ml.t3.medium")

    failed = start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    assert (failed.exit_code, status(failed)) == (1, Status.FAILED)
    assert any("no capacity for ml.t3.medium" in line for line in errors(failed))
    assert commands(failed) == {"free its name": "python -m scripts.launch end dana --apply"}

    again = start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    assert (again.exit_code, shop.writes()) == (1, ["ProvisionProduct"])
    assert "its launch failed, end it before the name can be used again" in errors(again)[0]
    assert follow(clients, "dana").exit_code == 1

    shop.sandbox.fail_notebooks("dana", None)
    assert end(clients, "dana", manner=APPLY).exit_code == 0
    launched(clients)


def test_name_that_somebody_else_has_is_taken(clients: Clients) -> None:
    launched(clients)

    result = start(clients_as("colleague"), "dana", given={NAME: "other"}, manner=APPLY)

    assert result.exit_code == 1
    assert detail(result) == (
        "the name 'dana' is taken in this account by a provisioned product that is not yours: "
        "choose another name"
    )


def test_colleagues_products_are_neither_seen_nor_touched(
    shop: Launchable, clients: Clients
) -> None:
    launched(clients)
    colleague = clients_as("colleague")

    looks: tuple[Callable[[], Result], ...] = (
        lambda: follow(colleague, "dana"),
        lambda: update(colleague, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY),
    )
    for look in looks:
        with pytest.raises(InputError) as caught:
            look()
        assert str(caught.value) == (
            "no provisioned product of yours is named 'dana'; there are: none"
        )
    assert end(colleague, "dana", manner=APPLY).exit_code == 0
    assert shop.notebooks() == {"dana": "ml.t3.medium"}


def test_role_without_access_is_told_that_it_has_none(shop: Launchable) -> None:
    with pytest.raises(InputError) as caught:
        start(shop.clients(STRANGER), "dana", given={NAME: "dana"}, manner=APPLY)

    assert str(caught.value).startswith("arn:aws:sts::123456789012:assumed-role/Stranger/")
    assert "may launch no product in this account and Region: work as a role that has" in str(
        caught.value
    )


def test_refusal_by_iam_names_who_was_refused(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Refuse("SearchProducts", "AccessDeniedException")
    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(AwsError) as caught:
            start(shop.clients(), "dana", manner=APPLY)

    assert str(caught.value).startswith(
        "SearchProducts: AccessDeniedException: refused by the test; you work as "
        "arn:aws:sts::123456789012:assumed-role/SCEndUserRole-alpha/"
    )


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_launch_that_is_refused_is_in_the_report(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    with shop.sandbox.faults(Refuse("ProvisionProduct", code)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        result = start(shop.clients(), "dana", given={NAME: "dana"}, manner=APPLY)

    assert (result.exit_code, status(result)) == (1, Status.FAILED)
    assert detail(result) == f"ProvisionProduct: {code}: refused by the test"


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("ThrottlingException"),
        Refusal("InternalFailure", status=500),
        Refusal("Strange", status=503),
    ],
)
def test_throttling_does_not_end_the_following(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    def rule(name: str, count: int) -> Answer | None:
        return refusal if name == "DescribeRecord" and count <= 2 else None

    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        result = launched(shop.clients())

    assert result.notebook == "dana"


def test_refusal_while_following_says_that_the_launch_goes_on(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.sandbox.faults(Refuse("DescribeRecord", "ExpiredTokenException")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(AwsError) as caught:
            start(shop.clients(), "dana", given={NAME: "dana"}, manner=APPLY)
        assert str(caught.value) == (
            "DescribeRecord: ExpiredTokenException: refused by the test; the launch of dana goes "
            "on; follow it with: python -m scripts.launch follow dana"
        )
        assert follow(shop.clients(), "dana", manner=APPLY).notebook == "dana"


def test_launch_of_ones_own_that_began_in_between_is_joined(
    shop: Launchable, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rule(name: str, count: int) -> Answer | None:
        if (name, count) == ("ScanProvisionedProducts", 1):
            return {"ProvisionedProducts": []}
        return None

    launched(clients)
    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        result = start(
            shop.clients(), "dana", given={NAME: "dana", TYPE: "ml.t3.large"}, manner=APPLY
        )

    assert status(result) == Status.DONE
    assert errors(result) == [
        f"dana: is launched already, and {TYPE} is ml.t3.medium, not ml.t3.large: use update"
    ]


def test_update_to_another_version(shop: Launchable, clients: Clients) -> None:
    launched(clients, **{TYPE: "ml.t3.large"})
    shop.new_version("2", notebook_template("New", Extra={"Type": "String", "Default": "x"}))

    dry = update(clients, "dana", version="2")
    changed = update(clients, "dana", version="2", manner=APPLY)
    again = update(clients, "dana", version="2", manner=APPLY)

    assert dry.report.outcomes[0].change.reasons == ("version: 1 -> 2",)
    assert (changed.exit_code, again.exit_code, again.report.outcomes) == (0, 0, ())
    # What was not given stays as it was.
    assert shop.notebooks() == {"dana": "ml.t3.large"}


def test_launch_goes_on_where_its_version_was_deprecated(
    shop: Launchable, clients: Clients
) -> None:
    launched(clients)
    shop.new_version("2", notebook_template("New"))
    shop.deprecate("1")

    assert start(clients, "dana", version="1", given={NAME: "dana"}).exit_code == 0
    assert update(clients, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY).exit_code == 0
    with pytest.raises(InputError, match=r"^version 1 .* is deprecated and is not launched anew"):
        start(clients, "other", version="1", given={NAME: "other"})


def test_failed_update_leaves_the_notebook_and_says_why(shop: Launchable, clients: Clients) -> None:
    launched(clients)
    shop.sandbox.fail_notebooks("dana", "no capacity for ml.t3.large")

    failed = update(clients, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY)

    assert (failed.exit_code, status(failed)) == (1, Status.FAILED)
    assert any("no capacity" in line for line in errors(failed))


def test_product_whose_stack_was_deleted_by_hand_can_be_ended(
    shop: Launchable, clients: Clients
) -> None:
    made = launched(clients)
    stack = made.outputs["CloudformationStackARN"]
    cloudformation = shop.sandbox.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=stack, WaiterConfig={"Delay": 1}
    )

    refused = update(clients, "dana", given={TYPE: "ml.t3.large"}, manner=APPLY)
    assert refused.exit_code == 1
    assert "cannot be updated: DescribeStacks: ValidationError" in errors(refused)[0]
    warned = start(clients, "dana", given={NAME: "dana"}, manner=APPLY)
    assert [item.severity for item in warned.report.findings] == [Severity.WARNING]

    end(clients, "dana", manner=APPLY)
    assert shop.writes()[-1] == "TerminateProvisionedProduct"


@pytest.mark.usefixtures("shop")
def test_passing_session_is_warned_of() -> None:
    result = start(clients_as("botocore-session-1762000000"), "d", given={NAME: "d"})

    assert [item.subject for item in result.report.findings] == ["botocore-session-1762000000"]
    assert "set role_session_name in the profile" in result.report.findings[0].message


def test_hostile_names_and_outputs_do_not_reach_the_terminal(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "x; \x1b[2Jrm -rf ~\u202e"
    record = {"RecordType": "PROVISION_PRODUCT", "Status": "SUCCEEDED", "RecordId": hostile}
    outputs = [{"OutputKey": NAME, "OutputValue": hostile, "Description": hostile}]
    own = [
        {
            "Name": "dana",
            "Id": "pp-1",
            "Status": hostile,
            "LastRecordId": "rec-1",
            "ProductId": "prod-1",
        }
    ]
    answers: dict[str, dict[str, Any]] = {
        "ScanProvisionedProducts": {"ProvisionedProducts": own},
        "DescribeRecord": {"RecordDetail": record, "RecordOutputs": outputs},
        "DescribeProduct": {"ProductViewSummary": {"Name": hostile}},
    }
    with shop.sandbox.faults(lambda name, _: answers.get(name)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        result = follow(shop.clients(), "dana")

    text, document = io.StringIO(), io.StringIO()
    write_text(result.report, text)
    write_json(result.report, document)
    assert all(char.isprintable() or char == "\n" for char in text.getvalue())
    assert "x; ?[2Jrm -rf ~?" in text.getvalue()
    assert (result.notebook, commands(result)) == (None, {})
    assert hostile in json.dumps(json.loads(document.getvalue()), ensure_ascii=False).replace(
        "\\u001b", "\x1b"
    )


def test_refuses_a_name_that_cannot_be_one_before_any_call(
    shop: Launchable, clients: Clients
) -> None:
    with pytest.raises(InputError, match=r"^'a b' cannot be the name of a provisioned product"):
        start(clients, "a b", given={NAME: "dana"}, manner=APPLY)

    assert {call.service for call in shop.sandbox.journal()} == {"sts"}


def test_what_aws_refuses_to_be_read_for_other_reasons_is_its_own_error(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Refuse("ScanProvisionedProducts", "InvalidParametersException")
    with shop.sandbox.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(ClientError, match="InvalidParametersException"):
            start(open_clients(assume_role=USER_ROLE), "dana", given={NAME: "dana"})
