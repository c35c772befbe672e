"""What the synthesised configuration tells Terraform to leave alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.drift.left_alone import read_left_alone
from scripts.lib.drift.world import World


def read(directory: Path, document: Any) -> dict[str, frozenset[str]]:
    text = document if isinstance(document, str) else json.dumps(document)
    (directory / "cdk.tf.json").write_text(text)
    return read_left_alone(directory)


def test_attributes_and_whole_resources(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "resource": {
                "aws_a": {
                    "x": {"lifecycle": {"ignore_changes": ["content", 'tags["Owner"]']}},
                    "y": {"lifecycle": {"ignore_changes": "all"}},
                    "z": {"lifecycle": {"prevent_destroy": True}},
                }
            }
        },
    )
    assert found == {
        "aws_a.x": frozenset({"content", "tags"}),
        "aws_a.y": frozenset({"all"}),
    }
    world = World(left_alone=found)
    assert world.is_left("aws_a.x[0]", "content")
    assert not world.is_left("aws_a.x", "other")
    assert world.is_left("aws_a.y", "anything")
    assert world.is_all_left("aws_a.y")
    assert not world.is_all_left("aws_a.x")
    assert not world.is_left("aws_a.z", "content")


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "{broken",
        "[]",
        {"resource": []},
        {"resource": {"a": [{}]}},
        {"resource": {"a": {"b": {"lifecycle": [{"ignore_changes": "all"}]}}}},
        {"resource": {"a": {"b": {"lifecycle": {"ignore_changes": []}}}}},
    ],
)
def test_odd_files_say_nothing(tmp_path: Path, odd: Any) -> None:
    assert read(tmp_path, odd) == {}


def test_a_directory_of_another_tool_says_nothing(tmp_path: Path) -> None:
    assert read_left_alone(tmp_path) == {}
