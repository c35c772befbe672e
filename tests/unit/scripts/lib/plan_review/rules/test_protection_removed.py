from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import protection_removed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject


@pytest.mark.parametrize(
    ("attribute", "safe"),
    [
        ("deletion_protection", True),
        ("deletion_protection_enabled", True),
        ("enable_deletion_protection", True),
        ("force_destroy", False),
        ("skip_final_snapshot", False),
    ],
)
def test_the_next_mistake_deletes_it(attribute: str, safe: bool) -> None:
    on, off = {attribute: safe}, {attribute: not safe}
    assert risks(protection_removed, subject("any_type", on, off)) == ["medium"]
    assert not found(protection_removed, subject("any_type", off, on))
    assert not found(protection_removed, subject("any_type", off, off))
    assert not found(protection_removed, subject("any_type", None, off))
    assert not found(protection_removed, subject("any_type", on))
    assert not found(protection_removed, subject("any_type", on, off, after_unknown=True))
