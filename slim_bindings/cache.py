"""A folder of cut assemblies, each made once."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from slim_bindings import assembly


def cached_cut(package: Path, tarball: Path, modules: frozenset[str], cache: Path) -> Path:
    """The file of ``assembly.cut(package, tarball, modules)``, from the folder ``cache`` or new.

    The folder is made when it is not there. Several processes may do the same at once: a file
    appears whole or not at all.

    Raises:
        CutError: the assembly has another form than expected.
        OSError, tarfile.TarError: it cannot be read, or the cache cannot be written.
    """
    target = cache / f"{tarball.name.removesuffix('.jsii.tgz')}-{_key(tarball, modules)}.tgz"
    if not target.exists():
        content = assembly.cut(package, tarball, modules)
        cache.mkdir(parents=True, exist_ok=True)
        _write_whole(target, content)
    return target


def _key(tarball: Path, modules: frozenset[str]) -> str:
    """Changes with the installed package, the modules, and the way of cutting."""
    stat = tarball.stat()
    inputs = [
        Path(assembly.__file__).read_text(encoding="utf-8"),
        os.fspath(tarball),
        stat.st_size,
        stat.st_mtime_ns,
        sorted(modules),
    ]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]


def _write_whole(target: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=target.stem, suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)  # the folder says who may read
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
