"""What is measured, in a process of its own: ``python -m tools.bench_plan_review.child WHAT ...``.

``parse FILE`` or ``review FILE OUT``. What was measured is one line of JSON on stdout.
"""

import json
import runpy
import sys
from pathlib import Path
from time import perf_counter

from tools.peak_memory import megabytes, peak_megabytes

COMMAND = "scripts.plan_review"


def parse(path: Path) -> dict[str, float]:
    """Load the file, and nothing else; the memory is that of what was loaded, when it is over."""
    before = megabytes()
    with path.open(encoding="utf-8") as file:
        begin = perf_counter()
        document = json.load(file)
        seconds = perf_counter() - begin
    grown = megabytes() - before
    del document
    return {"seconds": seconds, "megabytes": grown}


def review(path: Path, out: Path) -> dict[str, float]:
    """Run the command as it runs alone; the memory is the most that it takes, modules included.

    The time is not that of the process, which began before.
    """
    before = megabytes()
    begin = perf_counter()
    sys.argv = [COMMAND, str(path), "--format", "markdown", "--out", str(out)]
    code: object = 0
    try:
        runpy.run_module(COMMAND, run_name="__main__", alter_sys=True)
    except SystemExit as exc:
        code = exc.code
    # 2 says that there is something to review.
    if code not in {0, 2, None}:
        raise SystemExit(1)
    return {"seconds": perf_counter() - begin, "megabytes": peak_megabytes() - before}


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case ["parse", path]:
            measured = parse(Path(path))
        case ["review", path, out]:
            measured = review(Path(path), Path(out))
        case _:
            raise SystemExit(f"arguments are {sys.argv[1:]}, allowed: parse FILE, review FILE OUT")
    json.dump(measured, sys.stdout)


if __name__ == "__main__":
    main()
