"""Renaming imports: what is renamed, and all that looks alike and is not."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tools.engine_parity.engines import IMPORT_NAMES
from tools.engine_parity.rewrite import rewrite

ROOT = Path(__file__).resolve().parents[4]
NAMES = {"old": "brandnew", "old_provider": "new_provider"}

RENAMED = {
    "from": ("from old import App, Token\n", "from brandnew import App, Token\n"),
    "from a submodule": (
        "from old_provider.s3_bucket import S3Bucket\n",
        "from new_provider.s3_bucket import S3Bucket\n",
    ),
    "from a submodule's submodule": ("from old.a.old import b\n", "from brandnew.a.old import b\n"),
    "from, with its own name": ("from old import old\n", "from brandnew import old\n"),
    "from, everything": ("from old import *\n", "from brandnew import *\n"),
    "from, over many lines": (
        "from old_provider.kms_key import (  # old\n    KmsKey as Old,\n    old,\n)\n",
        "from new_provider.kms_key import (  # old\n    KmsKey as Old,\n    old,\n)\n",
    ),
    "from, oddly spaced": ("from\told . a import b\n", "from\tbrandnew . a import b\n"),
    "from, continued": ("from \\\n  old \\\n import x\n", "from \\\n  brandnew \\\n import x\n"),
    "import": ("import old\nold.App()\n", "import brandnew as old\nold.App()\n"),
    "import as": ("import old as x\nx.App()\n", "import brandnew as x\nx.App()\n"),
    "import of a submodule": (
        "import old_provider.s3_bucket\nold_provider.s3_bucket.S3Bucket()\n",
        (
            "import new_provider.s3_bucket, new_provider as old_provider\n"
            "old_provider.s3_bucket.S3Bucket()\n"
        ),
    ),
    "import of a submodule as": (
        "import old_provider.s3_bucket as s3\n",
        "import new_provider.s3_bucket as s3\n",
    ),
    "one import among others": (
        "import sys, old, old_extra as old_provider\n",
        "import sys, brandnew as old, old_extra as old_provider\n",
    ),
    "two imports in one": (
        "import old, old_provider as p\n",
        "import brandnew as old, new_provider as p\n",
    ),
    "several statements in a line": (
        "x = 1; import old; from old import y\n",
        "x = 1; import brandnew as old; from brandnew import y\n",
    ),
    "behind a colon": ("if x: from old import y\n", "if x: from brandnew import y\n"),
    "inside a function": (
        "def f():\n    from old import y\n    return y\n",
        "def f():\n    from brandnew import y\n    return y\n",
    ),
    "behind letters of several bytes": (
        "é = 'ünïcödé'; from old import x; import old\n",
        "é = 'ünïcödé'; from brandnew import x; import brandnew as old\n",
    ),
    "lines that end as on Windows": (
        "x = 1\r\nfrom old import y\r\n",
        "x = 1\r\nfrom brandnew import y\r\n",
    ),
    "behind a form feed": ("x = 1\n\x0cfrom old import y\n", "x = 1\n\x0cfrom brandnew import y\n"),
    "without a last line's end": ("from old import y", "from brandnew import y"),
    "by name": (
        'm = import_module("old_provider.s3_bucket")\n',
        'm = import_module("new_provider.s3_bucket")\n',
    ),
    "by name, of a module's function": (
        "m = importlib.import_module(name='old')\n",
        "m = importlib.import_module(name='brandnew')\n",
    ),
    "by name, relative": (
        'm = importlib.import_module(".s3", package="old_provider")\n',
        'm = importlib.import_module(".s3", package="new_provider")\n',
    ),
    "by dunder name": ('m = __import__(r"old")\n', 'm = __import__(r"brandnew")\n'),
    "by spec": (
        'm = util.find_spec("""old""")\n',
        'm = util.find_spec("""brandnew""")\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), RENAMED.values(), ids=RENAMED)
def test_renames(before: str, after: str) -> None:
    rewritten = rewrite(before, NAMES)

    assert rewritten.source == after
    assert rewritten.count == after.count("brandnew") + after.count("new_provider") - (
        after.count(", new_provider as old_provider")
    )
    ast.parse(after)


UNTOUCHED = {
    "comment": "# import old\nx = 1  # from old import y\n",
    "docstring": '"""\nimport old\nfrom old import y\n"""\n',
    "string": 's = "from old import x"\nt = "old"\nu = "old_provider.s3_bucket"\n',
    "string over many lines": "s = '''\nimport old\n'''\n",
    "formatted string": 's = f"import old {x}"\n',
    "longer name": "import older\nfrom old_extra import x\nimport old_provider_two as p\n",
    "name below another package": "import mine.old\nfrom mine.old import x\nfrom mine import old\n",
    "relative import": "from . import old\nfrom .old import x\nfrom ..old.a import y\n",
    "only bound as": "import mine as old\nfrom mine import x as old\n",
    "variables": "old = 1\nold.x = old['old']\n\ndef f(old): return lambda old: old\n",
    "attributes": "self.old.import_module = mine.old\n",
    "other words with from": "def f():\n    yield from old\n    raise X from old\n",
    "other calls": 'print("old")\nopen("old")\nmodules["old"]\n',
    "longer name in a call": 'import_module("old_extra.x")\nimport_module("mine.old")\n',
    "calls without a literal": 'import_module(old)\nimport_module(f"old.{x}")\nimport_module(1)\n',
    "name put together": 'import_module("o" "ld")\n',
    "nothing": "",
}


@pytest.mark.parametrize("source", UNTOUCHED.values(), ids=UNTOUCHED)
def test_leaves_alone(source: str) -> None:
    rewritten = rewrite(source, NAMES)

    assert rewritten.source == source
    assert rewritten.count == 0


def test_text_of_another_coding_is_read_as_the_text_that_it_is() -> None:
    source = "# -*- coding: latin-1 -*-\né = 1; from old import x\n"

    assert rewrite(source, NAMES).source == source.replace("old", "brandnew")


def test_fails_on_what_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        rewrite("import old as\n", NAMES)


def test_a_second_time_renames_nothing() -> None:
    for before, _ in RENAMED.values():
        once = rewrite(before, NAMES)

        assert rewrite(once.source, NAMES).source == once.source


def package(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    top, submodule = ModuleType(name), ModuleType(f"{name}.part")
    submodule.Thing = "thing"  # type: ignore[attr-defined]
    top.part = submodule  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, name, top)
    monkeypatch.setitem(sys.modules, f"{name}.part", submodule)


@pytest.mark.parametrize(
    "source",
    [
        "import old\nseen = old.part.Thing",
        "import old.part\nseen = old.part.Thing",
        "import old.part as p, old as o\nseen = p.Thing, o.part.Thing",
        "from old import part\nseen = part.Thing",
        "from old.part import (\n    Thing as old,\n)\nseen = old",
        "import importlib\nseen = importlib.import_module('old.part').Thing",
    ],
)
def test_code_runs_as_before_where_only_the_other_package_is(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    package(monkeypatch, "brandnew")
    monkeypatch.setitem(sys.modules, "old", None)  # an import of it fails
    scope: dict[str, object] = {}

    exec(rewrite(source, NAMES).source, scope)  # noqa: S102 - the sources above

    assert "thing" in str(scope["seen"])


def test_in_this_project_only_lines_of_imports_change() -> None:
    sources = [ROOT / "main.py", *sorted((ROOT / "modules").rglob("*.py"))]
    changed = []
    for path in sources:
        before = path.read_text(encoding="utf-8").splitlines()
        after = rewrite(path.read_text(encoding="utf-8"), IMPORT_NAMES).source.splitlines()
        changed += [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]

    assert len(changed) > 30
    for old, new in changed:
        assert old.lstrip().startswith(("from cdktf", "import cdktf"))
        assert "cdktn" in new
