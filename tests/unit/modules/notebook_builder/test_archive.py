from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from modules.notebook_builder import archive
from modules.notebook_builder.archive import (
    ENTRY_POINT,
    RUNTIME_MODULES,
    archive_file,
    source_code_hash,
)

SOURCES = Path(archive.__file__).parent


def test_holds_the_lambdas_own_code_and_nothing_else() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.archive())) as zipped:
        names = zipped.namelist()
        assert names == sorted(f"notebook_builder/{module}.py" for module in RUNTIME_MODULES)
        for name in names:
            assert zipped.read(name) == (SOURCES / Path(name).name).read_bytes()


def test_every_entry_is_dated_stored_and_readable_alike() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.archive())) as zipped:
        entries = {
            (entry.date_time, entry.compress_type, entry.create_system, entry.external_attr >> 16)
            for entry in zipped.infolist()
        }
    assert entries == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3, 0o100644)}


def test_line_endings_of_a_checkout_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in RUNTIME_MODULES:
        source = (SOURCES / f"{module}.py").read_bytes()
        (tmp_path / f"{module}.py").write_bytes(source.replace(b"\n", b"\r\n"))
    expected = archive.archive()
    monkeypatch.setattr(archive, "__file__", str(tmp_path / "archive.py"))
    assert archive.archive() == expected


def test_another_process_makes_the_same_bytes() -> None:
    code = "from modules.notebook_builder.archive import source_code_hash as h; print(h())"
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == source_code_hash()


def test_the_file_holds_what_the_hash_is_of() -> None:
    content = Path(archive_file()).read_bytes()
    assert base64.b64encode(hashlib.sha256(content).digest()).decode() == source_code_hash()


def test_runs_from_the_zip_without_the_project() -> None:
    """As Lambda loads it: the zip and boto3 on the path, the checkout not."""
    module, _, function = ENTRY_POINT.rpartition(".")
    code = (
        f"import sys, json, importlib; sys.path.insert(0, {archive_file()!r}); "
        f"handler = getattr(importlib.import_module({module!r}), {function!r}); "
        "print(json.dumps(sorted(m for m in sys.modules if m.startswith('modules')))); "
        "print(sys.modules[handler.__module__].__file__)"
    )
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    foreign, location = run.stdout.splitlines()
    assert json.loads(foreign) == []
    assert location.startswith(archive_file())
