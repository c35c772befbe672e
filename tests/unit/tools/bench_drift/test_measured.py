"""The figures of the bench and its goals."""

from __future__ import annotations

from dataclasses import replace

from tools.bench_drift.measured import Measured

GOOD = Measured(2, ("a", "b", "c"), (4.0, 6.0, 10.0), 12.0, ())


def test_the_least_is_the_work_divided_by_the_cores() -> None:
    assert GOOD.least == 10.0
    assert replace(GOOD, cores=1).least == 20.0


def test_the_least_is_never_less_than_the_slowest() -> None:
    assert replace(GOOD, cores=16).least == 10.0


def test_half_as_much_again_is_good_enough_and_more_is_not() -> None:
    assert all(replace(GOOD, together=15.0).goals().values())
    assert list(replace(GOOD, together=15.1).goals().values()) == [False, True]


def test_drift_of_a_clean_deployment_misses_the_goal() -> None:
    noisy = replace(GOOD, found=("a: aws_x.y: It was changed.",))
    assert list(noisy.goals().values()) == [True, False]
    assert "    a: aws_x.y: It was changed." in noisy.lines()
    assert noisy.lines()[-1].startswith("MISSED")


def test_every_check_counts() -> None:
    assert GOOD.checks == 6
    assert GOOD.document()["checks"] == 6
