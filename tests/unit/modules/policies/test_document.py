"""Policy documents: the shape that AWS expects, and what it would refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.policies.document import document, statement, to_json


def test_a_statement_holds_what_it_is_given_and_nothing_else() -> None:
    assert statement("Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/*"]) == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::b/*"],
    }


def test_a_trust_statement_has_principals_and_no_resource() -> None:
    assert statement(
        "Trust", actions=["sts:AssumeRole"], principals={"Service": "sagemaker.amazonaws.com"}
    ) == {
        "Sid": "Trust",
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }


def test_everybody_is_written_as_a_star() -> None:
    denied = statement(
        "NoPlainHttp",
        effect="Deny",
        actions=("s3:*",),
        resources=("arn:aws:s3:::b",),
        principals="*",
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )
    assert denied == {
        "Sid": "NoPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::b"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_sequences_become_lists_and_strings_stay_strings() -> None:
    made = statement(
        "Trust",
        actions=("sts:AssumeRole",),
        principals={"AWS": ("a", "b"), "Service": "c"},
        condition={"StringEquals": {"k": ("x", "y"), "l": "z"}},
    )
    assert made["Principal"] == {"AWS": ["a", "b"], "Service": "c"}
    assert made["Condition"] == {"StringEquals": {"k": ["x", "y"], "l": "z"}}
    assert json.loads(to_json(document(made)))["Statement"] == [made]


@pytest.mark.parametrize("condition", [None, {}])
def test_no_condition_leaves_no_trace(condition: Any) -> None:
    made = statement("A", actions=["s3:GetObject"], resources=["*"], condition=condition)
    assert "Condition" not in made


def test_a_statement_does_not_change_with_what_it_was_made_of() -> None:
    actions, accounts = ["sts:AssumeRole"], ["a"]
    made = statement("Trust", actions=actions, principals={"AWS": accounts})
    actions.append("sts:TagSession")
    accounts.append("b")
    assert made["Action"] == ["sts:AssumeRole"]
    assert made["Principal"] == {"AWS": ["a"]}


def test_a_document_keeps_the_order_of_its_statements_and_serialises_to_one_line() -> None:
    policy = document(
        statement("B", actions=["s3:GetObject"], resources=["*"]),
        statement("A", actions=["s3:PutObject"], resources=["*"], effect="Deny"),
    )
    assert to_json(policy) == (
        '{"Version":"2012-10-17","Statement":['
        '{"Sid":"B","Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]},'
        '{"Sid":"A","Effect":"Deny","Action":["s3:PutObject"],"Resource":["*"]}]}'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("${aws:userid}", "$${aws:userid}"),
        ("a/${aws:PrincipalTag/team}/${saml:sub}", "a/$${aws:PrincipalTag/team}/$${saml:sub}"),
        ("${data.aws_partition.p.partition}", "${data.aws_partition.p.partition}"),
        ("${TfToken[TOKEN.7]}", "${TfToken[TOKEN.7]}"),
    ],
)
def test_iams_variables_are_kept_from_terraform_and_references_are_not(
    value: str, written: str
) -> None:
    named = statement("A", actions=["s3:GetObject"], resources=[value])
    assert to_json(document(named)).count(f'"{written}"') == 1


@pytest.mark.parametrize("sid", ["", "a b", "a-b", "a_b", "ä", "a\n"])
def test_fails_when_iam_would_refuse_the_sid(sid: str) -> None:
    with pytest.raises(ValueError, match="a Sid must be of letters and digits"):
        statement(sid, actions=["s3:GetObject"], resources=["*"])


@pytest.mark.parametrize("actions", [[], (), "s3:GetObject"])
def test_fails_when_actions_are_not_a_list_with_elements(actions: Any) -> None:
    with pytest.raises(ValueError, match=r"^Read: actions must be a list of at least one, got "):
        statement("Read", actions=actions, resources=["*"])


@pytest.mark.parametrize("resources", [[], "*"])
def test_fails_when_resources_are_not_a_list_with_elements(resources: Any) -> None:
    with pytest.raises(ValueError, match=r"^Read: resources must be a list of at least one, got "):
        statement("Read", actions=["s3:GetObject"], resources=resources)


def test_fails_when_a_sid_is_used_twice() -> None:
    same = statement("Read", actions=["s3:GetObject"], resources=["*"])
    with pytest.raises(ValueError, match=r"each Sid of a policy must be unique, got Read twice"):
        document(same, same)
