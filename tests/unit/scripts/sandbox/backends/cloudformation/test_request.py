"""Parameters of a call."""

import pytest

from scripts.sandbox.backends.cloudformation.caller import Caller
from scripts.sandbox.backends.cloudformation.request import Request

CALLER = Caller("http://127.0.0.1:1", "eu-west-1", "AKIA", "secret")


def test_what_is_not_given_has_the_default() -> None:
    request = Request({"A": 1, "N": None, "F": False}, lambda: CALLER)
    assert request["A"] == request.get("A") == 1
    assert request.get("B") is None
    assert request.get("N", "d") == "d"
    assert request.get("F", True) is False
    with pytest.raises(KeyError):
        request["B"]


def test_the_caller_is_found_out_when_asked_for() -> None:
    asked = []
    request = Request({}, lambda: asked.append(1) or CALLER)  # type: ignore[func-returns-value]
    assert asked == []
    assert request.caller() is CALLER
