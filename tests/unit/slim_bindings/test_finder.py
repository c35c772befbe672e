"""A provider's package whose submodules are imported when they are asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from slim_bindings.finder import LazyPackageLoader, PrebuiltFinder
from tests.unit.slim_bindings import packages

NAME = "prebuilt_for_finder"
SUBMODULES = ("alpha", "beta_two", "gamma")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with the root that jsii-pacmak gave the null provider, and modules of our own."""
    root = (packages.installed(packages.NULL) / "__init__.py").read_text(encoding="utf-8")
    names = ("data_null_data_source", "provider", "resource")
    for old, new in zip(names, SUBMODULES, strict=True):
        root = root.replace(f'"{old}",', f'"{new}",').replace(f"import {old}\n", f"import {new}\n")
    folder = tmp_path / NAME
    for submodule in ("_jsii", *SUBMODULES):
        (folder / submodule).mkdir(parents=True)
        (folder / submodule / "__init__.py").write_text(f"NAME = {submodule!r}\n")
    (folder / "alpha/nested").mkdir()
    (folder / "alpha/nested/__init__.py").write_text("NAME = 'nested'\n")
    (folder / "__init__.py").write_text(root, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> PrebuiltFinder:
    finder = PrebuiltFinder(["prebuilt_for_*"])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    return finder


@pytest.fixture
def lazy(package: Path, finder: PrebuiltFinder) -> ModuleType:
    assert package.name == NAME
    assert finder.handles(NAME)
    return importlib.import_module(NAME)


def imported() -> set[str]:
    prefix = f"{NAME}."
    return {name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)} - {
        "_jsii",
        "_private",
    }


@pytest.mark.usefixtures("package")
def test_the_stock_package_imports_all_of_its_submodules() -> None:
    """Otherwise nothing below would show anything."""
    importlib.import_module(NAME)
    assert imported() == set(SUBMODULES)


@pytest.mark.usefixtures("lazy")
def test_importing_the_package_imports_none_of_its_submodules() -> None:
    assert imported() == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"import {NAME}.alpha", {"alpha"}),
        (f"import {NAME}.alpha as a; a.NAME", {"alpha"}),
        (f"from {NAME} import beta_two; beta_two.NAME", {"beta_two"}),
        (f"from {NAME} import alpha, gamma as g; g.NAME", {"alpha", "gamma"}),
        (f"from {NAME}.gamma import NAME", {"gamma"}),
        (f"import {NAME} as p; p.beta_two.NAME; p.beta_two.NAME", {"beta_two"}),
        (f"import {NAME}; getattr({NAME}, 'alpha').NAME", {"alpha"}),
        (f"import {NAME}.alpha.nested", {"alpha", "alpha.nested"}),
        (f"from {NAME} import *; alpha.NAME; gamma.NAME", set(SUBMODULES)),
        (f"import {NAME}._private as p; p.alpha.NAME", {"alpha"}),
    ],
)
@pytest.mark.usefixtures("lazy")
def test_every_form_of_import_imports_what_it_names(code: str, expected: set[str]) -> None:
    exec(code, {})  # noqa: S102 (our own code)
    assert imported() == expected


def test_submodules_are_those_of_the_package(lazy: ModuleType) -> None:
    for submodule in SUBMODULES:
        module = getattr(lazy, submodule)
        assert module is importlib.import_module(f"{NAME}.{submodule}")
        assert module is vars(lazy)[submodule]
        assert submodule == module.NAME


def test_dir_tells_all_submodules_before_they_are_imported(lazy: ModuleType) -> None:
    assert set(SUBMODULES) < set(dir(lazy))
    assert "__path__" in dir(lazy)
    assert imported() == set()


def test_help_of_the_package_is_that_of_the_stock_one(package: Path, lazy: ModuleType) -> None:
    assert lazy.__all__ == list(SUBMODULES)
    assert lazy.__doc__ is not None
    assert "CDKTF prebuilt bindings" in lazy.__doc__
    assert lazy.__file__ == str(package / "__init__.py")
    assert not hasattr(lazy, "jsii")  # published as jsii-pacmak has it


def test_fails_on_an_unknown_attribute_as_the_stock_package_does(lazy: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"^module '{NAME}' has no attribute 'delta'$"):
        lazy.delta  # noqa: B018
    assert not hasattr(lazy, "delta")


@pytest.mark.usefixtures("lazy")
def test_fails_on_an_unknown_submodule_as_the_stock_package_does() -> None:
    with pytest.raises(ModuleNotFoundError, match=f"^No module named '{NAME}.delta'$"):
        importlib.import_module(f"{NAME}.delta")
    with pytest.raises(ImportError, match=f"^cannot import name 'delta' from '{NAME}'"):
        exec(f"from {NAME} import delta", {})  # noqa: S102 (our own code)


