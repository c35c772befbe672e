"""What an end user may launch."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.model import StringShape

from modules.settings import NotebookSettings
from modules.settings.notebook import has_local_storage
from tests.unit.modules.settings.samples import changed, faults

HERE = ("projects", 0, "notebook")
WITH_DISKS = {
    *("m5d", "c5d", "p3dn", "g4dn", "g5", "trn1", "trn1n", "p4d", "p4de", "p5", "p6-b200"),
    *("m6id", "c6id", "r6id", "g6", "g6e", "g7e", "p5en"),
}
"""Of the families below: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html"""


def notebook_types() -> tuple[str, ...]:
    model = botocore.session.get_session().get_service_model("sagemaker")
    shape = model.shape_for("InstanceType")
    assert isinstance(shape, StringShape)
    return tuple(shape.enum)


@pytest.mark.parametrize("instance_type", notebook_types())
def test_every_type_that_aws_offers_is_let_through_unless_it_has_disks(instance_type: str) -> None:
    local = instance_type.split(".")[1] in WITH_DISKS
    assert has_local_storage(instance_type) == local
    given = {"instance_type": instance_type, "allowed_instance_types": (instance_type,)}
    assert bool(faults(changed(HERE, given))) == local


@pytest.mark.parametrize("kind", ["t3.medium", "ml.t3", "ml.t3.", "ml.T3.medium", "ml.t3.huge", 3])
def test_fails_when_it_is_no_instance_type(kind: Any) -> None:
    (problem,) = faults(changed((*HERE, "allowed_instance_types"), ("ml.t3.medium", kind)))
    assert problem.startswith("projects[0] (vision).notebook.allowed_instance_types[1]: got ")


def test_fails_when_the_proposed_type_is_not_offered() -> None:
    assert faults(changed((*HERE, "allowed_instance_types"), ("ml.m5.xlarge",))) == (
        (
            "projects[0] (vision).notebook.instance_type: is not set; must be one of "
            "allowed_instance_types (ml.m5.xlarge)"
        ),
    )
    assert faults(changed((*HERE, "instance_type"), "ml.c5.xlarge"))[0].startswith(
        'projects[0] (vision).notebook.instance_type: got "ml.c5.xlarge"; must be one of '
    )


def test_fails_when_the_proposed_volume_is_larger_than_the_largest() -> None:
    assert faults(changed((*HERE, "volume_size_gb"), 201)) == (
        (
            "projects[0] (vision).notebook.volume_size_gb: got 201; must be at most "
            "max_volume_size_gb (200)"
        ),
    )
    assert faults(changed((*HERE, "volume_size_gb"), 200)) == ()
    (problem,) = faults(changed((*HERE, "max_volume_size_gb"), 10))
    assert problem.endswith("volume_size_gb: is not set; must be at most max_volume_size_gb (10)")


@pytest.mark.parametrize(
    "platform", ["notebook-al2-v3", "notebook-al2023-v1", "notebook-al2023-v2"]
)
def test_a_platform_that_aws_updates_is_let_through(platform: str) -> None:
    assert faults(changed((*HERE, "platform_identifier"), platform)) == ()


@pytest.mark.parametrize("platform", ["notebook-al1-v1", "notebook-al2-v1", "notebook-al2-v2", ""])
def test_fails_when_the_platform_has_ended(platform: str) -> None:
    (problem,) = faults(changed((*HERE, "platform_identifier"), platform))
    assert "must be a platform of notebooks that AWS still updates" in problem


def test_root_is_off_by_default() -> None:
    assert NotebookSettings().root_access is False
