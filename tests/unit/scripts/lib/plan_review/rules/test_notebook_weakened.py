from __future__ import annotations

from scripts.lib.plan_review.rules import notebook_weakened
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

KIND = "aws_sagemaker_notebook_instance"


def test_internet_past_the_vpc() -> None:
    off, on = ({"direct_internet_access": each} for each in ("Disabled", "Enabled"))
    assert risks(notebook_weakened, subject(KIND, off, on)) == ["high"]
    assert risks(notebook_weakened, subject(KIND, None, on)) == ["high"]
    assert not found(notebook_weakened, subject(KIND, on, on))
    assert not found(notebook_weakened, subject(KIND, on, off))


def test_root() -> None:
    off, on = ({"root_access": each} for each in ("Disabled", "Enabled"))
    assert risks(notebook_weakened, subject(KIND, off, on)) == ["medium"]
    assert not found(notebook_weakened, subject(KIND, on, off))


def test_no_key() -> None:
    assert risks(notebook_weakened, subject(KIND, {"kms_key_id": "k"}, {})) == ["medium"]
    unknown = {"kms_key_id": True}
    assert not found(
        notebook_weakened, subject(KIND, {"kms_key_id": "k"}, {}, after_unknown=unknown)
    )


def test_the_first_version_of_the_metadata_service() -> None:
    def imds(version: object) -> dict[str, object]:
        block = {"minimum_instance_metadata_service_version": version}
        return {"instance_metadata_service_configuration": [block]}

    assert risks(notebook_weakened, subject(KIND, imds("2"), imds("1"))) == ["medium"]
    assert not found(notebook_weakened, subject(KIND, imds("1"), imds("2")))
    assert not found(notebook_weakened, subject(KIND, imds("2")))
