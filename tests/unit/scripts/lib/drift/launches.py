"""Notebooks launched in the sandbox from a product that promises what ours do."""

from __future__ import annotations

from typing import Any

from scripts.lib.outputs import NotebookOutputs, Version
from tests.unit.scripts.launchable import ACCOUNT, USER_ROLE, Launchable, notebook_template

KEY_ID = "11111111-2222-3333-4444-555555555555"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY_ID}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Notebook"


def governed_template(subnet: str, group: str) -> dict[str, Any]:
    """As the project's own template of the way ``cloudformation``."""
    choice = {"Type": "String", "Default": "Disabled", "AllowedValues": ["Disabled", "Enabled"]}
    template = notebook_template(RootAccess=choice, DirectInternetAccess=choice)
    template["Conditions"] = {"Push": {"Fn::Equals": [{"Ref": "RootAccess"}, "Enabled"]}}
    template["Resources"]["Notebook"]["Properties"] |= {
        "PlatformIdentifier": "notebook-al2023-v1",
        "KmsKeyId": KEY,
        "SubnetId": subnet,
        "SecurityGroupIds": [group],
        "DirectInternetAccess": {"Ref": "DirectInternetAccess"},
        "RootAccess": {"Ref": "RootAccess"},
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
        "LifecycleConfigName": {"Fn::If": ["Push", "with-code", "plain"]},
        "Tags": [
            {"Key": "ProjectName", "Value": "alpha"},
            {"Key": "ProjectID", "Value": "QuickStart007"},
        ],
    }
    return template


def project(product: str, **outputs: str) -> NotebookOutputs:
    """The outputs of the stack ``notebook-alpha``."""
    return NotebookOutputs(
        project_name="alpha",
        project_id="QuickStart007",
        product_id=product,
        product_name="Notebook",
        first_version=Version(name="1", guidance="DEFAULT", active=True),
        **outputs,
    )


class Launches:
    """An account with a governed product; ``launch`` launches a notebook of it."""

    def __init__(self, shop: Launchable) -> None:
        self.at(shop)
        ec2 = shop.sandbox.client("ec2")
        self.subnet = str(ec2.describe_subnets()["Subnets"][0]["SubnetId"])
        vpc = ec2.describe_subnets()["Subnets"][0]["VpcId"]
        groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        self.group = str(groups["SecurityGroups"][0]["GroupId"])
        for name in ("plain", "with-code"):
            self.sagemaker.create_notebook_instance_lifecycle_config(
                NotebookInstanceLifecycleConfigName=name
            )
        self.product = shop.new_product("Governed", governed_template(self.subnet, self.group))
        shop.sandbox.pace_notebooks(0)

    def at(self, shop: Launchable) -> None:
        """Work in this account, which is the same or a copy of it; launches are an end user's."""
        self.shop = shop
        self.sagemaker = shop.sandbox.client("sagemaker")
        session = shop.sandbox.client("sts").assume_role(RoleArn=USER_ROLE, RoleSessionName="ana")
        self.catalog = shop.sandbox.client("servicecatalog", credentials=session["Credentials"])

    def launch(self, name: str, **parameters: str) -> str:
        """Launch one, wait for it and return the provisioned product's id."""
        (version,) = self.shop.catalog.list_provisioning_artifacts(ProductId=self.product)[
            "ProvisioningArtifactDetails"
        ]
        given = {"NotebookInstanceName": name, **parameters}
        record = self.catalog.provision_product(
            ProductId=self.product,
            ProvisioningArtifactId=version["Id"],
            ProvisionedProductName=name,
            ProvisioningParameters=[{"Key": k, "Value": v} for k, v in given.items()],
        )["RecordDetail"]
        self.settle(record["RecordId"])
        return str(record["ProvisionedProductId"])

    def settle(self, record_id: str) -> None:
        while True:
            found = self.catalog.describe_record(Id=record_id)["RecordDetail"]
            if found["Status"] in ("SUCCEEDED", "FAILED"):
                return

    def change(self, name: str, **values: Any) -> None:
        """Change a notebook behind the catalog's back, as somebody with the console would."""
        self.sagemaker.stop_notebook_instance(NotebookInstanceName=name)
        self.sagemaker.update_notebook_instance(NotebookInstanceName=name, **values)

    def make_by_hand(self, name: str, tags: dict[str, str], **values: Any) -> None:
        self.sagemaker.create_notebook_instance(
            NotebookInstanceName=name,
            InstanceType="ml.t3.medium",
            RoleArn=ROLE,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **values,
        )
