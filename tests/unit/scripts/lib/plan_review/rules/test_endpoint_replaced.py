from __future__ import annotations

from scripts.lib.plan_review.rules import endpoint_replaced
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject

KIND, ENDPOINT = "aws_vpc_endpoint", {"id": "vpce-1", "vpc_id": "vpc-1"}


def test_policies_name_the_old_id() -> None:
    (finding,) = found(endpoint_replaced, replaced(KIND, ENDPOINT))
    assert str(finding.risk) == "high"
    assert "old id refuses" in finding.message


def test_whoever_has_no_other_way_is_cut_off() -> None:
    (finding,) = found(endpoint_replaced, subject(KIND, ENDPOINT))
    assert "cut off" in finding.message


def test_not_with_the_vpc_nor_a_change() -> None:
    ending = frozenset({("aws_vpc", "vpc-1")})
    assert not found(endpoint_replaced, subject(KIND, ENDPOINT, ending=ending))
    assert not found(endpoint_replaced, subject(KIND, ENDPOINT, {**ENDPOINT, "tags": {}}))
