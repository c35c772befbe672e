"""What the configuration tells Terraform to leave alone, by ``lifecycle.ignore_changes``.

The JSON of a plan does not say, so it is read from what ``cdktf synth`` wrote:
https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SYNTHESISED = "cdk.tf.json"
ALL = "all"


def read_left_alone(directory: Path) -> dict[str, frozenset[str]]:
    """Return the attributes that are left alone by the resource's address, ``all`` for all.

    Nothing if the directory was not written by ``cdktf synth``.
    """
    try:
        document = json.loads((directory / SYNTHESISED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(_left_alone(document))


def _left_alone(document: object) -> Iterator[tuple[str, frozenset[str]]]:
    for type_, resources in _mapping(_mapping(document).get("resource")).items():
        for name, resource in _mapping(resources).items():
            ignored = _mapping(_mapping(resource).get("lifecycle")).get("ignore_changes")
            if ignored == ALL:
                yield f"{type_}.{name}", frozenset({ALL})
            elif isinstance(ignored, list) and ignored:
                yield f"{type_}.{name}", frozenset(str(each).split("[")[0] for each in ignored)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
