"""A data scientist and the notebooks, and ways to disturb what makes them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

from scripts.sandbox import Sandbox

BUILDER, NATIVE = "quickstart", "vision"
"""The project whose notebooks the builder makes, and the one where CloudFormation does."""
FUNCTION = f"SageMakerBuild-{BUILDER}"
LIMIT = 120.0
ENDED = ("SUCCEEDED", "FAILED")


class Scientist:
    """One person of a project, under the project's end-user role."""

    def __init__(self, sandbox: Sandbox, project: str, person: str = "dana") -> None:
        self.sandbox, self.project, self.person = sandbox, project, person
        self._credentials = sandbox.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::123456789012:role/SCEndUserRole-{project}",
            RoleSessionName=person,
        )["Credentials"]
        self.catalog = self.client("servicecatalog")
        products = self.catalog.search_products()["ProductViewSummaries"]
        (self.product,) = (product["ProductId"] for product in products)
        described = self.catalog.describe_product(Id=self.product)
        self.version: str = described["ProvisioningArtifacts"][-1]["Id"]

    def client(self, service: str) -> Any:
        return self.sandbox.client(service, credentials=self._credentials)

    def launch(self, name: str, **parameters: str) -> dict[str, Any]:
        """Launch a notebook of this name and wait for the end of it."""
        chosen = {"NotebookInstanceName": name} | parameters
        asked = self.catalog.provision_product(
            ProductId=self.product,
            ProvisioningArtifactId=self.version,
            ProvisionedProductName=f"{self.person}-{name}",
            ProvisioningParameters=[{"Key": k, "Value": v} for k, v in chosen.items()],
        )
        return self._ended(asked)

    def update(self, name: str, version: str | None = None, **parameters: str) -> dict[str, Any]:
        """Change what is named, and keep all else."""
        version = version or self.version
        described = self.catalog.describe_provisioning_parameters(
            ProductId=self.product, ProvisioningArtifactId=version
        )["ProvisioningArtifactParameters"]
        asked = self.catalog.update_provisioned_product(
            ProvisionedProductName=f"{self.person}-{name}",
            ProductId=self.product,
            ProvisioningArtifactId=version,
            ProvisioningParameters=[
                {"Key": key, "Value": parameters[key]}
                if key in parameters
                else {"Key": key, "UsePreviousValue": True}
                for key in (each["ParameterKey"] for each in described)
            ],
        )
        return self._ended(asked)

    def end(self, name: str, **members: Any) -> dict[str, Any]:
        asked = self.catalog.terminate_provisioned_product(
            ProvisionedProductName=f"{self.person}-{name}", **members
        )
        return self._ended(asked)

    def status(self, name: str) -> str:
        found = self.catalog.describe_provisioned_product(Name=f"{self.person}-{name}")
        return str(found["ProvisionedProductDetail"]["Status"])

    def _ended(self, asked: dict[str, Any]) -> dict[str, Any]:
        record = asked["RecordDetail"]["RecordId"]
        deadline = time.monotonic() + LIMIT
        while True:
            found: dict[str, Any] = self.catalog.describe_record(Id=record)
            if found["RecordDetail"]["Status"] in ENDED:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.2)


def succeeded(record: dict[str, Any]) -> dict[str, str]:
    """Outputs of a record that must have succeeded."""
    detail = record["RecordDetail"]
    assert detail["Status"] == "SUCCEEDED", detail["RecordErrors"]
    return {each["OutputKey"]: each["OutputValue"] for each in record["RecordOutputs"]}


def why(record: dict[str, Any]) -> str:
    """The reasons of a record that must have failed."""
    detail = record["RecordDetail"]
    assert detail["Status"] == "FAILED"
    return "; ".join(f"{each['Code']}: {each['Description']}" for each in detail["RecordErrors"])


def notebooks(sandbox: Sandbox) -> dict[str, str]:
    """Status of each notebook in the account."""
    listed = sandbox.client("sagemaker").list_notebook_instances()["NotebookInstances"]
    return {each["NotebookInstanceName"]: each["NotebookInstanceStatus"] for each in listed}


def notebook(sandbox: Sandbox, name: str) -> dict[str, Any]:
    found = sandbox.client("sagemaker").describe_notebook_instance(NotebookInstanceName=name)
    del found["ResponseMetadata"]
    return dict(found)


def publish(scientist: Scientist, name: str, change: dict[str, Any]) -> str:
    """A further version of the project's product, whose notebook resource differs in `change`."""
    admin = scientist.sandbox.client("servicecatalog")
    first = admin.describe_provisioning_artifact(
        ProductId=scientist.product, ProvisioningArtifactId=scientist.version, Verbose=True
    )
    template = json.loads(first["Info"]["CloudFormationTemplate"])
    template["Resources"]["Notebook"]["Properties"] |= change
    template["Description"] = f"Version {name}"
    key = f"{name}.json"
    scientist.sandbox.client("s3").put_object(
        Bucket="prosm-code", Key=key, Body=json.dumps(template).encode()
    )
    url = f"https://prosm-code.s3.eu-west-1.amazonaws.com/{key}"
    made = admin.create_provisioning_artifact(
        ProductId=scientist.product,
        Parameters={"Name": name, "Info": {"LoadTemplateFromURL": url}},
    )
    return str(made["ProvisioningArtifactDetail"]["Id"])


def refused_calls(sandbox: Sandbox) -> list[str]:
    return [
        f"{each.principal} {each.action} {each.resource}"
        for each in sandbox.decisions()
        if not each.allowed
    ]


def drop_policies(sandbox: Sandbox, role: str) -> dict[str, Any]:
    """Take away what a role is allowed; the documents by name."""
    iam = sandbox.client("iam")
    documents = {
        policy: iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }
    assert documents, f"{role} has no inline policies"
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    for policy in documents:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    return documents


def give_policies(sandbox: Sandbox, role: str, documents: dict[str, Any]) -> None:
    """Give back what a role was allowed."""
    for policy, document in documents.items():
        sandbox.client("iam").put_role_policy(
            RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document)
        )


def replace_builder(sandbox: Sandbox, code: str) -> None:
    """Put other code in the builder's place, under the same handler."""
    function = sandbox.client("lambda")
    handler = function.get_function_configuration(FunctionName=FUNCTION)["Handler"]
    module, _, name = handler.rpartition(".")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        folders = module.split(".")[:-1]
        for depth in range(1, len(folders) + 1):
            archive.writestr("/".join([*folders[:depth], "__init__.py"]), "")
        archive.writestr(f"{module.replace('.', '/')}.py", code.replace("HANDLER", name))
    function.update_function_code(FunctionName=FUNCTION, ZipFile=buffer.getvalue())
