import os
import signal
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError, NoRegionError

from scripts.lib.cli import command_line, run
from scripts.lib.errors import ToolError


@pytest.fixture(autouse=True)
def _asked_to_end() -> Iterator[None]:
    """Nothing comes of SIGTERM but what a test makes of it."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


def outcome(
    body: Callable[[], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int | str | None, str]:
    app = command_line()

    @app.command()
    def command() -> int:
        return body()

    monkeypatch.setattr("sys.argv", ["command"])
    with pytest.raises(SystemExit) as caught:
        run(app)
    return caught.value.code, capsys.readouterr().err


def raising(exc: BaseException) -> Callable[[], int]:
    def body() -> int:
        raise exc

    return body


@pytest.mark.parametrize("code", [0, 1, 2])
def test_exit_code_is_what_the_command_returns(
    code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(lambda: code, capsys, monkeypatch) == (code, "")


@pytest.mark.parametrize(
    ("exc", "line"),
    [
        (ToolError("no such Domain"), "error: no such Domain\n"),
        (ToolError("two\nlines\x1b[2J"), "error: two lines?[2J\n"),
        (
            ClientError({"Error": {"Code": "Throttling", "Message": "slow"}}, "ListDomains"),
            "error: ListDomains: Throttling: slow\n",
        ),
        (
            NoRegionError(),
            "error: no Region: give --region, or set AWS_REGION or the profile's region\n",
        ),
        (KeyboardInterrupt(), "error: interrupted\n"),
    ],
)
def test_error_is_one_line_and_exit_code_1(
    exc: BaseException,
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert outcome(raising(exc), capsys, monkeypatch) == (1, line)


def test_asked_to_end_it_tidies_up_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied = []

    def body() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            return 0
        finally:
            tidied.append(True)

    assert outcome(body, capsys, monkeypatch) == (1, "error: interrupted\n")
    assert tidied


def test_defect_of_the_program_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    app = command_line()
    app.command()(raising(ZeroDivisionError()))
    monkeypatch.setattr("sys.argv", ["command"])

    with pytest.raises(ZeroDivisionError):
        run(app)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--bogus"], "error: No such option: --bogus\n"),
        (["extra"], "error: Got unexpected extra argument(s) (extra)\n"),
    ],
)
def test_bad_usage_is_an_error_not_2(
    arguments: list[str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = command_line()
    app.command()(lambda: 0)
    monkeypatch.setattr("sys.argv", ["command", *arguments])

    with pytest.raises(SystemExit) as caught:
        run(app)

    assert (caught.value.code, capsys.readouterr().err) == (1, line)
