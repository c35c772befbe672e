"""All that an end user has to be able to do, and behind it launch role and builder."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import boto3

from scripts.lib.clients import Clients
from scripts.lib.launch import Manner, Result, end, list_launched, show, start, update
from scripts.sandbox import Sandbox
from tests.integration.rights.world import OTHER_PROJECT, await_record, launch

REASON = "the disk did not come up"
LOOKS = 200


class EndUser:
    """A person at work on one project: by the command, the console's calls and the AWS CLI's.

    The command's clients find the sandbox by the environment, which has to be set.
    """

    def __init__(self, sandbox: Sandbox, project: str, session: Mapping[str, str]) -> None:
        self.sandbox, self.project = sandbox, project
        self.native = project == OTHER_PROJECT
        self.product = f"SageMakerProduct-{project}"
        keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        self.clients = Clients(boto3.Session(*keys, region_name=sandbox.region))
        self.catalog = self.clients.servicecatalog
        self.sagemaker = self.clients.sagemaker
        self.manner = Manner(apply=True, stream=io.StringIO())

    def work(self) -> None:
        """Everything, from the first look to the end."""
        name = f"{self.project}-nb"
        renamed = {"NotebookInstanceName": f"{name}-renamed"}
        self.browse()
        _require(self.launch(name, **({} if self.native else {"S3CodePusher": "YES"})))
        self.follow(name)
        self.use(name)
        _require(self.update(name, NotebookInstanceType="ml.t3.large"))
        publish(self.sandbox, self.project, environment="PRODUCTION")
        if self.native:
            # CloudFormation changes a tag in place, where the builder makes another notebook.
            _require(self.update(name, version="2"))
        _require(self.update(name, version="2", **renamed))
        assert REASON in self.fail(f"{self.project}-broken")
        _require(self.end(name))
        left = self.sagemaker.list_notebook_instances(NameContains=name)["NotebookInstances"]
        assert left == []

    def browse(self) -> None:
        """What the command shows, and what the console shows besides."""
        assert show(self.clients).exit_code == 0
        (found,) = self.catalog.search_products()["ProductViewSummaries"]
        product = found["ProductId"]
        self.catalog.describe_product_view(Id=found["Id"])
        self.catalog.describe_product(Id=product)
        (version,) = self.catalog.list_provisioning_artifacts(ProductId=product)[
            "ProvisioningArtifactDetails"
        ]
        self.catalog.describe_provisioning_artifact(
            ProductId=product, ProvisioningArtifactId=version["Id"]
        )
        (path,) = self.catalog.list_launch_paths(ProductId=product)["LaunchPathSummaries"]
        self.catalog.describe_provisioning_parameters(
            ProductId=product, ProvisioningArtifactId=version["Id"], PathId=path["Id"]
        )

    def launch(self, name: str, **parameters: str) -> Result:
        given = {"NotebookInstanceName": name, **parameters}
        return start(self.clients, name, product=self.product, given=given, manner=self.manner)

    def follow(self, name: str) -> None:
        """The console's page of a provisioned product, and that of its stack."""
        assert name in str(list_launched(self.clients).report)
        found = self.catalog.describe_provisioned_product(Name=name)["ProvisionedProductDetail"]
        record = self.catalog.describe_record(Id=found["LastRecordId"])
        self.catalog.list_record_history()
        self.catalog.scan_provisioned_products(AccessLevelFilter={"Key": "User", "Value": "self"})
        self.catalog.search_provisioned_products(AccessLevelFilter={"Key": "User", "Value": "self"})
        stack = record["RecordOutputs"][0]["OutputValue"]
        self.clients.cloudformation.describe_stacks(StackName=stack)
        self.clients.cloudformation.describe_stack_events(StackName=stack)
        self.clients.cloudformation.list_stack_resources(StackName=stack)

    def use(self, notebook: str) -> None:
        """Open it, stop it over night, start and open it again."""
        self.open(notebook)
        self.sagemaker.stop_notebook_instance(NotebookInstanceName=notebook)
        self._await(notebook, "Stopped")
        self.sagemaker.start_notebook_instance(NotebookInstanceName=notebook)
        self._await(notebook, "InService")
        self.open(notebook)

    def open(self, notebook: str) -> None:
        url = self.sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName=notebook)
        assert url["AuthorizedUrl"].startswith("https://")

    def update(self, name: str, version: str | None = None, **parameters: str) -> Result:
        return update(self.clients, name, version=version, given=parameters, manner=self.manner)

    def end(self, name: str) -> Result:
        return end(self.clients, name, manner=self.manner)

    def fail(self, name: str) -> str:
        """Launch what does not come up, and end it; returns the reason that the record shows."""
        self.sandbox.fail_notebooks(name, REASON)
        record = await_record(self.catalog, launch(self.catalog, self.project, name))
        _require(self.end(name))
        return "; ".join(error["Description"] for error in record["RecordDetail"]["RecordErrors"])

    def _await(self, notebook: str, status: str) -> None:
        for _ in range(LOOKS):
            seen = self.sagemaker.describe_notebook_instance(NotebookInstanceName=notebook)
            if seen["NotebookInstanceStatus"] == status:
                return
        raise TimeoutError(f"{notebook} is {seen['NotebookInstanceStatus']}, wanted: {status}")


def publish(sandbox: Sandbox, project: str, *, environment: str) -> None:
    """Publish the product's version 2, whose notebooks belong to another environment."""
    s3, catalog = sandbox.client("s3"), sandbox.client("servicecatalog")
    bucket = f"{project}-catalog-{sandbox.account_id}-{sandbox.region}"
    (listed,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    template: dict[str, Any] = json.loads(
        s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read()
    )
    template["Parameters"]["ENVName"] |= {"Default": environment, "AllowedValues": [environment]}
    s3.put_object(Bucket=bucket, Key="product/2.json", Body=json.dumps(template).encode())
    view = catalog.describe_product_as_admin(Name=f"SageMakerProduct-{project}")
    catalog.create_provisioning_artifact(
        ProductId=view["ProductViewDetail"]["ProductViewSummary"]["ProductId"],
        Parameters={
            "Name": "2",
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {
                "LoadTemplateFromURL": (
                    f"https://{bucket}.s3.{sandbox.region}.amazonaws.com/product/2.json"
                )
            },
        },
    )


def _require(result: Result) -> None:
    failed = [outcome.detail for each in result.report.sections for outcome in each.outcomes]
    assert result.exit_code == 0, failed
