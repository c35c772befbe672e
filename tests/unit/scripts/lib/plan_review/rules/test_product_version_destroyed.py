from __future__ import annotations

from scripts.lib.plan_review.rules import product_version_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject

KIND, VERSION = "aws_servicecatalog_provisioning_artifact", {"name": "v3", "product_id": "prod-1"}


def test_what_was_launched_in_it_needs_another() -> None:
    (finding,) = found(product_version_destroyed, subject(KIND, VERSION))
    assert "in version v3" in finding.message
    assert "DEPRECATED" in finding.mend
    assert found(product_version_destroyed, replaced(KIND, VERSION))


def test_not_with_its_product_nor_a_change() -> None:
    ending = frozenset({("aws_servicecatalog_product", "prod-1")})
    assert not found(product_version_destroyed, subject(KIND, VERSION, ending=ending))
    assert not found(product_version_destroyed, subject(KIND, VERSION, {**VERSION, "name": "b"}))
