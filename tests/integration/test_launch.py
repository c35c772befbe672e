"""A data scientist launches, changes and ends notebooks: the whole chain, policies in force.

The end user's session asks Service Catalog; the launch role makes the stack; the builder's own zip
(or CloudFormation itself) makes the notebook. Nothing here calls anything past AWS's API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache

import pytest
from botocore.exceptions import ClientError

from modules.notebook_builder.handler import RESERVE_SECONDS
from scripts.sandbox import Sandbox
from tests.integration.conftest import Deployment
from tests.integration.launching import (
    BUILDER,
    FUNCTION,
    NATIVE,
    Scientist,
    drop_policies,
    give_policies,
    notebook,
    notebooks,
    publish,
    refused_calls,
    replace_builder,
    succeeded,
    why,
)

BOTH = (BUILDER, NATIVE)
IDS = {BUILDER: "QuickStart007", NATIVE: "Vision001"}
REASON = "Not enough capacity"


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
    # The first call of a service makes its application, which the copies need not do again.
    sandbox.client("cloudformation").list_stacks()
    with sandbox.fork() as copy:
        copy.enforce(True)
        copy.pace_notebooks(0.1)
        yield copy


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
