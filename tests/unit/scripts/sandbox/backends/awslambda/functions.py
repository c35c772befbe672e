"""Functions that tests deploy and call, over HTTP."""

import base64
import io
import json
import zipfile
from dataclasses import dataclass, field
from itertools import count
from textwrap import dedent
from typing import Any

from scripts.sandbox import Sandbox

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_numbers = count(1)


def zipped(files: dict[str, str]) -> bytes:
    """A zip of files, by path."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in files.items():
            made.writestr(name, dedent(text))
    return content.getvalue()


@dataclass
class Answer:
    """What Invoke answered. `log` is its tail."""

    status: int
    error: str | None
    payload: Any
    log: str = field(repr=False)


@dataclass
class Functions:
    """Deploys functions in a sandbox, and calls them."""

    sandbox: Sandbox

    def client(self, service: str = "lambda") -> Any:
        return self.sandbox.client(service)

    def role(self, name: str = "Function") -> str:
        iam = self.client("iam")
        try:
            return str(iam.get_role(RoleName=name)["Role"]["Arn"])
        except iam.exceptions.NoSuchEntityException:
            trust = json.dumps(TRUST)
            made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
            return str(made["Role"]["Arn"])

    def deploy(self, code: str = "", **changes: Any) -> str:
        """Deploy a module `app`, whose `handler` is called. Returns the function's name."""
        spec = {
            "FunctionName": f"f{next(_numbers)}",
            "Runtime": "python3.13",
            "Role": changes.get("Role") or self.role(),
            "Handler": "app.handler",
            "Code": {"ZipFile": zipped({"app.py": code})},
            **changes,
        }
        self.client().create_function(**spec)
        return str(spec["FunctionName"])

    def call(self, name: str, event: Any = None, **parameters: Any) -> Answer:
        given = {} if event is None else {"Payload": json.dumps(event)}
        answer = self.client().invoke(FunctionName=name, LogType="Tail", **given, **parameters)
        text = answer["Payload"].read().decode()
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        tail = base64.b64decode(headers.get("x-amz-log-result", ""))
        return Answer(
            answer["StatusCode"],
            answer.get("FunctionError"),
            json.loads(text) if text else None,
            tail.decode(),
        )

    def run(self, code: str, event: Any = None, **changes: Any) -> Answer:
        return self.call(self.deploy(code, **changes), event)

    def log(self, group: str) -> list[str]:
        """All messages of a log group, stream by stream."""
        logs = self.client("logs")
        streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        return [
            event["message"]
            for stream in streams
            for event in logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
            )["events"]
        ]
