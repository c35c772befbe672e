"""The stack of a provisioned product, by way of CloudFormation's API alone."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from scripts.sandbox.backends.servicecatalog.provisioned import STACK_OUTPUT, RecordError
from scripts.sandbox.clients import CALLED_VIA_HEADER, create_client
from scripts.sandbox.service_sessions import Credentials

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
EXCEPTION = "AmazonCloudFormationException"
BEGINNINGS = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"}
GONE = "does not exist"
NOTHING_TO_DO = "No updates are to be performed."
# A stack in these has what an earlier operation left; in any other it is not running.
RUNNING = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


class StackError(Exception):
    """CloudFormation refused, or did not get to what was asked."""

    def __init__(self, *errors: RecordError) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


@dataclass(frozen=True)
class Wanted:
    """What a stack is to be made of; the template is at an address in S3."""

    template_url: str
    parameters: Sequence[Mapping[str, Any]]
    tags: Sequence[Mapping[str, str]]
    topics: Sequence[str] = ()


class Stack:
    """One stack, handled with the credentials of whoever launches.

    `progress` is called with the stack's status at each look; `for_caller` says that the rights
    are those of Service Catalog's own caller. Every method raises `StackError`.
    """

    def __init__(
        self,
        endpoint: str,
        region: str,
        credentials: Credentials,
        progress: Callable[[str], None],
        *,
        for_caller: bool = False,
    ) -> None:
        self._client = create_client(
            endpoint,
            "cloudformation",
            region=region,
            access_key=credentials.access_key,
            secret_key=credentials.secret_key,
            session_token=credentials.session_token or None,
            headers={CALLED_VIA_HEADER: "servicecatalog"} if for_caller else None,
        )
        self._progress = progress

    def create(
        self, name: str, wanted: Wanted, started: Callable[[str], None]
    ) -> Mapping[str, Any]:
        """Make the stack and wait for its end; `started` gets its id as soon as there is one."""
        members = self._checked(wanted)
        stack_id = str(self._call("create_stack", StackName=name, **members)["StackId"])
        started(stack_id)
        return self._settle(stack_id, "CREATE_COMPLETE")

    def update(self, stack_id: str, wanted: Wanted) -> Mapping[str, Any]:
        """Change the stack and wait for its end. That nothing changes is no error."""
        try:
            self._call("update_stack", StackName=stack_id, **self._checked(wanted))
        except StackError as fault:
            if NOTHING_TO_DO not in str(fault):
                raise
            return self.look(stack_id)
        return self._settle(stack_id, "UPDATE_COMPLETE")

    def delete(self, stack_id: str) -> None:
        """Delete the stack and wait for its end. One gone already is an error, as in AWS."""
        if self.look(stack_id)["StackStatus"] == "DELETE_COMPLETE":
            raise StackError(RecordError(EXCEPTION, f"Stack {stack_id} {GONE}"))
        self._call("delete_stack", StackName=stack_id)
        try:
            self._settle(stack_id, "DELETE_COMPLETE")
        except StackError as fault:
            if GONE not in str(fault):
                raise

    def look(self, stack_id: str) -> Mapping[str, Any]:
        """The stack as it is."""
        found: Mapping[str, Any] = self._call("describe_stacks", StackName=stack_id)["Stacks"][0]
        return found

    def _checked(self, wanted: Wanted) -> dict[str, Any]:
        """Members of a request, once CloudFormation has read the template."""
        self._call("validate_template", TemplateURL=wanted.template_url)
        summary = self._call("get_template_summary", TemplateURL=wanted.template_url)
        return {
            "TemplateURL": wanted.template_url,
            "Parameters": list(wanted.parameters),
            "Tags": list(wanted.tags),
            "NotificationARNs": list(wanted.topics),
            "Capabilities": summary.get("Capabilities", []),
        }

    def _settle(self, stack_id: str, hoped: str) -> Mapping[str, Any]:
        pause = FIRST_PAUSE
        while (stack := self.look(stack_id))["StackStatus"].endswith("_IN_PROGRESS"):
            self._progress(stack["StackStatus"])
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
        if stack["StackStatus"] != hoped:
            raise StackError(*self._reasons(stack))
        return stack

    def _reasons(self, stack: Mapping[str, Any]) -> Iterator[RecordError]:
        """The stack's own reasons, then that of each resource which failed in this operation."""
        status = stack["StackStatus"]
        events = [event for event in self._last_events(stack["StackId"]) if _tells(event)]
        own = {
            event["ResourceStatusReason"].strip(): None
            for event in events
            if event["PhysicalResourceId"] == stack["StackId"]
        }
        yield RecordError(status, " ".join(own) or stack.get("StackStatusReason") or status)
        for event in events:
            of_resource = event["PhysicalResourceId"] != stack["StackId"]
            if of_resource and event["ResourceStatus"].endswith("_FAILED"):
                text = f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
                yield RecordError(event["ResourceStatus"], text)

    def _last_events(self, stack_id: str) -> list[Mapping[str, Any]]:
        """Events of the latest operation, oldest first."""
        events: list[Mapping[str, Any]] = []
        for event in self._call("describe_stack_events", StackName=stack_id)["StackEvents"]:
            events.append(event)
            if event["PhysicalResourceId"] == stack_id and event["ResourceStatus"] in BEGINNINGS:
                break
        return events[::-1]

    def _call(self, method: str, **members: Any) -> Any:
        try:
            return getattr(self._client, method)(**members)
        except ClientError as refusal:
            raise StackError(refused(refusal)) from None


def refused(refusal: ClientError) -> RecordError:
    """CloudFormation's refusal in the words of a record.

    For example "AmazonCloudFormationException  Parameters: [KeyName] must have values (Service:
    AmazonCloudFormation; Status Code: 400; Error Code: ValidationError; Request ID: 5528602a-...)",
    from the AWS CLI's reference of describe-provisioned-product.
    """
    error, metadata = refusal.response["Error"], refusal.response["ResponseMetadata"]
    origin = (
        f"Service: AmazonCloudFormation; Status Code: {metadata['HTTPStatusCode']}; "
        f"Error Code: {error['Code']}; Request ID: {metadata.get('RequestId', '')}"
    )
    return RecordError(EXCEPTION, f"{error['Message']} ({origin})")


def outputs(stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`RecordOutputs`: the stack's ARN, then what the template gives."""
    return [
        {**STACK_OUTPUT, "OutputValue": stack["StackId"]},
        *(
            {key: output.get(key) for key in ("OutputKey", "OutputValue", "Description")}
            for output in stack.get("Outputs", ())
        ),
    ]


def _tells(event: Mapping[str, Any]) -> bool:
    reason = event.get("ResourceStatusReason", "")
    return bool(reason) and "cancelled" not in reason and reason != "User Initiated"
