import re
from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from scripts.lib.progress_bar import SHORT, RateColumn, progress_bar

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def terminal(stream: StringIO) -> Console:
    return Console(file=stream, force_terminal=True, width=120)


def run(console: Console, total: int, steps: int | None = None) -> None:
    with progress_bar("Reading users", total, console) as done:
        for _ in range(total if steps is None else steps):
            done()


@pytest.mark.parametrize("total", [0, 1, SHORT, 1000])
def test_nothing_is_written_where_no_terminal_is(total: int) -> None:
    stream = StringIO()

    run(Console(file=stream), total)

    assert stream.getvalue() == ""


@pytest.mark.parametrize("total", [0, 1, SHORT - 1])
def test_nothing_is_written_for_short_work(total: int) -> None:
    stream = StringIO()

    run(terminal(stream), total)

    assert stream.getvalue() == ""


@pytest.mark.parametrize("total", [SHORT, 1234])
def test_on_a_terminal_title_count_and_rate_are_shown(total: int) -> None:
    stream = StringIO()

    run(terminal(stream), total)

    shown = ESCAPES.sub("", stream.getvalue())
    assert "Reading users" in shown
    assert f"{total}/{total}" in shown
    assert re.search(r"\d+/s", shown)


def test_work_that_has_not_moved_has_no_rate_and_that_is_shown() -> None:
    stream = StringIO()

    run(terminal(stream), SHORT, steps=0)

    shown = ESCAPES.sub("", stream.getvalue())
    assert re.search(rf"\b0/{SHORT}\b", shown)
    assert "-/s" in shown


def test_the_bar_is_taken_away_at_the_end() -> None:
    stream = StringIO()

    run(terminal(stream), SHORT)

    assert stream.getvalue().endswith("\x1b[2K"), "the line is erased"


def test_the_bar_is_taken_away_when_the_work_fails_and_the_error_goes_on() -> None:
    stream = StringIO()

    def fail() -> None:
        with progress_bar("Reading users", SHORT, terminal(stream)):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()

    assert stream.getvalue().endswith("\x1b[2K")


def test_without_a_console_stderr_is_meant_and_stdout_stays_clean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_bar("Reading users", 1000) as done:
        done()

    assert capsys.readouterr() == ("", "")


def test_rate_is_of_the_steps_a_second() -> None:
    clock = [0.0]
    progress = Progress(RateColumn(), get_time=lambda: clock[0], auto_refresh=False)
    identifier = progress.add_task("x", total=1000)
    task = progress.tasks[0]
    assert str(RateColumn().render(task)) == "-/s"

    for clock[0] in (1.0, 2.0, 3.0):
        progress.advance(identifier, 40)

    assert str(RateColumn().render(task)) == "40/s"
