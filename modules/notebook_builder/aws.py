"""The few calls to SageMaker, EC2 and CloudFormation that the builder makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from botocore import exceptions
from botocore.exceptions import ClientError

from .launcher import LAUNCHER_TAG, PRINCIPAL_TAG
from .request import InvalidRequestError, Owner, Project, Request, Wanted
from .situation import Change, Create, Delete, Notebook, Place, Stack, Start, Stop, Write

STACK_TAG = "CloudFormationStackId"
RESOURCE_TAG = "CloudFormationLogicalResourceId"
REQUEST_TAG = "CloudFormationRequestId"

TRANSIENT_CODES = frozenset(
    (
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    )
)


class Aws:
    """``sagemaker``, ``ec2`` and ``cloudformation`` are boto3 clients."""

    def __init__(self, sagemaker: Any, ec2: Any, cloudformation: Any, project: Project) -> None:
        self._sagemaker = sagemaker
        self._ec2 = ec2
        self._cloudformation = cloudformation
        self._project = project

    def notebook(self, name: str) -> Notebook | None:
        """Describe a notebook; None only when SageMaker says that there is none of that name.

        Every other error is raised: not being able to ask is not being gone.
        """
        try:
            seen = self._sagemaker.describe_notebook_instance(NotebookInstanceName=name)
            tags = self._tags(seen["NotebookInstanceArn"])
        except ClientError as error:
            if _not_found(error):
                return None
            raise
        return _notebook(seen, tags)

    def place(self, wanted: Wanted) -> Place:
        """Find the one subnet and the one security group of the VPC, by id or Name tag.

        Raises InvalidRequestError unless exactly one of each matches. The names are compared
        here and not by EC2, whose filters take ``*`` and ``?`` for wildcards.
        """
        return Place(
            self._one("describe_subnets", "Subnets", "SubnetId", wanted.subnet),
            self._one(
                "describe_security_groups", "SecurityGroups", "GroupId", wanted.security_group
            ),
        )

    def stack(self, stack_id: str) -> Stack:
        """Describe the request's stack; one that CloudFormation has forgotten is deleted."""
        try:
            (seen,) = self._cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
        except ClientError as error:
            if _code(error) == "ValidationError" and "does not exist" in _message(error):
                return Stack("DELETE_COMPLETE")
            raise
        tags = {tag["Key"]: tag["Value"] for tag in seen.get("Tags", ())}
        return Stack(seen["StackStatus"], tags.get(PRINCIPAL_TAG))

    def perform(self, step: Write, name: str, request: Request) -> None:
        """Make one write. Returns when SageMaker has accepted it, long before it is done."""
        match step:
            case Create() if request.wanted:
                self._create(request.wanted, request.owner, step)
            case Change(arguments):
                self._sagemaker.update_notebook_instance(NotebookInstanceName=name, **arguments)
            case Start():
                self._sagemaker.start_notebook_instance(NotebookInstanceName=name)
            case Stop():
                self._sagemaker.stop_notebook_instance(NotebookInstanceName=name)
            case Delete():
                self._sagemaker.delete_notebook_instance(NotebookInstanceName=name)
            case _:
                raise ValueError(f"{type(step).__name__} needs to know what is wanted")

    def _create(self, wanted: Wanted, owner: Owner, step: Create) -> None:
        launcher = {LAUNCHER_TAG: step.launched_by} if step.launched_by else {}
        tags = {
            "ProjectName": self._project.name,
            "ProjectID": self._project.project_id,
            "EnvironmentName": wanted.environment_name,
            STACK_TAG: owner.stack_id,
            RESOURCE_TAG: owner.logical_id,
            REQUEST_TAG: owner.request_id,
            **launcher,
        }
        optional = {"LifecycleConfigName": wanted.lifecycle_config}
        self._sagemaker.create_notebook_instance(
            NotebookInstanceName=wanted.name,
            InstanceType=wanted.instance_type,
            SubnetId=step.place.subnet_id,
            SecurityGroupIds=[step.place.security_group_id],
            RoleArn=self._project.execution_role_arn,
            KmsKeyId=self._project.key_arn,
            VolumeSizeInGB=wanted.volume_gb,
            RootAccess=wanted.root_access,
            DirectInternetAccess="Disabled",
            PlatformIdentifier=self._project.platform_identifier,
            InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
            Tags=_pairs(tags),
            **{key: value for key, value in optional.items() if value},
        )

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self._sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}

    def _one(self, operation: str, collection: str, id_key: str, wanted: str) -> str:
        pages = self._ec2.get_paginator(operation).paginate(
            Filters=[{"Name": "vpc-id", "Values": [self._project.vpc_id]}]
        )
        found = [
            item[id_key]
            for page in pages
            for item in page[collection]
            if wanted in (item[id_key], _name_tag(item.get("Tags", ())))
        ]
        if len(found) != 1:
            raise InvalidRequestError(
                f"{wanted!r} names {len(found)} of the {collection} of {self._project.vpc_id} "
                f"(by id or Name tag), needed: exactly one{_listed(found)}"
            )
        return str(found[0])


def is_transient(error: Exception) -> bool:
    """Whether asking again later can help: throttling, AWS's own faults, a lost connection."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _code(error) in TRANSIENT_CODES or status >= 500  # noqa: PLR2004 - HTTP's own number
    return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError)


def is_overtaken(error: Exception) -> bool:
    """Whether SageMaker refused a write because the notebook's state is no longer what it was
    when it was looked at: look again and decide anew."""
    if not isinstance(error, ClientError) or _code(error) != "ValidationException":
        return False
    message = _message(error)
    overtaken = ("Unable to transition", "Cannot create a duplicate", "RecordNotFound")
    return any(sign in message for sign in overtaken)


def _not_found(error: ClientError) -> bool:
    """SageMaker has no code of its own for a missing notebook: ValidationException with the
    message RecordNotFound, which Terraform's provider goes by as well."""
    return _code(error) == "ValidationException" and "RecordNotFound" in _message(error)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


def _notebook(seen: dict[str, Any], tags: dict[str, str]) -> Notebook:
    stamps = [tags[key] for key in (STACK_TAG, RESOURCE_TAG, REQUEST_TAG) if key in tags]
    groups = seen.get("SecurityGroups") or []
    return Notebook(
        name=seen["NotebookInstanceName"],
        arn=seen["NotebookInstanceArn"],
        status=seen["NotebookInstanceStatus"],
        owner=Owner(*stamps) if len(stamps) == 3 else None,  # noqa: PLR2004 - its three fields
        environment_name=tags.get("EnvironmentName"),
        instance_type=seen["InstanceType"],
        volume_gb=seen["VolumeSizeInGB"],
        root_access=seen["RootAccess"],
        lifecycle_config=seen.get("NotebookInstanceLifecycleConfigName") or None,
        place=Place(seen.get("SubnetId", ""), groups[0] if len(groups) == 1 else str(groups)),
        failure_reason=seen.get("FailureReason") or None,
        tagged=bool(tags),
    )


def _name_tag(tags: Iterable[dict[str, str]]) -> str | None:
    return next((tag["Value"] for tag in tags if tag["Key"] == "Name"), None)


def _listed(found: list[str]) -> str:
    return f", found {', '.join(sorted(found)[:5])}" if found else ""


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
