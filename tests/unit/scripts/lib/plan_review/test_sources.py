from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import InputError
from scripts.lib.plan_review import sources
from scripts.lib.plan_review.model import Source
from scripts.lib.plan_review.sources import Origin, Origins, is_within, read_sources

KEY = Origin("stack/Key/Resource", (Source("modules/encryption.py", 47), Source("main.py", 25)))
ENTRY = {"construct": "stack/Key/Resource", "frames": ["modules/encryption.py:47", "main.py:25"]}
ADDRESS = "aws_kms_key.Key_961B73FD"


def write(path: Path, elements: Any, version: Any = 1) -> Path:
    path.write_text(json.dumps({"version": version, "elements": elements}), encoding="utf-8")
    return path


def frames_of(path: Path, *frames: Any) -> tuple[Source, ...]:
    file = write(path / "sources.json", {"a.b": {"construct": "a", "frames": frames}})
    return read_sources(file)["a.b"].frames


def test_a_folder_and_a_file_are_read(tmp_path: Path) -> None:
    file = write(tmp_path / "sources.json", {ADDRESS: ENTRY})
    assert read_sources(file) == read_sources(tmp_path) == {ADDRESS: KEY}
    named = write(tmp_path / "kept.json", {ADDRESS: ENTRY})
    assert read_sources(named) == {ADDRESS: KEY}


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    """As with plans of other people, and stacks synthesised before the file was written."""
    for path in (tmp_path, tmp_path / "sources.json", tmp_path / "no/such/folder"):
        origins = read_sources(path)
        assert len(origins) == 0
        assert origins.get(ADDRESS) is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("aws_iam_role.R", "aws_iam_role.R"),
        ("aws_iam_role.R[0]", "aws_iam_role.R"),
        ('aws_iam_role.R["a"]', "aws_iam_role.R"),
        ('aws_iam_role.R["a.b[1]"]', "aws_iam_role.R"),
        (r'aws_iam_role.R["a\"].c[\\"]', "aws_iam_role.R"),
        ('aws_iam_role.R["two\nlines"]', "aws_iam_role.R"),
        ("data.aws_region.R[3]", "data.aws_region.R"),
        ("module.vpc", "module.vpc"),
        ("module.vpc.aws_vpc.this[0]", "module.vpc"),
        ('module.vpc["x.y"].aws_vpc.this', "module.vpc"),
        ("module.vpc.data.aws_region.R", "module.vpc"),
        ("module.vpc[0].module.inner[1].aws_vpc.this", "module.vpc"),
        ("aws_iam_role.Keyed[0]", "aws_iam_role.Keyed[0]"),
        ("output.name", "output.name"),
    ],
)
def test_keys_and_what_is_within_a_module_are_found_by_the_construct(
    address: str, found: str
) -> None:
    known = ("aws_iam_role.R", "data.aws_region.R", "module.vpc", "output.name")
    origins = Origins({each: Origin(each, ()) for each in (*known, "aws_iam_role.Keyed[0]")})
    assert origins[address].construct == found
    assert address in origins
    assert len(origins) == len(list(origins)) == 5


@pytest.mark.parametrize(
    "address",
    ["", ".", "aws_iam_role", "aws_iam_role.Other", "module", "module.other.aws_iam_role.R",
     "aws_iam_role.R[", 'aws_iam_role.R["', "aws_iam_role.R[x]", "data.aws_iam_role.R",
     "aws_iam_role.R.more", "name", "[0]"],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(address: str) -> None:
    origins = Origins({"aws_iam_role.R": KEY, "module.vpc": KEY, "output.name": KEY})
    assert address not in origins
    assert origins.get(address) is None
    with pytest.raises(KeyError):
        origins[address]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not valid JSON: Expecting value"),
        (b"{", "is not valid JSON: Expecting property name"),
        (b"\xff\xfe\x00", "is not valid JSON"),
        (b"\x80", "is not valid JSON: 'utf-8' codec can't decode"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'{"version": ' + b"9" * 5000 + b"}", "is not valid JSON"),
        (b"[]", "is no sources.json of synthesis"),
        (b"null", "is no sources.json of synthesis"),
        (b'{"elements": {}}', "is no sources.json of synthesis"),
        (b'{"version": "1", "elements": {}}', "is no sources.json of synthesis"),
        (b'{"version": 1, "elements": []}', "is no sources.json of synthesis"),
        (b'{"version": 2, "elements": {}}', "has version 2; must be 1"),
    ],
    ids=lambda value: value[:20],
)
def test_fails_in_one_line_on_what_is_no_such_file(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "sources.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_sources(tmp_path)
    assert str(raised.value).startswith(f"{path}: {problem}")
    assert len(str(raised.value).splitlines()) == 1


def test_fails_on_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "sources.json", {ADDRESS: ENTRY})
    size = path.stat().st_size
    monkeypatch.setattr(sources, "SIZE_LIMIT", size)
    assert read_sources(path) == {ADDRESS: KEY}
    monkeypatch.setattr(sources, "SIZE_LIMIT", size - 1)
    with pytest.raises(InputError, match=f"is too large; at most {size - 1} bytes are read"):
        read_sources(path)


