"""How much memory a process has and has had; for benches."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
KIB_PER_MB = 1024
BYTES_PER_MB = 1024**2


def peak_megabytes() -> float:
    """The most memory that this process has had at a time."""
    if STATUS.exists():
        # The resource usage begins with that of the process which started this one.
        return _status("VmHWM")
    peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_rss / (BYTES_PER_MB if sys.platform == "darwin" else KIB_PER_MB)


def megabytes() -> float:
    """The memory that this process has now; the most it has had where the system tells no more."""
    return _status("VmRSS") if STATUS.exists() else peak_megabytes()


def _status(name: str) -> float:
    lines = STATUS.read_text(encoding="utf-8").splitlines()
    value = next(line for line in lines if line.startswith(f"{name}:"))
    return int(value.split()[1]) / KIB_PER_MB
