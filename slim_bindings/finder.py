"""Imports a prebuilt provider's package without importing all of its submodules."""

import re
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

# What jsii-pacmak writes at the end of a package's __init__.py, once for each submodule.
_EAGER_IMPORT = re.compile(r"^from \. import \w+$", re.MULTILINE)
_LAZY_IMPORT = """
def __getattr__(name):
    import importlib

    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


import sys

# publication.publish() has put another module in the place of this one.
sys.modules[__name__].__getattr__ = __getattr__
sys.modules[__name__].__dir__ = lambda: sorted({*vars(sys.modules[__name__]), *__all__})
"""


class LazyPackageLoader(SourceFileLoader):
    """Runs a package's ``__init__.py`` with its submodules imported on demand.

    Bytecode is neither read nor written: what lies beside the file is that of the whole.
    """

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - one loader, one module
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(_EAGER_IMPORT.sub("", source) + _LAZY_IMPORT, self.path, "exec")


class PrebuiltFinder(MetaPathFinder):
    """Finds the packages whose names match ``patterns``, in the way of ``fnmatch``.

    Attributes:
        loaded: the submodules of each package that the kernel knows, once it knows only some.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns
        self.loaded: dict[str, frozenset[str]] = {}

    def handles(self, package: str) -> bool:
        return any(fnmatchcase(package, pattern) for pattern in self._patterns)

    def imported(self, package: str) -> frozenset[str]:
        """The direct submodules of ``package`` that have been imported."""
        prefix = package + "."
        return frozenset(
            name.removeprefix(prefix).partition(".")[0]
            for name in list(sys.modules)  # another thread may be importing
            if name.startswith(prefix)
        )

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As ``importlib.abc.MetaPathFinder``.

        Raises:
            ImportError: the kernel has been given an assembly without this submodule.
        """
        package, _, submodule = fullname.partition(".")
        if not self.handles(package):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return spec
        if not submodule:
            if _EAGER_IMPORT.search(Path(spec.origin).read_text(encoding="utf-8")):
                spec.loader = LazyPackageLoader(fullname, spec.origin)
        elif package in self.loaded and _direct(submodule) not in self.loaded[package]:
            raise ImportError(
                f"{fullname} is imported after the first construct was made, and no source names "
                "it: import it earlier, or set SLIM_BINDINGS=off"
            )
        return spec


def _direct(submodule: str) -> str:
    return submodule.partition(".")[0]