def test_fails_on_a_pipe_rather_than_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sources.json")
    with pytest.raises(InputError, match=r"is not a file; must be a sources\.json"):
        read_sources(tmp_path)


def test_fails_on_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "sources.json", {})

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_sources(tmp_path)


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "//host/share", "../other.py", "modules/../../other.py", "..", "a/..", "./a.py",
     "a//b.py", "a/", "C:/x.py", "C:x.py", "..\\other.py", "a\\b.py", "a\nb.py", "a\x00b.py",
     "a\u202eyp.b", "a\ud800.py", "https://example.com/x.py", "a" * 1001, ""],
)  # fmt: skip
def test_a_path_that_may_lead_elsewhere_is_left_out(tmp_path: Path, path: str) -> None:
    assert not is_within(path)
    assert frames_of(tmp_path, f"{path}:1", "main.py:2") == (Source("main.py", 2),)


@pytest.mark.parametrize("path", ["main.py", "a b.py", "a/b-c/d_e.py", "ä/ö.py", "...", "a/..b/c"])
def test_any_other_path_is_kept(tmp_path: Path, path: str) -> None:
    assert is_within(path)
    assert frames_of(tmp_path, f"{path}:7") == (Source(path, 7),)


@pytest.mark.parametrize(
    "frame",
    ["main.py", "main.py:", "main.py:0", "main.py:-1", "main.py:1.5", "main.py:01",
     "main.py:\u0661", "main.py:1 ", "main.py:12345678", ":3", None, 3,
     ["main.py", 3], {"main.py": 3}],
)  # fmt: skip
def test_a_line_that_is_none_is_left_out(tmp_path: Path, frame: Any) -> None:
    assert frames_of(tmp_path, frame, "main.py:9") == (Source("main.py", 9),)


def test_of_endless_lines_the_innermost_are_kept(tmp_path: Path) -> None:
    found = frames_of(tmp_path, *(f"main.py:{number}" for number in range(1, 1000)))
    assert found == tuple(Source("main.py", number) for number in range(1, 51))


@pytest.mark.parametrize(
    "entry",
    [None, 1, "text", [], {}, {"construct": "a"}, {"frames": []}, {"construct": 1, "frames": []},
     {"construct": "a", "frames": "main.py:1"}, {"construct": "a" * 1001, "frames": []}],
)  # fmt: skip
def test_an_origin_that_is_none_is_left_out(tmp_path: Path, entry: Any) -> None:
    write(tmp_path / "sources.json", {"a.b": entry, ADDRESS: ENTRY})
    assert read_sources(tmp_path) == {ADDRESS: KEY}


def test_what_synthesis_may_add_later_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "sources.json"
    entry = {**ENTRY, "more": 1}
    file.write_text(json.dumps({"version": 1, "elements": {ADDRESS: entry}, "more": {}}))
    assert read_sources(file) == {ADDRESS: KEY}


texts = st.text('a.:/1\n\u202e[]"', max_size=8)
anything = st.recursive(
    st.none() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=4,
)
entries = anything | st.fixed_dictionaries(
    {"construct": texts, "frames": st.lists(anything | texts.map("{}:1".format), max_size=3)}
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.dictionaries(texts, entries, max_size=3), texts)
def test_whatever_is_in_it_is_read_without_harm(
    tmp_path_factory: pytest.TempPathFactory, elements: dict[str, Any], address: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.json"
    origins = read_sources(write(path, elements))
    assert set(origins) <= set(elements)
    for origin in (*origins.values(), *filter(None, [origins.get(address)])):
        assert all(is_within(source.path) and source.line > 0 for source in origin.frames)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "a", "", "b.py", "...", "\\", ":"]), max_size=5))
def test_what_is_kept_stays_below_the_folder(parts: list[str]) -> None:
    path = "/".join(parts)
    if is_within(path):
        assert os.path.normpath(f"/repository/{path}") == f"/repository/{path}"
        assert not Path(path).is_absolute()
