"""Policies of stacks, by AWS's own examples."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.stack_policy import Action, check, refusal

ALL = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
NO_DATABASE = {**ALL, "Effect": "Deny", "Resource": "LogicalResourceId/ProductionDatabase"}
NO_REPLACEMENT = {**NO_DATABASE, "Action": ["Update:Replace", "Update:Delete"]}
BY_TYPE = {
    **ALL,
    "Effect": "Deny",
    "Condition": {"StringEquals": {"ResourceType": ["AWS::RDS::DBInstance"]}},
}
NOT_ACTION = {"Effect": "Allow", "Principal": "*", "NotAction": "Update:Delete", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "action", "name", "allowed"),
    [
        (None, "Update:Delete", "Any", True),
        ([ALL], "Update:Replace", "Any", True),
        ([ALL, NO_DATABASE], "Update:Modify", "ProductionDatabase", False),
        ([ALL, NO_DATABASE], "Update:Modify", "Other", True),
        ([ALL, NO_REPLACEMENT], "Update:Modify", "ProductionDatabase", True),
        ([ALL, NO_REPLACEMENT], "Update:Replace", "ProductionDatabase", False),
        ([NO_DATABASE], "Update:Modify", "Other", False),
        ([ALL, BY_TYPE], "Update:Modify", "Any", False),
        ([NOT_ACTION], "Update:Modify", "Any", True),
        ([NOT_ACTION], "Update:Delete", "Any", False),
    ],
)
def test_an_action_is_allowed_or_not(
    statements: Any, action: Action, name: str, allowed: bool
) -> None:
    policy = json.dumps({"Statement": statements}) if statements else None
    why = refusal(policy, action, name, "AWS::RDS::DBInstance")
    assert (why is None) is allowed
    if why:
        assert why.startswith("Action denied by stack policy")
        assert f"LogicalResourceId/{name}" in why


@pytest.mark.parametrize("policy", ["", "nonsense", "[]", "{}", '{"Statement": []}'])
def test_refuses_what_is_no_policy(policy: str) -> None:
    with pytest.raises(ValidationError):
        check(policy)


def test_accepts_a_policy_or_none() -> None:
    check(None)
    check(json.dumps({"Statement": [ALL]}))
