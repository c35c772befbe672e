"""What the demo shows as tables, each within 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scripts.lib.jumpstart.model import State

# Many values are ARNs: their last part says which one it is.
ARN = "arn:"


def user_table(state: State) -> Padding:
    """Every user of every Domain: the role, and whether JumpStart admits it."""
    rows = []
    for domain in state.domains:
        for user in domain.users:
            role = domain.role_of_user(user) or ""
            origin = "the Domain's" if role == domain.user_role else "custom"
            admitted = "yes" if state.admits(role) else "NO"
            rows.append((domain.name, user.name, role, origin, admitted))
    return _table(("Domain", "User", "Role", "Whose", "JumpStart"), rows)


def change_table(report: Mapping[str, Any]) -> Padding:
    """The changes of a script's JSON report, and what became of them."""
    changes = (change for section in report["sections"] for change in section["changes"])
    rows = [(c["action"], c["subject"], next(iter(c["reasons"]), ""), c["status"]) for c in changes]
    return _table(("Action", "What", "Why", "Result"), rows)


def output_table(report: Mapping[str, Any]) -> Padding:
    """What a launch made, of a script's JSON report."""
    outputs = (each for section in report["sections"] for each in section["results"]["outputs"])
    return _table(("Output", "Value"), [(each["output"], each["value"]) for each in outputs])


def parameter_table(parameters: Sequence[Mapping[str, Any]]) -> Padding:
    """A product's parameters, as Service Catalog tells them to who is about to launch it."""
    rows = []
    for parameter in parameters:
        allowed = parameter.get("ParameterConstraints", {}).get("AllowedValues", [])
        rows.append(
            (
                parameter["ParameterKey"],
                parameter.get("DefaultValue", ""),
                ", ".join(map(_short, allowed)) or "any that fits",
            )
        )
    return _table(("Parameter", "Default", "Allowed"), rows)


def attempt_table(attempts: Iterable[tuple[str, str, str]]) -> Padding:
    """Who tried what, and how it ended."""
    return _table(("Who", "Tries", "Result"), attempts)


def statement_table(policy: Mapping[str, Any]) -> Padding:
    """A policy's statements: effect, Sid and actions."""
    rows = [
        (statement["Effect"], statement.get("Sid", ""), _actions(statement))
        for statement in policy["Statement"]
    ]
    return _table(("Effect", "Statement", "Actions"), rows)


def _table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Padding:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_short(cell)) for cell in row))
    return Padding(table, (1, 0, 1, 4), expand=False)


def _actions(statement: Mapping[str, Any]) -> str:
    if "Action" not in statement:
        return f"all but {statement['NotAction']}"
    actions = statement["Action"]
    listed = [actions] if isinstance(actions, str) else actions
    return listed[0] if len(listed) == 1 else f"{listed[0]} and {len(listed) - 1} more"


def _short(value: str) -> str:
    if not value.startswith(ARN):
        return value
    return value.rpartition(":")[2].rpartition("/")[2]
