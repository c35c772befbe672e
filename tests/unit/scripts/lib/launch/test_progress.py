import io
import logging

import pytest

from scripts.lib.launch.progress import progress
from tests.unit.scripts.lib.launch.samples import record


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_log_has_a_line_whenever_the_status_changes(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    with caplog.at_level(logging.INFO, "scripts"), progress(stream, "dana\x1b[2J") as watch:
        for status in ("CREATED", "IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"):
            watch(record(status))

    assert caplog.messages == [
        "launch dana?[2J: CREATED (0 s)",
        "launch dana?[2J: IN_PROGRESS (0 s)",
        "launch dana?[2J: SUCCEEDED (0 s)",
    ]
    assert stream.getvalue() == ""


def test_terminal_has_one_line_that_moves_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    stream = Terminal()
    with caplog.at_level(logging.INFO, "scripts"), progress(stream, "[red]dana\x07") as watch:
        watch(record("IN_PROGRESS"))

    printed = stream.getvalue()
    assert caplog.messages == []
    assert "[red]dana?" in printed
    assert "\x07" not in printed
