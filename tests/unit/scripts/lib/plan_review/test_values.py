"""What a change does to attributes, in text that may be shown."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.model import Action
from scripts.lib.plan_review.printable import VALUE_LIMIT
from scripts.lib.plan_review.read import read_plan
from scripts.lib.plan_review.values import (
    MOST_ATTRIBUTES,
    NO_LONGER_MARKED,
    NOW_MARKED,
    TOO_DEEP,
    WHOLE,
    attribute_changes,
    value_change,
)

from .plans import JSON_VALUES, attributes, changed, document, entry, plan_document, told
from .test_secrets import SHAPES

HIDES = ("(sensitive)", "(sensitive)")
PLANTED = "Hunter2xQ"
"""Nothing that any value of these tests has but the secret."""


def test_leaves_are_told_with_paths_for_people() -> None:
    before = {"rule": [{"port": 1}], "tags": {"a.b": "x", "c": "x"}, "n": 1, "b": True}
    after = {"rule": [{"port": 2}], "tags": {"a.b": "y", "c": "x"}, "n": 1.5, "b": None}
    assert told(before, after) == {
        "b": ("true", None),
        "n": ("1", "1.5"),
        "rule[0].port": ("1", "2"),
        'tags["a.b"]': ("x", "y"),
    }


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        ("", "x", ('""', "x")),
        (None, "", (None, '""')),
        ("1", 1, ('"1"', "1")),
        ("true", True, ('"true"', "true")),
        ("null", None, ("null", None)),
        ([1, 2], [2, 1], ("[1, 2]", "[2, 1]")),
        ([], None, ("[]", None)),
        ("ü 🙂", "漢字", ("ü 🙂", "漢字")),
        ("a\nb", "a b", ("a\\nb", "a b")),
        ("a\nb", "a\\nb", ('"a\\nb"', '"a\\\\nb"')),
    ],
)
def test_what_differs_can_be_told_apart(before: Any, after: Any, texts: Any) -> None:
    assert told({"a": before}, {"a": after}) == {"a": texts}


def test_the_layout_of_json_is_no_change() -> None:
    one = {"policy": '{"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}'}
    other = {"policy": '{"Statement":[{\n"Action":"s3:*","Effect":"Allow"}]}'}
    assert attributes(one, other) == ()


def test_what_differs_in_a_policy_is_told_alone() -> None:
    one = {"policy": '{"Statement": [{"Effect": "Allow", "Action": ["a", "b"]}]}'}
    other = {"policy": '{"Statement": [{"Effect": "Allow", "Action": ["c", "a", "b"]}]}'}
    assert told(one, other) == {"policy.Statement[0].Action[0]": (None, "c")}


def test_an_unknown_value_is_said_to_be_so() -> None:
    (item,) = attributes({"a": "x"}, {}, after_unknown={"a": True})
    assert (item.before, item.after, item.unknown) == ("x", None, True)


def test_unknown_parts_are_told_last_and_what_forces_a_replacement_first() -> None:
    items = attributes(
        {"a": 1, "b": 1, "c": 1},
        {"b": 2, "c": 2},
        after_unknown={"a": True},
        replace_paths=(("c",),),
    )
    assert [(item.path, item.forces_replacement, item.unknown) for item in items] == [
        ("c", True, False),
        ("b", False, False),
        ("a", False, True),
    ]


@pytest.mark.parametrize(
    ("path", "forces"),
    [
        (("rule",), True),
        (("rule", 0), True),
        (("rule", 0, "port", "deeper"), True),
        (("rule", 1), False),
        (("port",), False),
        ((), False),
    ],
)
def test_what_forces_a_replacement_is_known_by_its_path(path: Any, forces: bool) -> None:
    before, after = {"rule": [{"port": 1}]}, {"rule": [{"port": 2}]}
    (item,) = attributes(before, after, replace_paths=(path,))
    assert item.forces_replacement is forces


@pytest.mark.parametrize(
    ("before", "after", "marks", "path"),
    [
        ({"a": PLANTED}, {"a": "x"}, {"a": True}, "a"),
        (
            {"a": {"b": [{"c": PLANTED}]}},
            {"a": {"b": [{"c": 1}]}},
            {"a": {"b": [{"c": True}]}},
            "a.b[0].c",
        ),
        ({"a": {"b": [{"c": PLANTED}]}}, {"a": {"b": [{"c": 1}]}}, {"a": {"b": True}}, "a.b"),
        ({"a": {"b": [{"c": PLANTED}]}}, {"a": {"b": [{"c": 1}]}}, {"a": True}, "a"),
        ({"a": {"b": [{"c": PLANTED}]}}, {"a": {"b": [{"c": 1}]}}, True, WHOLE),
        ({"a": ["x", PLANTED]}, {"a": ["x", "y"]}, {"a": [False, True]}, "a[1]"),
        ({"a": '{"b": "' + PLANTED + '"}'}, {"a": '{"b": "x"}'}, {"a": True}, "a"),
    ],
)
def test_what_terraform_marks_is_hidden_at_any_depth(
    before: Any, after: Any, marks: Any, path: str
) -> None:
    for one, other in ((before, after), (after, before)):
        (item,) = attributes(one, other, before_sensitive=marks, after_sensitive=marks)
        assert (item.path, item.before, item.after, item.sensitive) == (path, *HIDES, True)


def test_a_mark_on_one_side_hides_the_other_too() -> None:
    values = {"a": PLANTED}, {"a": "other"}
    assert told(*values, before_sensitive={"a": True}) == {"a": HIDES}
    assert told(*values, after_sensitive={"a": True}) == {"a": HIDES}


def test_a_mark_that_comes_or_goes_is_told() -> None:
    same = {"a": PLANTED}
    assert told(same, same, after_sensitive={"a": True}) == {"a": ("(sensitive)", NOW_MARKED)}
    gone = told(same, same, before_sensitive={"a": True})
    assert gone == {"a": ("(sensitive)", NO_LONGER_MARKED)}


def test_what_is_marked_and_the_same_is_no_change() -> None:
    same = {"a": PLANTED}
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
    assert attributes(same, dict(same), **marks) == ()


def test_what_is_marked_and_not_there_is_told_as_not_there() -> None:
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
    assert told({"a": None}, {"a": PLANTED}, **marks) == {"a": (None, "(sensitive)")}
    (item,) = attributes({"a": PLANTED}, {}, after_unknown={"a": True}, **marks)
    assert (item.before, item.after, item.unknown, item.sensitive) == (
        "(sensitive)",
        None,
        True,
        True,
    )


def test_of_what_is_created_or_destroyed_what_is_set_is_told() -> None:
    values: dict[str, Any] = {
        "name": "x",
        "none": None,
        "tags": {},
        "rule": [{"port": 1, "to": None}],
    }
    assert told(None, values, action=Action.CREATE) == {
        "name": (None, "x"),
        "rule[0].port": (None, "1"),
    }
    assert told(values, None, action=Action.DESTROY) == {
        "name": ("x", None),
        "rule[0].port": ("1", None),
    }


def test_what_is_forgotten_or_moved_as_it_is_has_nothing_to_tell() -> None:
    assert attributes({"a": 1}, None, action=Action.FORGET) == ()
    assert attributes({"a": 1}, {"a": 1}, action=Action.MOVE) == ()
    assert attributes(None, None) == ()


def test_many_attributes_are_counted() -> None:
    after = {f"a{index:04}": index for index in range(MOST_ATTRIBUTES + 1234)}
    items = attributes({}, after)
    assert len(items) == MOST_ATTRIBUTES + 1
    assert items[-1].path == "and 1,234 more"


def test_values_and_paths_are_bounded() -> None:
    long = "x" * 100_000
    (item,) = attributes({long: "a"}, {long: long})
    assert len(item.path) < 400
    assert item.after == "x" * VALUE_LIMIT + "… (100,000 characters)"
    deep: Any = 1
    for _ in range(60):
        deep = {"step" * 10: deep}
    (item,) = attributes({}, {"a": deep})
    assert len(item.path) < 400


def test_what_is_nested_too_deeply_is_said_to_be() -> None:
    one: Any = 1
    other: Any = 2
    for _ in range(800):
        one, other = {"a": one}, {"a": other}
    items = attributes({"x": one}, {"x": other})
    assert [item.path for item in items] == [TOO_DEEP]


@pytest.mark.parametrize(
    "hostile",
    [
        "a\nb",
        "\x1b[31mred",
        "\x00",
        "a\u202eb",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\u2028",
        "\r",
        "\x9b",
    ],
)
def test_what_does_not_show_as_itself_is_escaped(hostile: str) -> None:
    shown = repr(attributes({hostile: {hostile: "a"}}, {hostile: {hostile: hostile + "b"}}))
    assert hostile not in shown
    for item in attributes({hostile: "a"}, {hostile: hostile + "b"}):
        for text in (item.path, item.before or "", item.after or ""):
            assert hostile not in text
            text.encode()


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES, JSON_VALUES, JSON_VALUES)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_any_values_and_marks_give_short_printable_text(
    before: Any, after: Any, unknown: Any, hides: Any, hides_after: Any
) -> None:
    change = changed(
        {"a": before},
        {"a": after},
        after_unknown={"a": unknown},
        before_sensitive={"a": hides},
        after_sensitive={"a": hides_after},
    )
    for item in attribute_changes(change):
        for text in (item.path, item.before or "", item.after or ""):
            assert len(text) <= VALUE_LIMIT + 40
            assert len(text.splitlines()) <= 1
            text.encode()


def test_outputs_are_told_as_attributes_are() -> None:
    item = value_change("db_url", {"before": "postgres://me:hunter2@db", "after": [1, {"a": None}]})
    assert (item.path, item.before, item.after) == (
        "db_url",
        "postgres://me:[hidden]@db",
        '[1, {"a": null}]',
    )
    item = value_change("url", {"before": 1, "after": None, "after_unknown": True})
    assert (item.before, item.after, item.unknown) == ("1", None, True)
    item = value_change("x", {"before": 1, "after": 2, "after_sensitive": True})
    assert (item.before, item.after, item.sensitive) == (*HIDES, True)
    assert value_change("password", {"before": None, "after": PLANTED}).after == "(sensitive)"
    deep: Any = PLANTED
    for _ in range(5000):
        deep = [deep]
    assert value_change("x", {"before": None, "after": deep}).after == TOO_DEEP


def test_what_was_a_secret_is_hidden_though_it_is_called_otherwise_now() -> None:
    before, after = {"name": "TOKEN", "value": PLANTED}, {"name": "MODE", "value": "dev"}
    assert told({"a": before}, {"a": after})["a.value"] == HIDES
    assert told({"a": after}, {"a": before})["a.value"] == HIDES
    assert told({"a": before}, {"a": {"value": "dev"}})["a.value"] == HIDES


SECRET_NAMES = st.sampled_from(
    ["password", "dbPassword", "API_KEY", "client_secret", "TOKEN", "private_key", "psk"]
)
HARMLESS_NAMES = st.sampled_from(["name", "settings", "value", "tags", "a.b", "x y", "ü"])


def text_with(secret: str) -> st.SearchStrategy[str]:
    """Return texts with the planted word where it has a name or a shape of a secret."""
    return st.one_of(
        st.sampled_from(
            [
                f"export DB_PASSWORD={secret}\n",
                f"postgres://me:{secret}@db/x",
                f"Authorization: Bearer {secret}",
                f"run --api-key {secret} x",
                f"a=1;AccountKey={secret};b=2",
                f"password: '{secret} {secret}'",
                f'token = "{secret}"',
                "-----BEGIN PRIVATE " + f"KEY-----\n{secret}\n",
            ]
        ).flatmap(lambda text: st.sampled_from(["", "# a script\n", "ü "]).map(lambda a: a + text)),
        SECRET_NAMES.map(lambda name: json.dumps({name: secret})),
        SECRET_NAMES.map(lambda name: json.dumps([{"name": name, "value": secret}])),
    )


def value_with(secret: str) -> st.SearchStrategy[Any]:
    """Return values that hold it, as deep as it comes, beside harmless ones."""
    leaf = st.one_of(
        text_with(secret),
        st.builds(lambda name: {name: secret}, SECRET_NAMES),
        st.builds(lambda name: {name: [secret, secret]}, SECRET_NAMES),
        st.builds(lambda name: {"name": name, "value": secret, "x": 1}, SECRET_NAMES),
        st.just({"kind": "Secret", "data": {"user": secret}}),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda item, other: [other, item], inner, st.integers()),
            st.builds(lambda name, item: {name: item, "z": 1}, HARMLESS_NAMES, inner),
            inner.map(json.dumps),
        ),
        max_leaves=1,
    )


@given(value_with(PLANTED), value_with(PLANTED), JSON_VALUES, st.booleans())
@settings(max_examples=200, derandomize=True, deadline=None)
def test_no_planted_secret_is_ever_shown(one: Any, two: Any, other: Any, swap: bool) -> None:
    for before, after in ((one, other), (one, two), (None, one), (one, None)):
        left, right = (after, before) if swap else (before, after)
        shown = repr(attributes({"a": left}, {"a": right}))
        assert PLANTED not in shown
        assert PLANTED not in repr(value_change("out", {"before": left, "after": right}))
    plan = read_plan(plan_document(entry(after={"a": one})), "web")
    assert PLANTED not in repr(plan)


@given(st.sampled_from(sorted(SHAPES)), HARMLESS_NAMES, st.booleans())
@settings(max_examples=150, derandomize=True, deadline=None)
def test_no_secret_of_a_known_shape_is_shown_in_a_value_or_a_name(
    shape: str, name: str, in_list: bool
) -> None:
    secret, redacted = SHAPES[shape]
    kept = re.split(r"\[hidden\]", redacted)
    hidden = secret.removeprefix(kept[0]).removesuffix(kept[-1])
    value: Any = {name: [secret] if in_list else secret}
    assert hidden not in repr(attributes({}, value))
    assert hidden not in repr(attributes({"a": {secret: 1}}, {"a": {secret: 2}}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_arn", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"),
        ("client_secret", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"),
        (
            "kms_key_id",
            "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-12345678",
        ),
        ("kms_master_key_id", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("source_code_hash", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("etag", "d41d8cd98f00b204e9800998ecf8427e"),
        ("Condition", '{"Bool": {"aws:SecureTransport": "false"}}'),
        ("actions", '["secretsmanager:GetSecretValue", "sts:GetSessionToken"]'),
        ("role", "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole"),
        ("image", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:0a1b2c3d4e5f"),
        ("http_tokens", "required"),
        ("password_length", "14"),
        ("bucket", "my-very-long-bucket-name-of-the-production-account-2024"),
        ("key", "terraform/state/production/network/terraform.tfstate"),
        ("instance_id", "i-0123456789abcdef0"),
        ("url", "https://sqs.eu-central-1.amazonaws.com/123456789012/queue"),
        ("domain_id", "d-abcdefghijkl"),
        ("token_validity", "3600"),
    ],
)
def test_what_reviews_are_made_for_stays_readable(name: str, value: str) -> None:
    (item,) = attributes({}, {name: value})
    assert (item.after, item.sensitive) == (value, False)


def test_the_fixtures_show_what_they_should() -> None:
    plan = read_plan(document("written-kubernetes-1.2"), "web")
    deployment, manifest = map(attribute_changes, plan.changes)
    shown = {item.path: (item.before, item.after) for item in (*deployment, *manifest)}
    container = "spec[0].template[0].spec[0].container[1]"
    assert shown[f"{container}.env[0].value"] == HIDES
    assert shown[f"{container}.env[1].value"] == ("x", "y")
    assert shown[f"{container}.image"] == ("web:1", "web:2")
    assert shown["manifest.data"] == (None, "(sensitive)")
