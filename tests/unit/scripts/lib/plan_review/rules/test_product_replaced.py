from __future__ import annotations

from scripts.lib.plan_review.rules import product_replaced
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject

KIND = "aws_servicecatalog_product"


def test_what_was_launched_loses_its_product() -> None:
    (finding,) = found(product_replaced, subject(KIND, {"id": "prod-1"}))
    assert "can no longer be updated" in finding.message
    assert "End what was launched" in finding.mend


def test_a_version_is_the_way_out_of_a_replacement() -> None:
    (finding,) = found(product_replaced, replaced(KIND, {"id": "prod-1"}))
    assert finding.mend == "Add a version instead of replacing the product."


def test_not_a_change() -> None:
    assert not found(product_replaced, subject(KIND, {"name": "a"}, {"name": "b"}))
