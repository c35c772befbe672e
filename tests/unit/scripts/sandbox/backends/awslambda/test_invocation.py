"""Functions run for real: their own zip, under their own role, with what Lambda holds."""

import json
import re
import threading
from typing import Any

import pytest

from scripts.sandbox.backends.awslambda.runtime import LIBRARIES
from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions, zipped

ECHO = "def handler(event, context): return event"


@pytest.mark.parametrize("event", [{"a": [1, None, "é"]}, [], "text", 5, None])
def test_a_function_gets_its_event_and_gives_its_answer(functions: Functions, event: Any) -> None:
    answer = functions.run(ECHO, event)
    assert (answer.status, answer.error) == (200, None)
    assert answer.payload == ({} if event is None else event)


def test_its_credentials_are_its_roles(functions: Functions) -> None:
    code = """
        import boto3

        def handler(event, context):
            return boto3.client("sts").get_caller_identity()["Arn"]
    """
    role = functions.role("CredentialsRole")
    name = functions.deploy(code, Role=role)
    arn = f"arn:aws:sts::123456789012:assumed-role/CredentialsRole/{name}"
    assert functions.call(name).payload == arn
    # The sandbox is shared: other tests' functions may have asked, too.
    askers = {
        call.principal
        for call in functions.sandbox.journal()
        if call.operation == "GetCallerIdentity"
    }
    assert arn in askers


