"""Rules of a template, kept and broken."""

from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.intrinsics import Scope
from scripts.sandbox.backends.cloudformation.rules import check

TRUE, FALSE = {"Fn::Equals": ["1", "1"]}, {"Fn::Equals": ["1", "0"]}
SCOPE = Scope({"Push": "YES"}, lambda name: name, lambda name, _: name)


def rule(*asserted: Any, **members: Any) -> dict[str, Any]:
    assertions = [
        {"Assert": one, "AssertDescription": f"number {index} must hold."}
        for index, one in enumerate(asserted)
    ]
    return {"Assertions": assertions, **members}


def test_passes_what_every_assertion_holds_for() -> None:
    check({}, SCOPE)
    check({"A": rule(TRUE, TRUE), "B": rule(TRUE)}, SCOPE)


def test_refuses_with_the_assertions_own_words() -> None:
    with pytest.raises(ValidationError) as caught:
        check({"A": rule(TRUE, FALSE), "B": rule(FALSE)}, SCOPE)
    assert caught.value.message == "Template error: number 1 must hold.; number 0 must hold."


def test_names_the_rule_that_says_nothing() -> None:
    with pytest.raises(ValidationError, match="Rule A failed"):
        check({"A": {"Assertions": [{"Assert": FALSE}]}}, SCOPE)


def test_a_rule_that_does_not_apply_is_not_asked() -> None:
    applies = {"Fn::Equals": [{"Ref": "Push"}, "YES"]}
    check({"A": rule(FALSE, RuleCondition={"Fn::Not": [applies]})}, SCOPE)
    with pytest.raises(ValidationError):
        check({"A": rule(FALSE, RuleCondition=applies)}, SCOPE)
