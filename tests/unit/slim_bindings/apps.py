"""Apps in processes of their own: what they import, and what Node.js loads, is global."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
INSTALL = 'slim_bindings.install("app.py", cache="cache")'

# What Node.js is really given is written down where jsii gives it. Garbage is collected as little
# as in main.py: half of the time of the AWS provider's stock bindings would go into that.
_BEGINNING = """
import gc
gc.disable()
import atexit, importlib, json, os, sys, time
from resource import RUSAGE_CHILDREN, getrusage
from jsii._kernel.providers.process import ProcessProvider, _NodeProcess

LOADS, STARTS, REPORT = [], [], {}
OUT = os.environ["OUT"]

def _load(self, request, stock=ProcessProvider.load):
    answer = stock(self, request)
    LOADS.append([request.name, request.tarball])
    return answer

def _start(self, stock=_NodeProcess.start):
    STARTS.append(1)
    return stock(self)

def wait_for(assembly):
    while assembly not in [name for name, _ in LOADS]:
        time.sleep(0.01)

def _report():
    print(json.dumps({**REPORT, "memory": getrusage(RUSAGE_CHILDREN).ru_maxrss}))

atexit.register(_report)  # before jsii does: when this runs, Node.js has ended
ProcessProvider.load, _NodeProcess.start = _load, _start
import slim_bindings
INSTALLED = {install}
"""
_END = """
REPORT.update({
    "installed": INSTALLED,
    "loads": LOADS,
    "starts": len(STARTS),
    "imported": sorted(name for name in sys.modules if "_provider_" in name),
})
gc.freeze()
"""
NULL = """
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_null.provider import NullProvider
from cdktf_cdktf_provider_null.resource import Resource
app = App(outdir=OUT)
stack = TerraformStack(app, "stack")
NullProvider(stack, "null")
Resource(stack, "resource", triggers={"a": "b"})
app.synth()
"""
"""An app with two of the null provider's three modules."""

NULL_MODULES = ("provider", "resource")
NULL_PACKAGE = "cdktf_cdktf_provider_null"
WHOLE_NULL = "provider-null@11.0.1.jsii.tgz"


@dataclass(frozen=True)
class Outcome:
    """How an app ended."""

    directory: Path
    code: str
    path: tuple[Path, ...]
    status: int
    output: str
    errors: str
    out: str

    @property
    def warnings(self) -> list[str]:
        """The lines on stderr, without those that jsii writes of an old Node.js."""
        return [line for line in self.errors.splitlines() if not line.startswith("b'!!")]

    @property
    def report(self) -> dict[str, Any]:
        assert self.status == 0, self.errors
        report: dict[str, Any] = json.loads(self.output.splitlines()[-1])
        return report

    @property
    def tarballs(self) -> list[str]:
        """The file names of the null provider's assemblies that Node.js was given."""
        loads = self.report["loads"]
        return [Path(tarball).name for name, tarball in loads if name == "@cdktf/provider-null"]

    @property
    def modules(self) -> set[str]:
        """The null provider's modules that were imported."""
        prefix = "cdktf_cdktf_provider_null."
        names = {name.removeprefix(prefix) for name in self.report["imported"] if prefix in name}
        return {name for name in names if "_" not in name or name == "data_null_data_source"}

    @property
    def written(self) -> dict[str, bytes]:
        """What was synthesised. It depends on the app's directory: cdktf writes it down."""
        return files(self.directory / self.out)

    @property
    def written_anywhere(self) -> dict[str, bytes]:
        """What was synthesised, without the app's directory."""
        return without(self.directory, self.written)

    @property
    def cuts(self) -> list[Path]:
        return sorted((self.directory / "cache").glob("*"))


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def without(directory: Path, written: Mapping[str, bytes]) -> dict[str, bytes]:
    here = os.fsencode(directory.resolve())
    return {name: content.replace(here, b"DIRECTORY") for name, content in written.items()}


def environment(path: tuple[Path, ...], more: Mapping[str, str]) -> dict[str, str]:
    """What a process gets: only what Python and Node.js need of ours, and what is given."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        **more,
    }


def script(code: str, install: str = INSTALL) -> str:
    """Return ``code`` behind ``install``, with a report at its end.

    The code finds in ``OUT`` where to synthesise to; ``wait_for`` returns when Node.js has been
    given an assembly.
    """
    return _BEGINNING.replace("{install}", install) + code + _END


def start(
    directory: Path,
    code: str,
    *,
    install: str = INSTALL,
    path: tuple[Path, ...] = (ROOT,),
    more: Mapping[str, str] | None = None,
    out: str = "out",
) -> subprocess.Popen[str]:
    """Start a script of ``code`` as ``app.py`` in ``directory``."""
    directory.mkdir(exist_ok=True)
    (directory / "app.py").write_text(script(code, install), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=directory,
        env=environment(path, {"OUT": out, **(more or {})}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    directory: Path,
    code: str = NULL,
    *,
    path: tuple[Path, ...] = (ROOT,),
    out: str = "out",
    **options: Any,
) -> Outcome:
    """Start an app as ``start`` does and wait for its end."""
    with start(directory, code, path=path, out=out, **options) as process:
        try:
            output, errors = process.communicate(timeout=120)
        except BaseException:
            process.kill()
            raise
    return Outcome(directory, code, path, process.returncode, output, errors, out)


def stock(directory: Path, code: str = NULL, **options: Any) -> Outcome:
    """Run an app with the stock bindings."""
    more = {**options.pop("more", {}), "SLIM_BINDINGS": "off"}
    return run(directory, code, out="stock", more=more, **options)


_STOCK = """
import importlib, json, os, sys

for line in sys.stdin:
    code, out = json.loads(line)
    names = {"importlib": importlib, "OUT": out, "sys": sys, "wait_for": lambda _assembly: None}
    exec(code, names)
    print(flush=True)
"""


class Stock:
    """The stock bindings in one process, for many apps one after the other: they need no
    process each, as nothing depends on what was imported before."""

    def __init__(self, directory: Path, path: tuple[Path, ...] = (ROOT,)) -> None:
        self._directory = directory
        self._outs: dict[str, str] = {}
        self._process = subprocess.Popen(  # noqa: S603 (our own code)
            [sys.executable, "-c", _STOCK],
            cwd=directory,
            env=environment(path, {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Stock:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def written(self, code: str) -> dict[str, bytes]:
        """What an app of ``code`` synthesises, without its directory."""
        out = self._outs.get(code)
        if out is None:
            out = self._outs[code] = f"out{len(self._outs)}"
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps([code, out]), file=self._process.stdin, flush=True)
            assert self._process.stdout.readline(), "the stock bindings refuse the app"
        written = without(self._directory, files(self._directory / out))
        assert written
        return written
