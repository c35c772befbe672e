"""The builder's own zip in the sandbox's Lambda, from CloudFormation's request to its answer.

The stacks are real. Their requests go to a function that only keeps them; the test passes each on
to the builder with a response URL of its own, and the builder's answer back to the stack.
"""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from modules.notebook_builder.archive import ENTRY_POINT, archive
from modules.notebook_builder.function import RUNTIME
from modules.policies.builder import builder_trust
from scripts.sandbox import Sandbox

SECRET = "Signature=unguessable-part-of-the-url"
NAME = "ProSM-Builder-vision"
GROUP = f"/aws/lambda/{NAME}"
LIMIT = 90.0
BUCKET = "prosm-code"
KEEPER = """
import boto3, json

def handler(event, context):
    key = "requests/" + event["RequestId"]
    boto3.client("s3").put_object(Bucket="prosm-code", Key=key, Body=json.dumps(event))
"""
PROPERTIES = {
    "NotebookInstanceType": "ml.t3.medium",
    "VolumeSizeInGB": "20",
    "RootAccess": "Disabled",
    "DirectInternetAccess": "Disabled",
    "SubnetName": "ProSM-ResourceSubnet",
    "SecurityGroupName": "ProSM-ResourceSG",
    "EnvironmentName": "Dev",
    "ProjectName": "vision",
    "ProjectID": "QuickStart007",
}


