"""What all types share."""

import pytest

from scripts.sandbox.backends.cloudformation.resources.base import (
    ResourceError,
    refuse_same_name,
)


@pytest.mark.parametrize(
    ("old", "new"), [({"N": "a"}, {"N": "b"}), ({}, {}), ({"N": "a"}, {}), ({}, {"N": "a"})]
)
def test_another_name_or_none_can_stand_beside(old: dict[str, str], new: dict[str, str]) -> None:
    refuse_same_name(old, new, "N")


def test_refuses_a_replacement_of_the_same_name() -> None:
    with pytest.raises(ResourceError, match="Rename a and update the stack again"):
        refuse_same_name({"N": "a"}, {"N": "a"}, "N")


def test_an_error_may_name_what_was_made() -> None:
    assert ResourceError("no").physical_id is None
    assert ResourceError("no", "id").physical_id == "id"
