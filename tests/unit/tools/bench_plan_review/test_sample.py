"""The plan that is measured with."""

from collections import Counter
from pathlib import Path

from scripts.lib.plan_review.read import load_plan, read_plan
from scripts.lib.plan_review.values import attribute_changes
from tools.bench_plan_review.attributes import POLICIES
from tools.bench_plan_review.sample import SHARES, plan, write_plan

MANY = 400


def test_it_is_always_the_same() -> None:
    assert plan(50) == plan(50)
    assert sum(SHARES.values()) == 100


def test_it_is_read_without_a_warning_and_has_all_there_is() -> None:
    read = read_plan(plan(MANY), "big")
    assert read.warnings == ()
    counts = Counter(str(change.action) for change in read.changes)
    assert counts.keys() == {"update", "replace", "create", "destroy", "move"}
    assert len(read.changes) + read.unchanged == MANY
    assert 0.5 < read.unchanged / MANY < 0.7
    assert len({change.address for change in read.changes}) == len(read.changes)
    assert any("[" in change.address for change in read.changes)


def test_dependencies_go_from_one_to_the_next() -> None:
    needs = read_plan(plan(MANY), "big").dependencies
    assert len(needs) > MANY / 4


def test_policies_and_other_json_change_in_places() -> None:
    paths = {
        item.path
        for change in read_plan(plan(MANY), "big").changes
        if str(change.action) == "update"
        for item in attribute_changes(change)
    }
    for name in {*POLICIES.values()}:
        assert any(path.startswith(f"{name}.Statement[") for path in paths)
    assert "container_definitions[0].image" in paths
    assert any(path.startswith("dashboard_body.widgets[") for path in paths)
    assert any(path.startswith("ingress[") for path in paths)


def test_it_is_about_ten_kilobytes_a_resource(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    write_plan(path, MANY)
    assert 8_000 < path.stat().st_size / MANY < 13_000
    assert load_plan(path).stack == "big"
