"""Which modules of a package sources import."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slim_bindings.imports import EVERYTHING, imported_modules


def found(text: str | bytes, package: str = "prebuilt") -> set[str]:
    with TemporaryDirectory() as directory:
        path = Path(directory, "source.py")
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return set(imported_modules(package, [path]))


@pytest.mark.parametrize(
    "text",
    [
        "import prebuilt.x",
        "import prebuilt.x as y",
        "import os, prebuilt.x, sys",
        "import prebuilt.x.deeper",
        "from prebuilt.x import Thing",
        "from prebuilt.x import Thing as Other",
        "from prebuilt.x import *",
        "from prebuilt.x.deeper import Thing",
        "from prebuilt import x",
        "from prebuilt import x as y",
        "from prebuilt import (\n    x,\n)",
        "from prebuilt \\\n    import x",
        "import prebuilt\nprebuilt.x.Thing()",
        "import prebuilt as p\np.x.Thing()",
        "import prebuilt as p\nthing = p.x",
        "import prebuilt as p\ndef make(thing: p.x.Thing) -> None: ...",
        "import prebuilt as p\nclass Mine(p.x.Thing): ...",
        "def make():\n    return prebuilt.x.Thing()\nimport prebuilt",
        'import_module("prebuilt.x")',
        'import_module("prebuilt.x.deeper")',
        '__import__("prebuilt.x")',
        'NAMES = {"a": "prebuilt.x"}',
        "if TYPE_CHECKING:\n    from prebuilt.x import Thing",
        "try:\n    import prebuilt.x\nexcept ImportError:\n    pass",
        "def late():\n    from prebuilt.x import Thing",
        "class Late:\n    async def late(self):\n        import prebuilt.x",
        "with open(__file__):\n    if True:\n        import prebuilt.x",
        "match 1:\n    case 1:\n        import prebuilt.x",
        "lambda: __import__('prebuilt.x')",
    ],
)
def test_finds_the_module_in_every_form_of_import(text: str) -> None:
    assert found(text) == {"x"}


def test_finds_all_of_several_names() -> None:
    assert found("from prebuilt import x, y as z\nimport prebuilt.v, prebuilt.w") == {*"vwxy"}


def test_an_attribute_counts_where_the_package_came_with_a_submodule() -> None:
    assert found("import prebuilt.y\nprebuilt.x.Thing()") == {"x", "y"}


def test_an_alias_of_a_submodule_is_not_the_package() -> None:
    assert found("import prebuilt.y as p\np.x.Thing()\nprebuilt.z") == {"y"}


def test_an_import_of_everything_says_so() -> None:
    assert found("from prebuilt import *") == {EVERYTHING}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import prebuilt",
        "import prebuilt_more.x",
        "from prebuilt_more import x",
        "import not_prebuilt.x",
        "import other.prebuilt.x",
        "from other import prebuilt\nprebuilt.x",
        "from . import prebuilt",
        "from .prebuilt import x",
        "from .prebuilt.x import Thing",
        "# import prebuilt.x",
        '"""Use ``import prebuilt.x`` for it."""',
        '"prebuilt.x is a module"',
        '"prebuilt.x.deeper/more"',
        '"prebuilt"',
        'f"prebuilt.{name}"',
        "p.x  # not bound to prebuilt",
    ],
)
def test_finds_nothing_where_nothing_of_the_package_is_imported(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        b"import prebuilt.x\ndef broken(:\n",
        b"import prebuilt.x\n\xff\xfe\n",
        b"import prebuilt.x\n\x00\n",
        b"# coding: no-such-coding\nimport prebuilt.x\n",
        b"import prebuilt.x\n  indented = 1\n",
    ],
)
def test_leaves_what_is_not_python_to_the_interpreter(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_bytes(text)
    (tmp_path / "good.py").write_text("import prebuilt.y")
    assert imported_modules("prebuilt", [tmp_path]) == {"y"}


@pytest.mark.parametrize(
    "text",
    [
        "# coding: latin-1\nname = 'é'\nimport prebuilt.x\n".encode("latin-1"),
        b"\xef\xbb\xbfimport prebuilt.x\n",
        b"import prebuilt.x\r\n",
        b"import prebuilt.x",
    ],
    ids=["another coding", "byte order mark", "line ends of Windows", "no line end"],
)
def test_reads_sources_as_the_interpreter_does(text: bytes) -> None:
    assert found(text) == {"x"}


def test_reads_files_and_folders_at_every_depth(tmp_path: Path) -> None:
    for n, name in enumerate(("one.py", "app/two.py", "app/deep/er/three.py", "app/not.txt")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"import prebuilt.m{n}")
    assert imported_modules("prebuilt", [tmp_path / "one.py"]) == {"m0"}
    assert imported_modules("prebuilt", [tmp_path / "app"]) == {"m1", "m2"}
    assert imported_modules("prebuilt", [*tmp_path.iterdir()]) == {"m0", "m1", "m2"}
    assert imported_modules("prebuilt", []) == set()


def test_passes_over_what_is_no_file_in_a_folder(tmp_path: Path) -> None:
    """An editor leaves such a link beside a file with changes that are not yet saved."""
    (tmp_path / ".#app.py").symlink_to("somebody@somewhere.4711")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "app.py").write_text("import prebuilt.x")
    assert imported_modules("prebuilt", [tmp_path]) == {"x"}


def test_fails_when_a_source_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"missing\.py"):
        imported_modules("prebuilt", [tmp_path / "missing.py"])


MODULES = [f"m{n}" for n in range(6)]


@pytest.fixture(scope="module")
def prebuilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A package that imports its modules when they are asked for, as a provider's does."""
    directory = tmp_path_factory.mktemp("prebuilt")
    package = directory / "prebuilt_for_imports"
    package.mkdir()
    (package / "__init__.py").write_text(
        f"import importlib\n__all__ = {MODULES}\n"
        "def __getattr__(name):\n"
        "    if name not in __all__:\n"
        "        raise AttributeError(name)\n"
        "    return importlib.import_module(f'{__name__}.{name}')\n"
    )
    for module in MODULES:
        (package / f"{module}.py").write_text("class Thing: ...\n")
    sys.path.insert(0, str(directory))
    yield
    sys.path.remove(str(directory))


