"""Copying, renaming and running an app: a real interpreter, engines of a few lines."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from scripts.lib.errors import ToolError
from tests.unit.tools.engine_parity import fakes
from tools.engine_parity.synthesis import Renamed, copy_project, rename_imports, synthesise

PLAIN = {"PATH": os.environ["PATH"]}
LATIN = "# coding: latin-1\r\nfrom old import x  # \xe9\r\n".encode("latin-1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fakes.project(tmp_path / "project")


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    copy_project(project, project / "given.tfvars", tmp_path / "copy")
    return tmp_path / "copy"


def relative(directory: Path) -> set[str]:
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    }


def test_copies_the_sources_of_the_app_and_nothing_else(project: Path, tmp_path: Path) -> None:
    for name in ("slim_bindings/a/b.py", "modules/data.json", "modules/__pycache__/x.pyc"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("")
    for name in ("secret.tfvars", ".venv/old.py", "cdktf.out/stacks/x/cdk.tf.json", "tests/t.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("")

    copy_project(project, project / "given.tfvars", tmp_path / "copy")

    assert relative(tmp_path / "copy") == {
        "main.py",
        "modules/__init__.py",
        "modules/data.json",
        "modules/stacks.py",
        "settings.tfvars",
        "slim_bindings/a/b.py",
    }


def test_fails_when_the_settings_are_not_there(project: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"missing.tfvars: cannot be read: No such file"):
        copy_project(project, project / "missing.tfvars", tmp_path / "copy")


def test_renames_in_every_file_and_says_how_much(copy: Path) -> None:
    assert rename_imports(copy, fakes.NAMES) == Renamed(places=2, files=1)

    assert (copy / "main.py").read_text() == fakes.MAIN
    text = (copy / "modules/stacks.py").read_text()
    assert "import brandnew as old\nfrom new_provider.bucket import Bucket\n" in text
    assert 'NAME = "old"  # data' in text


def test_leaves_every_other_byte_as_it_was(copy: Path) -> None:
    (copy / "modules/latin.py").write_bytes(LATIN)
    (copy / "modules/mark.py").write_bytes(b"\xef\xbb\xbfimport old\r\n")
    (copy / "modules/old.json").write_bytes(b"import old\n")

    rename_imports(copy, fakes.NAMES)

    assert (copy / "modules/latin.py").read_bytes() == LATIN.replace(b"old", b"brandnew")
    assert (copy / "modules/mark.py").read_bytes() == b"\xef\xbb\xbfimport brandnew as old\r\n"
    assert (copy / "modules/old.json").read_bytes() == b"import old\n"


@pytest.mark.parametrize("content", [b"import old as\n", b"x = '\xff'\n", b"# coding: nonsense\n"])
def test_fails_on_a_file_that_is_no_python_and_names_it(copy: Path, content: bytes) -> None:
    (copy / "modules/broken.py").write_bytes(content)

    with pytest.raises(ToolError, match=r"modules/broken.py: is not valid Python: "):
        rename_imports(copy, fakes.NAMES)


def test_returns_what_the_app_writes(copy: Path, tmp_path: Path) -> None:
    python = fakes.pinned_engine(tmp_path / "engine")

    files = synthesise(python, copy, PLAIN, tmp_path / "log").files

    assert files.keys() == {"manifest.json", "stacks/one/cdk.tf.json"}
    assert b'"settings": "some"' in files["stacks/one/cdk.tf.json"]


def test_what_was_written_before_is_gone(copy: Path, tmp_path: Path) -> None:
    python = fakes.pinned_engine(tmp_path / "engine")
    (copy / "cdktf.out/stacks").mkdir(parents=True)
    (copy / "cdktf.out/stacks/left.json").write_text("{}")

    assert len(synthesise(python, copy, PLAIN, tmp_path / "log").files) == 2


def test_the_app_sees_neither_the_callers_python_nor_its_secrets(
    copy: Path, tmp_path: Path
) -> None:
    (copy / "main.py").write_text(
        "import json, os, pathlib\n"
        "pathlib.Path('cdktf.out').mkdir()\n"
        "pathlib.Path('cdktf.out/cdk.tf.json').write_text(json.dumps(dict(os.environ)))\n"
    )
    noisy = {
        **PLAIN,
        "AWS_SECRET_ACCESS_KEY": "x",
        "HOME": "/home/me",
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": "/cache",
        "PYTHONPATH": "/elsewhere",
        "SLIM_BINDINGS": "maybe",
        "TMPDIR": "/temporary",
    }
    silence = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
    wanted = {"HOME", "JSII_RUNTIME_PACKAGE_CACHE_ROOT", "PATH", "TMPDIR", silence}
    python = Path(sys.executable)

    without = synthesise(python, copy, noisy, tmp_path / "log").files
    with_it = synthesise(python, copy, noisy, tmp_path / "log", slim=True).files

    off, on = json.loads(without["cdk.tf.json"]), json.loads(with_it["cdk.tf.json"])

    assert off.keys() - {"LC_CTYPE", "PWD"} == wanted | {"SLIM_BINDINGS"}
    assert off["SLIM_BINDINGS"] == "off"
    assert on.keys() - {"LC_CTYPE", "PWD"} == wanted


def test_warnings_of_fast_loading_are_told(copy: Path, tmp_path: Path) -> None:
    python = fakes.pinned_engine(tmp_path / "engine")
    (copy / "modules/__init__.py").write_text(
        "import sys\nprint('slim_bindings: amiss; using the stock', file=sys.stderr)\n"
        "print('something else')\n"
    )

    synthesis = synthesise(python, copy, PLAIN, tmp_path / "log", slim=True)

    assert synthesis.warnings == ("slim_bindings: amiss; using the stock",)


def test_fails_with_the_apps_own_words(copy: Path, tmp_path: Path) -> None:
    python = fakes.pinned_engine(tmp_path / "engine")
    (copy / "settings.tfvars").write_text("bad")

    with pytest.raises(ToolError) as raised:
        synthesise(python, copy, PLAIN, tmp_path / "log")

    assert str(raised.value) == (
        "copy: synthesis failed: region: must be an AWS Region; name: is not set"
    )


def test_fails_with_the_last_line_of_a_traceback(copy: Path, tmp_path: Path) -> None:
    python = fakes.other_engine(tmp_path / "engine")  # the imports are not renamed

    with pytest.raises(ToolError) as raised:
        synthesise(python, copy, PLAIN, tmp_path / "log")

    assert str(raised.value) == (
        "copy: synthesis failed: ModuleNotFoundError: No module named 'old'"
    )
    assert "Traceback" in (tmp_path / "log").read_text()


def test_fails_when_nothing_was_written(copy: Path, tmp_path: Path) -> None:
    (copy / "main.py").write_text("")

    with pytest.raises(ToolError, match="copy: synthesis wrote no stack"):
        synthesise(Path(sys.executable), copy, PLAIN, tmp_path / "log")


def test_fails_when_the_interpreter_is_not_there(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="copy: synthesis failed: cannot run /nowhere/python"):
        synthesise(Path("/nowhere/python"), copy, PLAIN, tmp_path / "log")
