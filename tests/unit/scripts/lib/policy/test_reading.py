from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import ToolError
from scripts.lib.policy.document import (
    ACCOUNT,
    EVERYONE,
    Chosen,
    Condition,
    Policy,
    PolicyError,
    Principal,
    Statement,
)
from scripts.lib.policy.reading import read_policy

ID = "123456789012"
ROOT = f"arn:aws:iam::{ID}:root"


def statement(**elements: Any) -> Statement:
    given = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    document = {"Version": "2012-10-17", "Statement": given}
    (found,) = read_policy(document).statements
    return found


def test_text_and_mapping_are_the_same() -> None:
    document = {"Statement": [{"Effect": "Deny", "Action": ["a:B"], "Resource": "*"}]}
    policy = read_policy(document)
    assert read_policy(json.dumps(document)) == policy
    assert [each.effect for each in policy.statements] == ["Deny"]


def test_a_policy_may_have_no_statements() -> None:
    assert read_policy({"Statement": []}) == Policy()


def test_one_statement_needs_no_list() -> None:
    one = {"Effect": "Allow", "Action": "a:B"}
    assert read_policy({"Statement": one}) == read_policy({"Statement": [one]})


def test_the_sid_has_no_meaning() -> None:
    assert statement(Sid="One") == statement(Sid="Other") == statement()
    assert statement(Sid="One").sid == "One"


def test_actions_are_sorted_once_each_in_any_case() -> None:
    one = statement(Action=["s3:PutObject", "s3:getobject", "S3:GetObject"])
    assert one == statement(Action=["s3:GetObject", "s3:putobject"])
    assert len(one.actions.items) == 2


def test_resources_keep_their_case() -> None:
    assert statement(Resource="arn:aws:s3:::B") != statement(Resource="arn:aws:s3:::b")


def test_negated_elements_are_all_but() -> None:
    negated = {"Effect": "Deny", "NotAction": "a:B", "NotResource": ["x"], "NotPrincipal": "*"}
    (found,) = read_policy({"Statement": negated}).statements
    assert found.actions.all_but
    assert found.resources is not None
    assert found.resources.all_but
    assert found.principals == Chosen((EVERYONE,), all_but=True)


def test_elements_that_are_not_there_are_none() -> None:
    (found,) = read_policy({"Statement": {"Effect": "Allow", "Action": "*"}}).statements
    assert found.principals is None
    assert found.resources is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("*", (EVERYONE,)),
        ({"AWS": "*"}, (EVERYONE,)),
        ({"AWS": ["*", ROOT], "Service": "x.amazonaws.com"}, (EVERYONE,)),
        ({"AWS": ID}, (Principal(ACCOUNT, ID),)),
        ({"AWS": [ROOT, ID]}, (Principal(ACCOUNT, ID),)),
        ({"AWS": f"arn:aws-cn:iam::{ID}:root"}, (Principal(ACCOUNT, ID),)),
        ({"AWS": f"{ID}\n"}, (Principal("AWS", f"{ID}\n"),)),
        ({"AWS": "\u0661" * 12}, (Principal("AWS", "\u0661" * 12),)),
        ({"Service": ID}, (Principal("Service", ID),)),
        ({"Service": ["b", "a", "a"]}, (Principal("Service", "a"), Principal("Service", "b"))),
        ({"Federated": "f", "AWS": "*"}, (EVERYONE, Principal("Federated", "f"))),
        ({}, ()),
    ],
)
def test_principals(given: Any, expected: tuple[Principal, ...]) -> None:
    assert statement(Principal=given).principals == Chosen(tuple(sorted(expected)))


def test_conditions_are_read_whatever_their_spelling() -> None:
    one = statement(
        Condition={
            "Bool": {"aws:SecureTransport": [True]},
            "stringequals": {"AWS:SourceVpce": ["b", "a", "a"]},
            "NumericLessThan": {"s3:max-keys": 10},
        }
    )
    other = statement(
        Condition={
            "NumericLessThan": {"s3:Max-Keys": ["10"]},
            "StringEquals": {"aws:sourcevpce": ["a", "b"]},
            "bool": {"aws:securetransport": "TRUE"},
        }
    )
    assert one == other
    assert len(one.conditions) == 3
    assert one.conditions[0] == Condition("", "Bool", False, "aws:securetransport", ("true",))
    assert one.conditions[0].name == "aws:SecureTransport"


