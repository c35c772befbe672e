"""Policy documents as Python data: facts in, document out, serialised in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Document = dict[str, Any]
Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, str | Sequence[str]]]

POLICY_VERSION = "2012-10-17"

POLICY_VARIABLE = re.compile(r"\$\{[a-z0-9]+:")
"""The beginning of one. A reference of Terraform's and a token of cdktf's hold no colon there."""


def statement(
    sid: str,
    *,
    actions: Sequence[str],
    resources: Sequence[str] | None = None,
    effect: Literal["Allow", "Deny"] = "Allow",
    principals: Mapping[str, str | Sequence[str]] | Literal["*"] | None = None,
    condition: Condition | None = None,
) -> Statement:
    """Return one statement; a trust policy has no ``resources``, an identity policy no
    ``principals``.

    Raises ValueError for a Sid that IAM refuses, and for a list without elements: AWS takes
    such a statement for one that never applies, or refuses it on apply.
    """
    _check(sid, actions, resources)
    result: Statement = {"Sid": sid, "Effect": effect}
    if principals is not None:
        result["Principal"] = principals if principals == "*" else _plain(principals)
    result["Action"] = list(actions)
    if resources is not None:
        result["Resource"] = list(resources)
    if condition:
        result["Condition"] = {operator: _plain(keys) for operator, keys in condition.items()}
    return result


def document(*statements: Statement) -> Document:
    """Return the policy; raises ValueError for a Sid that is used twice, as AWS does."""
    sids = [entry["Sid"] for entry in statements]
    repeated = sorted({sid for sid in sids if sids.count(sid) > 1})
    if repeated:
        raise ValueError(f"each Sid of a policy must be unique, got {', '.join(repeated)} twice")
    return {"Version": POLICY_VERSION, "Statement": list(statements)}


def to_json(policy: Document) -> str:
    """Serialise a document for Terraform; the same document gives the same bytes.

    IAM's variables, such as ``${aws:userid}``, are escaped: Terraform has the same brackets.
    """
    return POLICY_VARIABLE.sub(r"$\g<0>", json.dumps(policy, separators=(",", ":")))


def _check(sid: str, actions: Sequence[str], resources: Sequence[str] | None) -> None:
    if not (sid.isascii() and sid.isalnum()):
        raise ValueError(f"a Sid must be of letters and digits, got {sid!r}")
    for name, values in (("actions", actions), ("resources", resources)):
        if isinstance(values, str) or (values is not None and not values):
            raise ValueError(f"{sid}: {name} must be a list of at least one, got {values!r}")


def _plain(values: Mapping[str, str | Sequence[str]]) -> dict[str, str | list[str]]:
    return {key: v if isinstance(v, str) else list(v) for key, v in values.items()}
