"""Runs made up for tests."""

from dataclasses import replace

from tools.bench_post_apply.least import crowd_of, least_calls
from tools.bench_post_apply.report import Measured
from tools.bench_post_apply.run import Run

CROWD = crowd_of(20)


def a_run(**changes: object) -> Run:
    """A first run of 20 users as it should be, but for ``changes``."""
    run = Run(
        seconds=2.0,
        megabytes=70.0,
        asked={**least_calls(CROWD), "GetCallerIdentity": 1},
        refused={},
        outcomes=(("done", "associate", "role/a"),),
        findings=(),
        principals=frozenset({"role/a"}),
    )
    return replace(run, **changes)  # type: ignore[arg-type]


def measured(**changes: object) -> Measured:
    """A bench that meets every goal, but for ``changes``."""
    bench = Measured(
        crowd=CROWD,
        sequential=a_run(seconds=20.0),
        ours=a_run(),
        again=a_run(asked={"ListDomains": 1}, outcomes=()),
        smaller_users=4,
        smaller=a_run(megabytes=60.0),
        faulty_users=10,
        calm=a_run(),
        faulty=a_run(seconds=9.0, refused={"ListDomains": 3}),
    )
    return replace(bench, **changes)  # type: ignore[arg-type]
