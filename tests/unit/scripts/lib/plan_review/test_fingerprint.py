"""The digest of what a plan would do."""

import copy
import json
import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.fingerprint import fingerprint

from .plans import JSON_VALUES, NAMES, document, entry, plan_document


def printed(**change: Any) -> str:
    return fingerprint(plan_document(entry(**change)))


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return the same with the members of objects in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, chance)) for key, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return value


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_digest_and_always_the_same(name: str) -> None:
    found = fingerprint(document(name))
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", found)
    assert fingerprint(document(name)) == found


def test_every_fixture_that_does_something_has_its_own() -> None:
    idle = {fingerprint(document(name)) for name in ("empty", "nothing")}
    assert idle == {fingerprint(plan_document())}
    busy = {fingerprint(document(name)) for name in NAMES} - idle
    assert len(busy) == len(NAMES) - 2


@pytest.mark.parametrize("name", NAMES)
def test_neither_order_nor_layout_is_in_it(name: str) -> None:
    given = document(name)
    other = shuffled(given, random.Random(1))  # noqa: S311  no secret comes of it
    for member in ("resource_changes", "deferred_changes"):
        if member in other:
            other[member].reverse()
    assert fingerprint(json.loads(json.dumps(other, indent=7))) == fingerprint(given)


@pytest.mark.parametrize(
    "members",
    [
        {"timestamp": "2030-01-01T00:00:00Z"},
        {"terraform_version": "9.9.9"},
        {"format_version": "1.9"},
        {"prior_state": {}, "planned_values": {}, "configuration": {}, "variables": {}},
        {"resource_drift": [entry(after={"a": 1})]},
        {"relevant_attributes": [], "checks": [], "applyable": True, "complete": True},
    ],
)
def test_what_does_not_change_what_is_done_is_not_in_it(members: dict[str, Any]) -> None:
    given = document("everyday")
    assert fingerprint({**given, **members}) == fingerprint(given)


def test_what_is_idle_is_not_in_it() -> None:
    one = entry(after={"a": 1})
    idle = [
        {**entry(actions=["no-op"]), "address": "aws_x.b"},
        {**entry(actions=["read"]), "address": "data.aws_x.b"},
    ]
    assert fingerprint(plan_document(*idle, one)) == fingerprint(plan_document(one))
    output = {"actions": ["no-op"], "before": 1, "after": 1}
    assert fingerprint(plan_document(one, output_changes={"x": output})) == fingerprint(
        plan_document(one)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"actions": ["delete"]},
        {"actions": ["create", "delete"]},
        {"before": {"a": 2}},
        {"before": None},
        {"after": {"a": 2}},
        {"after": {"a": "1"}},
        {"after": {"a": True}},
        {"after": {"a": 1, "b": None}},
        {"after": {}},
        {"after": None},
        {"after_unknown": {"b": True}},
        {"after_unknown": {"b": [False, True]}},
        {"before_sensitive": {"a": True}},
        {"after_sensitive": {"a": True}},
        {"replace_paths": [["a"]]},
        {"importing": {"id": "i-1"}},
    ],
)
def test_each_difference_of_a_change_is_in_it(other: dict[str, Any]) -> None:
    given = {"before": {"a": 1}, "after": {"a": 1}}
    assert printed(**given) != printed(**{**given, **other})


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("address", "aws_x.b"),
        ("previous_address", "aws_x.old"),
        ("deposed", "0a1b2c3d"),
        ("provider_name", "registry.terraform.io/stranger/aws"),
    ],
)
def test_what_is_changed_is_in_it(member: str, value: str) -> None:
    given = entry(after={"a": 1})
    assert fingerprint(plan_document(given)) != fingerprint(plan_document({**given, member: value}))


def test_a_move_and_an_import_that_change_nothing_else_are_in_it() -> None:
    nothing = fingerprint(plan_document())
    moved = {**entry(actions=["no-op"]), "previous_address": "aws_x.old"}
    assert fingerprint(plan_document(moved)) != nothing
    assert printed(actions=["no-op"], importing={"id": "a"}) != nothing