def forget() -> None:
    for name in [name for name in sys.modules if name.startswith("prebuilt_for_imports")]:
        del sys.modules[name]


module = st.sampled_from(MODULES)
name = st.sampled_from(["a", "b", "Thing"])
statement = st.one_of(
    st.builds("import P.{0}".format, module),
    st.builds("import P.{0} as {1}\n{1}.Thing()".format, module, name),
    st.builds("from P.{0} import Thing as {1}".format, module, name),
    st.builds("from P.{0} import *".format, module),
    st.builds("from P import {0}\n{0}.Thing()".format, module),
    st.builds("from P import {0} as {1}, {2}".format, module, name, module),
    st.builds("import P as {1}\n{1}.{0}.Thing()".format, module, name),
    st.builds("import P, os\nthing = P.{0}.Thing".format, module),
    st.builds("import P.{0}\nP.{1}.Thing()".format, module, module),
    st.builds("import importlib\nimportlib.import_module('P.{0}')".format, module),
    st.builds("__import__('P.{0}')".format, module),
    st.just("x = 1"),
)


def within(code: str, frame: str) -> str:
    return frame.replace("BODY", indent(code, "    "))


frame = st.sampled_from(
    [
        "if True:\nBODY",
        "if False:\nBODY",
        "def f():\nBODY\nf()",
        "def f():\nBODY",
        "class C:\nBODY",
        "class C:\n    def m(self):\n        pass\nfor _ in range(2):\nBODY",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\nBODY",
        "try:\n    pass\nfinally:\nBODY",
        "while True:\nBODY\n    break",
    ]
)


def framed(code: str) -> st.SearchStrategy[str]:
    """``import *`` is allowed at a module's own level alone."""
    return st.just(code) if "import *" in code else frame.map(lambda each: within(code, each))


source = st.lists(statement | statement.flatmap(framed), max_size=5).map("\n".join)


@pytest.mark.usefixtures("prebuilt")
@settings(max_examples=200, deadline=None)
@given(source)
def test_every_module_that_a_source_really_imports_is_found(text: str) -> None:
    code = text.replace("P", "prebuilt_for_imports")
    forget()
    exec(compile(code, "source", "exec"), {"__name__": "source"})  # noqa: S102 (our own code)
    imported = {name.partition(".")[2] for name in sys.modules if "prebuilt_for_imports." in name}
    forget()
    assert imported <= found(code, "prebuilt_for_imports")
