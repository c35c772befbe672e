"""Provisioned products and the records of what was asked for them, and how each shows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.dispatch import Answer
from scripts.sandbox.backends.servicecatalog.records import now
from scripts.sandbox.backends.servicecatalog.tags import tag_list

PROVISION = "PROVISION_PRODUCT"
UPDATE = "UPDATE_PROVISIONED_PRODUCT"
TERMINATE = "TERMINATE_PROVISIONED_PRODUCT"

CREATED, IN_PROGRESS, IN_ERROR = "CREATED", "IN_PROGRESS", "IN_PROGRESS_IN_ERROR"
SUCCEEDED, FAILED = "SUCCEEDED", "FAILED"

AVAILABLE, UNDER_CHANGE, TAINTED, ERROR = "AVAILABLE", "UNDER_CHANGE", "TAINTED", "ERROR"

STACK_OUTPUT = {
    "OutputKey": "CloudformationStackARN",
    "Description": "The ARN of the launched Cloudformation Stack",
}


@dataclass(frozen=True, slots=True)
class RecordError:
    """Why a record failed: the class of the fault, and what the service at fault says."""

    code: str
    description: str

    def __str__(self) -> str:
        # Two spaces, as in AWS's own status messages.
        return f"{self.code}  {self.description}"


@dataclass
class ProvisionedProduct:
    """A launched product. `names` has the product's and the version's, as they were then."""

    id: str
    arn: str
    name: str
    owner: Identity
    token: str
    product_id: str
    artifact_id: str
    path_id: str
    names: tuple[str, str | None]
    launch_role: str | None
    tags: dict[str, str]
    status: str = UNDER_CHANGE
    status_message: str | None = None
    stack_id: str | None = None
    created: datetime = field(default_factory=now)
    last_record: str = ""
    last_success: "Record | None" = None

    def detail(self) -> Answer:
        """`ProvisionedProductDetail`."""
        return {
            "Name": self.name,
            "Arn": self.arn,
            "Type": "CFN_STACK",
            "Id": self.id,
            "Status": self.status,
            "StatusMessage": self.status_message,
            "CreatedTime": self.created,
            "IdempotencyToken": self.token,
            "LastRecordId": self.last_record,
            "LastProvisioningRecordId": self.last_record,
            "LastSuccessfulProvisioningRecordId": self.last_success and self.last_success.id,
            "ProductId": self.product_id,
            "ProvisioningArtifactId": self.artifact_id,
            "LaunchRoleArn": self.launch_role,
        }

    def attributes(self) -> Answer:
        """`ProvisionedProductAttribute`, what a search finds."""
        detail = self.detail()
        del detail["LaunchRoleArn"]
        product_name, artifact_name = self.names
        return {
            **detail,
            "Tags": tag_list(self.tags),
            "PhysicalId": self.stack_id,
            "ProductName": product_name,
            "ProvisioningArtifactName": artifact_name,
            "UserArn": self.owner.principal,
            "UserArnSession": self.owner.credentials.arn,
        }


@dataclass
class Record:
    """One request to launch, update or end a provisioned product, and what came of it."""

    id: str
    type: str
    of: ProvisionedProduct
    product_id: str
    artifact_id: str
    path_id: str
    launch_role: str | None
    status: str = CREATED
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    errors: tuple[RecordError, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def move(self, status: str) -> None:
        """The record is now in this state."""
        self.updated = now()
        self.status = status

    def detail(self) -> Answer:
        """`RecordDetail`."""
        return {
            "RecordId": self.id,
            "ProvisionedProductName": self.of.name,
            "Status": self.status,
            "CreatedTime": self.created,
            "UpdatedTime": self.updated,
            "ProvisionedProductType": "CFN_STACK",
            "RecordType": self.type,
            "ProvisionedProductId": self.of.id,
            "ProductId": self.product_id,
            "ProvisioningArtifactId": self.artifact_id,
            "PathId": self.path_id,
            "RecordErrors": [
                {"Code": error.code, "Description": error.description} for error in self.errors
            ],
            "RecordTags": tag_list(self.tags),
            "LaunchRoleArn": self.launch_role,
        }
