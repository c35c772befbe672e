"""What a plan's document says besides its changes."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.drift.world import World, gone, read_world, without_keys
from tests.unit.scripts.lib.drift.seen import changed, deleted, golden


def test_a_real_plan_tells_what_is_managed_and_set() -> None:
    world = read_world(golden("quickstart"))
    types = {each.type for each in world.managed}
    assert {"aws_iam_role", "aws_iam_role_policy", "aws_s3_bucket"} <= types
    assert not [each for each in world.managed if each.address.startswith("data.")]
    key = next(each for each in world.managed if each.type == "aws_kms_key")
    assert world.sets(key.address, "policy")
    assert not world.sets(key.address, "is_enabled")


def test_modules_and_keys_are_seen_through() -> None:
    resource = {"address": "module.m.aws_x.a[0]", "mode": "managed", "type": "aws_x", "values": {}}
    inner = {"resources": [{"address": "aws_x.a", "expressions": {"n": {}}}]}
    world = read_world(
        {
            "prior_state": {
                "values": {"root_module": {"child_modules": [{"resources": [resource]}]}}
            },
            "configuration": {"root_module": {"module_calls": {"m": {"module": inner}}}},
        }
    )
    assert [each.address for each in world.managed] == ["module.m.aws_x.a[0]"]
    assert world.sets("module.m.aws_x.a[0]", "n")
    assert not world.sets('module.m.aws_x.a["k"]', "other")


def test_of_what_is_not_known_everything_may_be_set() -> None:
    assert World().sets("aws_x.a", "anything")


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("aws_x.a", "aws_x.a"),
        ("aws_x.a[3]", "aws_x.a"),
        ('aws_x.a["b.c[\\"d\\"]"]', "aws_x.a"),
        ('module.m["k"].aws_x.a[0]', "module.m.aws_x.a"),
    ],
)
def test_keys_are_taken_off(address: str, bare: str) -> None:
    assert without_keys(address) == bare


@pytest.mark.parametrize(
    "odd", [None, [], "x", 7, {"values": None}, {"values": {"root_module": []}}]
)
def test_odd_documents_are_passed_over(odd: Any) -> None:
    assert read_world({"prior_state": odd, "configuration": odd}) == World()
    assert read_world({}) == World()


def test_values_are_not_shown() -> None:
    assert "hunter2" not in repr(gone([deleted("aws_x", {"password": "hunter2"})]))


def test_only_the_deleted_is_gone() -> None:
    both = [changed("aws_x", {"id": "1"}, {"id": "2"}), deleted("aws_y", {"id": "3"})]
    assert [each.address for each in gone(both)] == ["aws_y.it"]
