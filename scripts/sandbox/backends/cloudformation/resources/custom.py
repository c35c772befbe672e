"""Custom resources: a Lambda function or an SNS topic makes them, and answers at a URL.

Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scripts.sandbox.backends.cloudformation.answers import ANSWERS, PATH, Ticket
from scripts.sandbox.backends.cloudformation.errors import AttributeUnknownError
from scripts.sandbox.backends.cloudformation.resources.base import (
    CANCELLED,
    Made,
    Properties,
    ResourceError,
    Work,
)
from scripts.sandbox.backends.templates import text

TYPE = "AWS::CloudFormation::CustomResource"
PREFIX = "Custom::"
MOST_SECONDS = 3600
ANSWER_LIMIT = 4096
"""Bytes of a whole answer."""
PHYSICAL_ID_LIMIT = 1024
_NO_ANSWER = (
    "CloudFormation did not receive a response from your Custom Resource. Please check your logs"
    " for requestId [{}]. If you are using the Python cfn-response module, you may need to update"
    " your Lambda function code so that CloudFormation can attach the updated version."
)


@dataclass(frozen=True)
class Answer:
    """What a custom resource said."""

    success: bool
    reason: str
    physical_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    no_echo: bool = False


class CustomResource:
    """The handler of `AWS::CloudFormation::CustomResource` and `Custom::...`."""

    updates_back = True

    def complete(self, properties: Properties, _tags: Mapping[str, str]) -> dict[str, Any]:
        """Every scalar as text: so the function gets them."""
        return {name: _as_text(value) for name, value in properties.items()}

    def check(self, old: Properties, new: Properties) -> None:
        if old.get("ServiceToken") != new.get("ServiceToken"):
            raise ResourceError("Modifying service token is not allowed.")

    def replaces(self, _old: Properties, _new: Properties) -> bool:
        """The function decides, by the physical id of its answer."""
        return False

    def create(self, work: Work, properties: Properties) -> Made:
        request = _request(work, "Create", properties)
        ticket = _send(work, request)
        try:
            answer = _await(work, request, ticket)
        except ResourceError as fault:
            # Something may have been made all the same: the function is asked to delete it, by a
            # name of CloudFormation's, for want of its own.
            raise ResourceError(str(fault), _made_up_id(work)) from None
        made = _made(request, answer)
        work.started(made.physical_id)
        return made

    def update(self, work: Work, physical_id: str, old: Properties, new: Properties) -> Made:
        request = _request(work, "Update", new) | {
            "PhysicalResourceId": physical_id,
            "OldResourceProperties": dict(old),
        }
        return _made(request, _await(work, request, _send(work, request)))

    def delete(self, work: Work, physical_id: str, properties: Properties) -> None:
        request = _request(work, "Delete", properties) | {"PhysicalResourceId": physical_id}
        _made(request, _await(work, request, _send(work, request)))

    def attribute(self, work: Work, made: Made, name: str) -> Any:
        found: Any = made.attributes.get(name)
        if found is None:
            region = work.caller.region.replace("-", "")
            place = f"{work.stack_id}|{work.logical_id}|{made.physical_id}"
            raise AttributeUnknownError(
                f"CustomResource attribute error: Vendor response doesn't contain {name} key in"
                f" object {place} in S3 bucket cloudformation-custom-resource-storage-{region}"
            )
        return found


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return text(value)


def _request(work: Work, kind: str, properties: Properties) -> dict[str, Any]:
    if not properties.get("ServiceToken"):
        raise ResourceError("Property ServiceToken cannot be empty.")
    return {
        "RequestType": kind,
        "ServiceToken": properties["ServiceToken"],
        "StackId": work.stack_id,
        "RequestId": str(uuid.uuid4()),
        "LogicalResourceId": work.logical_id,
        "ResourceType": work.type,
        "ResourceProperties": dict(properties),
    }


def _send(work: Work, request: dict[str, Any]) -> Ticket:
    """Hand the request over, with the caller's rights, and get ready for the answer.

    Raises:
        ResourceError: it could not be handed over, so nothing was made.
    """
    _timeout(request["ResourceProperties"])
    ticket = ANSWERS.expect()
    url = f"{work.caller.endpoint}{PATH}{ticket.token}"
    _publish(work, request["ServiceToken"], json.dumps(request | {"ResponseURL": url}))
    return ticket


def _await(work: Work, request: Mapping[str, Any], ticket: Ticket) -> Answer:
    """The answer.

    Raises:
        ResourceError: there was none in time, or it is not acceptable.
    """
    body = ticket.wait(_timeout(request["ResourceProperties"]), work.cancelled)
    if body is None:
        cancelled = work.cancelled.is_set()
        raise ResourceError(CANCELLED if cancelled else _NO_ANSWER.format(request["RequestId"]))
    return parse(body, request)


def _timeout(properties: Properties) -> int:
    given = text(properties.get("ServiceTimeout", MOST_SECONDS))
    if not given.isdigit() or not 1 <= int(given) <= MOST_SECONDS:
        raise ResourceError(f"ServiceTimeout must be a number from 1 to {MOST_SECONDS}.")
    return int(given)


def _publish(work: Work, token: str, message: str) -> None:
    """Lambda and SNS queue it: neither waits for the function."""
    service = (token.split(":") + [""] * 3)[2]
    try:
        if service == "lambda":
            work.caller.client("lambda").invoke(
                FunctionName=token, InvocationType="Event", Payload=message
            )
        elif service == "sns":
            work.caller.client("sns").publish(
                TopicArn=token,
                Subject="AWS CloudFormation custom resource request",
                Message=message,
            )
        else:
            raise ResourceError(f"Invalid service token: {token}")
    except ClientError as fault:
        raise ResourceError(_refusal(fault, service)) from None
    except BotoCoreError as fault:
        raise ResourceError(f"{token} could not be reached: {fault}") from None


def _refusal(fault: ClientError, service: str) -> str:
    """A service's refusal as it appears in events."""
    error, about = fault.response["Error"], fault.response["ResponseMetadata"]
    name = {"lambda": "AWSLambda", "sns": "AmazonSNS"}[service]
    return (
        f"{error['Message']} (Service: {name}; Status Code: {about['HTTPStatusCode']}; Error Code:"
        f" {error['Code']}; Request ID: {about.get('RequestId')}; Proxy: null)"
    )


