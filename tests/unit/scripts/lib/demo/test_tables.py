"""What the demo shows as tables: what is in them, and that they fit."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console
from rich.padding import Padding

from scripts.lib.clients import Clients
from scripts.lib.demo.tables import (
    attempt_table,
    change_table,
    output_table,
    parameter_table,
    statement_table,
    user_table,
)
from scripts.lib.jumpstart.model import Selection
from scripts.lib.jumpstart.observe import observe

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:SageMakerBuild-quickstart"


def rows(table: Padding) -> list[list[str]]:
    """The table's rows as a pipe gets them, each a list of cells."""
    console = Console(file=io.StringIO(), width=80)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    return [
        [cell.strip() for cell in line.split("   ") if cell.strip()]
        for line in lines
        if line.strip() and "──" not in line
    ]


def change(subject: str, **fields: Any) -> dict[str, Any]:
    return {"action": "associate", "subject": subject, "reasons": ["a", "b"], **fields}


def test_users_are_told_with_role_and_status(clients: Clients) -> None:
    table = user_table(observe(clients, Selection()))

    assert rows(table) == [
        ["Domain", "User", "Role", "Whose", "JumpStart"],
        ["data-science", "amy", "DataScienceDomainRole", "the Domain's", "NO"],
        ["data-science", "ben", "CustomRoleBen", "custom", "NO"],
        ["data-science", "cleo", "CustomRoleCleo", "custom", "NO"],
        ["data-science", "dan", "DataScienceDomainRole", "the Domain's", "NO"],
        ["research", "eve", "CustomRoleEve", "custom", "NO"],
    ]


def test_changes_of_every_section_are_told() -> None:
    report = {
        "sections": [
            {"changes": [change("arn:aws:iam::123456789012:role/path/Ben", status="planned")]},
            {"changes": [change("the [bold] one", status="done")]},
            {"changes": []},
        ]
    }

    assert rows(change_table(report)) == [
        ["Action", "What", "Why", "Result"],
        ["associate", "Ben", "a", "planned"],
        ["associate", "the [bold] one", "a", "done"],
    ]


def test_parameters_are_told_with_what_they_allow() -> None:
    parameters = [
        {"ParameterKey": "Name", "ParameterConstraints": {"AllowedPattern": "^a$"}},
        {
            "ParameterKey": "Builder",
            "DefaultValue": LAMBDA,
            "ParameterConstraints": {"AllowedValues": [LAMBDA, "NONE"]},
        },
    ]

    assert rows(parameter_table(parameters)) == [
        ["Parameter", "Default", "Allowed"],
        ["Name", "any that fits"],
        ["Builder", "SageMakerBuild-quickstart", "SageMakerBuild-quickstart, NONE"],
    ]


def test_statements_are_told_with_their_actions() -> None:
    policy = {
        "Statement": [
            {"Effect": "Deny", "Sid": "Tls", "Action": "s3:*"},
            {"Effect": "Allow", "Sid": "Read", "Action": ["s3:GetObject", "s3:Put*", "s3:List*"]},
            {"Effect": "Deny", "NotAction": "iam:*"},
        ]
    }

    assert rows(statement_table(policy)) == [
        ["Effect", "Statement", "Actions"],
        ["Deny", "Tls", "s3:*"],
        ["Allow", "Read", "s3:GetObject and 2 more"],
        ["Deny", "all but iam:*"],
    ]


def test_attempts_are_told_with_how_they_ended() -> None:
    assert rows(attempt_table([("eli", "opens dana's", "refused")])) == [
        ["Who", "Tries", "Result"],
        ["eli", "opens dana's", "refused"],
    ]


def test_outputs_of_a_launch_are_told_short() -> None:
    outputs = [
        {"output": "SagemakerKMSKey", "value": "arn:aws:kms:eu-west-1:1:key/11", "meaning": ""}
    ]
    assert rows(output_table({"sections": [{"results": {"outputs": outputs}}]})) == [
        ["Output", "Value"],
        ["SagemakerKMSKey", "11"],
    ]


def test_a_change_without_a_reason_is_told() -> None:
    bare = {"action": "end", "subject": "dana", "reasons": [], "status": "done"}
    assert rows(change_table({"sections": [{"changes": [bare]}]}))[1] == ["end", "dana", "done"]
