"""Who may call a function."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown

RULE = Rule(
    "function-public",
    "A function can be called by strangers",
    "Whoever calls a function makes it use its rights.",
    Risk.HIGH,
)
_URL = "aws_lambda_function_url"
_PERMISSION = "aws_lambda_permission"
TYPES = frozenset({_URL, _PERMISSION})
_BOUNDS = ("source_arn", "source_account", "principal_org_id", "event_source_token")
_ONLY_SIGNED = "AWS_IAM"
_SERVICE = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")


def check(subject: Subject) -> Iterator[Finding]:
    """Find permissions that everybody has, or a service for everybody, and URLs without auth."""
    if subject.change.type == _URL:
        if subject.becomes("authorization_type", value="NONE"):
            yield subject.find(
                RULE,
                "The function's URL asks nobody who they are: AWS keeps no one out.",
                mend=f"Set authorization_type to {_ONLY_SIGNED}.",
            )
        return
    who = subject.after("principal")
    if not isinstance(who, str) or _is_as_before(subject):
        return
    if any(subject.after(bound) or subject.is_unknown(bound) for bound in _BOUNDS):
        return
    if who == "*":
        if subject.after("function_url_auth_type") != _ONLY_SIGNED:
            yield subject.find(RULE, "Everybody may call the function.", mend="Name the principal.")
    elif who.endswith(_SERVICE):
        yield subject.find(
            RULE,
            f"{shown(who)} may call the function for any account that asks it to.",
            mend="Name the caller in source_arn, or your account in source_account.",
            risk=Risk.MEDIUM,
        )


def _is_as_before(subject: Subject) -> bool:
    return all(
        subject.before(attribute) == subject.after(attribute)
        for attribute in ("principal", "function_url_auth_type", *_BOUNDS)
    )
