"""A data scientist launches, changes and ends notebooks: the whole chain, policies in force.

The end user's session asks Service Catalog; the launch role makes the stack; the builder's own zip
(or CloudFormation itself) makes the notebook. Nothing here calls anything past AWS's API.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError

from modules.notebook_builder.handler import RESERVE_SECONDS
from scripts.sandbox import Sandbox
from tests.integration.conftest import Deployment

pytestmark = pytest.mark.xdist_group("deployment")

BUILDER, NATIVE = "quickstart", "vision"
"""The project whose notebooks the builder makes, and the one where CloudFormation does."""
BOTH = (BUILDER, NATIVE)
IDS = {BUILDER: "QuickStart007", NATIVE: "Vision001"}
FUNCTION = f"SageMakerBuild-{BUILDER}"
REASON = "Not enough capacity"
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


@pytest.fixture
def sandbox(applied: Deployment) -> Iterator[Sandbox]:
    """A copy of the account as deployed, with policies in force and quick notebooks."""
    with _copy(applied.sandbox) as copy:
        yield copy


@pytest.fixture(scope="session")
def snapshots(applied: Deployment) -> Iterator[Callable[[str], Sandbox]]:
    """The account once dana of a project has launched a notebook `first`. Not to be changed."""
    with ExitStack() as stack:

        @cache
        def snapshot(project: str) -> Sandbox:
            copy = stack.enter_context(_copy(applied.sandbox))
            succeeded(Scientist(copy, project).launch("first"))
            return copy

        yield snapshot


@pytest.fixture
def dana(snapshots: Callable[[str], Sandbox], project: str) -> Iterator[Scientist]:
    """Who has launched the notebook `first`, in a copy of the account of her own."""
    with snapshots(project).fork() as copy:
        yield Scientist(copy, project)


@contextmanager
def _copy(sandbox: Sandbox) -> Iterator[Sandbox]:
    with sandbox.fork() as copy:
        copy.enforce(True)
        copy.pace_notebooks(0.1)
        yield copy


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


@pytest.mark.parametrize("project", BOTH)
class TestLife:
    def test_a_launch_ends_in_service(
        self, applied: Deployment, sandbox: Sandbox, project: str
    ) -> None:
        dana = Scientist(sandbox, project)
        sandbox.clear_decisions()
        outputs = succeeded(dana.launch("first"))
        made = notebook(sandbox, "first")
        assert made["NotebookInstanceStatus"] == "InService"
        assert made["InstanceType"] == "ml.t3.medium"
        assert made["DirectInternetAccess"] == "Disabled"
        assert outputs.pop("CloudformationStackARN").split("/")[1].startswith("SC-123456789012-pp-")
        assert "create-presigned-notebook-instance-url" in outputs.pop("Message")
        assert outputs == {
            "S3BucketName": applied.output(f"notebook-{project}", "bucket_name"),
            "NotebookInstanceName": "first",
            "SagemakerKMSKey": made["KmsKeyId"],
            "ExecutionRoleArn": made["RoleArn"],
            "ProjectName": project,
            "ProjectID": IDS[project],
        }
        assert sandbox.decisions()
        assert refused_calls(sandbox) == []
        url = dana.client("sagemaker").create_presigned_notebook_instance_url(
            NotebookInstanceName="first"
        )
        assert url["AuthorizedUrl"].startswith("https://first.notebook.")

    def test_an_update_changes_the_instance_type_in_place(self, dana: Scientist) -> None:
        before = notebook(dana.sandbox, "first")
        outputs = succeeded(dana.update("first", NotebookInstanceType="ml.t3.large"))
        after = notebook(dana.sandbox, "first")
        assert outputs["NotebookInstanceName"] == "first"
        assert after["InstanceType"] == "ml.t3.large"
        assert after["NotebookInstanceStatus"] == "InService"
        assert after["CreationTime"] == before["CreationTime"]

    def test_an_update_moves_to_a_new_version(self, dana: Scientist) -> None:
        second = publish(dana, "2", {"VolumeSizeInGB": 30})
        succeeded(dana.update("first", second))
        assert notebook(dana.sandbox, "first")["VolumeSizeInGB"] == 30
        assert notebooks(dana.sandbox) == {"first": "InService"}
        found = dana.catalog.describe_provisioned_product(Name="dana-first")
        assert found["ProvisionedProductDetail"]["ProvisioningArtifactId"] == second

    def test_another_name_is_another_notebook(self, dana: Scientist) -> None:
        record = dana.update("first", NotebookInstanceName="renamed")
        assert succeeded(record)["NotebookInstanceName"] == "renamed"
        assert notebooks(dana.sandbox) == {"renamed": "InService"}

    def test_an_end_leaves_nothing_and_a_second_one_finds_nothing(
        self, sandbox: Sandbox, project: str
    ) -> None:
        dana = Scientist(sandbox, project)
        stack = succeeded(dana.launch("first"))["CloudformationStackARN"]
        succeeded(dana.end("first"))
        assert notebooks(sandbox) == {}
        found = sandbox.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        assert found[0]["StackStatus"] == "DELETE_COMPLETE"
        with pytest.raises(ClientError) as caught:
            dana.end("first")
        assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
        succeeded(dana.launch("first"))

    @pytest.mark.parametrize("ignore_errors", [False, True])
    def test_an_end_after_the_notebook_was_deleted_by_hand(
        self, dana: Scientist, ignore_errors: bool
    ) -> None:
        sagemaker = dana.sandbox.client("sagemaker")
        sagemaker.stop_notebook_instance(NotebookInstanceName="first")
        waiting = {"Delay": 0.1, "MaxAttempts": 100}
        sagemaker.get_waiter("notebook_instance_stopped").wait(
            NotebookInstanceName="first", WaiterConfig=waiting
        )
        sagemaker.delete_notebook_instance(NotebookInstanceName="first")
        succeeded(dana.end("first", IgnoreErrors=ignore_errors))
        assert notebooks(dana.sandbox) == {}


@pytest.mark.parametrize("project", BOTH)
class TestFailures:
    def test_a_notebook_that_fails_is_rolled_back_and_can_be_ended(
        self, sandbox: Sandbox, project: str
    ) -> None:
        dana = Scientist(sandbox, project)
        sandbox.fail_notebooks("first", REASON)
        record = dana.launch("first")
        assert REASON in why(record)
        assert "failed to create: [Notebook]" in why(record)
        assert dana.status("first") == "ERROR"
        assert notebooks(sandbox) == {}
        succeeded(dana.end("first"))
        sandbox.fail_notebooks("first", None)
        succeeded(dana.launch("first"))

    def test_an_update_that_fails_leaves_the_notebook_as_it_was(self, dana: Scientist) -> None:
        dana.sandbox.fail_notebooks("renamed", REASON)
        assert REASON in why(dana.update("first", NotebookInstanceName="renamed"))
        assert dana.status("first") == "TAINTED"
        assert notebooks(dana.sandbox) == {"first": "InService"}
        succeeded(dana.update("first", NotebookInstanceType="ml.t3.large"))
        assert dana.status("first") == "AVAILABLE"

    def test_what_the_product_does_not_take_makes_nothing(
        self, sandbox: Sandbox, project: str
    ) -> None:
        dana = Scientist(sandbox, project)
        wrong = {
            "DirectInternetAccess": "Enabled",
            "NotebookInstanceType": "ml.p4d.24xlarge",
            "NotebookInstanceName": "not a name",
            "VolumeSizeInGB": "100000",
            "ProjectName": "another",
            "Colour": "red",
        }
        for parameter, value in wrong.items():
            reason = why(dana.launch(f"with-{parameter}", **{parameter: value}))
            assert reason.startswith("AmazonCloudFormationException: ")
            assert parameter in reason
        assert notebooks(sandbox) == {}
        assert sandbox.client("cloudformation").list_stacks()["StackSummaries"] == []

    def test_a_notebooks_name_that_is_taken_fails_and_leaves_the_other_alone(
        self, dana: Scientist, project: str
    ) -> None:
        sandbox, eve = dana.sandbox, Scientist(dana.sandbox, project, "eve")
        before = notebook(sandbox, "first")
        assert "first" in why(eve.launch("first"))
        assert notebook(sandbox, "first") == before
        succeeded(eve.end("first"))
        assert notebook(sandbox, "first") == before

    def test_a_launch_role_that_lost_its_rights_fails_with_the_right_that_lacks(
        self, sandbox: Sandbox, project: str
    ) -> None:
        dana = Scientist(sandbox, project)
        drop_policies(sandbox, f"SCLaunchRole-{project}")
        assert "is not authorized to perform: cloudformation:" in why(dana.launch("first"))
        assert dana.status("first") == "ERROR"


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


class TestBuilder:
    """What can become of the function that builds."""

    def test_a_builder_without_its_rights_says_which_one_lacks(self, sandbox: Sandbox) -> None:
        dana = Scientist(sandbox, BUILDER)
        rights = drop_policies(sandbox, f"SageMakerBuildRole-{BUILDER}")
        reason = why(dana.launch("first"))
        assert "is not authorized to perform: sagemaker:DescribeNotebookInstance" in reason
        assert reason.startswith("ROLLBACK_FAILED: The following resource(s) failed to create")
        assert dana.status("first") == "ERROR"
        assert "DELETE_FAILED: Notebook: " in why(dana.end("first"))
        assert dana.status("first") == "TAINTED"
        give_policies(sandbox, f"SageMakerBuildRole-{BUILDER}", rights)
        succeeded(dana.end("first"))
        assert notebooks(sandbox) == {}

    def test_a_builder_that_runs_out_of_time_says_so_and_its_notebook_can_be_ended(
        self, sandbox: Sandbox
    ) -> None:
        dana = Scientist(sandbox, BUILDER)
        function = sandbox.client("lambda")
        enough = function.get_function_configuration(FunctionName=FUNCTION)["Timeout"]
        sandbox.pace_notebooks(5)
        function.update_function_configuration(
            FunctionName=FUNCTION, Timeout=int(RESERVE_SECONDS) + 4
        )
        assert "ran out of time: notebook first is " in why(dana.launch("first"))
        assert dana.status("first") == "ERROR"
        sandbox.pace_notebooks(0.1)
        function.update_function_configuration(FunctionName=FUNCTION, Timeout=enough)
        succeeded(dana.end("first"))
        assert notebooks(sandbox) == {}

    @pytest.mark.parametrize(
        "code",
        [
            "def HANDLER(event, context):\n    raise RuntimeError('broken')\n",
            "import os\n\ndef HANDLER(event, context):\n    os._exit(1)\n",
            "import time\n\ndef HANDLER(event, context):\n    time.sleep(60)\n",
        ],
        ids=["raises", "dies", "hangs"],
    )
    def test_a_builder_that_never_answers_is_given_up_after_the_service_timeout(
        self, sandbox: Sandbox, code: str
    ) -> None:
        dana = Scientist(sandbox, BUILDER)
        dana.version = publish(dana, "impatient", {"ServiceTimeout": 2})
        replace_builder(sandbox, code)
        record = dana.launch("first")
        assert "CloudFormation did not receive a response from your Custom Resource" in why(record)
        assert notebooks(sandbox) == {}


class TestAtOnce:
    def test_launches_of_two_people_in_two_projects(self, sandbox: Sandbox) -> None:
        people = [
            Scientist(sandbox, project, person) for project in BOTH for person in ("dana", "eve")
        ]
        names = [f"{each.project}-{each.person}" for each in people]
        with ThreadPoolExecutor(len(people)) as pool:
            records = list(pool.map(Scientist.launch, people, names))
        assert [succeeded(record)["NotebookInstanceName"] for record in records] == names
        assert notebooks(sandbox) == dict.fromkeys(names, "InService")
        assert len({record["RecordDetail"]["ProvisionedProductId"] for record in records}) == 4
        with ThreadPoolExecutor(len(people)) as pool:
            ended = list(pool.map(Scientist.end, people, names))
        assert [each["RecordDetail"]["Status"] for each in ended] == ["SUCCEEDED"] * 4
        assert notebooks(sandbox) == {}

    def test_one_name_in_two_projects_is_taken_once(self, sandbox: Sandbox) -> None:
        people: Sequence[Scientist] = [Scientist(sandbox, project, project) for project in BOTH]
        with ThreadPoolExecutor(2) as pool:
            records = list(pool.map(Scientist.launch, people, ["same", "same"]))
        outcome = sorted(record["RecordDetail"]["Status"] for record in records)
        assert outcome == ["FAILED", "SUCCEEDED"]
        assert notebooks(sandbox) == {"same": "InService"}
