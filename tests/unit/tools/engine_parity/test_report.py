"""Reports of comparisons that were really made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.engine_parity.compare import Comparison, Expected, compare, described
from tools.engine_parity.parity import Result, Slim
from tools.engine_parity.report import as_json, as_text, exit_code
from tools.engine_parity.synthesis import Renamed

EXPECTED = (Expected("*.json", ("//", "version"), "1", "2", "engines say theirs"),)


def side(version: str, **more: Any) -> dict[str, bytes]:
    content = json.dumps({"//": {"version": version}, **more}).encode()
    return {"a.json": content, "b.json": content}


EQUAL = compare(side("1"), side("2"), EXPECTED)
DIFFERENT = compare(side("1", x="long" * 100), side("2", y=None), EXPECTED)
SAME = compare(side("2"), side("2"))


UNUSED = "slim_bindings: amiss"


def result(comparison: Comparison, slim: Comparison | None = None, *warnings: str) -> Result:
    fast = None if slim is None else Slim(slim, warnings)
    return Result(("one", "two"), Renamed(5, 3), comparison, fast)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (result(EQUAL), 0),
        (result(EQUAL, SAME), 0),
        (result(DIFFERENT), 2),
        (result(DIFFERENT, SAME), 2),
        (result(EQUAL, DIFFERENT), 2),
        (result(EQUAL, SAME, UNUSED), 2),
    ],
)
def test_exit_code(found: Result, code: int) -> None:
    assert exit_code(found) == code
    assert json.loads(as_json(found, "old 1", "new 2"))["exit_code"] == code


def test_text_of_equal_outputs() -> None:
    assert as_text(result(EQUAL), "old 1", "new 2").splitlines() == [
        "Pinned engine: old 1",
        "Other engine:  new 2",
        "Source: 5 imports renamed in 3 of its files, nothing else changed",
        "Stacks: one, two",
        "Compared: 2 values in 2 files",
        "",
        "Expected differences: 2",
        '  *.json: "//".version: 1 -> 2 (2x; engines say theirs)',
        "Differences: none",
    ]


def test_text_has_a_line_for_each_difference() -> None:
    lines = as_text(result(DIFFERENT), "old 1", "new 2").splitlines()

    assert lines[-5] == "Differences: 4"
    assert lines[-4].startswith('  a.json: x: "longlong')
    assert lines[-4].endswith("... -> (absent)")
    assert lines[-3] == "  a.json: y: (absent) -> null"


def test_text_tells_fast_loading_apart() -> None:
    lines = as_text(result(EQUAL, DIFFERENT), "old 1", "new 2").splitlines()

    assert "Differences: none" in lines
    assert "Other engine, differences of slim bindings from stock: 4" in lines
    assert as_text(result(EQUAL, SAME), "old 1", "new 2").endswith("bindings from stock: none")
    unused = as_text(result(EQUAL, SAME, UNUSED), "old 1", "new 2")
    assert unused.endswith("\n  not used: slim_bindings: amiss")


def test_json_has_whole_values_and_leaves_out_what_is_absent() -> None:
    report = json.loads(as_json(result(DIFFERENT), "old 1", "new 2"))

    assert report["differences"][0] == {"file": "a.json", "path": ["x"], "pinned": "long" * 100}
    assert report["differences"][1] == {"file": "a.json", "path": ["y"], "other": None}
    assert report["expected"][0] == {
        "file": "a.json",
        "path": ["//", "version"],
        "pinned": "1",
        "other": "2",
        "reason": "engines say theirs",
    }
    assert report["compared"] == {"files": 2, "values": 4}
    assert report["renamed"] == {"places": 5, "files": 3}
    assert report["slim"] is None
    slim = json.loads(as_json(result(EQUAL, SAME, UNUSED), "", ""))["slim"]
    assert slim == {"warnings": [UNUSED], "differences": []}


def test_json_says_which_files_differ_that_are_not_json() -> None:
    report = json.loads(as_json(result(compare({"x.zip": b"\xff"}, {"x.zip": b"\xfe"})), "", ""))

    [record] = report["differences"]
    assert record["file"] == "x.zip"
    assert record["path"] == []
    assert record["pinned"] == described(b"\xff") != described(b"\xfe") == record["other"]
