from collections.abc import Callable
from threading import Barrier, Event, Lock, current_thread, get_ident

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.concurrency import map_concurrently

PATIENCE = 10


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=5))
def test_results_come_in_the_items_order(items: list[int], workers: int) -> None:
    assert map_concurrently(lambda item: item * 2, items, workers=workers) == [
        item * 2 for item in items
    ]


def test_order_holds_when_the_last_item_is_over_first() -> None:
    last_is_over = Event()

    def wait_for_the_last(item: int) -> int:
        if item == 2:
            last_is_over.set()
        else:
            assert last_is_over.wait(PATIENCE)
        return item

    assert map_concurrently(wait_for_the_last, range(3), workers=3) == [0, 1, 2]


def test_as_many_calls_as_workers_go_side_by_side() -> None:
    together = Barrier(4)

    def meet(item: int) -> int:
        together.wait(PATIENCE)
        return item

    assert map_concurrently(meet, range(8), workers=4) == list(range(8))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_no_more_calls_than_workers_at_a_time(workers: int) -> None:
    lock, now, most = Lock(), 0, 0
    pause = Event()

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        pause.wait(0.005)
        with lock:
            now -= 1

    map_concurrently(work, range(40), workers=workers)

    assert 1 <= most <= workers


def test_no_items_are_no_calls_and_no_results() -> None:
    def never(_: object) -> None:
        raise AssertionError("called for nothing")

    assert map_concurrently(never, (), workers=3, done=lambda: never(None)) == []


def test_items_may_come_from_an_iterator_that_is_read_once() -> None:
    assert map_concurrently(str, iter([3, 1, 2]), workers=2) == ["3", "1", "2"]


@pytest.mark.parametrize("workers", [1, 3])
def test_done_is_called_once_each_and_in_the_calling_thread(workers: int) -> None:
    threads: list[int] = []
    workers_threads: set[str] = set()

    def work(item: int) -> int:
        workers_threads.add(current_thread().name)
        return item

    map_concurrently(work, range(25), workers=workers, done=lambda: threads.append(get_ident()))

    assert threads == [get_ident()] * 25
    assert current_thread().name not in workers_threads


def test_done_is_called_as_items_are_over_and_not_only_at_the_end() -> None:
    told = Event()

    def work(item: int) -> int:
        # The second is over only when somebody has been told of the first.
        assert item == 0 or told.wait(PATIENCE)
        return item

    assert map_concurrently(work, range(2), workers=2, done=told.set) == [0, 1]


def fails_at(bad: int, begun: list[int]) -> Callable[[int], int]:
    def work(item: int) -> int:
        begun.append(item)
        if item == bad:
            raise ValueError(f"no {item}")
        return item

    return work


@pytest.mark.parametrize("bad", [0, 3])
def test_fails_with_the_first_exception_and_what_has_not_begun_never_does(bad: int) -> None:
    begun: list[int] = []
    raised = Event()
    work = fails_at(bad, begun)

    def slow_after(item: int) -> int:
        # Time for the caller to see the failure, before the one worker takes the next item.
        if item > bad:
            raised.wait(0.2)
        return work(item)

    with pytest.raises(ValueError, match=f"^no {bad}$"):
        map_concurrently(slow_after, range(30), workers=1)

    assert begun[: bad + 1] == list(range(bad + 1))
    assert len(begun) <= bad + 2, "one may have been under way"


def test_of_two_exceptions_the_one_that_comes_first_is_raised() -> None:
    second_fails = Event()

    def work(item: int) -> None:
        if item == 1:
            second_fails.set()
            raise ValueError("the second item, sooner")
        assert second_fails.wait(PATIENCE)
        Event().wait(0.2)
        raise KeyError("the first item, later")

    with pytest.raises(ValueError, match="the second item, sooner"):
        map_concurrently(work, range(2), workers=2)


def test_calls_under_way_have_ended_when_the_exception_is_raised() -> None:
    under_way, over = Event(), Event()

    def work(item: int) -> None:
        if item == 0:
            assert under_way.wait(PATIENCE)
            raise ValueError("no")
        under_way.set()
        Event().wait(0.2)
        over.set()

    with pytest.raises(ValueError, match="no"):
        map_concurrently(work, range(2), workers=2)

    assert over.is_set()


def test_failing_done_stops_the_rest_as_well() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        Event().wait(0.02)

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        map_concurrently(work, range(500), workers=2, done=fail)

    assert len(begun) < 50
