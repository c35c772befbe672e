"""The whole function, when something goes wrong: one answer at a real HTTP server."""

from __future__ import annotations

import time
from typing import Any

import pytest

from modules.notebook_builder import handler as module
from modules.notebook_builder.answer import NotDeliveredError
from modules.notebook_builder.handler import handle
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    World,
    client_error,
    event,
    owner_tags,
    run,
)


@pytest.mark.parametrize(
    "fault",
    [client_error("ThrottlingException", "slow down"), client_error("Unknown", status=503)],
    ids=["throttled", "unavailable"],
)
@pytest.mark.parametrize("operation", ["describe", "create", "tags"])
def test_a_passing_fault_is_waited_out(answers: Answers, operation: str, fault: Exception) -> None:
    world = World()
    world.sagemaker.faults[operation] = [fault, fault]
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "SUCCESS"


def test_a_lasting_fault_is_the_reason_of_the_timeout(answers: Answers) -> None:
    world = World()
    world.sagemaker.faults["describe"] = [client_error("ThrottlingException", "slow down")] * 500
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert "ran out of time" in answers.only["Reason"]
    assert "slow down" in answers.only["Reason"]


def test_a_state_that_moved_between_look_and_write_is_looked_at_again(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    moved = client_error("ValidationException", "Status (Updating). Unable to transition to")
    world.sagemaker.faults["stop"] = [moved]
    run(world, event("Delete", url=answers.url))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.writes() == ["stop", "stop", "delete"]


def test_a_refused_write_is_answered_with_sagemakers_words(answers: Answers) -> None:
    world = World()
    refusal = client_error("ResourceLimitExceeded", "no more ml.t3.medium for you")
    world.sagemaker.faults["create"] = [refusal]
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert "no more ml.t3.medium for you" in answers.only["Reason"]


def test_a_long_reason_still_fits_cloudformations_limit(answers: Answers) -> None:
    world = World()
    world.sagemaker.faults["create"] = [client_error("ValidationException", "\N{SNOWMAN}" * 5000)]
    run(world, event(url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert int(answers.headers[0]["Content-Length"]) <= 4096


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"VolumeSizeInGB": "4"}, "VolumeSizeInGB is '4'"),
        ({"DirectInternetAccess": "Enabled"}, "DirectInternetAccess is 'Enabled'"),
        ({"ProjectName": "beta"}, "ProjectName is 'beta', allowed: alpha"),
    ],
)
def test_bad_properties_are_answered_and_nothing_is_asked(
    answers: Answers, changed: dict[str, str], reason: str
) -> None:
    world = World()
    run(world, event(url=answers.url, **changed))
    assert answers.only["Status"] == "FAILED"
    assert reason in answers.only["Reason"]
    assert world.sagemaker.calls == []


def test_a_missing_environment_variable_is_answered(answers: Answers) -> None:
    world = World()
    handle(event(url=answers.url), world.clock, connect=world.connect(), environment={})
    assert answers.only["Status"] == "FAILED"
    assert "VPC_ID" in answers.only["Reason"]


def test_an_impossible_name_gets_a_physical_id_that_is_nobodys(answers: Answers) -> None:
    run(World(), event(url=answers.url, NotebookInstanceName="not/a/name"))
    assert answers.only["Status"] == "FAILED"
    assert answers.only["PhysicalResourceId"] == "no_notebook"


def test_the_alarm_answers_when_a_call_hangs(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ALARM_SECONDS", 899.8)
    world = World()

    def hang(**_arguments: Any) -> Any:
        try:
            time.sleep(30)
        except Exception:  # noqa: BLE001 - what botocore does; the alarm must pass through
            return {}

    monkeypatch.setattr(world.sagemaker, "describe_notebook_instance", hang)
    started = time.monotonic()
    run(world, event(url=answers.url))
    assert time.monotonic() - started < 10
    assert answers.only["Status"] == "FAILED"
    assert answers.only["Reason"] == "ran out of time while waiting for AWS"


def test_an_answer_that_cannot_be_delivered_makes_lambda_retry(answers: Answers) -> None:
    answers.statuses = [403]
    with pytest.raises(NotDeliveredError, match="HTTP 403"):
        run(World(), event(url=answers.url))
    assert len(answers.puts) == 1
