"""IAM's evaluation rules, as AWS documents them."""

from typing import Any

import pytest

from scripts.sandbox.policies import ALLOW, DENY, PolicyError, Request, decide

ROLE = "arn:aws:iam::123456789012:role/Ben"
SESSION = "arn:aws:sts::123456789012:assumed-role/Ben/s"
OBJECT = "arn:aws:s3:::data/a/b.txt"


def ask(context: dict[str, Any] | None = None, **changes: Any) -> Request:
    asked = {"principals": (ROLE, SESSION), "action": "s3:GetObject", "resource": OBJECT}
    return Request(**{**asked, **changes}, context=context or {})


def allow(**changes: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": "*"}
    return {"Statement": [{**statement, **changes}]}


def under(operator: str, key: str, *values: str) -> dict[str, Any]:
    return allow(Condition={operator: {key: list(values) if len(values) > 1 else values[0]}})


def test_an_explicit_deny_wins_wherever_it_stands() -> None:
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
    document = allow()
    assert decide({"Statement": [deny, *document["Statement"]]}, ask()) == DENY
    assert decide({"Statement": [*document["Statement"], deny]}, ask()) == DENY


def test_a_document_may_have_one_statement_or_none() -> None:
    assert decide({"Statement": allow()["Statement"][0]}, ask()) == ALLOW
    assert decide({"Statement": []}, ask()) is None
    assert decide({}, ask()) is None


@pytest.mark.parametrize(
    ("action", "matches"),
    [
        ("s3:GetObject", True),
        ("S3:getobject", True),
        ("s3:Get*", True),
        ("s3:GetObjec?", True),
        ("*", True),
        (["s3:PutObject", "s3:GetObject"], True),
        ("s3:PutObject", False),
        ("s3:Get", False),
        ("s3:GetObject?", False),
        ("s3:[G]etObject", False),
        ([], False),
    ],
)
def test_actions_match_in_any_case_and_with_wildcards(action: Any, matches: bool) -> None:
    assert decide(allow(Action=action), ask()) == (ALLOW if matches else None)


@pytest.mark.parametrize(
    ("resource", "matches"),
    [
        (OBJECT, True),
        ("arn:aws:s3:::data/*", True),
        ("arn:aws:s3:::DATA/*", False),
        ("arn:aws:s3:::data", False),
        (["arn:aws:s3:::data", "arn:aws:s3:::data/*"], True),
    ],
)
def test_resources_match_in_their_own_case(resource: Any, matches: bool) -> None:
    assert decide(allow(Resource=resource), ask()) == (ALLOW if matches else None)


def test_a_negated_element_matches_all_else() -> None:
    document = allow(NotAction="s3:PutObject")
    del document["Statement"][0]["Action"]
    assert decide(document, ask()) == ALLOW
    assert decide(document, ask(action="s3:PutObject")) is None


@pytest.mark.parametrize(
    ("principal", "matches"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ROLE}, True),
        ({"AWS": SESSION}, True),
        ({"AWS": ["arn:aws:iam::123456789012:role/Amy", ROLE]}, True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, True),
        ({"AWS": "123456789012"}, True),
        ({"AWS": "arn:aws:iam::210987654321:root"}, False),
        ({"AWS": "arn:aws:iam::123456789012:role/Amy"}, False),
        ({"AWS": "arn:aws:iam::123456789012:role/*"}, False),
        ({"Service": "cloudtrail.amazonaws.com"}, False),
    ],
)
def test_principals(principal: Any, matches: bool) -> None:
    assert decide(allow(Principal=principal), ask()) == (ALLOW if matches else None)


def test_an_anonymous_caller_is_anyone_and_nobody_else() -> None:
    anonymous = ask(principals=())
    assert decide(allow(), anonymous) == ALLOW
    assert decide(allow(Principal={"AWS": "123456789012"}), anonymous) is None