def parse(body: bytes, request: Mapping[str, Any]) -> Answer:
    """Read an answer.

    Raises:
        ResourceError: it is too long, not JSON, or lacks what every answer must have.
    """
    if len(body) > ANSWER_LIMIT:
        raise ResourceError("Response object is too long.")
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ResourceError("Response is not valid JSON")
    if given.get("Status") not in ("SUCCESS", "FAILED"):
        raise ResourceError("Invalid Status: must be either SUCCESS or FAILED")
    for member in ("StackId", "RequestId", "LogicalResourceId"):
        if given.get(member) != request[member]:
            raise ResourceError(f"Invalid {member}: must be that of the request")
    if not _is_physical_id(given.get("PhysicalResourceId")):
        raise ResourceError("Invalid PhysicalResourceId")
    data = given.get("Data") or {}
    if not isinstance(data, Mapping):
        raise ResourceError("Invalid Data: must be an object")
    return Answer(
        success=given["Status"] == "SUCCESS",
        reason=str(given.get("Reason") or "No reason was given"),
        physical_id=given["PhysicalResourceId"],
        data=data,
        no_echo=text(given.get("NoEcho", False)) == "true",
    )


def _is_physical_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.encode()) <= PHYSICAL_ID_LIMIT


def _made(request: Mapping[str, Any], answer: Answer) -> Made:
    """What an answer means for the resource.

    Raises:
        ResourceError: it says that the work failed.
    """
    if not answer.success:
        named_another = answer.physical_id != request.get("PhysicalResourceId")
        raise ResourceError(
            "Received response status [FAILED] from custom resource. Message returned:"
            f" {answer.reason} (RequestId: {request['RequestId']})",
            answer.physical_id if named_another else None,
        )
    return Made(answer.physical_id, answer.data, answer.no_echo)


def _made_up_id(work: Work) -> str:
    return f"{work.stack_name}-{work.logical_id}-{secrets.token_hex(6).upper()}"
