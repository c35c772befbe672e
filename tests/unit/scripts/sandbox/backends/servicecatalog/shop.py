"""A sandbox with a launchable product, as background work needs it; tests have copies."""

import json
import time
from copy import copy
from typing import Any

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.backends.servicecatalog.accounts import ACCOUNT, REGION, Account

LIMIT = 60.0
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["servicecatalog.amazonaws.com", "sagemaker.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
# A session's keyword of boto3 -> member of STS's answer.
KEYS = {
    "aws_access_key_id": "AccessKeyId",
    "aws_secret_access_key": "SecretAccessKey",
    "aws_session_token": "SessionToken",
}
# What a launch role needs for the product, in parts that a test can leave out.
RIGHTS: dict[str, dict[str, Any]] = {
    "stacks": {
        "Action": ["cloudformation:*Stack*", "cloudformation:TagResource"],
        "Resource": "arn:aws:cloudformation:*:*:stack/SC-*",
    },
    "inspection": {
        "Action": ["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"],
        "Resource": "*",
    },
    "templates": {
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}},
    },
    "create": {
        "Action": [
            "iam:PassRole",
            "sagemaker:AddTags",
            "sagemaker:CreateNotebookInstance",
            "sagemaker:Describe*",
            "sagemaker:ListTags",
        ],
        "Resource": "*",
    },
    "delete": {
        "Action": ["sagemaker:DeleteNotebookInstance", "sagemaker:StopNotebookInstance"],
        "Resource": "*",
    },
}
NOTEBOOK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/notebook"


def notebook_template(note: str = "", **resource: Any) -> dict[str, Any]:
    """A template of one notebook; `note` tells versions apart."""
    return {
        "Description": f"A notebook {note}",
        "Parameters": {
            "Name": {"Type": "String"},
            "InstanceType": {
                "Type": "String",
                "Default": "ml.t3.medium",
                "AllowedValues": ["ml.t3.medium", "ml.t3.large"],
            },
        },
        "Resources": {
            "Notebook": {
                "Type": "AWS::SageMaker::NotebookInstance",
                "Properties": {
                    "NotebookInstanceName": {"Ref": "Name"},
                    "InstanceType": {"Ref": "InstanceType"},
                    "RoleArn": NOTEBOOK_ROLE,
                },
                **resource,
            }
        },
        "Outputs": {
            "NotebookArn": {"Description": "Its ARN.", "Value": {"Ref": "Notebook"}},
            "Type": {"Value": {"Ref": "InstanceType"}},
        },
    }


