"""Puts the finder and the kernel's stand-in in their places."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

OFF_SWITCH = "SLIM_BINDINGS"
PREBUILT_PROVIDERS = ("cdktf_cdktf_provider_*", "cdktn_provider_*")

log = logging.getLogger(__package__)


def install(*sources: str | os.PathLike[str], cache: str | os.PathLike[str]) -> bool:
    """Make the prebuilt providers that are imported from now on slim.

    Call it once, before the first import of ``cdktf`` or a provider: Node.js is started now and
    is ready when Python has done its imports. After one the stock bindings stay, as the kernel
    may hold constructs already. A second call changes nothing.

    Args:
        sources: the app's Python files, or folders of them, to be read for the provider modules
            that they import.
        cache: folder for the cut assemblies, about 100 kB each; made when it is needed.

    Returns:
        False if the stock bindings stay: the environment says ``SLIM_BINDINGS=off``; or, logged
        as a warning, the call comes too late, or this version of jsii is not understood.
    """
    if os.environ.get(OFF_SWITCH, "").lower() in {"off", "0", "false", "no"}:
        return False
    try:  # imported here: an app that turns this off must not pay for it
        import jsii

        from slim_bindings.finder import PrebuiltFinder
        from slim_bindings.kernel import SlimProcess

        kernel: Any = jsii.kernel
        process = kernel.provider
        if isinstance(process, SlimProcess):
            return True
        _check(process)
        finder = PrebuiltFinder(PREBUILT_PROVIDERS)
        roots = [Path(source).absolute() for source in sources]
        kernel.provider = SlimProcess(process, finder, roots, Path(cache).absolute())
        sys.meta_path.insert(0, finder)
    except (AttributeError, ImportError) as error:
        log.warning("slim_bindings: %s; using the stock bindings", error)
        return False
    return True


def _check(process: Any) -> None:
    """Raise unless ``SlimProcess`` can stand before the process.

    Raises:
        AttributeError: it lacks what ``SlimProcess`` builds on.
        ImportError: a jsii package has been imported, so the process runs already.
    """
    _ = process.load, type(process)._process  # noqa: SLF001 - reading the class starts nothing
    for name in list(sys.modules):
        if name.endswith("._jsii"):
            raise ImportError(f"{name.removesuffix('._jsii')} has been imported before")
