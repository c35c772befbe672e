import logging
from threading import Barrier, Thread

import pytest

from scripts.lib.accounts.progress import named_lines, working_in
from tests.unit.scripts.lib.accounts.estate import FIRST, SECOND, target

log = logging.getLogger("scripts.lib.elsewhere")


def test_a_line_begins_with_the_account_that_its_thread_works_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "scripts")
    together = Barrier(2)

    def speak(account_id: str) -> None:
        with working_in(target(account_id, "team")):
            together.wait(10)
            log.info("done: %s of %d%%", account_id[0], 100)
            together.wait(10)

    with named_lines():
        threads = [Thread(target=speak, args=[each]) for each in (FIRST, SECOND)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log.info("all done")

    assert sorted(caplog.messages) == [
        f"{FIRST} team: done: 1 of 100%",
        f"{SECOND} team: done: 2 of 100%",
        "all done",
    ]


def test_lines_are_as_before_after_the_block(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "scripts")
    before = logging.getLogRecordFactory()

    with pytest.raises(ValueError, match="fault"), named_lines(), working_in(target(FIRST)):
        raise ValueError("fault")

    assert logging.getLogRecordFactory() is before
    with working_in(target(FIRST)):
        log.info("plain")
    assert caplog.messages == ["plain"]
