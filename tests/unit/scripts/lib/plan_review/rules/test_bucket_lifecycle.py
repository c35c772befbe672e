from __future__ import annotations

from scripts.lib.plan_review.rules import bucket_lifecycle
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject

KIND = "aws_s3_bucket_lifecycle_configuration"


def expires(days: object, status: str = "Enabled", name: str = "old") -> dict[str, object]:
    return {"rule": [{"id": name, "status": status, "expiration": [{"days": days}]}]}


def test_sooner() -> None:
    (finding,) = found(bucket_lifecycle, subject(KIND, expires(90), expires(30)))
    assert finding.message == (
        "Objects that rule old speaks of are deleted after 30 days, 90 before."
    )


def test_at_all() -> None:
    assert found(bucket_lifecycle, subject(KIND, {"rule": []}, expires(30)))
    assert found(bucket_lifecycle, subject(KIND, expires(30, "Disabled"), expires(30)))
    assert found(bucket_lifecycle, replaced(KIND, {"rule": []}, expires(30)))


def test_old_versions() -> None:
    def versions(days: int) -> dict[str, object]:
        block = [{"noncurrent_days": days}]
        return {"rule": [{"id": "v", "status": "Enabled", "noncurrent_version_expiration": block}]}

    (finding,) = found(bucket_lifecycle, subject(KIND, versions(90), versions(7)))
    assert finding.message.startswith("Old versions")


def test_not_later_nor_off_nor_of_a_new_bucket() -> None:
    assert not found(bucket_lifecycle, subject(KIND, expires(30), expires(90)))
    assert not found(bucket_lifecycle, subject(KIND, expires(30), {**expires(30), "x": 1}))
    assert not found(bucket_lifecycle, subject(KIND, expires(30), expires(7, "Disabled")))
    assert not found(bucket_lifecycle, subject(KIND, None, expires(7)))
    assert not found(bucket_lifecycle, subject(KIND, expires(30), None))
    assert not found(bucket_lifecycle, subject(KIND, expires(30), expires("7")))
    assert not found(bucket_lifecycle, subject(KIND, expires(30), expires(0)))
