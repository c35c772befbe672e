"""Gives the jsii kernel a cut assembly in the place of a prebuilt provider's whole one."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from slim_bindings.assembly import dependencies
from slim_bindings.cache import cached_cut
from slim_bindings.finder import PrebuiltFinder
from slim_bindings.imports import EVERYTHING, imported_modules
from slim_bindings.node import restart, start

log = logging.getLogger(__package__)

# Part of every package, and no provider's resource.
_NOT_MODULES = frozenset({"_jsii", "_private"})


class SlimProcess:
    """Stands before jsii's process of Node.js, in ``jsii.kernel.provider``.

    Node.js starts and loads assemblies beside Python's imports. A prebuilt provider's is cut to
    the modules that the sources name. Should Python import others before the kernel is first
    asked for anything but an assembly, when the first construct is made, Node.js is started
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
        self._directory = Path.cwd()
        self._started = self._executor.submit(start, process)
        self._running: list[Future[None]] = [self._started]
        self._requests: list[Any] = []
        self._used = False
        self._whole: set[str] = set()  # assemblies that are not to be cut
        self._loaded: set[str] = set()  # assemblies that the Node.js which runs has
        self._modules: dict[str, frozenset[str]] = {}  # those of them that are cut, and to what

    def load(self, request: Any) -> None:
        """Take a ``LoadRequest``; an error in carrying it out is raised by the next call.

        Raises:
            ImportError: the assembly builds on one that is cut and in use.
        """
        if not self._requests:
            self._follow_directory()
        if not self._is_prebuilt(request):
            self._widen_for(request)
        self._requests.append(request)
        self._running.append(self._executor.submit(self._load, request))
        if self._used:  # from now on the finder has to know what there is
            self._settle()

    def __getattr__(self, name: str) -> Any:
        if self._running:
            self._settle()
        return getattr(self._process, name)

    def _follow_directory(self) -> None:
        """Run Node.js where jsii would have started it by now: relative paths depend on that."""
        if Path.cwd() != self._directory:
            self._started.result()
            restart(self._process)

    def _settle(self) -> None:
        """Wait for the assemblies, and see that what was imported meanwhile is in them."""
        for each in self._running:
            each.result()
        if not self._used and any(self._lacks_modules(request) for request in self._requests):
            self._restart()
        self._running.clear()
        self._used = True
        for request in self._requests:
            if request.name in self._modules:
                self._finder.loaded[_package(request).name] = self._modules[request.name]

    def _lacks_modules(self, request: Any) -> bool:
        return request.name in self._modules and not (
            self._imported(_package(request)) <= self._modules[request.name]
        )

    def _restart(self) -> None:
        restart(self._process)
        self._loaded.clear()
        self._modules.clear()
        for request in list(self._requests):
            self._load(request)

    def _load(self, request: Any) -> None:
        self._started.result()  # without Node.js nothing below is to blame
        if self._whole & self._modules.keys():  # the request builds on one that has been cut
            self._restart()
        if request.name in self._loaded:
            return
        if self._is_prebuilt(request) and request.name not in self._whole:
            self._load_cut(request)
        else:
            self._process.load(request)
        self._loaded.add(request.name)

    def _load_cut(self, request: Any) -> None:
        """Load the assembly cut, or whole if that cannot be."""
        package = _package(request)
        slim: Path | None = None
        try:
            modules = self._named(package) | self._imported(package)
            slim = cached_cut(package, Path(request.tarball), modules, self._cache)
            self._process.load(type(request)(request.name, request.version, str(slim)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the whole assembly serves
            _warn(f"{_line(error)}; using the whole of {request.name}")
            self._whole.add(request.name)
            if slim is not None:
                with suppress(OSError):
                    slim.unlink()  # to be made anew
                if not self._used:  # Node.js may hold a half of it
                    self._restart()
                    return
            self._process.load(request)
        else:
            self._modules[request.name] = modules

    def _widen_for(self, request: Any) -> None:
        """Use whole what the assembly builds on: its JavaScript may need all of it."""
        prebuilt = {loaded.name for loaded in self._requests if self._is_prebuilt(loaded)}
        if not prebuilt:
            return
        for name in sorted(prebuilt & dependencies(Path(request.tarball)) - self._whole):
            if self._used:
                raise ImportError(
                    f"{request.name} builds on {name} and is imported after the first construct "
                    "was made: import it earlier, or set SLIM_BINDINGS=off"
                )
            _warn(f"{request.name} builds on {name}; using the whole of it")
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


def _warn(message: str) -> None:
    log.warning("slim_bindings: %s", message)


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [repr(error)])[0]


def _package(request: Any) -> Path:
    """The folder of the Python package that ships the assembly, in its ``_jsii``."""
    return Path(request.tarball).parent.parent


def _modules_of(package: Path, names: frozenset[str]) -> frozenset[str]:
    return frozenset(
        name for name in names - _NOT_MODULES if (package / name / "__init__.py").is_file()
    )
