"""One run in a process of its own: ``python -m tools.bench_post_apply.child [WORKERS]``.

The environment says which AWS. What was measured is one line of JSON on stdout.
"""

import json
import sys
from time import perf_counter

from scripts.lib.clients import WORKERS, open_session
from scripts.lib.jumpstart import associate_roles
from tools.peak_memory import peak_megabytes


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


if __name__ == "__main__":
    main()
