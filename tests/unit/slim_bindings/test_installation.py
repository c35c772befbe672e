"""When the stand-ins are put in their places, and when the stock bindings stay."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.slim_bindings import apps
from tests.unit.slim_bindings.apps import (
    INSTALL,
    NULL,
    ROOT,
    WHOLE_NULL,
    Stock,
    environment,
    run,
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    with Stock(tmp_path_factory.mktemp("stock")) as process:
        yield process


def child(
    directory: Path, code: str, *arguments: str, path: tuple[Path, ...] = (ROOT,), **more: str
) -> tuple[Any, list[str]]:
    """Run code that prints JSON; return that and the lines on stderr."""
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, *arguments, "-c", f"import json, sys\n{code}"],
        cwd=directory,
        env=environment(path, more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr.splitlines()


LOADED = """
import slim_bindings
installed = slim_bindings.install("missing.py", cache="cache")
names = ("jsii", "slim_bindings.kernel", "slim_bindings.finder", "slim_bindings.assembly", "ast")
print(json.dumps([installed, [name for name in names if name in sys.modules]]))
"""


@pytest.mark.parametrize("value", ["off", "OFF", "0", "false", "no"])
def test_the_environment_turns_it_off_at_no_cost(tmp_path: Path, value: str) -> None:
    assert child(tmp_path, LOADED, SLIM_BINDINGS=value) == ([False, []], [])


@pytest.mark.parametrize("value", ["", "on", "1"])
def test_any_other_value_leaves_it_on(tmp_path: Path, value: str) -> None:
    (installed, loaded), _ = child(tmp_path, LOADED, SLIM_BINDINGS=value)
    assert installed is True
    assert "slim_bindings.kernel" in loaded


def test_off_is_the_stock_way(tmp_path: Path) -> None:
    off = apps.stock(tmp_path / "app")
    assert off.report["installed"] is False
    assert off.modules == {"data_null_data_source", "provider", "resource"}
    assert off.tarballs == [WHOLE_NULL]
    assert not (off.directory / "cache").exists()
    assert off.warnings == []


def test_on_it_gives_the_same_bytes_for_less(tmp_path: Path, stock: Stock) -> None:
    on = run(tmp_path / "app")
    assert on.report["installed"] is True
    assert on.modules == set(apps.NULL_MODULES)
    (tarball,) = on.tarballs
    assert tarball != WHOLE_NULL
    assert [path.name for path in on.cuts] == [tarball]
    assert on.warnings == []
    assert on.written_anywhere == stock.written(NULL)
    assert "stacks/stack/cdk.tf.json" in on.written


def test_a_second_call_changes_nothing(tmp_path: Path) -> None:
    again = f"""[
        {INSTALL},
        (lambda *before: [
            slim_bindings.install("missing.py", cache="elsewhere"),
            before == (list(sys.meta_path), importlib.import_module("jsii").kernel.provider),
        ])(list(sys.meta_path), importlib.import_module("jsii").kernel.provider),
    ]"""
    app = run(tmp_path / "app", install=again)
    assert app.report["installed"] == [True, [True, True]]
    assert app.report["starts"] == 1
    assert app.modules == set(apps.NULL_MODULES)
    assert app.warnings == []
    assert not (app.directory / "elsewhere").exists()


LATE = "slim_bindings: {} has been imported before; using the stock bindings"


@pytest.mark.parametrize(
    ("before", "named"),
    [("constructs", "constructs"), ("cdktf", "constructs"), (apps.NULL_PACKAGE, "constructs")],
)
def test_after_an_import_of_cdktf_or_a_provider_the_stock_bindings_stay(
    tmp_path: Path, stock: Stock, before: str, named: str
) -> None:
    """Constructs may have been made in a Node.js that is therefore not to be started again."""
    install = f'[importlib.import_module("{before}"), {INSTALL}][1]'
    app = run(tmp_path / "app", install=install)
    assert app.report["installed"] is False
    assert app.warnings == [LATE.format(named)]
    assert app.tarballs == [WHOLE_NULL]
    assert app.modules == {"data_null_data_source", "provider", "resource"}
    assert app.written_anywhere == stock.written(NULL)


def test_after_the_first_construct_the_stock_bindings_stay(tmp_path: Path, stock: Stock) -> None:
    first = NULL.partition("Resource(stack")[0]
    code = f"""
installed_late = {INSTALL}
{NULL.removeprefix(first)}
assert installed_late is False
"""
    app = run(tmp_path / "app", code, install=f"exec('''{first}''', globals())")
    assert app.warnings == [LATE.format("constructs")]
    assert app.written_anywhere == stock.written(NULL)


def test_jsii_itself_may_be_imported_before(tmp_path: Path) -> None:
    install = f'[importlib.import_module("jsii"), {INSTALL}][1]'
    app = run(tmp_path / "app", install=install)
    assert app.report["installed"] is True
    assert app.warnings == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("import jsii; del jsii.kernel.provider", "'Kernel' object has no attribute 'provider'"),
        (
            "import jsii; jsii.kernel.provider = object()",
            "'object' object has no attribute 'load'",
        ),
        (
            "import jsii; jsii.kernel.provider = type('P', (), {'load': 1})()",
            "type object 'P' has no attribute '_process'",
        ),
        ("import jsii; del jsii.kernel", "module 'jsii' has no attribute 'kernel'"),
        (
            "jsii = None",
            "import of jsii halted; None in sys.modules",
        ),
    ],
)
def test_refuses_a_jsii_that_it_does_not_understand(
    tmp_path: Path, change: str, reason: str
) -> None:
    code = f"{change}\nsys.modules['jsii'] = jsii\nbefore = list(sys.meta_path)\n{LOADED}"
    code += "assert sys.meta_path == before"
    (installed, _), errors = child(tmp_path, code)
    assert installed is False
    assert errors == [f"slim_bindings: {reason}; using the stock bindings"]


def test_refuses_where_jsii_is_not_installed(tmp_path: Path) -> None:
    """-S: without the installed packages."""
    (installed, loaded), errors = child(tmp_path, LOADED, "-S")
    assert installed is False
    assert loaded == []
    assert errors == ["slim_bindings: No module named 'jsii'; using the stock bindings"]


def test_paths_are_those_of_the_moment(tmp_path: Path) -> None:
    """An app may change its directory before it imports a provider."""
    (tmp_path / "other").mkdir()
    app = run(tmp_path / "app", "time.sleep(0.5)\nos.chdir('../other')" + NULL)
    assert len(app.tarballs) == 1
    assert app.tarballs != [WHOLE_NULL]
    assert [path.name for path in app.cuts] == app.tarballs
    assert app.warnings == []
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["out"]


def test_paths_may_be_of_any_kind(tmp_path: Path) -> None:
    path = 'importlib.import_module("pathlib").Path'
    app = run(
        tmp_path / "app", install=f'slim_bindings.install({path}("app.py"), cache={path}("cache"))'
    )
    assert app.tarballs == [path.name for path in app.cuts]
