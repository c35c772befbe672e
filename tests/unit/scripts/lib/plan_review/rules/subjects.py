"""Changes for rules to look at, and what a rule finds in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from scripts.lib.plan_review.ending import Ending
from scripts.lib.plan_review.model import Action, Finding, ResourceChange
from scripts.lib.plan_review.policy_changes import policy_changes
from scripts.lib.plan_review.rules.subject import Subject

ACCOUNT, STRANGER = "123456789012", "999999999999"
Values = Mapping[str, Any] | None


def change(kind: str, before: Values = None, after: Values = None, **more: Any) -> ResourceChange:
    """Return a change; what is done follows from the values, if it is not given."""
    action = Action.CREATE if before is None else Action.DESTROY if after is None else Action.UPDATE
    given = {"stack": "main", "mode": "managed", "name": "it", "module": "", "action": action}
    return ResourceChange(
        **{
            **given,
            "address": f"{kind}.it",
            "type": kind,
            "provider": "registry.terraform.io/hashicorp/aws",
            "before": before,
            "after": after,
            **more,
        }
    )


def subject(
    kind: str,
    before: Values = None,
    after: Values = None,
    *,
    ending: Ending = frozenset(),
    own_accounts: frozenset[str] = frozenset({ACCOUNT}),
    **more: Any,
) -> Subject:
    made = change(kind, before, after, **more)
    return Subject(made, policy_changes(made, own_accounts, ending), ending)


def replaced(kind: str, before: Values, after: Values = None, **more: Any) -> Subject:
    return subject(kind, before, before if after is None else after, action=Action.REPLACE, **more)


def found(rule: ModuleType, looked_at: Subject) -> list[Finding]:
    """Return what one rule finds; each must name the rule and the change, and be a sentence."""
    result = list(rule.check(looked_at))
    for each in result:
        assert each.rule == rule.RULE.id
        assert each.address == looked_at.change.address
        assert each.message.endswith(".")
        assert each.mend.endswith((".", ""))
    return result


def risks(rule: ModuleType, looked_at: Subject) -> list[str]:
    return [str(each.risk) for each in found(rule, looked_at)]


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    return _statement("Allow", action, resource, more)


def deny(action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    return _statement("Deny", action, resource, more)


def _statement(effect: str, action: Any, resource: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    on = {} if resource is None else {"Resource": resource}
    return {"Effect": effect, "Action": action, **on, **more}


def of_role(before: str | None, after: str | None) -> Subject:
    """A role's policy that changes."""
    sides = ({"role": "ds", "policy": each} if each else None for each in (before, after))
    return subject("aws_iam_role_policy", *sides)


def of_trust(before: str | None, after: str | None) -> Subject:
    sides = (
        {"name": "ds", "assume_role_policy": each} if each else None for each in (before, after)
    )
    return subject("aws_iam_role", *sides)


def of_bucket(before: str | None, after: str | None) -> Subject:
    sides = ({"bucket": "data", "policy": each} if each else None for each in (before, after))
    return subject("aws_s3_bucket_policy", *sides)


def of_key(before: str | None, after: str | None) -> Subject:
    sides = ({"key_id": "k-1", "policy": each} if each else None for each in (before, after))
    return subject("aws_kms_key_policy", *sides)
