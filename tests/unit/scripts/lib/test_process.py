"""Running commands: what is returned, logged and told, and that nothing outlives them."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import process
from scripts.lib.process import (
    CommandError,
    TimeLimitError,
    end_processes,
    end_running,
    run,
    run_json,
    run_text,
)
from tests.unit.scripts.sandbox.processes import ROOT, is_alive, wait_until_gone


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def eventually(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Family:
    """A command with a child, a grandchild that ignores SIGTERM, and one in a terminal."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        terminal = script(
            directory / "terminal",
            f'{sys.executable} -c "import os, pty, time\n'
            "pid, _ = pty.fork()\n"
            "pid or os.execlp('sh', 'sh', '-c', 'echo \\$\\$ > terminal.pid; exec sleep 300')\n"
            'time.sleep(300)"',
        )
        stubborn = script(
            directory / "stubborn",
            "trap '' TERM\necho $$ > stubborn.pid\nwhile :; do sleep 0.1; done",
        )
        self.command = script(
            directory / "family",
            f"{terminal} &\n{stubborn} &\necho $$ > family.pid\necho waiting\nwait",
        )

    @property
    def is_up(self) -> bool:
        names = ("family", "stubborn", "terminal")
        files = [self.directory / f"{name}.pid" for name in names]
        return all(file.exists() and file.read_text().strip() for file in files)

    @property
    def pids(self) -> list[int]:
        return [int(file.read_text()) for file in self.directory.glob("*.pid")]


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    monkeypatch.setattr(process, "PATIENCE", 0.5)
    family = Family(tmp_path)
    yield family
    for pid in family.pids:  # A test that fails leaves none behind either.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_logs_what_was_printed_in_its_order(tmp_path: Path) -> None:
    log = tmp_path / "deep/run.log"
    tool = script(tmp_path / "tool", "echo one; echo two >&2; echo three")

    run([str(tool), "a b"], tmp_path, os.environ, log)

    assert log.read_text() == f"\n$ {tool} 'a b'\none\ntwo\nthree\n"


