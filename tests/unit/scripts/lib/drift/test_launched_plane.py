"""Launched products in an account: what was done behind the catalog's back is found."""

from collections.abc import Iterator
from copy import copy

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.lib.drift.launched_plane import check_launched
from scripts.lib.drift.model import Checked, Drift, Mend, Plane
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.launchable import Launchable
from tests.unit.scripts.lib.drift.launches import KEY_ID, Launches, project


@pytest.fixture(scope="module")
def prepared(stocked: Launchable) -> Iterator[Launches]:
    """Two notebooks, launched and in service: not to be written to."""
    with stocked.sandbox.fork() as sandbox:
        launches = Launches(stocked.at(sandbox))
        launches.launch("ana")
        launches.launch("ben", VolumeSizeInGB="30", RootAccess="Enabled")
        yield launches


@pytest.fixture
def launches(prepared: Launches, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launches]:
    with prepared.shop.sandbox.fork() as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        moved = copy(prepared)
        moved.at(prepared.shop.at(sandbox))
        sandbox.clear_journal()
        yield moved


def check(launches: Launches, **outputs: str) -> Checked:
    return check_launched(Clients(open_session()), [project(launches.product, **outputs)])


def only(checked: Checked) -> Drift:
    assert checked.failures == ()
    (drift,) = checked.drifts
    assert (drift.plane, drift.stack) == (Plane.LAUNCHED, "notebook-alpha")
    assert drift.remedies[-1].mend is Mend.IGNORE
    return drift


def test_what_is_as_promised_is_no_drift_and_is_only_read(launches: Launches) -> None:
    checked = check(launches)
    assert (checked.drifts, checked.noise, checked.failures) == ((), (), ())
    operations = {call.operation for call in launches.shop.sandbox.journal()}
    assert operations == {
        "DescribeNotebookInstance",
        "DescribeStacks",
        "GetCallerIdentity",
        "GetTemplate",
        "ListNotebookInstances",
        "SearchProvisionedProducts",
    }


def test_stopped_notebooks_are_no_drift(launches: Launches) -> None:
    launches.sagemaker.stop_notebook_instance(NotebookInstanceName="ana")
    assert check(launches).drifts == ()


def test_what_was_changed_in_a_notebook_is_one_drift(launches: Launches) -> None:
    launches.change(
        "ana",
        RootAccess="Enabled",
        InstanceType="ml.t3.large",
        DisassociateLifecycleConfig=True,
        InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "1"},
    )
    drift = only(check(launches))
    assert (drift.subject, drift.risk) == ("notebook ana", Risk.HIGH)
    assert {each.path: (each.before, each.after) for each in drift.attributes} == {
        "RootAccess": ("Disabled", "Enabled"),
        "NotebookInstanceLifecycleConfigName": ("plain", ""),
        "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion": ("2", "1"),
        "InstanceType": ("ml.t3.medium", "ml.t3.large"),
    }
    command = drift.remedies[0].command
    assert "update-notebook-instance --notebook-instance-name ana --root-access Disabled" in command
    assert "--lifecycle-config-name plain" in command


def test_a_notebook_replaced_by_one_on_the_internet_takes_a_new_launch(launches: Launches) -> None:
    launches.sagemaker.stop_notebook_instance(NotebookInstanceName="ana")
    launches.sagemaker.delete_notebook_instance(NotebookInstanceName="ana")
    launches.make_by_hand("ana", {"ProjectID": "QuickStart007"})
    drift = only(check(launches))
    changed = {each.path for each in drift.attributes}
    assert {"DirectInternetAccess", "KmsKeyId", "SubnetId", "SecurityGroups"} <= changed
    assert "terminate-provisioned-product" in drift.remedies[0].command


def test_what_the_product_lets_choose_is_no_drift_but_internet_never_is(
    launches: Launches,
) -> None:
    """The template's text is that of whoever could change the stack; this promise stands."""
    launches.launch("cleo", DirectInternetAccess="Enabled")
    drift = only(check(launches))
    assert [(each.path, each.after) for each in drift.attributes] == [
        ("DirectInternetAccess", "Enabled")
    ]


