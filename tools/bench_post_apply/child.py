"""One run in a process of its own: ``python -m tools.bench_post_apply.child [WORKERS]``.

The environment says which AWS. What was measured is one line of JSON on stdout.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

from scripts.lib.clients import WORKERS, open_session
from scripts.lib.jumpstart import associate_roles

STATUS = Path("/proc/self/status")
KIB_PER_MB = 1024
BYTES_PER_MB = 1024**2


def main() -> None:
    workers = int(sys.argv[1]) if sys.argv[1:] else WORKERS
    begin = perf_counter()
    report = associate_roles(open_session(), apply=True, workers=workers)
    seconds = perf_counter() - begin
    measured = {
        "seconds": seconds,
        "megabytes": peak_megabytes(),
        "retries": report.retries,
        "outcomes": sorted(
            [str(each.status), each.change.action, each.change.subject] for each in report.outcomes
        ),
        "findings": sorted([str(each.severity), each.subject] for each in report.findings),
    }
    json.dump(measured, sys.stdout)


def peak_megabytes() -> float:
    """The most memory that this process has had at a time."""
    if STATUS.exists():
        # The resource usage begins with that of the process which started this one.
        lines = STATUS.read_text(encoding="utf-8").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / KIB_PER_MB
    peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_rss / (BYTES_PER_MB if sys.platform == "darwin" else KIB_PER_MB)


if __name__ == "__main__":
    main()
