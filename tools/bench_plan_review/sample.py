"""The plan of a big stack: what most resources of such a stack look like, and what becomes of them.

It is made by a generator of pseudo-random numbers with a fixed seed: always the same.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tools.bench_plan_review.attributes import JSON, TEAMS, TYPES, attributes, changed

SHARES = {"no-op": 60, "update": 20, "replace": 7, "create": 8, "delete": 4, "moved": 1}
"""What is done with how many of a hundred resources."""

_IN_MODULES = 4
"""One of so many resources is in a module, of which there is one for each team."""
_SEED = 20
_PROVIDER = "registry.terraform.io/hashicorp/aws"
_NO_MARKS: JSON = {"tags": {}, "tags_all": {}}


def write_plan(path: Path, resources: int) -> None:
    """Write the JSON of a plan, as Terraform does: without line ends or spaces."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(plan(resources), file, separators=(",", ":"))


def plan(resources: int) -> JSON:
    """Return the document."""
    random = Random(_SEED)  # noqa: S311  no secret comes of it
    entries = [_entry(index, random) for index in range(resources)]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"environment": {"value": "production"}},
        "planned_values": {"root_module": _values(entries, "after")},
        "resource_changes": entries,
        "output_changes": {
            "password": {
                "actions": ["update"],
                "before": "a" * 20,
                "after": "b" * 20,
                "after_unknown": False,
                "before_sensitive": True,
                "after_sensitive": True,
            }
        },
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": "1.11.4",
            "values": {"root_module": _values(entries, "before")},
        },
        "configuration": {"root_module": _configuration(entries)},
        "timestamp": "2025-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }


def _entry(index: int, random: Random) -> JSON:
    kind = TYPES[index % len(TYPES)]
    module, name = "", f"resource_{index}"
    if index % _IN_MODULES == 0:
        number = index // _IN_MODULES
        module, name = f'module.team["team-{number % TEAMS}"]', f"part_{number // TEAMS}"
    what = random.choices([*SHARES], [*SHARES.values()])[0]
    entry: JSON = {
        "address": ".".join(filter(None, (module, kind, name))),
        **({"module_address": module} if module else {}),
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": _PROVIDER,
        "change": _change(what, kind, index, random),
    }
    if what == "moved":
        entry["previous_address"] = f"{kind}.was_{index}"
    if what == "replace":
        entry["action_reason"] = "replace_because_cannot_update"
    return entry


def _change(what: str, kind: str, index: int, random: Random) -> JSON:
    before = attributes(kind, index, random)
    after = changed(kind, before, random) if what in {"update", "replace"} else before
    change: JSON = {"actions": ["no-op" if what == "moved" else what]}
    if what == "replace":
        change = {"actions": ["delete", "create"], "replace_paths": [["name"]]}
    unknown = dict(_NO_MARKS)
    if what in {"create", "replace"}:
        unknown |= {"id": True, "arn": True}
        after = {key: item for key, item in after.items() if key not in {"id", "arn"}}
    marks = {**_NO_MARKS, **({"user_data": True} if kind == "aws_instance" else {})}
    return change | {
        "before": None if what == "create" else before,
        "after": None if what == "delete" else after,
        "after_unknown": {} if what == "delete" else unknown,
        "before_sensitive": False if what == "create" else marks,
        "after_sensitive": False if what == "delete" else marks,
    }


def _values(entries: list[JSON], side: str) -> JSON:
    """Return a module as the state and the planned values have it."""
    root: list[JSON] = []
    modules: dict[str, list[JSON]] = {}
    for entry in entries:
        if entry["change"][side] is None:
            continue
        module = entry.get("module_address")
        (modules.setdefault(module, []) if module else root).append(
            {
                **{key: entry[key] for key in ("address", "mode", "type", "name")},
                "provider_name": _PROVIDER,
                "schema_version": 0,
                "values": entry["change"][side],
                "sensitive_values": _NO_MARKS,
            }
        )
    children = [{"resources": items, "address": address} for address, items in modules.items()]
    return {"resources": root, "child_modules": children}


def _configuration(entries: list[JSON]) -> JSON:
    root = [entry for entry in entries if "module_address" not in entry]
    # The module is written once, however many teams have it.
    inside = {entry["name"]: entry for entry in entries if "module_address" in entry}
    return {
        "resources": list(_configured(root)),
        "module_calls": {
            "team": {
                "source": "./team",
                "for_each_expression": {"references": ["var.teams"]},
                "expressions": {"network": {"references": [_reference(root[0])] if root else []}},
                "module": {
                    "resources": list(_configured([*inside.values()])),
                    "variables": {"network": {}},
                },
            }
        },
    }


def _configured(entries: list[JSON]) -> Iterator[JSON]:
    before = ["var.network"]
    for entry in entries:
        yield {
            "address": _reference(entry),
            **{key: entry[key] for key in ("mode", "type", "name")},
            "provider_config_key": "aws",
            "expressions": {
                "name": {"constant_value": entry["name"]},
                "policy": {"references": before},
                "tags": {"constant_value": {"Owner": "team"}},
            },
            "schema_version": 0,
        }
        before = [f"{_reference(entry)}.arn", _reference(entry)]


def _reference(entry: JSON) -> str:
    return f"{entry['type']}.{entry['name']}"
