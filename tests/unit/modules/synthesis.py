"""What a stack's constructs become: Terraform's JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from cdktf import TerraformStack
from cdktf import Testing as CdktfTesting

Attributes = dict[str, Any]
HASH = re.compile("_[0-9A-F]{8}$")


class Synthesised:
    """The JSON of one stack; a resource is found by its name without cdktf's hash.

    That name is the ids of the constructs joined by ``_``, without ``Resource``, and without
    dots.
    """

    def __init__(self, stack: TerraformStack) -> None:
        self.json: Attributes = json.loads(CdktfTesting.synth(stack))

    def all(self, type_: str) -> dict[str, Attributes]:
        resources = self.json.get("resource", {}).get(type_, {})
        return {HASH.sub("", name): each for name, each in resources.items()}

    def address(self, type_: str, name: str) -> str:
        (full,) = (each for each in self.json["resource"][type_] if HASH.sub("", each) == name)
        return f"{type_}.{full}"


def new_stack() -> TerraformStack:
    return TerraformStack(CdktfTesting.app(), "stack")
