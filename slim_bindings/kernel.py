"""Gives the jsii kernel a cut assembly in the place of a prebuilt provider's whole one."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from slim_bindings.assembly import cut, dependencies
from slim_bindings.finder import PrebuiltFinder
from slim_bindings.imports import EVERYTHING, imported_modules

log = logging.getLogger(__package__)

# Part of every package, and no provider's resource.
_NOT_MODULES = frozenset({"_jsii", "_private"})


class SlimProcess:
    """Stands before jsii's process of Node.js, in ``jsii.kernel.provider``.

    Node.js starts and loads assemblies beside Python's imports. A prebuilt provider's is cut to
    the modules that the sources name. Should Python import others before the kernel is first
    asked for anything but an assembly, when the first construct is made, the process is started
    again with these as well: it holds nothing yet that could be lost.
    """

    def __init__(
        self, process: Any, finder: PrebuiltFinder, sources: Sequence[Path], cache: Path
    ) -> None:
        self._process = process
        self._finder = finder
        self._sources = sources
        self._cache = cache
        self._executor = ThreadPoolExecutor(max_workers=1)
        self._running: list[Future[None]] = [self._executor.submit(_start, process)]
        self._requests: list[Any] = []
        self._modules: dict[str, frozenset[str]] = {}
        self._whole: set[str] = set()
        self._used = False

    def load(self, request: Any) -> None:
        """Take a ``LoadRequest``; an error in carrying it out is raised by the next call.

        Raises:
            ImportError: the assembly builds on one that is cut and in use.
        """
        if not self._is_prebuilt(request):
            self._widen_for(request)
        self._requests.append(request)
        self._running.append(self._executor.submit(self._load, request))

    def __getattr__(self, name: str) -> Any:
        if self._running:
            self._settle()
        return getattr(self._process, name)

    def _settle(self) -> None:
        """Wait for the assemblies, and see that what was imported meanwhile is in them."""
        while self._running:
            self._running.pop(0).result()
        if not self._used and any(self._lacks_modules(request) for request in self._requests):
            self._restart()
        self._used = True
        self._finder.loaded.update(
            {
                _package(request).name: self._modules[request.name]
                for request in self._requests
                if request.name in self._modules
            }
        )

    def _lacks_modules(self, request: Any) -> bool:
        if request.name not in self._modules:
            return False
        return request.name in self._whole or not (
            self._imported(_package(request)) <= self._modules[request.name]
        )

    def _restart(self) -> None:
        self._process._process.stop()  # noqa: SLF001 - the only way that jsii has
        self._process = type(self._process)()
        self._modules.clear()
        for request in self._requests:
            self._load(request)

    def _load(self, request: Any) -> None:
        """Carry out a request, by a cut assembly where that is possible."""
        if not self._is_prebuilt(request) or request.name in self._whole:
            self._process.load(request)
            return
        package = _package(request)
        slim: Path | None = None
        try:
            modules = self._named(package) | self._imported(package)
            slim = cut(package, Path(request.tarball), modules, self._cache)
            self._process.load(type(request)(request.name, request.version, str(slim)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the whole assembly serves
            log.warning("slim_bindings: %s; using the whole of %s", error, request.name)
            if slim is not None:  # the kernel could not read it: to be made anew
                slim.unlink(missing_ok=True)
            self._process.load(request)
        else:
            self._modules[request.name] = modules

    def _widen_for(self, request: Any) -> None:
        """Use whole what the assembly builds on: its JavaScript may need all of it."""
        prebuilt = {loaded.name for loaded in self._requests if self._is_prebuilt(loaded)}
        if not prebuilt:
            return
        for name in sorted(prebuilt & dependencies(Path(request.tarball)) - self._whole):
            if self._used and name in self._modules:
                raise ImportError(
                    f"{request.name} builds on {name} and is imported after the first construct "
                    "was made: import it earlier, or set SLIM_BINDINGS=off"
                )
            log.warning("slim_bindings: %s builds on %s; using the whole of it", request.name, name)
            self._whole.add(name)

    def _is_prebuilt(self, request: Any) -> bool:
        return self._finder.handles(_package(request).name)

    def _named(self, package: Path) -> frozenset[str]:
        names = imported_modules(package.name, self._sources)
        if EVERYTHING in names:
            raise ValueError(f"the sources import * from {package.name}")
        return _modules_of(package, names)

    def _imported(self, package: Path) -> frozenset[str]:
        return _modules_of(package, self._finder.imported(package.name))


def _start(process: Any) -> None:
    process._process  # noqa: B018, SLF001 - made, and Node.js started, when it is first read


def _package(request: Any) -> Path:
    """The folder of the Python package that ships the assembly, in its ``_jsii``."""
    return Path(request.tarball).parent.parent


def _modules_of(package: Path, names: frozenset[str]) -> frozenset[str]:
    return frozenset(
        name for name in names - _NOT_MODULES if (package / name / "__init__.py").is_file()
    )