class Shop(Account):
    """A portfolio with a product of notebooks, its launch role, and an end user's session.

    Stocked once; `at` opens a copy of it.
    """

    launch_role = f"arn:aws:iam::{ACCOUNT}:role/launch"
    user_role = f"arn:aws:iam::{ACCOUNT}:role/end-user"

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__()
        self.role("end-user")
        for name in ("launch", "notebook"):
            self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        self.shelf = self.portfolio(Tags=[{"Key": "from", "Value": "portfolio"}])
        self.notebooks = self.product(
            "Notebooks",
            portfolio=self.shelf,
            Tags=[{"Key": "kind", "Value": "product"}],
            ProvisioningArtifactParameters=self.artifact(notebook_template()),
        )
        self.grant(self.shelf, self.user_role)
        self.first: str = self.artifacts(self.notebooks)[0]["Id"]
        self.constraint = self.launch_constraint(self.shelf, self.notebooks, self.launch_role)
        self._amy = self._keys("amy", self.user_role)
        # The first call of a service makes its application, which the copies need not do again.
        self.client("cloudformation").list_stacks()
        self.client("sagemaker").list_notebook_instances()
        self.user = self.client("servicecatalog", **self._amy)

    def at(self, sandbox: Sandbox) -> "Shop":
        """The same shop in a copy of the sandbox."""
        copied = copy(self)
        copied.sandbox = sandbox
        for client in ("catalog", "iam", "s3"):
            copied.__dict__.pop(client, None)
        copied.user = copied.client("servicecatalog", **self._amy)
        return copied

    def client(self, service: str, **credentials: str) -> Any:
        if not credentials:
            return self.sandbox.client(service)
        given = {"SecretAccessKey": "secret"} | {
            KEYS[name]: value for name, value in credentials.items()
        }
        return self.sandbox.client(service, credentials=given)

    def arn(self, kind: str, identifier: str) -> str:
        return f"arn:aws:catalog:{REGION}:{ACCOUNT}:{kind}/{identifier}"

    def session(self, name: str, role: str = "") -> Any:
        """Service Catalog as a session of the end-user role, or of another one, sees it."""
        return self.client("servicecatalog", **self._keys(name, role or self.user_role))

    def _keys(self, name: str, role: str) -> dict[str, str]:
        assumed = self.client("sts").assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
        return {keyword: assumed[member] for keyword, member in KEYS.items()}

    def allow(self, role: str, *statements: dict[str, Any]) -> None:
        """Let the role do this, and nothing else."""
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", **statement} for statement in statements],
        }
        self.iam.put_role_policy(
            RoleName=role, PolicyName="rights", PolicyDocument=json.dumps(document)
        )

    def version(self, name: str, body: Any, **members: Any) -> str:
        """A further version of the product."""
        made = self.catalog.create_provisioning_artifact(
            ProductId=self.notebooks, Parameters=self.artifact(body, Name=name)
        )
        artifact = str(made["ProvisioningArtifactDetail"]["Id"])
        if members:
            self.catalog.update_provisioning_artifact(
                ProductId=self.notebooks, ProvisioningArtifactId=artifact, **members
            )
        return artifact

    def ask(self, name: str = "mine", by: Any = None, **members: Any) -> dict[str, Any]:
        """Ask for a launch; the answer's record."""
        parameters = {"Name": name, **members.pop("parameters", {})}
        asked = (by or self.user).provision_product(
            **{
                "ProductId": self.notebooks,
                "ProvisioningArtifactId": self.first,
                "ProvisionedProductName": name,
                "ProvisioningParameters": [
                    {"Key": key, "Value": value} for key, value in parameters.items()
                ],
            }
            | members
        )
        return dict(asked["RecordDetail"])

    def launch(self, name: str = "mine", by: Any = None, **members: Any) -> dict[str, Any]:
        """Launch, and wait for the end of it; the whole answer about the record."""
        return self.ended(self.ask(name, by, **members)["RecordId"])

    def update(self, name: str = "mine", by: Any = None, **members: Any) -> dict[str, Any]:
        asked = (by or self.user).update_provisioned_product(ProvisionedProductName=name, **members)
        return self.ended(asked["RecordDetail"]["RecordId"])

    def end(self, name: str = "mine", by: Any = None, **members: Any) -> dict[str, Any]:
        asked = (by or self.user).terminate_provisioned_product(
            ProvisionedProductName=name, **members
        )
        return self.ended(asked["RecordDetail"]["RecordId"])

    def ended(self, record: str) -> dict[str, Any]:
        """The record, once it has ended."""
        deadline = time.monotonic() + LIMIT
        while True:
            found: dict[str, Any] = self.user.describe_record(Id=record)
            if found["RecordDetail"]["Status"] in {"SUCCEEDED", "FAILED"}:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.08)

    def statuses(self, record: str) -> list[str]:
        """The record's statuses from now to its end, each once."""
        seen: list[str] = []
        while not seen or seen[-1] not in {"SUCCEEDED", "FAILED"}:
            found = self.user.describe_record(Id=record)["RecordDetail"]["Status"]
            if found not in seen[-1:]:
                seen.append(found)
            time.sleep(0.02)
        return seen

    def state(self, name: str = "mine") -> dict[str, Any]:
        """The provisioned product."""
        found = self.user.describe_provisioned_product(Name=name)
        return dict(found["ProvisionedProductDetail"])

    def stack(self, name: str = "mine") -> dict[str, Any]:
        """Its stack."""
        stack = f"SC-{ACCOUNT}-{self.state(name)['Id']}"
        found = self.client("cloudformation").describe_stacks(StackName=stack)
        return dict(found["Stacks"][0])


def outputs_of(record: dict[str, Any]) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in record["RecordOutputs"]}


def errors_of(record: dict[str, Any]) -> list[tuple[str, str]]:
    errors = record["RecordDetail"]["RecordErrors"]
    return [(each["Code"], each["Description"]) for each in errors]