class CloudFormation:
    """Takes answers as CloudFormation's bucket does, and can refuse the first of them."""

    def __init__(self, refusals: int = 0) -> None:
        self.answers: list[dict[str, Any]] = []
        self.refusals = refusals
        self._condition = threading.Condition()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/answer?{SECRET}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, number: int = 1) -> dict[str, Any]:
        """The answer, once there are so many."""
        with self._condition:
            assert self._condition.wait_for(lambda: len(self.answers) >= number, LIMIT)
        return self.answers[number - 1]

    def _take(self, body: bytes) -> int:
        with self._condition:
            if self.refusals:
                self.refusals -= 1
                return 503
            self.answers.append(json.loads(body))
            self._condition.notify_all()
            return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer._take(body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler


@dataclass
class Builder:
    """The function, deployed in a sandbox by boto3, and the CloudFormation that calls it."""

    sandbox: Sandbox
    cloudformation: CloudFormation
    variables: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self.sandbox.client(service)

    def deploy(self, **changes: Any) -> None:
        trust = json.dumps(builder_trust())
        role = self.client("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=trust)
        self.client("logs").create_log_group(logGroupName=GROUP)
        self.variables = self._variables()
        common = {"Runtime": RUNTIME, "Role": role["Role"]["Arn"], "Timeout": 120}
        self.client("lambda").create_function(
            FunctionName=NAME,
            Handler=ENTRY_POINT,
            Code={"ZipFile": archive()},
            Environment={"Variables": self.variables},
            **{**common, "MemorySize": 256, **changes},
        )
        code = {"ZipFile": zipped("keeper.py", KEEPER)}
        self.client("lambda").create_function(
            FunctionName="keeper", Handler="keeper.handler", Code=code, **common
        )

    def _variables(self) -> dict[str, str]:
        ec2 = self.client("ec2")

        def one(kind: str, name: str) -> dict[str, Any]:
            filters = [{"Name": "tag:Name", "Values": [name]}]
            answer = getattr(ec2, f"describe_{kind}")(Filters=filters)
            [found] = next(value for value in answer.values() if isinstance(value, list))
            return dict(found)

        subnet = one("subnets", "ProSM-ResourceSubnet")
        return {
            "VPC_ID": subnet["VpcId"],
            "SUBNET_ID": subnet["SubnetId"],
            "SECURITY_GROUP_ID": one("security_groups", "ProSM-ResourceSG")["GroupId"],
            "EXECUTION_ROLE_ARN": "arn:aws:iam::123456789012:role/CustomRoleBen",
            "KMS_KEY_ARN": self.client("kms").create_key()["KeyMetadata"]["Arn"],
            "PLATFORM_IDENTIFIER": "notebook-al2-v3",
            "PROJECT_NAME": "vision",
            "PROJECT_ID": "QuickStart007",
            "END_USER_ROLE_IDS": "{}",
        }

    def stack(self, operation: str, name: str = "amys-notebook", **changes: str) -> dict[str, Any]:
        """Create, update or delete the stack of a notebook. Returns its request, kept back."""
        before = self._kept()
        given: dict[str, Any] = {"StackName": f"SC-123456789012-{name}"}
        if operation != "delete_stack":
            token = "arn:aws:lambda:eu-west-1:123456789012:function:keeper"
            properties = {"ServiceToken": token, "NotebookInstanceName": name, **PROPERTIES}
            resource = {"Type": "Custom::SageMakerNotebook", "Properties": properties | changes}
            given["TemplateBody"] = json.dumps({"Resources": {"Notebook": resource}})
        getattr(self.client("cloudformation"), operation)(**given)
        deadline = time.monotonic() + LIMIT
        while not (new := self._kept() - before):
            assert time.monotonic() < deadline, f"{operation} of {name} sent no request"
            time.sleep(0.05)
        [key] = new
        body = self.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return dict(json.loads(body))

    def _kept(self) -> set[str]:
        listed = self.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="requests/")
        return {found["Key"] for found in listed.get("Contents", [])}

    def send(self, request: dict[str, Any]) -> None:
        """Send a request to the builder as CloudFormation does, with the test's response URL."""
        event = json.dumps({**request, "ResponseURL": self.cloudformation.url})
        answer = self.client("lambda").invoke(
            FunctionName=NAME, InvocationType="Event", Payload=event
        )
        assert answer["StatusCode"] == 202

    def build(self, operation: str, **changes: str) -> dict[str, Any]:
        """A request of a stack, through the builder, and its answer back. Returns the answer."""
        request = self.stack(operation, **changes)
        self.send(request)
        answer = self.cloudformation.answer(len(self.cloudformation.answers) + 1)
        give(request, answer)
        return answer

    def settle(self) -> None:
        """Wait until nothing is going on, events and stacks: until then no fork is made."""
        self.sandbox.fork().stop()

    def notebook(self, name: str = "amys-notebook") -> dict[str, Any]:
        sagemaker = self.client("sagemaker")
        return dict(sagemaker.describe_notebook_instance(NotebookInstanceName=name))

    def notebooks(self) -> list[str]:
        found = self.client("sagemaker").list_notebook_instances()["NotebookInstances"]
        return [notebook["NotebookInstanceName"] for notebook in found]

    def log(self) -> list[str]:
        logs = self.client("logs")
        found = logs.filter_log_events(logGroupName=GROUP)["events"]
        return [event["message"] for event in found]


def give(request: dict[str, Any], answer: dict[str, Any]) -> None:
    """Answer a stack's request."""
    put = urllib.request.Request(  # noqa: S310  the sandbox's own
        request["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT"
    )
    with urllib.request.urlopen(put, timeout=10):  # noqa: S310  as above
        pass


def zipped(name: str, text: str, *, onto: bytes = b"") -> bytes:
    """A zip with one file, or another zip with one more."""
    content = io.BytesIO(onto)
    with zipfile.ZipFile(content, "a") as made:
        made.writestr(name, text)
    return content.getvalue()


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    made = CloudFormation()
    yield made
    made.close()


@pytest.fixture
def builder(pristine: Sandbox, cloudformation: CloudFormation) -> Iterator[Builder]:
    with pristine.fork() as sandbox:
        sandbox.pace_notebooks(0.3)
        yield Builder(sandbox, cloudformation)


def test_a_notebook_is_made_changed_and_deleted(builder: Builder) -> None:
    builder.deploy()
    made = builder.build("create_stack")
    assert (made["Status"], made["PhysicalResourceId"]) == ("SUCCESS", "amys-notebook"), made
    notebook = builder.notebook()
    assert notebook["NotebookInstanceStatus"] == "InService"
    assert made["Data"]["NotebookInstanceArn"] == notebook["NotebookInstanceArn"]
    assert notebook["KmsKeyId"] == builder.variables["KMS_KEY_ARN"]
    assert notebook["DirectInternetAccess"] == "Disabled"
    builder.settle()

    changed = builder.build("update_stack", NotebookInstanceType="ml.t3.large")
    assert (changed["Status"], changed["PhysicalResourceId"]) == ("SUCCESS", "amys-notebook")
    notebook = builder.notebook()
    assert notebook["InstanceType"] == "ml.t3.large"
    assert notebook["NotebookInstanceStatus"] == "InService"
    builder.settle()

    gone = builder.build("delete_stack")
    assert (gone["Status"], gone["PhysicalResourceId"]) == ("SUCCESS", "amys-notebook")
    assert builder.notebooks() == []
    builder.settle()
    assert len(builder.cloudformation.answers) == 3


def test_it_works_under_its_role_and_its_log_holds_no_secret(builder: Builder) -> None:
    builder.deploy()
    builder.sandbox.clear_journal()
    assert builder.build("create_stack")["Status"] == "SUCCESS"
    builder.settle()
    session = f"arn:aws:sts::123456789012:assumed-role/{NAME}/{NAME}"
    calls = [call for call in builder.sandbox.journal() if call.principal == session]
    made = {f"{call.service}:{call.operation}" for call in calls}
    assert {"sagemaker:CreateNotebookInstance", "logs:PutLogEvents"} <= made
    assert not [call.error for call in calls if call.status >= 500]
    log = "".join(builder.log())
    assert "answering" in log
    assert "START RequestId: " in log
    secrets = [call.access_key for call in calls] + [SECRET, builder.cloudformation.url]
    for secret in secrets:
        assert secret not in log
    assert SECRET not in builder.sandbox.log()
    assert SECRET not in str(builder.sandbox.journal())


def test_a_notebook_that_fails_is_answered_with_its_reason(builder: Builder) -> None:
    builder.deploy()
    builder.sandbox.fail_notebooks("amys-*", "no capacity for ml.t3.medium")
    builder.send(builder.stack("create_stack"))
    answer = builder.cloudformation.answer()
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", "amys-notebook")
    assert "no capacity for ml.t3.medium" in answer["Reason"]


def test_an_answer_that_cannot_be_given_is_given_by_lambdas_retry(builder: Builder) -> None:
    builder.deploy()
    builder.cloudformation.refusals = 3  # as often as one invocation tries
    assert builder.build("create_stack")["Status"] == "SUCCESS"
    builder.settle()
    assert len(builder.cloudformation.answers) == 1
    starts = [line for line in builder.log() if line.startswith("START ")]
    assert len(starts) == 2
    assert len(set(starts)) == 1  # both attempts are the one request
    assert any("NotDeliveredError" in line for line in builder.log())
    assert builder.notebooks() == ["amys-notebook"]


def test_two_notebooks_are_made_at_once(builder: Builder) -> None:
    builder.deploy()
    for request in [builder.stack("create_stack", name) for name in ("first", "second")]:
        builder.send(request)
    builder.cloudformation.answer(2)
    answers = {each["PhysicalResourceId"]: each for each in builder.cloudformation.answers}
    assert {name: each["Status"] for name, each in answers.items()} == {
        "first": "SUCCESS",
        "second": "SUCCESS",
    }
    for name in answers:
        assert builder.notebook(name)["NotebookInstanceStatus"] == "InService"


def test_a_notebook_that_takes_too_long_is_answered_before_the_time_limit(
    builder: Builder,
) -> None:
    """The function's limit leaves 3 s beside what it keeps for its answer."""
    builder.deploy(Timeout=35)
    builder.sandbox.pace_notebooks(3600)
    began = time.monotonic()
    builder.send(builder.stack("create_stack"))
    answer = builder.cloudformation.answer()
    assert time.monotonic() - began < 35
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "ran out of time: notebook amys-notebook is Pending"


def test_the_alarm_answers_when_there_is_no_time_at_all(builder: Builder) -> None:
    builder.deploy(Timeout=20)
    builder.send(builder.stack("create_stack"))
    answer = builder.cloudformation.answer()
    assert answer["Status"] == "FAILED"
    assert "ran out of time" in answer["Reason"]
    assert builder.notebooks() == []


def test_a_zip_that_needs_more_than_the_runtime_holds_does_not_run(builder: Builder) -> None:
    builder.deploy()
    text = "import pydantic\nfrom .handler import handler"
    code = zipped("notebook_builder/typed.py", text, onto=archive())
    lambda_ = builder.client("lambda")
    lambda_.update_function_code(FunctionName=NAME, ZipFile=code)
    lambda_.update_function_configuration(
        FunctionName=NAME, Handler="notebook_builder.typed.handler"
    )
    answer = lambda_.invoke(FunctionName=NAME, Payload=b"{}")
    assert answer["FunctionError"] == "Unhandled"
    assert "No module named 'pydantic'" in answer["Payload"].read().decode()
    assert builder.cloudformation.answers == []
