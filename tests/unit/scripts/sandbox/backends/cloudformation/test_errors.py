"""Codes that callers parse."""

from scripts.sandbox.backends.cloudformation.errors import (
    AlreadyExistsError,
    ValidationError,
    no_stack,
)


def test_errors_have_cloudformations_codes() -> None:
    assert ValidationError("m").code == "ValidationError"
    assert AlreadyExistsError("m").code == "AlreadyExistsException"
    assert no_stack("a").message == "Stack with id a does not exist"
