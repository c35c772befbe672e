"""Stacks by name and by id."""

import pytest

from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.records import Settings, Stack
from scripts.sandbox.backends.cloudformation.store import Store
from scripts.sandbox.backends.templates import Template


def store(*stacks: tuple[str, str, str]) -> Store:
    made = Store("eu-west-1", "123456789012")
    for identity, name, status in stacks:
        definition = Definition(Template("", {}))
        made.stacks[identity] = Stack(identity, name, definition, Settings(), status=status)
    return made


def test_a_name_means_the_living_stack() -> None:
    found = store(("1", "a", "DELETE_COMPLETE"), ("2", "a", "DELETE_FAILED"))
    assert found.stack("a").id == "2"
    assert found.stack("1").id == "1"


def test_fails_when_nothing_of_that_name_lives() -> None:
    found = store(("1", "a", "DELETE_COMPLETE"))
    assert found.find("a") is None
    with pytest.raises(ValidationError) as caught:
        found.stack("a")
    assert caught.value.message == "Stack with id a does not exist"
