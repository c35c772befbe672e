"""Launched products, compared without an account: what is told of each, once."""

from dataclasses import replace
from typing import Any

import pytest

from scripts.lib.drift import promise
from scripts.lib.drift.launched import (
    WORDS,
    Launch,
    Stray,
    launch_drifts,
    launch_noise,
    stray_drifts,
)
from scripts.lib.drift.model import Drift, Mend
from scripts.lib.drift.promise import Promise
from scripts.lib.drift.shell import Shell
from scripts.lib.plan_review.model import Risk

NOTEBOOK: dict[str, Any] = {
    "NotebookInstanceName": "ana",
    "NotebookInstanceStatus": "InService",
    "DirectInternetAccess": "Disabled",
    "RootAccess": "Disabled",
    "KmsKeyId": "arn:key/1",
    "RoleArn": "arn:role",
    "SubnetId": "subnet-1",
    "SecurityGroups": ["sg-1"],
    "PlatformIdentifier": "notebook-al2023-v1",
    "InstanceType": "ml.t3.medium",
    "VolumeSizeInGB": 20,
    "NotebookInstanceLifecycleConfigName": "plain",
    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
}
PROMISED = Promise("ana", promise.described(NOTEBOOK))
LAUNCH = Launch("notebook-alpha", "pp-1", "ana", "AVAILABLE", promises=(PROMISED,))
CHANGED: dict[str, tuple[Any, Risk]] = {
    "DirectInternetAccess": ("Enabled", Risk.HIGH),
    "RootAccess": ("Enabled", Risk.HIGH),
    "KmsKeyId": (None, Risk.HIGH),
    "RoleArn": ("arn:other", Risk.HIGH),
    "SubnetId": ("subnet-2", Risk.HIGH),
    "SecurityGroups": (["sg-1", "sg-2"], Risk.HIGH),
    "NotebookInstanceLifecycleConfigName": ("mine", Risk.HIGH),
    "InstanceMetadataServiceConfiguration": (
        {"MinimumInstanceMetadataServiceVersion": "1"},
        Risk.MEDIUM,
    ),
    "PlatformIdentifier": ("notebook-al2-v2", Risk.MEDIUM),
    "InstanceType": ("ml.p3.2xlarge", Risk.LOW),
    "VolumeSizeInGB": (30, Risk.LOW),
}


def drifts(launch: Launch = LAUNCH, **changed: Any) -> tuple[Drift, ...]:
    return launch_drifts([launch], {"ana": NOTEBOOK | changed}, Shell())


def test_what_is_as_promised_is_no_drift() -> None:
    assert drifts() == ()
    assert len(CHANGED) == len(WORDS)


@pytest.mark.parametrize("key", CHANGED)
def test_each_attribute_by_itself(key: str) -> None:
    value, risk = CHANGED[key]
    (drift,) = drifts(**{key: value})
    assert (drift.subject, drift.risk) == ("notebook ana", risk)
    assert [change.path.split(".")[0] for change in drift.attributes] == [key]
    assert drift.expected != drift.actual
    assert drift.remedies[0].mend is Mend.RELAUNCH


def test_all_of_them_are_one_drift_as_bad_as_the_worst() -> None:
    (drift,) = drifts(**{key: value for key, (value, _) in CHANGED.items()})
    assert drift.risk is Risk.HIGH
    assert len(drift.attributes) == len(WORDS)


def test_root_access_that_was_promised_and_taken_is_no_danger() -> None:
    values = {**PROMISED.values, promise.ROOT: "Enabled"}
    launch = replace(LAUNCH, promises=(Promise("ana", values),))
    (drift,) = drifts(launch)
    assert drift.risk is Risk.LOW


@pytest.mark.parametrize("status", ["Pending", "InService", "Stopping", "Stopped", "Updating"])
def test_notebooks_that_are_used_as_meant_are_no_drift(status: str) -> None:
    assert drifts(NotebookInstanceStatus=status) == ()


def test_a_notebook_that_is_leaving_is_not_compared() -> None:
    assert drifts(NotebookInstanceStatus="Deleting", RootAccess="Enabled") == ()


def test_a_notebook_that_failed_and_was_changed_is_two_causes() -> None:
    found = drifts(NotebookInstanceStatus="Failed", FailureReason="no\nroom", RootAccess="Enabled")
    assert [drift.what for drift in found] == [
        "The notebook is not as its version promises, in root access.",
        "The notebook failed: no room.",
    ]


@pytest.mark.parametrize("status", ["UNDER_CHANGE", "PLAN_IN_PROGRESS"])
def test_what_somebody_is_at_work_on_is_told_and_not_compared(status: str) -> None:
    launch = replace(LAUNCH, status=status)
    assert drifts(launch, RootAccess="Enabled") == ()
    (noise,) = launch_noise([launch, LAUNCH])
    assert (noise.stack, noise.places) == ("notebook-alpha", ("ana",))


def test_a_failed_launch_without_its_notebook_is_one_cause() -> None:
    launch = replace(LAUNCH, status="ERROR", message="no capacity")
    (drift,) = launch_drifts([launch], {}, Shell())
    assert drift.what == "The last change of the product failed: no capacity."
    (drift,) = launch_drifts([LAUNCH], {}, Shell())
    assert drift.what.startswith("The notebook was deleted")


def test_a_tainted_product_can_be_updated_again() -> None:
    (drift,) = drifts(replace(LAUNCH, status="TAINTED"))
    assert drift.remedies[0].command == "python -m scripts.launch update ana --apply"
    assert drift.risk is Risk.MEDIUM


def test_a_notebook_made_by_hand_says_what_is_wrong_with_it() -> None:
    safe, open_one = stray_drifts(
        [
            Stray("notebook-alpha", NOTEBOOK),
            Stray("notebook-alpha", NOTEBOOK | {"DirectInternetAccess": "Enabled"}),
        ],
        Shell(),
    )
    assert safe.what == "A notebook with the project's tags was made outside the catalog."
    assert open_one.what.endswith("breaks what all promise: direct internet access.")
    assert {safe.risk, open_one.risk} == {Risk.HIGH}
    assert "delete-notebook-instance" in safe.remedies[0].command
