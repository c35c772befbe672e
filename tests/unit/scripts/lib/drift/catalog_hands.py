"""Somebody with administrator's rights who goes around the catalog: changes made by boto3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.lib.clients import Clients
from scripts.lib.drift.launched_plane import check_launched
from scripts.lib.drift.model import Checked
from scripts.lib.drift.portfolio_plane import check_portfolio
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import LedgerFile
from scripts.sandbox import Sandbox
from tests.unit.scripts.doctored import ROLE, ROLES, Doctored
from tests.unit.scripts.launchable import Launchable
from tests.unit.scripts.lib.drift.launches import Launches, project


@dataclass(frozen=True)
class Catalog:
    """An account in which all is as the ledger and the versions say."""

    doctored: Doctored
    launches: Launches

    @classmethod
    def of(cls, shop: Launchable, launched: tuple[str, ...]) -> Catalog:
        """Let all users see JumpStart, and launch notebooks of these names."""
        catalog = cls(Doctored.cure(shop.sandbox), Launches(shop))
        for name in launched:
            catalog.launches.launch(name)
        return catalog

    def at(self, sandbox: Sandbox) -> Catalog:
        launches = object.__new__(Launches)
        launches.__dict__.update(self.launches.__dict__)
        launches.at(self.launches.shop.at(sandbox))
        return Catalog(self.doctored.at(sandbox), launches)

    def agree(self, file: LedgerFile) -> None:
        """Write the ledger that post_apply would have left."""
        file.write(
            Ledger.of(Entry(self.doctored.portfolio, ROLE + name, Stage.MADE, "") for name in ROLES)
        )

    def check(self, clients: Clients, file: LedgerFile) -> tuple[Checked, Checked]:
        return (
            check_portfolio(clients, file.path.parent),
            check_launched(clients, [project(self.launches.product)]),
        )

    def client(self, service: str) -> Any:
        return self.doctored.client(service)

    def associate(self, arn: str, kind: str = "IAM") -> None:
        self.client("servicecatalog").associate_principal_with_portfolio(
            PortfolioId=self.doctored.portfolio, PrincipalARN=arn, PrincipalType=kind
        )

    def disassociate(self, arn: str) -> None:
        self.client("servicecatalog").disassociate_principal_from_portfolio(
            PortfolioId=self.doctored.portfolio, PrincipalARN=arn, PrincipalType="IAM"
        )

    def create_role(self, name: str) -> None:
        self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement": []}')

    def delete_role(self, name: str) -> None:
        iam = self.client("iam")
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        self.doctored.delete_role(name)

    def delete_notebook(self, name: str) -> None:
        sagemaker = self.launches.sagemaker
        sagemaker.stop_notebook_instance(NotebookInstanceName=name)
        sagemaker.delete_notebook_instance(NotebookInstanceName=name)

    def replace_notebook(self, name: str, **other: Any) -> None:
        """Put another one in the notebook's place: nothing else changes network or key."""
        sagemaker = self.launches.sagemaker
        was = sagemaker.describe_notebook_instance(NotebookInstanceName=name)
        self.delete_notebook(name)
        given = {
            "NotebookInstanceName": name,
            "InstanceType": was["InstanceType"],
            "RoleArn": was["RoleArn"],
            "KmsKeyId": was["KmsKeyId"],
            "SubnetId": was["SubnetId"],
            "SecurityGroupIds": was["SecurityGroups"],
            "DirectInternetAccess": was["DirectInternetAccess"],
            "RootAccess": was["RootAccess"],
            "VolumeSizeInGB": was["VolumeSizeInGB"],
            "PlatformIdentifier": was["PlatformIdentifier"],
            "LifecycleConfigName": was["NotebookInstanceLifecycleConfigName"],
            "InstanceMetadataServiceConfiguration": was["InstanceMetadataServiceConfiguration"],
        }
        sagemaker.create_notebook_instance(**given | other)


def updated(**values: Any) -> Callable[[Catalog, str], None]:
    return lambda catalog, name: catalog.launches.change(name, **values)


def replaced(**values: Any) -> Callable[[Catalog, str], None]:
    return lambda catalog, name: catalog.replace_notebook(name, **values)


def made(tags: dict[str, str]) -> Callable[[Catalog, str], None]:
    return lambda catalog, name: catalog.launches.make_by_hand(name, tags)


def delete_role_and_association(catalog: Catalog) -> None:
    catalog.disassociate(f"{ROLE}CustomRoleCleo")
    catalog.delete_role("CustomRoleCleo")


def add_role(catalog: Catalog) -> None:
    catalog.create_role("Analyst")
    catalog.associate(f"{ROLE}Analyst")


def add_user(catalog: Catalog) -> None:
    catalog.associate(catalog.client("iam").create_user(UserName="sam")["User"]["Arn"])


def add_role_and_delete_it(catalog: Catalog) -> None:
    catalog.create_role("Trainee")
    catalog.associate(f"{ROLE}Trainee")
    catalog.delete_role("Trainee")


def other_subnet(catalog: Catalog, name: str) -> None:
    found = catalog.client("ec2").describe_subnets()["Subnets"]
    (mine,) = [each for each in found if each["SubnetId"] == catalog.launches.subnet]
    other = next(
        each["SubnetId"]
        for each in found
        if each["VpcId"] == mine["VpcId"] and each["SubnetId"] != mine["SubnetId"]
    )
    catalog.replace_notebook(name, SubnetId=other)


def other_group(catalog: Catalog, name: str) -> None:
    ec2, launches = catalog.client("ec2"), catalog.launches
    (mine,) = ec2.describe_subnets(SubnetIds=[launches.subnet])["Subnets"]
    other = ec2.create_security_group(GroupName="open", Description="open", VpcId=mine["VpcId"])[
        "GroupId"
    ]
    catalog.replace_notebook(name, SecurityGroupIds=[other])


def stop(catalog: Catalog, name: str) -> None:
    catalog.launches.sagemaker.stop_notebook_instance(NotebookInstanceName=name)


def fail_at_start(catalog: Catalog, name: str) -> None:
    stop(catalog, name)
    catalog.doctored.sandbox.fail_notebooks(name, "no capacity")
    catalog.launches.sagemaker.start_notebook_instance(NotebookInstanceName=name)


def fail_launch(catalog: Catalog, name: str) -> None:
    catalog.doctored.sandbox.fail_notebooks(name, "no capacity")
    catalog.launches.launch(name)


def fail_update(catalog: Catalog, name: str) -> None:
    """Leave out a parameter that has no default."""
    record = catalog.launches.catalog.update_provisioned_product(
        ProvisionedProductName=name,
        ProductName="Governed",
        ProvisioningArtifactName="1",
        ProvisioningParameters=[{"Key": "VolumeSizeInGB", "Value": "6"}],
    )["RecordDetail"]
    catalog.launches.settle(record["RecordId"])


def delete_stack(catalog: Catalog, name: str) -> None:
    found = catalog.launches.catalog.search_provisioned_products()["ProvisionedProducts"]
    (stack,) = [each["PhysicalId"] for each in found if each["Name"] == name]
    cloudformation = catalog.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    while cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"].endswith(
        "PROGRESS"
    ):
        pass
