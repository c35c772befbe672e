"""A portfolio with a product of notebooks in the sandbox, and who may launch it."""

from __future__ import annotations

import json
from typing import Any

from scripts.lib.clients import Clients
from scripts.lib.launch.session import open_clients
from scripts.sandbox import Sandbox

ACCOUNT = "123456789012"
BUCKET = "prosm-code"
USER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SCEndUserRole-alpha"
STRANGER = f"arn:aws:iam::{ACCOUNT}:role/Stranger"
PRODUCT, PORTFOLIO = "Notebook", "Notebooks"
NAME, TYPE = "NotebookInstanceName", "NotebookInstanceType"


def _trust(**principal: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def notebook_template(description: str = "A notebook", **parameters: Any) -> dict[str, Any]:
    """A product of one notebook; ``parameters`` are further ones, or None to leave one out."""
    asked = {
        NAME: {
            "Type": "String",
            "Description": "A name of your choice.",
            "AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
            "MinLength": 1,
            "MaxLength": 63,
        },
        TYPE: {
            "Type": "String",
            "Default": "ml.t3.medium",
            "AllowedValues": ["ml.t3.medium", "ml.t3.large"],
        },
        "VolumeSizeInGB": {"Type": "Number", "Default": 20, "MinValue": 5, "MaxValue": 100},
    } | parameters
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        "Parameters": {key: spec for key, spec in asked.items() if spec},
        "Resources": {
            "Notebook": {
                "Type": "AWS::SageMaker::NotebookInstance",
                "Properties": {
                    "NotebookInstanceName": {"Ref": NAME},
                    "InstanceType": {"Ref": TYPE},
                    "VolumeSizeInGB": {"Ref": "VolumeSizeInGB"},
                    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Notebook",
                },
            }
        },
        "Outputs": {
            NAME: {
                "Description": "The notebook's name.",
                "Value": {"Fn::GetAtt": ["Notebook", "NotebookInstanceName"]},
            }
        },
    }


class Launchable:
    """One account with it; ``stock`` makes what the tests share, ``at`` opens a copy."""

    def __init__(self, sandbox: Sandbox, product: str, portfolio: str) -> None:
        self.sandbox = sandbox
        self.product = product
        self.portfolio = portfolio
        self.catalog = sandbox.client("servicecatalog")

    @classmethod
    def stock(cls, sandbox: Sandbox) -> Launchable:
        iam = sandbox.client("iam")
        for role in (USER_ROLE, STRANGER):
            iam.create_role(
                RoleName=role.rpartition("/")[2],
                AssumeRolePolicyDocument=_trust(AWS=f"arn:aws:iam::{ACCOUNT}:root"),
            )
        services = ["servicecatalog.amazonaws.com", "sagemaker.amazonaws.com"]
        for name in ("Launch", "Notebook"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust(Service=services))
        made = cls(sandbox, "", "")
        made.portfolio = made.new_portfolio(PORTFOLIO)
        made.product = made.new_product(PRODUCT, notebook_template())
        sandbox.pace_notebooks(0.1)
        return made

    def at(self, sandbox: Sandbox) -> Launchable:
        return Launchable(sandbox, self.product, self.portfolio)

    def new_portfolio(self, name: str) -> str:
        """Make a portfolio that the end-user role may use, and return its id."""
        made = self.catalog.create_portfolio(DisplayName=name, ProviderName="CQ")
        portfolio = str(made["PortfolioDetail"]["Id"])
        self.catalog.associate_principal_with_portfolio(
            PortfolioId=portfolio, PrincipalARN=USER_ROLE, PrincipalType="IAM"
        )
        return portfolio

    def new_product(self, name: str, template: dict[str, Any]) -> str:
        """Make a product in the portfolio, launched by the launch role, and return its id."""
        made = self.catalog.create_product(
            Name=name,
            Owner="CQ",
            ProductType="CLOUD_FORMATION_TEMPLATE",
            ProvisioningArtifactParameters=self._artifact("1", template),
        )
        product = str(made["ProductViewDetail"]["ProductViewSummary"]["ProductId"])
        self.share(product, self.portfolio)
        return product

    def share(self, product: str, portfolio: str) -> None:
        self.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId=portfolio)
        self.catalog.create_constraint(
            PortfolioId=portfolio,
            ProductId=product,
            Type="LAUNCH",
            Parameters=json.dumps({"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Launch"}),
        )

    def new_version(self, name: str, template: dict[str, Any]) -> str:
        """Add a version to the product and return its id."""
        made = self.catalog.create_provisioning_artifact(
            ProductId=self.product, Parameters=self._artifact(name, template)
        )
        return str(made["ProvisioningArtifactDetail"]["Id"])

    def deprecate(self, version: str) -> None:
        (found,) = [
            item["Id"]
            for item in self.catalog.list_provisioning_artifacts(ProductId=self.product)[
                "ProvisioningArtifactDetails"
            ]
            if item["Name"] == version
        ]
        self.catalog.update_provisioning_artifact(
            ProductId=self.product, ProvisioningArtifactId=found, Guidance="DEPRECATED"
        )

    def clients(self, role: str = USER_ROLE) -> Clients:
        """The tool's own clients; the environment has to be the sandbox's."""
        return open_clients(assume_role=role)

    def writes(self) -> list[str]:
        """What was asked of Service Catalog so far but reads."""
        verbs = ("ProvisionProduct", "UpdateProvisionedProduct", "TerminateProvisionedProduct")
        return [call.operation for call in self.sandbox.journal() if call.operation in verbs]

    def notebooks(self) -> dict[str, str]:
        """Names of the notebooks there are, and their types."""
        found = self.sandbox.client("sagemaker").list_notebook_instances()["NotebookInstances"]
        return {item["NotebookInstanceName"]: item["InstanceType"] for item in found}

    def _artifact(self, name: str, template: dict[str, Any]) -> dict[str, Any]:
        key = f"{abs(hash(json.dumps(template)))}.json"
        self.sandbox.client("s3").put_object(
            Bucket=BUCKET, Key=key, Body=json.dumps(template).encode()
        )
        url = f"https://{BUCKET}.s3.eu-west-1.amazonaws.com/{key}"
        return {
            "Name": name,
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {"LoadTemplateFromURL": url},
        }