@pytest.mark.usefixtures("finder")
def test_fails_on_an_unknown_package_as_without_it() -> None:
    with pytest.raises(ModuleNotFoundError, match="'prebuilt_for_nobody'"):
        importlib.import_module("prebuilt_for_nobody")


def test_what_a_submodule_raises_is_told_as_it_is(package: Path, lazy: ModuleType) -> None:
    (package / "alpha/__init__.py").write_text("import no_such_dependency")
    with pytest.raises(ModuleNotFoundError, match="'no_such_dependency'"):
        lazy.alpha  # noqa: B018


def test_a_package_that_imports_lazily_itself_is_left_as_it_is(
    package: Path, finder: PrebuiltFinder
) -> None:
    """Newer versions of jsii-pacmak write such packages."""
    (package / "__init__.py").write_text("def __getattr__(name): return f'own {name}'")
    assert importlib.import_module(NAME).alpha == "own alpha"
    spec = finder.find_spec(NAME, None)
    assert spec is not None
    assert not isinstance(spec.loader, LazyPackageLoader)


@pytest.mark.usefixtures("package")
def test_other_packages_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = PrebuiltFinder(["something_else_*"])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    importlib.import_module(NAME)
    assert imported() == set(SUBMODULES)
    assert finder.find_spec("json", None) is None
    assert not finder.handles(NAME)


def test_no_bytecode_of_the_cut_package_is_written_or_read(
    package: Path, finder: PrebuiltFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stock package's must stay what it is, and must not be taken for ours."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    importlib.import_module(NAME)
    assert not (package / "__pycache__").exists()
    forget()
    sys.meta_path.remove(finder)
    importlib.import_module(NAME)
    (stock,) = (package / "__pycache__").iterdir()
    content, changed = stock.read_bytes(), stock.stat().st_mtime_ns
    forget()
    sys.meta_path.insert(0, finder)
    importlib.import_module(NAME)
    assert imported() == set()
    assert (stock.read_bytes(), stock.stat().st_mtime_ns) == (content, changed)


def test_says_which_submodules_have_been_imported(lazy: ModuleType, finder: PrebuiltFinder) -> None:
    assert finder.imported(NAME) >= {"_jsii"}
    assert finder.imported(NAME).isdisjoint(SUBMODULES)
    importlib.import_module(f"{NAME}.alpha.nested")
    lazy.gamma  # noqa: B018
    assert finder.imported(NAME) - {"_jsii", "_private"} == {"alpha", "gamma"}
    assert finder.imported("prebuilt_for") == frozenset()


class ImportedMeanwhile(str):
    """A name of a module; when it is looked at, another thread has imported one more."""

    __slots__ = ()

    def startswith(self, *prefix: Any) -> bool:
        sys.modules[f"imported_{len(sys.modules)}"] = sys
        return super().startswith(*prefix)


def test_says_so_while_another_thread_imports(
    finder: PrebuiltFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel's thread asks while the app imports: the table of modules grows under it."""
    names = {ImportedMeanwhile(name): module for name, module in sys.modules.items()}
    monkeypatch.setattr(sys, "modules", names)
    assert "decoder" in finder.imported("json")
    assert "imported_" in str(list(sys.modules))


def test_imports_what_the_kernel_knows(lazy: ModuleType, finder: PrebuiltFinder) -> None:
    finder.loaded[NAME] = frozenset({"alpha"})
    assert lazy.alpha.NAME == "alpha"
    assert importlib.import_module(f"{NAME}.alpha.nested").NAME == "nested"


REFUSAL = (
    f"^{NAME}.gamma is imported after the first construct was made, and no source names it: "
    "import it earlier, or set SLIM_BINDINGS=off$"
)


@pytest.mark.parametrize(
    "code",
    [
        f"import {NAME}.gamma",
        f"from {NAME} import gamma",
        f"from {NAME}.gamma import NAME",
        f"import {NAME} as p; p.gamma",
        f"from {NAME} import *",
    ],
)
@pytest.mark.usefixtures("lazy")
def test_fails_on_what_the_kernel_has_been_given_without(code: str, finder: PrebuiltFinder) -> None:
    finder.loaded[NAME] = frozenset({"alpha", "beta_two"})
    with pytest.raises(ImportError, match=REFUSAL):
        exec(code, {})  # noqa: S102 (our own code)
    assert "gamma" not in imported()


def test_what_was_imported_before_stays(lazy: ModuleType, finder: PrebuiltFinder) -> None:
    assert lazy.gamma.NAME == "gamma"
    finder.loaded[NAME] = frozenset({"alpha"})
    assert lazy.gamma.NAME == "gamma"
    assert importlib.import_module(f"{NAME}.gamma") is lazy.gamma