def test_its_environment_is_lambdas_and_its_own(functions: Functions) -> None:
    name = functions.deploy(
        "import os\ndef handler(event, context): return dict(os.environ)",
        Environment={"Variables": {"PROJECT": "vision", "AWS_REGION": "x", "HTTPS_PROXY": "x"}},
    )
    found = functions.call(name).payload
    expected = {
        "PROJECT": "vision",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": functions.sandbox.endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "_HANDLER": "app.handler",
        "TZ": ":UTC",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    assert {key: found.get(key) for key in expected} == expected
    assert found["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    own = functions.sandbox.environment()
    assert own["AWS_SECRET_ACCESS_KEY"] not in str(found)
    assert not {"HOME", "USER", "PWD", "VIRTUAL_ENV", "PYTHONPATH"} & set(found)
    assert not [key for key in found if key.startswith("MOTO_")]


def test_it_sees_the_standard_library_and_boto3_with_its_dependencies_alone(
    functions: Functions,
) -> None:
    code = """
        import importlib, pkgutil, sys

        def attempt(name):
            try:
                importlib.import_module(name)
            except ImportError as error:
                return str(error)

        def handler(event, context):
            found = {module.name for module in pkgutil.iter_modules()}
            return {
                "missing": {name: attempt(name) for name in event},
                "others": sorted(found - set(sys.stdlib_module_names) - {"app"}),
            }
    """
    absent = ["pydantic", "moto", "typer", "yaml", "werkzeug", "pip", "scripts", "modules"]
    given = [*LIBRARIES, "json", "ssl", "sqlite3", *absent]
    answer = functions.run(code, given, Timeout=30).payload
    missing = {name: why for name, why in answer["missing"].items() if why}
    assert missing == {name: f"No module named '{name}'" for name in absent}
    assert not set(absent) & set(answer["others"])


def test_a_package_that_needs_what_the_runtime_lacks_fails(functions: Functions) -> None:
    name = functions.deploy(
        Code={"ZipFile": zipped({"pack/__init__.py": "", "pack/app.py": "import pydantic"})},
        Handler="pack.app.handler",
    )
    answer = functions.call(name)
    assert (answer.status, answer.error) == (200, "Unhandled")
    assert answer.payload["errorType"] == "Runtime.ImportModuleError"
    reason = "Unable to import module 'pack.app': No module named 'pydantic'"
    assert answer.payload["errorMessage"] == reason
    assert f"[ERROR] Runtime.ImportModuleError: {reason}" in answer.log


def test_a_package_may_bring_what_the_runtime_lacks_and_overrule_what_it_has(
    functions: Functions,
) -> None:
    code = {
        "app.py": "import boto3, pydantic\ndef handler(e, c): return [boto3.mine, pydantic.mine]",
        "boto3.py": "mine = 1",
        "pydantic/__init__.py": "mine = 2",
    }
    name = functions.deploy(Code={"ZipFile": zipped(code)})
    assert functions.call(name).payload == [1, 2]


def test_its_context_is_lambdas(functions: Functions) -> None:
    code = """
        import threading

        def handler(event, context):
            names = ("function_name", "function_version", "memory_limit_in_mb", "log_group_name",
                     "log_stream_name", "aws_request_id", "invoked_function_arn")
            return {
                **{name: getattr(context, name) for name in names},
                "left": context.get_remaining_time_in_millis(),
                "main": threading.current_thread() is threading.main_thread(),
            }
    """
    name = functions.deploy(code, Timeout=7, MemorySize=256)
    answer = functions.call(name)
    found = answer.payload
    assert found.pop("main") is True
    assert 6000 < found.pop("left") <= 7000
    request, stream = found.pop("aws_request_id"), found.pop("log_stream_name")
    assert f"START RequestId: {request} Version: $LATEST\n" in answer.log
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    assert found == {
        "function_name": name,
        "function_version": "$LATEST",
        "memory_limit_in_mb": "256",
        "log_group_name": f"/aws/lambda/{name}",
        "invoked_function_arn": f"arn:aws:lambda:eu-west-1:123456789012:function:{name}",
    }
    group = f"/aws/lambda/{name}"
    streams = functions.client("logs").describe_log_streams(logGroupName=group)["logStreams"]
    assert [found["logStreamName"] for found in streams] == [stream]


def test_what_it_says_is_logged_between_lambdas_own_lines(functions: Functions) -> None:
    code = """
        import logging, sys

        log = logging.getLogger("mine")
        log.setLevel(logging.INFO)

        def handler(event, context):
            print("on stdout")
            print("on stderr", file=sys.stderr)
            log.info("an %s", "info")
            log.debug("not this")
            logging.getLogger("other").info("nor this, below the root's level")
    """
    name = functions.deploy(code)
    answer = functions.call(name)
    start, out, err, info, end, report = functions.log(f"/aws/lambda/{name}")
    request = start.split()[2]
    assert start == f"START RequestId: {request} Version: $LATEST\n"
    assert (out, err) == ("on stdout\n", "on stderr\n")
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"\[INFO\]\t{stamp}\t{request}\tan info\n", info)
    assert end == f"END RequestId: {request}\n"
    assert report.startswith(f"REPORT RequestId: {request}\tDuration: ")
    assert answer.log == "".join((start, out, err, info, end, report))


def test_its_log_goes_where_its_configuration_says(functions: Functions) -> None:
    functions.client("logs").create_log_group(logGroupName="/own/group")
    name = functions.deploy("", LoggingConfig={"LogGroup": "/own/group"})
    functions.call(name)
    assert len(functions.log("/own/group")) == 4
    configuration = functions.client().get_function_configuration(FunctionName=name)
    assert configuration["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/own/group"}
    groups = functions.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert groups["logGroups"] == []


def test_its_log_is_written_by_its_role(functions: Functions) -> None:
    functions.sandbox.clear_journal()
    functions.run(ECHO, Role=functions.role("LoggingRole"))
    calls = [call for call in functions.sandbox.journal() if call.service == "logs"]
    assert [call.operation for call in calls] == [
        "CreateLogStream",
        "CreateLogGroup",
        "CreateLogStream",
        "PutLogEvents",
    ]
    assert all("assumed-role/LoggingRole/" in call.principal for call in calls)


def test_two_run_at_once_and_call_back(functions: Functions) -> None:
    code = """
        import boto3, time

        def handler(event, context):
            began = time.time()
            time.sleep(1.5)
            buckets = boto3.client("s3").list_buckets()["Buckets"]
            return [bucket["Name"] for bucket in buckets], began, time.time()
    """
    names = [functions.deploy(code, Timeout=20) for _ in range(2)]
    answers: list[Any] = []

    def call(name: str) -> None:
        answers.append(functions.call(name).payload)

    threads = [threading.Thread(target=call, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (buckets, began, ended), (others, other_began, other_ended) = answers
    assert buckets == others == ["prosm-code"]
    assert max(began, other_began) < min(ended, other_ended)


def test_in_a_fork_it_calls_the_fork(functions: Functions) -> None:
    code = """
        import boto3

        def handler(event, context):
            boto3.client("s3").put_object(Bucket="prosm-code", Key="from-function", Body=b"")
    """
    name = functions.deploy(code, Timeout=20)
    with functions.sandbox.fork() as copy:
        assert Functions(copy).call(name).error is None
        assert copy.client("s3").head_object(Bucket="prosm-code", Key="from-function")
    listed = functions.client("s3").list_objects_v2(Bucket="prosm-code", Prefix="from-function")
    assert listed["KeyCount"] == 0


class TestUnderEnforcement:
    code = """
        import boto3

        def handler(event, context):
            return len(boto3.client("s3").list_buckets()["Buckets"])
    """

    @staticmethod
    def allow(functions: Functions, role: str, *actions: str) -> None:
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        functions.client("iam").put_role_policy(
            RoleName=role,
            PolicyName="some",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def test_it_may_do_what_its_role_may_and_its_log_likewise(self, functions: Functions) -> None:
        with functions.sandbox.fork() as copy:
            theirs = Functions(copy)
            name = theirs.deploy(self.code, Timeout=30, Role=theirs.role("Bounded"))
            copy.enforce(True)
            refused = theirs.call(name)
            assert refused.error == "Unhandled"
            assert "(AccessDenied)" in refused.payload["errorMessage"]
            groups = theirs.client("logs").describe_log_groups()["logGroups"]
            assert f"/aws/lambda/{name}" not in {group["logGroupName"] for group in groups}
            assert f"nothing was logged to /aws/lambda/{name}" in copy.log()

            self.allow(theirs, "Bounded", "s3:ListAllMyBuckets", "logs:*")
            assert theirs.call(name).payload == 1
            assert len(theirs.log(f"/aws/lambda/{name}")) == 3