def test_outputs_and_what_is_deferred_or_invoked_are_in_it() -> None:
    def output(name: str, after: int) -> dict[str, Any]:
        change = {"actions": ["update"], "before": 1, "after": after}
        return {"output_changes": {name: change}}

    plans: list[dict[str, Any]] = [
        {},
        output("x", 2),
        output("y", 2),
        output("x", 3),
        {"deferred_changes": [{"reason": "a", "resource_change": entry()}]},
        {"deferred_changes": [{"reason": "b", "resource_change": entry()}]},
        {"action_invocations": [{"address": "action.a.a"}]},
        {"action_invocations": [{"address": "action.a.a", "config_values": {"x": 1}}]},
        {"resource_changes": [entry()]},
        {"resource_changes": [entry(), entry()]},
    ]
    assert len({fingerprint(plan) for plan in plans}) == len(plans)


def test_a_small_flag_of_values_that_are_equal_otherwise_is_in_it() -> None:
    # Python takes 1 for True, and 1.0 for 1.
    printed_ones = {printed(after={"a": value}) for value in (1, True, 1.0, "1", "true", [1])}
    assert len(printed_ones) == 6


MARKED = {"after_sensitive": {"note": True}}
SECRETS: list[tuple[str, dict[str, Any]]] = [
    ('{"note": "SECRET"}', MARKED),
    ('{"password": "SECRET"}', {}),
    ('{"settings": [{"name": "API_KEY", "value": "SECRET"}]}', {}),
    ('{"name": "DB_TOKEN", "value": "SECRET"}', {}),
    ('{"script": "export DB_PASSWORD=SECRET"}', {}),
    (r'{"json": "{\"password\": \"SECRET\"}"}', {}),
    ('{"pin_token": "SECRET", "kms_key_id": "a"}', {}),
    ('{"manifest": {"kind": "Secret", "data": {"user": "SECRET"}}}', {}),
    ('{"kind": "Secret", "data": {"user": "SECRET"}}', {}),
]


@pytest.mark.parametrize(("template", "marks"), SECRETS)
def test_no_secret_is_in_it(template: str, marks: dict[str, Any]) -> None:
    one, other = (json.loads(template.replace("SECRET", word)) for word in ("hunter2", "s3same"))
    assert printed(after=one, **marks) == printed(after=other, **marks)
    hides = {"before_sensitive": marks.get("after_sensitive")}
    gone = printed(actions=["delete"], before=one, after=None, **hides)
    assert gone == printed(actions=["delete"], before=other, after=None, **hides)
    # Where it is in what stays, and what changes is harmless.
    stays = printed(before={**one, "a": 1}, after={**one, "a": 2}, **marks, **hides)
    assert stays == printed(before={**other, "a": 1}, after={**other, "a": 2}, **marks, **hides)


def test_no_secret_in_base64_is_in_it() -> None:
    # ``password=hunter2`` with something before, and with another password.
    one = "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjIK"
    other = "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjMK"
    for name in ("user_data_base64", "user_data", "custom_data"):
        assert printed(after={name: one}) == printed(after={name: other})


def test_that_a_secret_differs_is_in_it() -> None:
    hides = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
    same = printed(before={"a": "1"}, after={"a": "1"}, **hides)
    assert same != printed(before={"a": "1"}, after={"a": "2"}, **hides)


def test_a_secret_output_is_not_in_it() -> None:
    def output(value: str, **more: Any) -> str:
        change = {"actions": ["create"], "before": None, "after": value, **more}
        return fingerprint(plan_document(output_changes={"password": change}))

    assert output("a") == output("b")
    assert output("a", after_sensitive=True) == output("b", after_sensitive=True)


@pytest.mark.parametrize("odd", [None, True, 1, "x", [], [1], {}, {"a": 1}, [None], {"a": None}])
def test_a_malformed_plan_has_one_too(odd: Any) -> None:
    for member in ("resource_changes", "output_changes", "deferred_changes", "action_invocations"):
        assert fingerprint({member: odd}).startswith("sha256:")
    assert fingerprint(plan_document({**entry(), "change": odd})).startswith("sha256:")


@given(JSON_VALUES, JSON_VALUES)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_values_that_differ_have_different_ones(one: Any, other: Any) -> None:
    # As lists without names nothing is taken for a secret but by its shape, which these have not.
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (printed(after={"a": [one]}) == printed(after={"a": [other]})) is same


@given(st.data())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_the_document_is_left_as_it_is(data: st.DataObject) -> None:
    given = document(data.draw(st.sampled_from(NAMES)))
    before = copy.deepcopy(given)
    fingerprint(given)
    assert given == before