def test_variables_belong_to_the_newer_version() -> None:
    given = {"Effect": "Allow", "Action": "*", "Resource": "home/${aws:username}"}
    plain = {"Effect": "Allow", "Action": "*", "Resource": "home/*"}
    for old in ({}, {"Version": "2008-10-17"}):
        assert read_policy({**old, "Statement": given}) != read_policy(
            {"Version": "2012-10-17", "Statement": given}
        )
        assert read_policy({**old, "Statement": plain}) == read_policy(
            {"Version": "2012-10-17", "Statement": plain}
        )


def test_variables_in_conditions_belong_to_the_newer_version_too() -> None:
    condition = {"StringEquals": {"aws:username": "${aws:PrincipalTag/Name}"}}
    assert statement(Condition=condition).conditions[0].variables
    given = {"Effect": "Allow", "Action": "*", "Condition": condition}
    assert not read_policy({"Statement": given}).statements[0].conditions[0].variables


ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "a:B"}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "not a policy document"),
        ("{", "not a policy document"),
        ("[" * 100_000, "not a policy document"),
        ("1" * 5_000, "not a policy document"),
        ("null", "document is 'NoneType'"),
        ("[]", "expected a mapping with a Statement"),
        ({}, "expected a mapping with a Statement"),
        ({"Statement": "x"}, "expected a mapping or a list of mappings"),
        ({"Statement": [None]}, "Statement is 'NoneType'"),
        ({"Version": "2099-01-01", "Statement": []}, "Version is '2099-01-01'"),
        ({"Version": [], "Statement": []}, "Version is 'list'"),
        ({"Statement": {"Action": "a:B"}}, "Effect is 'NoneType'"),
        ({"Statement": {**ALLOW, "Effect": "allow"}}, "Effect is 'allow'"),
        ({"Statement": {**ALLOW, "Effect": ["Allow"]}}, "Effect is 'list'"),
        ({"Statement": {"Effect": "Allow"}}, "expected Action or NotAction"),
        ({"Statement": {**ALLOW, "NotAction": "x"}}, "both Action and NotAction"),
        ({"Statement": {**ALLOW, "Resource": "x", "NotResource": "y"}}, "both Resource"),
        ({"Statement": {**ALLOW, "Actions": "x"}}, "element is 'Actions'"),
        ({"Statement": {**ALLOW, "Action": [1]}}, "Action is 'int'"),
        ({"Statement": {**ALLOW, "Resource": {"Ref": "x"}}}, "Resource is 'dict'"),
        ({"Statement": {**ALLOW, "Principal": "me"}}, "Principal is 'me'"),
        ({"Statement": {**ALLOW, "Principal": {"Friend": "x"}}}, "Principal is 'Friend'"),
        ({"Statement": {**ALLOW, "Principal": {"AWS": {}}}}, "Principal is 'dict'"),
        ({"Statement": {**ALLOW, "Condition": []}}, "Condition is 'list'"),
        ({"Statement": {**ALLOW, "Condition": {"Bool": "x"}}}, "Condition is 'x'"),
        ({"Statement": {**ALLOW, "Condition": {"Bool": {"k": None}}}}, "condition value"),
        ({"Statement": {**ALLOW, "Resource": "\ufdd0"}}, "no noncharacters"),
    ],
)
def test_what_is_no_policy_is_refused_in_one_line(document: Any, words: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(words)) as caught:
        read_policy(document)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ToolError)


NAMES = "Statement Version Effect Action NotAction Principal AWS Condition StringLike Null Resource"
WORDS = st.sampled_from((*NAMES.split(), "Allow", "*", "2012-10-17", "${", "\ud800", "a\nb"))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.one_of(VALUES, st.fixed_dictionaries({"Statement": VALUES})))
def test_any_json_is_read_or_refused(value: Any) -> None:
    for document in (value, json.dumps(value)):
        try:
            assert isinstance(read_policy(document), Policy)
        except PolicyError as exc:
            assert str(exc).isprintable()  # noqa: PT017
