"""Stacks that tests make, and custom resources that answer as a test says."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

WAIT_SECONDS = 30.0
Event = dict[str, Any]
Template = dict[str, Any]
# From a request to the bytes of its answer; nothing means that none is given.
Behaviour = Callable[[Event], bytes | None]
_numbers = count(1)


def put(url: str, body: bytes, content_type: str = "") -> int:
    """Put an answer, and return the HTTP status."""
    request = urllib.request.Request(  # noqa: S310  the sandbox's own
        url, data=body, method="PUT", headers={"Content-Type": content_type}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310  as above
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def answer(event: Event, **members: Any) -> bytes:
    """An answer as the reference has it; members may be changed, or left out by None."""
    full = {
        "Status": "SUCCESS",
        "PhysicalResourceId": event.get("PhysicalResourceId") or f"id-{next(_numbers)}",
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        **members,
    }
    return json.dumps({name: value for name, value in full.items() if value is not None}).encode()


def failure(reason: str, **members: Any) -> Behaviour:
    return lambda event: answer(event, Status="FAILED", Reason=reason, **members)


class Provider:
    """A provider of custom resources behind an SNS topic, as the account's owner may run one.

    Attributes:
        token: the ServiceToken.
        events: what has been asked, oldest first.
        behaviour: how each request is answered, one after the other; SUCCESS when none is left.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.events: list[Event] = []
        self.behaviour: list[Behaviour] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        sns = sandbox.client("sns")
        self.token = str(sns.create_topic(Name=f"provider-{next(_numbers)}")["TopicArn"])
        port = self._http.server_address[1]
        sns.subscribe(TopicArn=self.token, Protocol="http", Endpoint=f"http://127.0.0.1:{port}")

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def resource(self, **members: Any) -> Template:
        """A custom resource of this provider; members besides are its properties."""
        properties = {"ServiceToken": self.token, "ServiceTimeout": 20, **members}
        return {"Type": "Custom::Thing", "Properties": properties}

    @property
    def asked(self) -> list[tuple[str, str | None]]:
        """Kind and physical id of each request."""
        return [(event["RequestType"], event.get("PhysicalResourceId")) for event in self.events]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                if "Message" in body and body.get("Type") == "Notification":
                    # The sandbox serves one call at a time, and this is one.
                    event = json.loads(body["Message"])
                    threading.Thread(target=provider._serve, args=(event,), daemon=True).start()

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        return Handler

    def _serve(self, event: Event) -> None:
        self.events.append(event)
        behaviour = self.behaviour.pop(0) if self.behaviour else answer
        body = behaviour(event)
        if body is not None:
            put(event["ResponseURL"], body)


class Stacks:
    """Makes stacks in a sandbox, and waits for what becomes of them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = sandbox.client("cloudformation")

    def begin(self, resources: Template, name: str = "", **parameters: Any) -> str:
        """Begin to create a stack; keys like `Outputs` of the template may stand among parameters.

        Returns its id.
        """
        name = name or f"stack-{next(_numbers)}"
        given = {"TemplateBody": template(resources, parameters), **parameters}
        return str(self.client.create_stack(StackName=name, **given)["StackId"])

    def create(self, resources: Template, name: str = "", **parameters: Any) -> str:
        """Create a stack, and wait for its end. Returns its id."""
        stack = self.begin(resources, name, **parameters)
        self.settle(stack)
        return stack

    def update(self, stack: str, resources: Template, **parameters: Any) -> str:
        """Update a stack, and wait for its end. Returns its status."""
        given = {"TemplateBody": template(resources, parameters), **parameters}
        self.client.update_stack(StackName=stack, **given)
        return self.settle(stack)

    def delete(self, stack: str, **parameters: Any) -> str:
        """Delete a stack, and wait for its end. Returns its status."""
        self.client.delete_stack(StackName=stack, **parameters)
        return self.settle(stack)

    def settle(self, stack: str) -> str:
        """Wait until the stack rests, and return its status."""
        deadline = time.monotonic() + WAIT_SECONDS
        while (status := self.status(stack)).endswith("_IN_PROGRESS"):
            assert time.monotonic() < deadline, f"still {status}: {self.events(stack)}"
            time.sleep(0.03)
        return status

    def status(self, stack: str) -> str:
        return str(self.look(stack)["StackStatus"])

    def look(self, stack: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_stacks(StackName=stack)["Stacks"][0]
        return found

    def outputs(self, stack: str) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.look(stack)["Outputs"]}

    def events(self, stack: str) -> list[tuple[str, str]]:
        """Logical name and status of each event, oldest first. The stack's own name is `-`."""
        return [(one["name"], one["status"]) for one in self._events(stack)]

    def reasons(self, stack: str) -> dict[tuple[str, str], str]:
        """The latest reason by logical name and status."""
        return {
            (one["name"], one["status"]): one["reason"]
            for one in self._events(stack)
            if one["reason"]
        }

    def resource(self, stack: str, name: str) -> dict[str, Any]:
        found = self.client.describe_stack_resource(StackName=stack, LogicalResourceId=name)
        detail: dict[str, Any] = found["StackResourceDetail"]
        return detail

    def _events(self, stack: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=stack)
        found = [event for page in pages for event in page["StackEvents"]][::-1]
        return [
            {
                "name": "-" if one["PhysicalResourceId"] == stack else one["LogicalResourceId"],
                "status": one["ResourceStatus"],
                "reason": one.get("ResourceStatusReason"),
            }
            for one in found
        ]


def template(resources: Template, sections: dict[str, Any]) -> str:
    """A template's text. Takes the template's own sections out of `sections`."""
    own = ("Outputs", "Conditions", "Rules", "Mappings", "Description", "Metadata")
    document = {name: sections.pop(name) for name in own if name in sections}
    if "TemplateParameters" in sections:
        document["Parameters"] = sections.pop("TemplateParameters")
    return json.dumps(document | {"Resources": resources})


def parameter(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def stack_maker(sandbox: Sandbox) -> dict[str, str]:
    """A user who may handle stacks and nothing else."""
    iam = sandbox.client("iam")
    iam.create_user(UserName="stack-maker")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "cloudformation:*", "Resource": "*"}],
    }
    iam.put_user_policy(
        UserName="stack-maker", PolicyName="stacks", PolicyDocument=json.dumps(policy)
    )
    key: dict[str, str] = iam.create_access_key(UserName="stack-maker")["AccessKey"]
    return key


@contextmanager
def refused(code: str = "ValidationError") -> Iterator[list[str]]:
    """The block's call is refused with this code; the message is in the list afterwards."""
    messages: list[str] = []
    with pytest.raises(ClientError) as caught:
        yield messages
    assert caught.value.response["Error"]["Code"] == code, caught.value
    messages.append(caught.value.response["Error"]["Message"])
