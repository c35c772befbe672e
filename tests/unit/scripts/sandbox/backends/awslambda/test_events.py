"""Asynchronous invocations and their retries."""

import json
import logging
import threading
import time
from typing import Any

import pytest

from scripts.sandbox import SandboxError
from scripts.sandbox.backends.awslambda import events
from scripts.sandbox.backends.awslambda.events import Event, Waits, accept
from scripts.sandbox.backends.awslambda.invocation import Outcome
from scripts.sandbox.gate import GATE
from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions, zipped

GOOD = Outcome("null", None, b"")
BAD = Outcome('{"errorMessage": "secret"}', "Unhandled", b"")


def settle() -> None:
    with GATE.quiet(10):
        pass


class Attempts:
    """Attempts with the outcomes that are given, in turn."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.left = list(outcomes)
        self.count = 0

    def __call__(self) -> Outcome:
        self.count += 1
        outcome = self.left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, which are not waited for."""
    waits: list[float] = []
    monkeypatch.setattr(events.time, "sleep", waits.append)
    return waits


@pytest.mark.parametrize(
    ("outcomes", "retries", "waits"),
    [
        ([GOOD], 2, []),
        ([BAD, GOOD], 2, [0.1]),
        ([BAD, BAD, BAD], 2, [0.1, 0.2]),
        ([BAD, BAD], 1, [0.1]),
        ([BAD], 0, []),
        ([RuntimeError("x"), GOOD], 2, [0.1]),
    ],
)
def test_a_failed_event_is_tried_again(
    slept: list[float], outcomes: list[Any], retries: int, waits: list[float]
) -> None:
    attempts = Attempts(*outcomes)
    accept(Event("e", attempts, retries))
    settle()
    assert attempts.count == len(outcomes)
    assert slept == waits


def test_two_retries_are_the_default(slept: list[float]) -> None:
    attempts = Attempts(BAD, BAD, BAD)
    accept(Event("e", attempts))
    settle()
    assert (attempts.count, len(slept)) == (3, 2)


@pytest.mark.parametrize(("age", "count"), [(59, 1), (61, 2), (179, 2), (181, 3)])
def test_an_event_ages_as_if_the_waits_were_awss(
    slept: list[float], age: float, count: int
) -> None:
    attempts = Attempts(BAD, BAD, BAD)
    accept(Event("e", attempts, 2, age))
    settle()
    assert attempts.count == count
    assert len(slept) == min(count, 2)


def test_an_event_that_is_dropped_is_told_without_what_it_said(
    slept: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        accept(Event("r-1 of f", Attempts(BAD), 0))
        settle()
    assert "event r-1 of f was dropped: Unhandled" in caplog.text
    assert "secret" not in caplog.text
    assert slept == []


def test_no_fork_is_made_before_an_event_has_ended() -> None:
    go = threading.Event()

    def attempt() -> Outcome:
        go.wait(10)
        return GOOD

    accept(Event("e", attempt))
    with pytest.raises(TimeoutError, match="1 calls still in progress"), GATE.quiet(0.1):
        pass
    go.set()
    settle()


def test_refuses_a_wait_below_zero() -> None:
    waits = Waits()
    with pytest.raises(ValueError, match=r"retry_seconds is -1, allowed: 0 or more"):
        waits.set({"retry_seconds": -1})
    assert waits.seconds == 0.1


class TestOverHttp:
    told = """
        import boto3, os

        def handler(event, context):
            s3 = boto3.client("s3")
            name = context.function_name + "/" + context.aws_request_id
            listed = s3.list_objects_v2(Bucket="prosm-code", Prefix=name)["KeyCount"]
            s3.put_object(Bucket="prosm-code", Key=f"{name}/{listed}", Body=b"")
            if listed < event["failures"]:
                raise RuntimeError("not yet")
    """

    def tries(self, functions: Functions, failures: int, config: dict[str, int] | None) -> int:
        """Deploy, invoke, wait. Returns how often one request was tried."""
        name = functions.deploy(self.told, Timeout=30)
        if config is not None:
            functions.client().put_function_event_invoke_config(FunctionName=name, **config)
        answer = functions.client().invoke(
            FunctionName=name, InvocationType="Event", Payload=json.dumps({"failures": failures})
        )
        assert answer["StatusCode"] == 202
        assert answer["Payload"].read() == b""
        assert "FunctionError" not in answer
        functions.sandbox.fork().stop()  # which waits until the event has ended
        listed = functions.client("s3").list_objects_v2(Bucket="prosm-code", Prefix=f"{name}/")
        keys = [found["Key"].split("/") for found in listed["Contents"]]
        assert {key[1] for key in keys} == {answer["ResponseMetadata"]["RequestId"]}
        return len(keys)

    @pytest.mark.parametrize(
        ("failures", "config", "tries"),
        [
            (0, None, 1),
            (9, None, 3),
            (1, None, 2),
            (9, {"MaximumRetryAttempts": 0}, 1),
            (9, {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}, 1),
        ],
    )
    def test_retries_are_as_configured(
        self,
        functions: Functions,
        failures: int,
        config: dict[str, int] | None,
        tries: int,
    ) -> None:
        functions.sandbox.pace_retries(0.01)
        assert self.tries(functions, failures, config) == tries

    def test_an_event_is_accepted_before_it_has_run(self, functions: Functions) -> None:
        code = """
            import boto3

            def handler(event, context):
                boto3.client("s3").get_waiter("object_exists").wait(
                    Bucket="prosm-code", Key="go", WaiterConfig={"Delay": 0.1, "MaxAttempts": 300}
                )
        """
        name = functions.deploy(code, Timeout=60)
        answer = functions.client().invoke(FunctionName=name, InvocationType="Event")
        assert answer["StatusCode"] == 202
        functions.client("s3").put_object(Bucket="prosm-code", Key="go", Body=b"")
        functions.sandbox.fork().stop()
        assert len(functions.log(f"/aws/lambda/{name}")) == 3

    def test_each_retry_runs_what_is_deployed_by_then(self, functions: Functions) -> None:
        functions.sandbox.pace_retries(1)
        name = functions.deploy("def handler(e, c): raise RuntimeError('old')")
        functions.client().invoke(FunctionName=name, InvocationType="Event")
        deadline = time.monotonic() + 30
        while (
            functions.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")[
                "logGroups"
            ]
            == []
        ):
            assert time.monotonic() < deadline
        functions.client().update_function_code(
            FunctionName=name, ZipFile=zipped({"app.py": "def handler(e, c): print('new')"})
        )
        functions.sandbox.fork().stop()
        said = functions.log(f"/aws/lambda/{name}")
        assert len([line for line in said if "old" in line]) == 1
        assert said.count("new\n") == 1

    def test_refuses_a_wait_below_zero(self, functions: Functions) -> None:
        with pytest.raises(SandboxError, match="retry_seconds is -1, allowed: 0 or more"):
            functions.sandbox.pace_retries(-1)
