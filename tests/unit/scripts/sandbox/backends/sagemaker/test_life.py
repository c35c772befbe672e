"""How a notebook's transitions take their time."""

import pytest

from scripts.sandbox.backends.sagemaker import life
from scripts.sandbox.backends.sagemaker.life import SECONDS, Life, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock shows, to be set; a transition takes 2 seconds."""
    now = [100.0]
    monkeypatch.setattr(life.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(life, "PACE", Pace(seconds=2))
    return now


def test_a_transition_ends_when_its_time_is_over(clock: list[float]) -> None:
    mine = Life()
    mine.pass_through("Pending", "InService")
    assert mine.status() == "Pending"
    clock[0] = 101.9
    assert mine.status() == "Pending"
    began = mine.changed
    clock[0] = 102.0
    assert mine.status() == "InService"
    assert mine.changed > began
    clock[0] = 500.0
    assert mine.status() == "InService"


def test_a_transition_under_way_takes_as_long_as_is_set_now(clock: list[float]) -> None:
    mine = Life()
    mine.pass_through("Stopping", "Stopped")
    clock[0] = 102.0
    life.PACE.set({"seconds": 10})
    assert mine.status() == "Stopping"
    life.PACE.set({"seconds": 0})
    assert mine.status() == "Stopped"


def test_a_transition_that_fails_ends_in_failed_until_the_next(clock: list[float]) -> None:
    mine = Life()
    mine.pass_through("Pending", "InService", "no capacity")
    assert mine.failure_reason is None
    clock[0] = 102.0
    assert mine.status() == "Failed"
    assert mine.failure_reason == "no capacity"
    mine.pass_through("Pending", "InService")
    assert mine.failure_reason is None
    clock[0] = 104.0
    assert mine.status() == "InService"


def test_a_deletion_ends_in_nothing(clock: list[float]) -> None:
    mine = Life()
    mine.pass_through("Deleting", None)
    assert (mine.status(), mine.gone) == ("Deleting", False)
    clock[0] = 102.0
    mine.status()
    assert mine.gone


def test_the_latest_pattern_that_fits_decides() -> None:
    pace = Pace()
    assert pace.seconds == SECONDS == 0.5
    pace.set({"pattern": "*", "reason": "first"})
    pace.set({"pattern": "vision-*", "reason": "second"})
    assert (pace.failure("vision-1"), pace.failure("other")) == ("second", "first")
    pace.set({"pattern": "*", "reason": "third"})
    assert pace.failure("vision-1") == "third"
    pace.set({"pattern": "*", "reason": None})
    assert (pace.failure("vision-1"), pace.failure("other")) == ("second", None)
    assert pace.failure("VISION-1") is None


def test_refuses_a_time_below_zero() -> None:
    pace = Pace(seconds=1)
    with pytest.raises(ValueError, match=r"seconds is -0.1, allowed: 0 or more"):
        pace.set({"seconds": -0.1})
    assert pace.seconds == 1
    pace.set({"seconds": 0})
    assert pace.seconds == 0
