"""What depends on what, by the configuration in a plan's JSON."""

from typing import Any

import pytest

from scripts.lib.plan_review.dependencies import (
    MOST_INSTANCES,
    read_dependencies,
    without_keys,
)
from scripts.lib.plan_review.tolerant import Notes

from .plans import document, read


def resource(address: str, *references: str, **more: Any) -> dict[str, Any]:
    mode = "data" if address.startswith("data.") else "managed"
    kind, name = address.removeprefix("data.").split(".")
    expressions = {"x": {"references": [*references]}}
    return {"mode": mode, "type": kind, "name": name, "expressions": expressions, **more}


def module(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"resources": [*resources], **members}


def found(root: Any, *changed: str) -> dict[str, set[str]]:
    notes = Notes()
    needs = read_dependencies({"root_module": root}, changed, notes)
    assert notes.warnings() == ()
    return {address: set(others) for address, others in needs.items()}


def test_a_reference_is_a_dependency() -> None:
    root = module(resource("a.a"), resource("b.b", "a.a.id", "a.a"))
    assert found(root, "a.a", "b.b") == {"b.b": {"a.a"}}


def test_what_changes_and_what_needs_it_are_told_and_no_others() -> None:
    root = module(resource("a.a"), resource("b.b", "a.a.id"), resource("c.c", "b.b.id"))
    assert found(root, "a.a") == {"b.b": {"a.a"}}
    assert found(root, "b.b") == {"b.b": {"a.a"}, "c.c": {"b.b"}}
    assert found(root) == {}


def test_references_anywhere_in_blocks_count() -> None:
    blocks = {"rule": [{"port": {"references": ["a.a.port", "a.a"]}, "deep": [{"x": {}}]}]}
    root = module(resource("a.a"), resource("b.b", expressions=blocks))
    assert found(root, "a.a") == {"b.b": {"a.a"}}


@pytest.mark.parametrize("member", ["count_expression", "for_each_expression"])
def test_references_of_count_and_for_each_count(member: str) -> None:
    root = module(resource("a.a"), resource("b.b", **{member: {"references": ["a.a"]}}))
    assert found(root, "a.a") == {"b.b": {"a.a"}}


def test_depends_on_counts() -> None:
    root = module(resource("a.a"), resource("b.b", depends_on=["a.a"]))
    assert found(root, "a.a") == {"b.b": {"a.a"}}


def test_constants_are_no_references() -> None:
    constant = {"x": {"constant_value": {"references": ["a.a"]}}}
    assert found(module(resource("a.a"), resource("b.b", expressions=constant)), "a.a") == {}


def test_data_sources_are_seen_through() -> None:
    root = module(resource("a.a"), resource("data.d.d", "a.a.id"), resource("b.b", "data.d.d.x"))
    assert found(root, "a.a") == {"b.b": {"a.a"}}


def test_variables_and_outputs_of_modules_are_seen_through() -> None:
    inner = module(
        resource("b.b", "var.in"),
        outputs={"out": {"expression": {"references": ["b.b.id", "b.b"]}}},
    )
    root = module(
        resource("a.a"),
        resource("c.c", "module.m.out", "module.m"),
        module_calls={"m": {"expressions": {"in": {"references": ["a.a.id"]}}, "module": inner}},
    )
    assert found(root, "a.a", "module.m.b.b") == {
        "module.m.b.b": {"a.a"},
        "c.c": {"module.m.b.b"},
    }


def test_what_goes_round_in_a_circle_ends() -> None:
    calls = {
        "m": {
            "expressions": {"in": {"references": ["module.m.out"]}},
            "module": {"outputs": {"out": {"expression": {"references": ["var.in"]}}}},
        }
    }
    root = module(resource("a.a", "a.a.id", "module.m.out"), module_calls=calls)
    assert found(root, "a.a") == {}


def test_instances_are_told_with_their_keys() -> None:
    root = module(resource("a.a"), resource("b.b", "a.a"))
    assert found(root, 'a.a["x.y"]', "a.a[1]", "b.b") == {"b.b": {'a.a["x.y"]', "a.a[1]"}}


def test_many_instances_are_one() -> None:
    root = module(resource("a.a"), resource("b.b", "a.a"))
    few = [f"a.a[{index}]" for index in range(MOST_INSTANCES)]
    assert found(root, *few) == {"b.b": {*few}}
    assert found(root, *few, "a.a[99]") == {"b.b": {"a.a"}}


def test_each_instance_of_a_module_is_by_itself() -> None:
    inner = module(resource("a.a"), resource("b.b", "a.a"))
    root = module(module_calls={"m": {"module": inner}})
    one, two = 'module.m["1"]', 'module.m["2"]'
    assert found(root, f"{one}.a.a", f"{two}.a.a", f"{one}.b.b", f"{two}.b.b") == {
        f"{one}.b.b": {f"{one}.a.a"},
        f"{two}.b.b": {f"{two}.a.a"},
    }


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("a.a", "a.a"),
        ("a.a[0]", "a.a"),
        ('module.m["a.b]"].a.a["\\"]"]', "module.m.a.a"),
        ("a.a[x]", "a.a[x]"),
    ],
)
def test_keys_are_taken_off(address: str, plain: str) -> None:
    assert without_keys(address) == plain


def test_the_fixtures_tell_theirs() -> None:
    needs = read(document("everyday")).dependencies
    assert needs["terraform_data.created"] == {"terraform_data.updated"}
    assert needs["terraform_data.replaced"] == {"terraform_data.kept"}


@pytest.mark.parametrize("odd", [None, True, 1, "x", [], [1], [[]], {}, {"a": 1}, {"a": [None]}])
def test_a_malformed_configuration_is_passed_over(odd: Any) -> None:
    for configuration in (
        odd,
        {"root_module": odd},
        {"root_module": {"resources": odd, "module_calls": odd, "outputs": odd}},
        {"root_module": {"resources": [odd], "module_calls": {"m": odd}, "outputs": {"o": odd}}},
        {"root_module": {"module_calls": {"m": {"module": odd, "expressions": odd}}}},
        {"root_module": module(resource("a.a", expressions=odd, depends_on=odd))},
        {"root_module": module(resource("a.a", expressions={"x": {"references": odd}}))},
        {"root_module": module({**resource("a.a"), "type": odd, "name": odd})},
    ):
        assert read_dependencies(configuration, ["a.a"], Notes()) == {}


def test_modules_in_modules_without_end_end() -> None:
    inner: dict[str, Any] = {}
    for _ in range(900):
        inner = {"module_calls": {"m": {"module": inner}}}
    assert found(inner, "a.a") == {}


def test_a_long_chain_takes_no_recursion() -> None:
    chain = [resource("data.d.0", "a.a.id")]
    chain += [resource(f"data.d.{index}", f"data.d.{index - 1}.x") for index in range(1, 3000)]
    root = module(resource("a.a"), *chain, resource("b.b", "data.d.2999.x"))
    assert found(root, "a.a") == {"b.b": {"a.a"}}