def test_what_is_read_is_not_logged(tmp_path: Path) -> None:
    tool = script(tmp_path / "tool", 'echo careful >&2; echo "{\\"password\\": 1}"')
    command = [str(tool), "output"]

    assert run_json(command, tmp_path, os.environ, tmp_path / "log") == {"password": 1}
    assert run_text(command, tmp_path, os.environ, tmp_path / "log") == '{"password": 1}\n'
    assert "password" not in (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text().count("careful") == 2


def test_fails_with_the_tail_of_this_run_only(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("an earlier run\n")
    tool = script(tmp_path / "tool", "seq 1 99; echo the error >&2; exit 3")

    with pytest.raises(CommandError) as raised:
        run([str(tool), "apply"], tmp_path, os.environ, log)

    message = str(raised.value)
    assert message.startswith("tool apply failed with exit code 3:\n")
    assert message.endswith("\n99\nthe error")
    assert "earlier" not in message
    assert len(message.splitlines()) == process.LOG_TAIL + 1


def test_the_tail_is_plain_text_without_empty_lines(tmp_path: Path) -> None:
    tool = script(
        tmp_path / "tool",
        r"printf '\033[31m\342\225\267\033[0m\033[2K bad\r\n\n  \nend\a\n'; exit 1",
    )

    with pytest.raises(CommandError) as raised:
        run([str(tool), "apply"], tmp_path, os.environ, tmp_path / "log")

    assert str(raised.value).splitlines()[1:] == ["╷ bad", "end"]


def test_an_exit_code_that_is_expected_is_no_failure(tmp_path: Path) -> None:
    tool = script(tmp_path / "tool", "echo changes; exit 2")
    command = [str(tool), "x"]

    assert run_text(command, tmp_path, os.environ, tmp_path / "log", expected=2) == "changes\n"
    with pytest.raises(CommandError, match=r"^tool x failed with exit code 2:$"):
        run_text(command, tmp_path, os.environ, tmp_path / "log")


def test_fails_when_it_succeeds_against_expectation(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^true x failed with exit code 0:$"):
        run_text(["true", "x"], tmp_path, os.environ, tmp_path / "log", expected=2)


def test_fails_when_the_command_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^cannot run no-such-tool: No such file"):
        run(["no-such-tool", "x"], tmp_path, {"PATH": "/nowhere"}, tmp_path / "log")


def test_nothing_but_the_given_environment_reaches_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")

    run(["env", "-u", "X"], tmp_path, {"PATH": os.environ["PATH"]}, tmp_path / "log")

    assert "PATH=" in (tmp_path / "log").read_text()
    assert "production" not in (tmp_path / "log").read_text()


def test_when_the_time_is_over_its_processes_are_gone(family: Family, tmp_path: Path) -> None:
    with pytest.raises(TimeLimitError, match=r"^family x took longer than 2 s:\nwaiting$"):
        run([str(family.command), "x"], tmp_path, os.environ, tmp_path / "log", limit=2)

    assert len(family.pids) == 3
    assert [pid for pid in family.pids if is_alive(pid)] == []


def test_when_the_wait_is_interrupted_its_processes_are_gone(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    communicate = subprocess.Popen.communicate

    def interrupted(*_: Any, **__: Any) -> Any:
        monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
        eventually(lambda: family.is_up)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run([str(family.command), "x"], tmp_path, os.environ, tmp_path / "log")

    assert len(family.pids) == 3
    assert [pid for pid in family.pids if is_alive(pid)] == []


def test_another_thread_can_end_what_runs(family: Family, tmp_path: Path) -> None:
    refused: list[CommandError] = []

    def wait() -> None:
        try:
            run([str(family.command), "x"], tmp_path, os.environ, tmp_path / "log")
        except CommandError as error:
            refused.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    eventually(lambda: family.is_up)
    end_running()
    thread.join(10)

    assert str(refused[0]).startswith("family x failed with exit code -15")
    assert [pid for pid in family.pids if is_alive(pid)] == []


def test_nothing_that_has_ended_is_ended_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number may be another process's by then."""
    ended: list[int] = []
    monkeypatch.setattr(process, "end_processes", ended.append)
    run(["true", "x"], tmp_path, os.environ, tmp_path / "log")
    with pytest.raises(CommandError):
        run(["false", "x"], tmp_path, os.environ, tmp_path / "log")
    end_running()
    assert ended == []


def test_ending_all_below_a_process_lets_its_threads_go_on(family: Family, tmp_path: Path) -> None:
    """In a process of its own, for what else the tests have started is to live on."""
    program = script(tmp_path / "program", "")
    program.write_text(
        "import os, sys, threading, time\n"
        "from pathlib import Path\n"
        "from scripts.lib.process import CommandError, end_processes, run\n"
        "def wait():\n"
        "    try: run([sys.argv[1], 'x'], Path(sys.argv[2]), os.environ, Path('log'))\n"
        "    except CommandError as error: print(error)\n"
        "thread = threading.Thread(target=wait)\n"
        "thread.start()\n"
        "while len(list(Path(sys.argv[2]).glob('*.pid'))) < 3: time.sleep(0.1)\n"
        "time.sleep(0.2)\n"
        "end_processes(os.getpid())\n"
        "thread.join()\n"
    )
    command = [sys.executable, str(program), str(family.command), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    printed = subprocess.run(  # noqa: S603 - the tests' own program
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert printed == "family x failed with exit code -15:\nwaiting\n"
    wait_until_gone(*family.pids)


def test_processes_that_are_not_below_are_left_alone() -> None:
    other, victim = (
        subprocess.Popen(["sleep", "300"], start_new_session=True)  # noqa: S607 - wherever
        for _ in range(2)
    )
    with other, victim:
        end_processes(victim.pid)
        assert victim.wait(5) == -15
        assert other.poll() is None
        other.kill()


def test_ending_what_is_gone_does_nothing() -> None:
    gone = subprocess.Popen(["true"])  # noqa: S607 - wherever
    gone.wait()

    end_processes(gone.pid)
