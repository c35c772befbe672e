"""Reading what a whole stack becomes, plainly: no metadata, no hashes in names."""

from __future__ import annotations

import json
import re
from typing import Any

from cdktf import TerraformStack, Testing

from modules.naming import AwsEnvironment

ENV = AwsEnvironment(
    partition="aws-us-gov",
    account_id="123456789012",
    region="us-gov-west-1",
    dns_suffix="amazonaws.com",
)
"""Not the commonest partition: a hard-coded one shows."""

_HASH = re.compile(r"_[0-9A-F]{8}(?![0-9A-Za-z_])")


def new_stack() -> TerraformStack:
    return TerraformStack(Testing.app(), "stack")


def synthesise(stack: TerraformStack) -> dict[str, Any]:
    """Return the stack's resources and data sources.

    cdktf's hash is cut off every name, in references too: ``Network_S3Endpoint_1DB78441``
    becomes ``Network_S3Endpoint``.
    """
    synthesised: dict[str, Any] = json.loads(Testing.synth(stack))
    both = {kind: synthesised.get(kind, {}) for kind in ("resource", "data")}
    cleaned: dict[str, Any] = json.loads(_HASH.sub("", json.dumps(both)))
    for kind in cleaned.values():
        for instances in kind.values():
            for body in instances.values():
                body.pop("//", None)
    return cleaned


def policy_of(body: dict[str, Any], key: str = "policy") -> dict[str, Any]:
    """Return the policy document that a resource carries as JSON."""
    policy: dict[str, Any] = json.loads(body[key])
    return policy
