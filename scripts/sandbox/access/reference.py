"""Which resources an action is decided on, by AWS's Service Authorization Reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html, reduced to
`reference.json` by `tools/iam_reference.py`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from scripts.sandbox.account import ACCOUNT
from scripts.sandbox.policies import UNKNOWN_RESOURCE

PARTITION = "aws"
ANY = "*"
_PLACE = re.compile(r"\$\{(\w+)\}")
_ARN_PARAMETERS = ("ResourceArn", "ResourceARN", "resourceArn", "Resource", "TargetArn")
# What they make gets its id from AWS, and lists are of all: decided on every resource of a type.
_MAKING = (
    "Create",
    "Allocate",
    "Copy",
    "Describe",
    "Import",
    "List",
    "Register",
    "Replicate",
    "Run",
)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of an action: its ARN with places to fill in."""

    arn: str
    required: bool


@cache
def types(service: str, action: str) -> tuple[ResourceType, ...] | None:
    """The resource types of an action; none at all where AWS has no resource level.

    None stands for an action that the reference does not have.
    """
    entry = _reference().get(service)
    if entry is None or action not in entry["actions"]:
        return None
    kinds = entry["actions"][action].split()
    return tuple(
        ResourceType(entry["resources"][kind.rstrip("!")], kind.endswith("!"))
        for kind in kinds
        if kind.rstrip("!") in entry["resources"]
    )


def arns(
    service: str,
    action: str,
    params: Mapping[str, Any],
    region: str,
    names: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """The ARNs that an action is decided on, filled in from a call's parameters.

    Args:
        service: IAM's prefix of the service.
        action: without prefix.
        params: as botocore names them.
        region: where the call was made.
        names: for a place of an ARN, the parameters to fill it from; its own name if not given.

    Returns:
        `*` where AWS has no resource level, `UNKNOWN_RESOURCE` for what cannot be told.
    """
    known = types(service, action)
    if known == ():
        return [ANY]
    direct = next((params[name] for name in _ARN_PARAMETERS if _is_arn(params.get(name))), None)
    if direct:
        return [direct]
    making = action.startswith(_MAKING)
    filled: list[str] = []
    for kind in known or ():
        found = _fill(kind.arn, params, region, names or {}, open_ended=making and kind.required)
        filled += found or ([UNKNOWN_RESOURCE] if kind.required else [])
    if making and not filled:
        for kind in known or ():
            filled += _fill(kind.arn, params, region, names or {}, open_ended=True)
    return list(dict.fromkeys(filled)) or [UNKNOWN_RESOURCE]


def _fill(
    arn: str,
    params: Mapping[str, Any],
    region: str,
    names: Mapping[str, Sequence[str]],
    *,
    open_ended: bool,
) -> list[str]:
    """Every ARN that the parameters make of a template; none if a place stays empty.

    Args:
        open_ended: a place that stays empty stands for everything.
    """
    fixed = {"Partition": PARTITION, "Region": region, "Account": ACCOUNT}
    places = [place for place in _PLACE.findall(arn) if place not in fixed]
    choices = [_values(params, names.get(place, (place, f"{place}s"))) for place in places]
    whole = [value for choice in choices for value in choice if _is_arn(value)]
    if whole:
        return whole
    if open_ended:
        choices = [choice or [ANY] for choice in choices]
    return [
        _PLACE.sub(lambda found, chosen=chosen: chosen[found[1]], arn)  # type: ignore[misc]
        for values in product(*choices)
        for chosen in [{**fixed, **dict(zip(places, values, strict=True))}]
    ]


def _values(params: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """The values of the first of these parameters that is given, whatever its case."""
    given = {name.lower(): value for name, value in params.items()}
    for name in names:
        value = given.get(name.lower())
        if value:
            return [str(each) for each in (value if isinstance(value, list) else [value])]
    return []


def _is_arn(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("arn:")


@cache
def _reference() -> dict[str, Any]:
    path = Path(__file__).with_name("reference.json")
    reference: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return reference
