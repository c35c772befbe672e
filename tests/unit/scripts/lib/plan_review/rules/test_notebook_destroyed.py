from __future__ import annotations

from scripts.lib.plan_review.rules import notebook_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

KIND = "aws_sagemaker_notebook_instance"


def test_its_volume_goes_with_it() -> None:
    assert risks(notebook_destroyed, subject(KIND, {"name": "nb"})) == ["high"]
    assert risks(notebook_destroyed, replaced(KIND, {"name": "nb"})) == ["high"]


def test_not_a_change_nor_one_that_is_kept() -> None:
    change = subject(KIND, {"instance_type": "ml.t3.medium"}, {"instance_type": "ml.m5.large"})
    assert not found(notebook_destroyed, change)
    assert not found(notebook_destroyed, replaced(KIND, {"name": "nb"}, keeps_old=True))
