"""Telling work in progress from rest."""

import threading
import time

import pytest

from scripts.sandbox.gate import Gate


def test_quiet_is_immediate_at_rest() -> None:
    started = time.monotonic()
    with Gate().quiet(5):
        pass
    assert time.monotonic() - started < 1


def test_quiet_waits_for_work_that_is_in_progress() -> None:
    gate, entered, events = Gate(), threading.Event(), []

    def work() -> None:
        with gate.busy(), gate.busy():
            entered.set()
            time.sleep(0.2)
            events.append("work")

    worker = threading.Thread(target=work)
    worker.start()
    entered.wait()
    with gate.quiet(5):
        events.append("quiet")
    worker.join()
    assert events == ["work", "quiet"]


def test_nothing_starts_while_it_is_quiet() -> None:
    gate, events = Gate(), []

    def work() -> None:
        with gate.busy():
            events.append("work")

    worker = threading.Thread(target=work)
    with gate.quiet(5):
        worker.start()
        time.sleep(0.2)
        events.append("quiet")
    worker.join()
    assert events == ["quiet", "work"]


def test_fails_when_work_does_not_end_in_time_and_then_lets_work_go_on() -> None:
    gate = Gate()
    expected = r"1 calls still in progress after 0\.1 s"
    with gate.busy(), pytest.raises(TimeoutError, match=expected), gate.quiet(0.1):
        pass
    with gate.busy():
        pass
    with gate.quiet(0.1):
        pass


def test_work_that_fails_is_over() -> None:
    gate = Gate()
    with pytest.raises(ZeroDivisionError), gate.busy():
        raise ZeroDivisionError
    with gate.quiet(0.1):
        pass
