"""Functions that fail, outstay their limits, or cannot be run."""

import json
import re
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions
from tests.unit.scripts.sandbox.processes import is_alive, wait_until_gone

ECHO = "def handler(event, context): return event"


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("def handler(e, c): raise KeyError('no')", "KeyError", "'no'"),
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("def handler(e, c)", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': "),
        ("x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("def handler(e, c): return {1}", "Runtime.MarshalError", "Unable to marshal response: "),
        ("import sys\ndef handler(e, c): sys.exit(3)", "Runtime.ExitError", "exit status 3"),
        ("import os\ndef handler(e, c): os._exit(0)", "Runtime.ExitError", "without providing a"),
        ("import os\ndef handler(e, c): os.abort()", "Runtime.ExitError", "signal: aborted"),
        ("def handler(e, c): raise KeyboardInterrupt", "Runtime.ExitError", "Runtime exited with"),
        (
            "def handler(e, c): return 'x' * (7 * 1024 * 1024)",
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        ),
    ],
)
def test_each_failure_is_reported_as_lambda_does(
    functions: Functions, code: str, kind: str, message: str
) -> None:
    answer = functions.run(code, Timeout=10)
    assert (answer.status, answer.error) == (200, "Unhandled")
    assert answer.payload["errorType"] == kind
    assert message in answer.payload["errorMessage"]
    assert kind in answer.log


def test_an_exceptions_trace_is_in_the_answer_and_in_one_event_of_the_log(
    functions: Functions,
) -> None:
    name = functions.deploy("def deep():\n    raise ValueError('a')\ndef handler(e, c): deep()")
    trace = functions.call(name).payload["stackTrace"]
    assert [frame.split("\n")[0] for frame in trace] == [
        '  File "/var/task/app.py", line 3, in handler',
        '  File "/var/task/app.py", line 2, in deep',
    ]
    [event] = [line for line in functions.log(f"/aws/lambda/{name}") if "[ERROR]" in line]
    assert event.startswith("[ERROR] ValueError: a\rTraceback (most recent call last):\r")
    assert "line 2, in deep" in event


def test_the_time_limit_ends_it_and_its_children(functions: Functions) -> None:
    code = """
        import subprocess, time

        def handler(event, context):
            print("child", subprocess.Popen(["sleep", "60"]).pid)
            time.sleep(60)
    """
    began = time.monotonic()
    answer = functions.run(code, Timeout=1)
    assert 1 < time.monotonic() - began < 30
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Sandbox.Timedout"
    assert answer.payload["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert "Task timed out after 1.00 seconds\n" in answer.log
    assert "Status: timeout\n" in answer.log
    child = re.search(r"child (\d+)", answer.log)
    assert child
    wait_until_gone(int(child[1]))


def test_importing_does_not_count_against_the_time_limit(functions: Functions) -> None:
    code = """
        import time
        time.sleep(1.2)

        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            time.sleep(0.3)
            return left
    """
    answer = functions.run(code, Timeout=1)
    assert answer.error is None
    assert 800 < answer.payload <= 1000


def test_a_child_that_outlives_the_answer_is_ended(functions: Functions) -> None:
    code = """
        import subprocess

        def handler(event, context):
            return subprocess.Popen(["sleep", "60"]).pid
    """
    wait_until_gone(functions.run(code).payload)


def test_the_memory_limit_ends_it(functions: Functions) -> None:
    code = "import time\ndef handler(e, c):\n    x = bytearray(200 << 20)\n    time.sleep(9)"
    answer = functions.run(code, Timeout=10, MemorySize=128)
    assert answer.payload["errorType"] == "Runtime.ExitError"
    assert answer.payload["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert "Max Memory Used: 128 MB" in answer.log


def test_its_output_is_kept_up_to_a_limit(functions: Functions) -> None:
    code = "def handler(e, c):\n    for _ in range(3072): print('x' * 1023)\n    return 'done'"
    name = functions.deploy(code, Timeout=10)
    answer = functions.call(name)
    assert answer.payload == "done"
    assert len(answer.log.encode()) <= 4096
    lines = functions.log(f"/aws/lambda/{name}")
    assert sum(map(len, lines)) < 1024 * 1024 + 1000
    assert any(re.search("209715. more bytes of output were dropped", line) for line in lines)


def test_it_ends_with_the_sandbox_and_leaves_nothing(functions: Functions) -> None:
    code = """
        import boto3, json, os, time

        def handler(event, context):
            told = json.dumps([os.getpid(), os.environ["LAMBDA_TASK_ROOT"]])
            boto3.client("s3").put_object(Bucket="prosm-code", Key="told", Body=told)
            time.sleep(60)
    """
    with functions.sandbox.fork() as copy:
        theirs = Functions(copy)
        name = theirs.deploy(code, Timeout=60)
        theirs.client().invoke(FunctionName=name, InvocationType="Event")
        s3 = theirs.client("s3")
        s3.get_waiter("object_exists").wait(
            Bucket="prosm-code", Key="told", WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
        )
        pid, task_root = json.loads(s3.get_object(Bucket="prosm-code", Key="told")["Body"].read())
        assert is_alive(pid)
    wait_until_gone(pid)
    assert not Path(task_root).parent.exists()


def test_fails_when_the_role_no_longer_trusts_lambda(functions: Functions) -> None:
    role = functions.role("TurnedAway")
    name = functions.deploy(ECHO, Role=role)
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "glue.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    iam = functions.client("iam")
    iam.update_assume_role_policy(RoleName="TurnedAway", PolicyDocument=trust)
    with pytest.raises(ClientError, match=r"AccessDeniedException.*cannot be assumed by Lambda"):
        functions.call(name)


def test_refuses_variables_that_lead_to_the_real_aws(functions: Functions) -> None:
    variables = {"AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com"}
    name = functions.deploy(ECHO, Environment={"Variables": variables})
    with pytest.raises(ClientError, match="refusing to reach AWS: AWS_ENDPOINT_URL_S3 is"):
        functions.call(name)
