"""Limits on a function's process, and its end."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox.backends.awslambda import process
from scripts.sandbox.backends.awslambda.process import BOOTSTRAP, OUTPUT_LIMIT, Ended, run
from tests.unit.scripts.sandbox.processes import wait_until_gone

NAMES = ("FUNCTION_NAME", "FUNCTION_VERSION", "FUNCTION_MEMORY_SIZE", "LOG_GROUP_NAME")
ENVIRONMENT = {f"AWS_LAMBDA_{name}": "x" for name in (*NAMES, "LOG_STREAM_NAME")}


def go(code: str, scratch: Path, *, seconds: float = 20, memory: int = 1 << 30) -> Ended:
    (scratch / "app.py").write_text(code)
    order = {
        "handler": "app.handler",
        "event": "{}",
        "request_id": "r-1",
        "invoked_arn": "",
        "timeout": seconds,
        "scratch": str(scratch),
        "task_root": str(scratch),
        "site": str(scratch),
        "libraries": [],
    }
    return run(order, environment=ENVIRONMENT, directory=scratch, seconds=seconds, memory=memory)


def test_an_answer_ends_it(tmp_path: Path) -> None:
    ended = go("def handler(e, c): return [1]", tmp_path)
    assert (ended.payload, ended.failed, ended.exit_code) == ("[1]", False, None)
    assert not ended.timed_out
    assert 0 < ended.init_seconds < 10
    assert 0 <= ended.run_seconds < 10
    assert 1 << 20 < ended.memory < 1 << 28 or not Path("/proc").exists()


def test_what_it_held_can_be_told_after_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(pid: int) -> int:
        time.sleep(0.3)
        return held(pid)

    held = process._held
    monkeypatch.setattr(process, "_held", late)
    ended = go("def handler(e, c): return [1]", tmp_path)
    assert ended.memory > 1 << 20 or not Path("/proc").exists()


def test_its_environment_and_its_folder_are_what_is_given(tmp_path: Path) -> None:
    code = "import os\ndef handler(e, c): return [sorted(os.environ), os.getcwd()]"
    ended = go(code, tmp_path)
    found = process.json.loads(ended.payload or "")
    assert set(found[0]) - {"LC_CTYPE"} == set(ENVIRONMENT)
    assert found[1] == str(tmp_path)


def test_it_has_no_input(tmp_path: Path) -> None:
    assert go("import sys\ndef handler(e, c): return sys.stdin.read()", tmp_path).payload == '""'


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("import sys\ndef handler(e, c): sys.exit(3)", 3), ("import os\nos.abort()", -6)],
)
def test_an_exit_is_told(tmp_path: Path, code: str, exit_code: int) -> None:
    ended = go(code, tmp_path)
    assert (ended.payload, ended.exit_code) == (None, exit_code)


def test_the_limit_ends_it_with_what_it_said(tmp_path: Path) -> None:
    code = "import time\ndef handler(e, c):\n    print('said')\n    time.sleep(60)"
    ended = go(code, tmp_path, seconds=0.3)
    assert ended.timed_out
    assert (ended.payload, ended.output) == (None, b"said\n")
    assert 0.3 <= ended.run_seconds < 10


def test_an_import_has_a_limit_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "INIT_SECONDS", 0.5)
    ended = go("import time\ntime.sleep(60)", tmp_path, seconds=0.2)
    assert ended.timed_out
    assert 0.7 <= ended.init_seconds < 10


def test_a_signal_that_it_ignores_does_not_save_it(tmp_path: Path) -> None:
    code = """
import os, signal, time
def handler(e, c):
    print(os.getpid())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(60)
"""
    ended = go(code, tmp_path, seconds=0.3)
    wait_until_gone(int(ended.output))


def test_a_child_that_holds_its_output_does_not_hold_us(tmp_path: Path) -> None:
    code = """
import subprocess
def handler(e, c):
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    return child.pid
"""
    ended = go(code, tmp_path)
    assert ended.run_seconds < 20
    os.kill(int(ended.payload or 0), 9)  # a session of its own is out of reach


def test_output_past_the_limit_is_counted(tmp_path: Path) -> None:
    code = f"def handler(e, c): print('x' * {OUTPUT_LIMIT + 99})"
    ended = go(code, tmp_path)
    assert (len(ended.output), ended.dropped) == (OUTPUT_LIMIT, 100)


def test_memory_past_the_limit_ends_it(tmp_path: Path) -> None:
    code = "import time\ndef handler(e, c):\n    x = bytearray(100 << 20)\n    time.sleep(60)"
    ended = go(code, tmp_path, memory=80 << 20)
    assert ended.out_of_memory
    assert ended.payload is None
    assert ended.run_seconds < 20


def test_the_bootstrap_imports_nothing_of_this_project() -> None:
    """It would not find it, and Lambda has none of it."""
    script = f"import runpy; runpy.run_path({str(BOOTSTRAP)!r})"
    ran: Any = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