@pytest.mark.parametrize(
    ("operator", "wanted", "got", "holds"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", "a", "b", True),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "a*c", "abc", True),
        ("StringLike", "[ab]", "a", False),
        ("StringNotLike", "a*", "abc", False),
        ("ArnLike", "arn:aws:iam::*:role/B*", ROLE, True),
        ("ArnLike", "arn:aws:*:role/Ben", ROLE, False),
        ("ArnLike", "arn:*:iam::123456789012:role/Ben", ROLE, True),
        ("ArnNotLike", "arn:aws:iam::123456789012:role/A*", ROLE, True),
        ("ArnNotEquals", ROLE, ROLE, False),
        ("Bool", "true", "true", True),
        ("Bool", "true", "false", False),
        ("Bool", "False", "false", True),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericLessThan", "10", "9.5", True),
        ("NumericGreaterThan", "10", "9", False),
        ("NumericGreaterThanEquals", "10", "9", False),
        ("NumericNotEquals", "10", "10.0", False),
        ("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThanEquals", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", False),
        ("DateEquals", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z", True),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("IpAddress", "10.0.0.0/8", "11.1.2.3", False),
        ("NotIpAddress", "10.0.0.0/8", "11.1.2.3", True),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
    ],
)
def test_operators(operator: str, wanted: str, got: str, holds: bool) -> None:
    decision = decide(under(operator, "x:Key", wanted), ask({"x:Key": got}))
    assert decision == (ALLOW if holds else None)


def test_keys_match_in_any_case() -> None:
    assert decide(under("StringEquals", "AWS:sourcevpce", "v"), ask({"aws:SourceVpce": "v"}))


def test_any_of_several_values_will_do_and_a_negation_needs_all_to_differ() -> None:
    assert decide(under("StringEquals", "k", "a", "b"), ask({"k": "b"})) == ALLOW
    assert decide(under("StringNotEquals", "k", "a", "b"), ask({"k": "b"})) is None
    assert decide(under("StringNotEquals", "k", "a", "b"), ask({"k": "c"})) == ALLOW


def test_all_conditions_must_hold() -> None:
    document = allow(Condition={"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": True}})
    assert decide(document, ask({"a": "1", "b": "2", "c": "true"})) == ALLOW
    assert decide(document, ask({"a": "1", "b": "2", "c": "false"})) is None
    assert decide(document, ask({"a": "1", "b": "3", "c": "true"})) is None


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("StringNotEqualsIfExists", True),
        ("BoolIfExists", True),
        ("Bool", False),
        ("ForAnyValue:StringEquals", False),
        ("ForAllValues:StringEquals", True),
    ],
)
def test_a_missing_key(operator: str, holds: bool) -> None:
    assert decide(under(operator, "x:Key", "true"), ask()) == (ALLOW if holds else None)


def test_null_asks_whether_a_key_is_missing() -> None:
    missing, present = under("Null", "k", "true"), under("Null", "k", "false")
    assert (decide(missing, ask()), decide(missing, ask({"k": "v"}))) == (ALLOW, None)
    assert (decide(present, ask()), decide(present, ask({"k": "v"}))) == (None, ALLOW)


def test_sets_of_values() -> None:
    values = {"k": ["a", "b"]}
    assert decide(under("ForAnyValue:StringEquals", "k", "b"), ask(values)) == ALLOW
    assert decide(under("ForAllValues:StringEquals", "k", "b"), ask(values)) is None
    assert decide(under("ForAllValues:StringEquals", "k", "a", "b"), ask(values)) == ALLOW


@pytest.mark.parametrize("operator", ["StringMatches", "NotStringEquals!", "stringequals", ""])
def test_fails_for_an_operator_that_does_not_exist(operator: str) -> None:
    with pytest.raises(PolicyError, match=f"condition operator '{operator}' does not exist"):
        decide(under(operator, "k", "v"), ask({"k": "v"}))


@pytest.mark.parametrize(
    ("principal", "matches"),
    [
        ({"Service": "lambda.amazonaws.com"}, True),
        ({"Service": ["glue.amazonaws.com", "lambda.amazonaws.com"]}, True),
        ({"Service": "glue.amazonaws.com"}, False),
        ({"AWS": "123456789012"}, False),
    ],
)
def test_a_service_is_named_by_its_own_kind_of_principal(principal: Any, matches: bool) -> None:
    asked = ask(principals=("lambda.amazonaws.com",))
    assert decide(allow(Principal=principal), asked) == (ALLOW if matches else None)
