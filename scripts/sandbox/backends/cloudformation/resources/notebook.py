"""`AWS::SageMaker::NotebookInstance`, as its schema in CloudFormation's registry describes it.

Schema: https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip
"""

import re
import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scripts.sandbox.backends.cloudformation.errors import AttributeUnknownError
from scripts.sandbox.backends.cloudformation.resources.base import (
    CANCELLED,
    POLL_SECONDS,
    Made,
    Properties,
    ResourceError,
    Work,
    refuse_same_name,
)

TYPE = "AWS::SageMaker::NotebookInstance"
CREATE_ONLY = (
    "DirectInternetAccess",
    "KmsKeyId",
    "NotebookInstanceName",
    "PlatformIdentifier",
    "SecurityGroupIds",
    "SubnetId",
)
UPDATABLE = (
    "AcceleratorTypes",
    "AdditionalCodeRepositories",
    "DefaultCodeRepository",
    "InstanceMetadataServiceConfiguration",
    "InstanceType",
    "LifecycleConfigName",
    "RoleArn",
    "RootAccess",
    "VolumeSizeInGB",
)
# What has to be said when the property is no longer there.
DISSOCIATED = {
    "AcceleratorTypes": "DisassociateAcceleratorTypes",
    "AdditionalCodeRepositories": "DisassociateAdditionalCodeRepositories",
    "DefaultCodeRepository": "DisassociateDefaultCodeRepository",
    "LifecycleConfigName": "DisassociateLifecycleConfig",
}
LIMIT_SECONDS = 600.0
"""How long a notebook may take to reach a state. Less than in AWS: it changes faster here."""
GONE = "Deleted"
_MISSING = re.compile(r"RecordNotFound|not found|does not exist", re.IGNORECASE)


class NotebookInstance:
    """The handler."""

    updates_back = False

    def complete(self, properties: Properties, tags: Mapping[str, str]) -> dict[str, Any]:
        """With numbers as numbers, and the stack's tags below the template's own."""
        own = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
        merged = [{"Key": key, "Value": value} for key, value in {**tags, **own}.items()]
        completed = {**properties, "Tags": merged}
        if "VolumeSizeInGB" in completed:
            completed["VolumeSizeInGB"] = int(completed["VolumeSizeInGB"])
        return completed

    def check(self, old: Properties, new: Properties) -> None:
        _validate(new)
        if self.replaces(old, new):
            refuse_same_name(old, new, "NotebookInstanceName")

    def replaces(self, old: Properties, new: Properties) -> bool:
        return any(old.get(name) != new.get(name) for name in CREATE_ONLY)

    def create(self, work: Work, properties: Properties) -> Made:
        name = properties.get("NotebookInstanceName") or f"{work.logical_id}-{secrets.token_hex(6)}"
        _validate(properties)
        notebook = _Notebook(work, name)
        wanted = {**properties, "NotebookInstanceName": name}
        arn = notebook.call("create_notebook_instance", **wanted)["NotebookInstanceArn"]
        work.started(arn)
        notebook.reach("InService")
        return notebook.read(arn)

    def update(self, work: Work, physical_id: str, old: Properties, new: Properties) -> Made:
        notebook = _Notebook(work, _name_in(physical_id))
        changes = {
            name: new[name] for name in UPDATABLE if name in new and new[name] != old.get(name)
        }
        changes |= {
            flag: True for name, flag in DISSOCIATED.items() if name in old and name not in new
        }
        if changes:
            notebook.stop()
            notebook.call("update_notebook_instance", NotebookInstanceName=notebook.name, **changes)
            notebook.reach("Stopped")
            notebook.call("start_notebook_instance", NotebookInstanceName=notebook.name)
            notebook.reach("InService")
        notebook.retag(physical_id, old["Tags"], new["Tags"])
        return notebook.read(physical_id)

    def delete(self, work: Work, physical_id: str, _properties: Properties) -> None:
        notebook = _Notebook(work, _name_in(physical_id))
        notebook.stop()
        if notebook.status() not in ("Deleting", GONE):
            notebook.call("delete_notebook_instance", NotebookInstanceName=notebook.name)
        notebook.reach(GONE)

    def attribute(self, _work: Work, made: Made, name: str) -> Any:
        if name not in made.attributes:
            raise AttributeUnknownError(
                f"Template error: resource of type {TYPE} does not support attribute type {name}"
                " in Fn::GetAtt"
            )
        return made.attributes[name]