def test_the_key_may_be_called_by_its_id_and_is_that_of_the_outputs(launches: Launches) -> None:
    assert check(launches, key_arn=KEY_ID).drifts == ()
    found = check(launches, key_arn="arn:aws:kms:eu-west-1:123456789012:key/another").drifts
    assert [drift.attributes[0].path for drift in found] == ["KmsKeyId", "KmsKeyId"]


def test_a_notebook_that_is_gone(launches: Launches) -> None:
    launches.sagemaker.stop_notebook_instance(NotebookInstanceName="ana")
    launches.sagemaker.delete_notebook_instance(NotebookInstanceName="ana")
    drift = only(check(launches))
    assert (drift.subject, drift.actual) == ("notebook ana", "gone")


def test_a_notebook_that_failed(launches: Launches) -> None:
    sandbox = launches.shop.sandbox
    launches.sagemaker.stop_notebook_instance(NotebookInstanceName="ana")
    sandbox.fail_notebooks("ana", "no capacity")
    launches.sagemaker.start_notebook_instance(NotebookInstanceName="ana")
    drift = only(check(launches))
    assert drift.what == "The notebook failed: no capacity."
    assert drift.actual == "Failed"


def test_a_launch_that_failed(launches: Launches) -> None:
    launches.shop.sandbox.fail_notebooks("eve", "no capacity")
    launches.launch("eve")
    drift = only(check(launches))
    assert drift.subject.startswith("provisioned product eve (pp-")
    assert (drift.expected, drift.actual) == ("AVAILABLE", "ERROR")


def test_an_update_that_failed_taints_the_product(launches: Launches) -> None:
    record = launches.catalog.update_provisioned_product(
        ProvisionedProductName="ana",
        ProductName="Governed",
        ProvisioningArtifactName="1",
        ProvisioningParameters=[{"Key": "VolumeSizeInGB", "Value": "6"}],
    )["RecordDetail"]
    launches.settle(record["RecordId"])
    drift = only(check(launches))
    assert (drift.actual, drift.risk) == ("TAINTED", Risk.MEDIUM)
    assert drift.remedies[0].command == "python -m scripts.launch update ana --apply"


def test_a_stack_deleted_outside_the_catalog(launches: Launches) -> None:
    found = launches.catalog.search_provisioned_products()["ProvisionedProducts"]
    (ana,) = [each for each in found if each["Name"] == "ana"]
    cloudformation = launches.shop.sandbox.client("cloudformation")
    cloudformation.delete_stack(StackName=ana["PhysicalId"])
    while cloudformation.describe_stacks(StackName=ana["PhysicalId"])["Stacks"][0][
        "StackStatus"
    ].endswith("PROGRESS"):
        pass
    drift = only(check(launches))
    assert drift.actual == "no stack"


def test_notebooks_made_by_hand_with_the_project_s_tags(launches: Launches) -> None:
    launches.make_by_hand("by-id", {"ProjectID": "QuickStart007"})
    launches.make_by_hand("by-name", {"ProjectName": "alpha"})
    launches.make_by_hand("of-others", {"ProjectID": "Vision001"})
    launches.make_by_hand("untagged", {})
    checked = check(launches)
    assert [drift.subject for drift in checked.drifts] == ["notebook by-id", "notebook by-name"]
    drift = checked.drifts[0]
    assert drift.risk is Risk.HIGH
    assert "made outside the catalog" in drift.what
    assert "direct internet access" in drift.what
    assert drift.remedies[0].mend is Mend.REMOVE


@pytest.mark.usefixtures("launches")
def test_other_people_s_products_are_none_of_ours() -> None:
    assert check_launched(Clients(open_session()), []).drifts == ()


def test_what_cannot_be_read_is_a_failure_and_hides_no_notebook_behind_by_hand(
    launches: Launches, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = Clients(open_session())

    def broken(**_: object) -> dict[str, str]:
        return {"TemplateBody": "Resources: [yaml]"}

    monkeypatch.setattr(clients.cloudformation, "get_template", broken)
    checked = check_launched(clients, [project(launches.product)])
    assert checked.drifts == ()
    assert [failure.stack for failure in checked.failures] == ["notebook-alpha"] * 2
    assert "its template" in checked.failures[0].reason


def test_what_aws_refuses_is_one_failure(
    launches: Launches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXPIRED000000000")
    launches.shop.sandbox.enforce(True)
    checked = check(launches)
    assert checked.drifts == ()
    assert len(checked.failures) == 1
