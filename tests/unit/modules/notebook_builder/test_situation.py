from __future__ import annotations

import pytest

from modules.notebook_builder.situation import Stack


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("UPDATE_ROLLBACK_IN_PROGRESS", True),
        ("ROLLBACK_IN_PROGRESS", True),
        ("UPDATE_IN_PROGRESS", False),
        ("CREATE_IN_PROGRESS", False),
    ],
)
def test_a_stack_tells_whether_it_undoes(status: str, expected: bool) -> None:
    assert Stack(status).rolling_back is expected
