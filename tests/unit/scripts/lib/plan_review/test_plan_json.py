"""The JSON of a plan, and what files hold instead."""

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.errors import InputError
from scripts.lib.plan_review.plan_json import BinaryPlan, check_document, load_document

from .plans import NAMES, PLANS, document

SHOW = "terraform show -json PLANFILE"
SMALL = b'{"format_version":"1.2","resource_changes":[]}'


def load(folder: Path, content: bytes) -> Any:
    path = folder / "web.json"
    path.write_bytes(content)
    return load_document(path)


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        load(folder, content)
    message = str(caught.value)
    assert "\n" not in message
    beginning = f"plan {folder / 'web.json'}: "
    assert message.startswith(beginning)
    return message.removeprefix(beginning)


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_is_loaded_as_it_is(name: str) -> None:
    assert load_document(PLANS / name / "plan.json") == document(name)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.9", "1.10", "1", "1.2.3"])
def test_every_minor_version_is_accepted(version: str) -> None:
    plan = {"format_version": version, "resource_changes": []}
    assert check_document(plan) is plan


@pytest.mark.parametrize(
    "version", ["0.1", "0.2", "2.0", "10.0", "", "1.", "v1", "1.x", " 1.2", 1, 1.2, True, [], {}]
)
def test_fails_for_another_major_version(version: object) -> None:
    with pytest.raises(InputError) as caught:
        check_document({"format_version": version, "resource_changes": []})
    assert str(caught.value) == f"format_version is {version!r}, allowed: 1.x"


def test_fails_for_a_hostile_version_in_one_line() -> None:
    with pytest.raises(InputError) as caught:
        check_document({"format_version": "2\n::error::" + "x" * 9999, "planned_values": {}})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "plan", 1, True])
def test_fails_for_what_is_no_object(value: object) -> None:
    with pytest.raises(InputError, match="is no object, expected: the output of terraform show"):
        check_document(value)


@pytest.mark.parametrize(
    ("instead", "what"),
    [
        ({"format_version": "1.0", "values": {}}, "it is Terraform's state, not a plan"),
        ({"version": 4, "lineage": "x", "resources": []}, "it is Terraform's state file"),
        ({"@level": "info", "type": "version"}, "it is the log of `terraform plan -json`"),
        ({"format_version": "1.0", "provider_schemas": {}}, "it is the schemas of providers"),
        (
            {"format_version": "1.0", "valid": True, "diagnostics": []},
            "it is what `terraform validate -json` found",
        ),
        ({"resource": {"aws_x": {}}}, "it is a configuration of Terraform"),
        ({"terraform": {}}, "it is a configuration of Terraform"),
        ({"format_version": "1.0"}, "it is an empty state of Terraform"),
        ({}, "format_version is missing"),
        ({"resource_changes": []}, "format_version is missing"),
    ],
)
def test_fails_for_another_document_and_says_what_it_is(instead: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError) as caught:
        check_document(instead)
    assert str(caught.value) == f"{what}, expected: the output of {SHOW}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "it is empty"),
        (b" \n\t\r\n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (
            b'{"@level":"info","@message":"Terraform 1.9"}\n{"@level":"info"}\n',
            f"it is the log of `terraform plan -json`, expected: the output of {SHOW}",
        ),
        (
            b"Terraform will perform the following actions:\n",
            f"it is text, not JSON, expected: the output of {SHOW}",
        ),
        (
            b"\x1b[1mNo changes.\x1b[0m",
            f"it is text, not JSON, expected: the output of {SHOW}",
        ),
        (SMALL[:-1], "the JSON is cut off (line 1, column 46)"),
        (SMALL[:20], "the JSON is cut off (line 1, column 19)"),
        (b'{"format_version" "1.2"}', "the JSON is broken: Expecting ':' delimiter (line 1,"),
        (SMALL + b"}", "the JSON is broken: Extra data (line 1, column 47)"),
        (b'{"format_version":"1.2","x":NaN}', "NaN is no JSON, expected: a number"),
        (b'{"format_version":"1.2","x":-Infinity}', "-Infinity is no JSON, expected: a number"),
        pytest.param(b"[" * 200_000, "the JSON is nested too deeply", id="lists"),
        pytest.param(b'{"a":' * 200_000, "the JSON is nested too deeply", id="objects"),
        pytest.param(
            b'{"x":' + b"9" * 5000 + b"}", "the JSON cannot be read: Exceeds the limit", id="digits"
        ),
        (b'{"a":"\xff"}', f"it is no text in UTF-8 (byte 6): {SHOW}"),
        (b"\xff\xfe\x00", f"it is no text in UTF-8 (byte 2): {SHOW}"),
        (b"\x00\x01\x02", f"it is text, not JSON, expected: the output of {SHOW}"),
    ],
)
def test_fails_for_a_file_that_is_no_plan_in_one_line(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert refusal(tmp_path, content).startswith(expected)


def test_every_place_where_a_file_is_cut_off_is_one_line(tmp_path: Path) -> None:
    content = (PLANS / "destroyed" / "plan.json").read_bytes().strip()
    for length in range(0, len(content), 97):
        assert refusal(tmp_path, content[:length])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_powershell_writes_is_read_too(tmp_path: Path, encoding: str) -> None:
    content = SMALL.decode().replace("[]", '["ü"]')
    assert load(tmp_path, content.encode(encoding))["resource_changes"] == ["ü"]


def test_a_plan_file_of_terraform_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BinaryPlan, match="is not JSON: terraform show -json PLANFILE"):
        load(tmp_path, b"PK\x03\x04" + b"\x00" * 20)


def test_fails_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json cannot be read: No such file"):
        load_document(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load_document(tmp_path)


@pytest.mark.parametrize("was_enabled", [True, False])
@pytest.mark.parametrize("content", [SMALL, b"{broken"])
def test_the_garbage_collector_is_left_as_it_was(
    tmp_path: Path, content: bytes, was_enabled: bool
) -> None:
    before = gc.isenabled()
    (gc.enable if was_enabled else gc.disable)()
    try:
        try:
            load(tmp_path, content)
        except InputError:
            assert content != SMALL
        assert gc.isenabled() is was_enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_a_big_plan_is_loaded_whole(tmp_path: Path) -> None:
    plan = {**json.loads(SMALL), "filler": ["x" * 1000] * 1100}
    try:
        assert load(tmp_path, json.dumps(plan).encode()) == plan
    finally:
        gc.unfreeze()