class _Notebook:
    """One notebook, handled with the caller's rights."""

    def __init__(self, work: Work, name: str) -> None:
        self.name = name
        self._work = work
        self._client = work.caller.client("sagemaker")

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Raises ResourceError, in the words in which CloudFormation reports a handler's error."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**parameters)
        except ClientError as fault:
            raise _handler_error(fault.response) from None
        except BotoCoreError as fault:
            raise _failure(str(fault), "InvalidRequest") from None
        return answer

    def describe(self) -> dict[str, Any]:
        """Empty when there is no such notebook."""
        try:
            answer: dict[str, Any] = self._client.describe_notebook_instance(
                NotebookInstanceName=self.name
            )
        except ClientError as fault:
            if _MISSING.search(fault.response["Error"]["Message"]):
                return {}
            raise _handler_error(fault.response) from None
        return answer

    def status(self) -> str:
        return str(self.describe().get("NotebookInstanceStatus", GONE))

    def reach(self, *wanted: str) -> str:
        """Wait until the notebook is in one of these states, and say which.

        Raises:
            ResourceError: it failed, is gone, or is still in another after the limit.
        """
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            notebook = self.describe()
            status = str(notebook.get("NotebookInstanceStatus", GONE))
            if status in wanted:
                return status
            if status in ("Failed", GONE):
                reason = notebook.get("FailureReason") or f"the notebook is {status}"
                raise _failure(reason, "NotStabilized")
            if self._work.cancelled.wait(POLL_SECONDS):
                raise ResourceError(CANCELLED)
            if time.monotonic() > deadline:
                raise _failure(
                    f"Resource of type '{TYPE}' with identifier '{self.name}' did not stabilize.",
                    "NotStabilized",
                )

    def stop(self) -> None:
        """Bring it to rest, whatever it is doing now."""
        status = self.reach("InService", "Stopped", "Failed", "Deleting", GONE, "Stopping")
        if status == "InService":
            self.call("stop_notebook_instance", NotebookInstanceName=self.name)
        self.reach("Stopped", "Failed", "Deleting", GONE)

    def retag(self, arn: str, old: list[dict[str, str]], new: list[dict[str, str]]) -> None:
        kept = {tag["Key"] for tag in new}
        lost = [tag["Key"] for tag in old if tag["Key"] not in kept]
        fresh = [tag for tag in new if tag not in old]
        if lost:
            self.call("delete_tags", ResourceArn=arn, TagKeys=lost)
        if fresh:
            self.call("add_tags", ResourceArn=arn, Tags=fresh)

    def read(self, arn: str) -> Made:
        """The notebook as CloudFormation's read handler finds it, tags included."""
        self.call("list_tags", ResourceArn=arn)
        return Made(arn, {"NotebookInstanceArn": arn, "NotebookInstanceName": self.name})


def _name_in(arn: str) -> str:
    return arn.rpartition("/")[2]


def _validate(properties: Properties) -> None:
    """Raises ResourceError when the properties are not those of the type."""
    for name in properties:
        if name not in (*CREATE_ONLY, *UPDATABLE, "Tags"):
            raise ResourceError(
                "Properties validation failed for resource with message: #: extraneous key"
                f" [{name}] is not permitted"
            )
    for name in ("InstanceType", "RoleArn"):
        if name not in properties:
            raise ResourceError(
                "Properties validation failed for resource with message: #: required key"
                f" [{name}] not found"
            )


def _handler_error(response: Mapping[str, Any]) -> ResourceError:
    error, about = response["Error"], response["ResponseMetadata"]
    message = (
        f"{error['Message']} (Service: SageMaker, Status Code: {about['HTTPStatusCode']},"
        f" Request ID: {about.get('RequestId')})"
    )
    return _failure(message, _handler_code(error))


def _handler_code(error: Mapping[str, str]) -> str:
    if "AccessDenied" in error["Code"]:
        return "AccessDenied"
    if re.search("already exist|duplicate", error["Message"], re.IGNORECASE):
        return "AlreadyExists"
    return "ServiceLimitExceeded" if "Limit" in error["Code"] else "InvalidRequest"


def _failure(message: str, code: str) -> ResourceError:
    return ResourceError(
        f'Resource handler returned message: "{message}" (RequestToken: {uuid.uuid4()},'
        f" HandlerErrorCode: {code})"
    )
