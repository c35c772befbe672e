"""What Lambda says of an invocation."""

import json
import re
from typing import Any

import pytest

from scripts.sandbox.backends.awslambda.process import Ended
from scripts.sandbox.backends.awslambda.report import answer, lines
from scripts.sandbox.backends.awslambda.runtime import Deployed, Invocation

FUNCTION = Deployed(
    name="f",
    version="$LATEST",
    region="eu-west-1",
    runtime="python3.13",
    handler="app.handler",
    role="arn:role",
    timeout=3,
    memory=256,
    log_group="/aws/lambda/f",
    code=b"",
    variables={},
)
CALL = Invocation(FUNCTION, "{}", "http://127.0.0.1:1", "arn:f", "r-1")
REPORT = (
    "REPORT RequestId: r-1\tDuration: 1234.10 ms\tBilled Duration: 1235 ms\t"
    "Memory Size: 256 MB\tMax Memory Used: 70 MB\tInit Duration: 500.00 ms\n"
)


def ended(**changes: Any) -> Ended:
    return Ended(**{"run_seconds": 1.2341, "init_seconds": 0.5, "memory": 70 << 20, **changes})


@pytest.mark.parametrize(("failed", "error"), [(False, None), (True, "Unhandled")])
def test_an_answer_is_passed_on(failed: bool, error: str | None) -> None:
    assert answer(CALL, ended(payload="[1]", failed=failed)) == ("[1]", error)


@pytest.mark.parametrize(
    ("changes", "kind", "message", "status"),
    [
        (
            {"timed_out": True},
            "Sandbox.Timedout",
            "Task timed out after 3.00 seconds",
            "Status: timeout",
        ),
        (
            {"out_of_memory": True},
            "Runtime.ExitError",
            "Runtime exited with error: signal: killed",
            "Status: error\tError Type: Runtime.ExitError",
        ),
        (
            {"exit_code": 3},
            "Runtime.ExitError",
            "Runtime exited with error: exit status 3",
            "Status: error\tError Type: Runtime.ExitError",
        ),
        (
            {"exit_code": 0},
            "Runtime.ExitError",
            "Runtime exited without providing a reason",
            "Status: error\tError Type: Runtime.ExitError",
        ),
        (
            {"exit_code": -11},
            "Runtime.ExitError",
            "Runtime exited with error: signal: segmentation fault",
            "Status: error\tError Type: Runtime.ExitError",
        ),
    ],
)
def test_an_end_without_an_answer_is_told(
    changes: dict[str, Any], kind: str, message: str, status: str
) -> None:
    payload, error = answer(CALL, ended(**changes))
    assert error == "Unhandled"
    assert json.loads(payload) == {
        "errorType": kind,
        "errorMessage": f"RequestId: r-1 Error: {message}",
    }
    _, told, _, report = lines(CALL, ended(**changes))
    assert message in told
    assert report.endswith(f"\t{status}\n")


def test_lines_stand_between_lambdas_own() -> None:
    output = b"one\n\ntwo \xff\nno end"
    said = lines(CALL, ended(payload="1", output=output))
    assert said == [
        "START RequestId: r-1 Version: $LATEST\n",
        "one\n",
        "\n",
        "two \ufffd\n",
        "no end\n",
        "END RequestId: r-1\n",
        REPORT,
    ]


def test_output_that_was_dropped_is_told() -> None:
    said = lines(CALL, ended(payload="1", output=b"a\n", dropped=7))
    assert said[2] == "RequestId: r-1 7 more bytes of output were dropped\n"


def test_no_output_makes_no_line() -> None:
    assert len(lines(CALL, ended(payload="1"))) == 3


def test_a_time_out_is_told_with_its_time() -> None:
    _, told, _, _ = lines(CALL, ended(timed_out=True))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z r-1 Task timed out after .*\n", told)


def test_memory_is_never_more_than_there_is() -> None:
    assert "Max Memory Used: 256 MB" in lines(CALL, ended(payload="1", memory=1 << 30))[-1]
