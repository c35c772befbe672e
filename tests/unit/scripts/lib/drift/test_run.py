"""Which stacks there are, and which of them are meant."""

import json
from pathlib import Path

import pytest

from scripts.lib.drift.many_stacks import Stack
from scripts.lib.drift.run import choose, stacks_in
from scripts.lib.errors import InputError


def test_the_stacks_are_those_of_the_manifest_by_name(tmp_path: Path) -> None:
    stacks = {name: {"workingDirectory": f"stacks/{name}"} for name in ("b", "a")}
    (tmp_path / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    (tmp_path / "stacks/left-over").mkdir(parents=True)
    assert stacks_in(tmp_path) == (
        Stack("a", tmp_path / "stacks/a"),
        Stack("b", tmp_path / "stacks/b"),
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"stacks": []}', '{"stacks": {"a": {}}}', '{"stacks": {"a": 3}}']
)
def test_fails_for_what_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    if text == '{"stacks": []}':
        assert stacks_in(tmp_path) == ()
        return
    with pytest.raises(InputError, match="is no manifest of cdktf; run: npx cdktf synth"):
        stacks_in(tmp_path)


def test_stacks_are_chosen_in_the_order_given_and_once() -> None:
    known = [Stack(name, Path(name)) for name in ("a", "b", "c")]
    assert [stack.name for stack in choose(known, ["c", "a", "c"])] == ["c", "a"]
    with pytest.raises(InputError, match="no stack 'd'; there are: a, b, c"):
        choose(known, ["a", "d"])
    with pytest.raises(InputError, match="there are: none"):
        choose([], ["a"])
