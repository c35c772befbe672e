"""What a call of any service asks for, as far as names and AWS's reference tell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.sandbox.access import reference
from scripts.sandbox.access.requests.call import Call, Need, Values, plain_tags, request_tags

_TAGS = ("Tags", "tags", "TagList", "AddTags")
_TAG_KEYS = ("TagKeys", "tagKeys", "RemoveTags")
# A role among a call's parameters, and the service that it is handed to.
_ROLES = {
    "cloudtrail": ("CloudWatchLogsRoleArn", "cloudtrail"),
    "events": ("RoleArn", "events"),
}


def needs(
    call: Call,
    action: str = "",
    *,
    names: Mapping[str, Sequence[str]] | None = None,
    context: Values | None = None,
) -> Iterator[Need]:
    """The action itself, once for each resource, and the right to pass a role on.

    Args:
        call: the call.
        action: its action, if that is not the operation's name.
        names: parameters that fill the places of ARNs (`reference.arns`).
        context: further condition keys.
    """
    action = action or call.operation
    keys = {**tag_context(call.params), **(context or {})}
    for arn in reference.arns(call.service, action, call.params, call.region, names):
        yield Need(f"{call.service}:{action}", arn, keys)
    parameter, service = _ROLES.get(call.service, ("", ""))
    if call.params.get(parameter):
        yield Need(
            "iam:PassRole",
            call.params[parameter],
            {"iam:PassedToService": f"{service}.amazonaws.com"},
        )


def tag_context(params: Mapping[str, Any]) -> Values:
    """`aws:RequestTag` and `aws:TagKeys` of a call's parameters."""
    given = next((params[name] for name in _TAGS if params.get(name)), None)
    removed = next((params[name] for name in _TAG_KEYS if params.get(name)), None)
    context = dict(request_tags(plain_tags(given)))
    if removed:
        context["aws:TagKeys"] = [*context.get("aws:TagKeys", []), *removed]
    return context
