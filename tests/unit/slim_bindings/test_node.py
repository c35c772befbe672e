"""Node.js that is not there, does not start, is started again, and ends."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.unit.slim_bindings.apps import INSTALL, NULL, run, start


def last_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.startswith("slim_bindings.node.")]
    return lines[-1]


@pytest.mark.parametrize("node", ["/nonexistent", "no-such-program", "."])
def test_fails_when_node_is_not_there(tmp_path: Path, node: str) -> None:
    app = run(tmp_path / "app", more={"JSII_NODE": node})
    assert app.status == 1
    assert last_line(app.errors) == (
        f"slim_bindings.node.NodeError: Node.js is not found: '{node}' is no program on the PATH"
    )
    assert "using the whole" not in app.errors
    assert "Exception ignored" not in app.errors


def test_fails_when_node_is_not_on_the_path(tmp_path: Path) -> None:
    app = run(tmp_path / "app", more={"PATH": str(tmp_path)})
    assert app.status == 1
    assert last_line(app.errors).endswith("'node' is no program on the PATH")


def test_fails_when_it_does_not_start(tmp_path: Path) -> None:
    other = shutil.which("false")
    assert other is not None
    app = run(tmp_path / "app", more={"JSII_NODE": other})
    assert app.status == 1
    assert last_line(app.errors).startswith(
        f"slim_bindings.node.NodeError: Node.js does not start: '{other}': "
    )
    assert "using the whole" not in app.errors


def test_a_cut_is_not_to_blame_for_it(tmp_path: Path) -> None:
    (cut,) = run(tmp_path / "app").cuts
    for node in ("/nonexistent", shutil.which("false") or ""):
        assert run(tmp_path / "app", more={"JSII_NODE": node}).status == 1
    assert cut.is_file()


def test_every_call_fails_not_the_first_alone(tmp_path: Path) -> None:
    code = """
from cdktf import App
import slim_bindings
for _ in range(3):
    try:
        App()
    except slim_bindings.NodeError as error:
        print(error, file=sys.stderr)
"""
    app = run(tmp_path / "app", code, more={"JSII_NODE": "/nonexistent"})
    assert app.warnings == ["Node.js is not found: '/nonexistent' is no program on the PATH"] * 3


def test_an_app_without_a_construct_needs_no_node(tmp_path: Path) -> None:
    app = run(
        tmp_path / "app",
        "import cdktf_cdktf_provider_null.resource",
        more={"JSII_NODE": "/nonexistent"},
    )
    assert app.report["starts"] == 0
    assert app.warnings == []


RESTART = """
from jsii import kernel
from slim_bindings.node import restart
process = kernel.provider._process
kernel.provider._settle()
node = process._process
before = node._process
restart(process)
assert process._process is node
assert before.poll() is not None
assert node._process.poll() is None
assert node._process.pid != before.pid
restart(process)
from cdktf import App
App(outdir=OUT).synth()
"""


def test_a_restart_ends_the_old_process_and_starts_one_that_serves(tmp_path: Path) -> None:
    app = run(tmp_path / "app", RESTART)
    assert app.report["starts"] == 3
    assert "manifest.json" in app.written
    assert app.warnings == []


def group_is_gone(group: int, within: float = 10) -> bool:
    """Say whether no process of the group is left, waiting some seconds for it."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    "code", ["sys.exit(0)", "import cdktf; sys.exit(0)", NULL, "raise SystemError", "1 / 0"]
)
def test_nothing_runs_on_when_the_app_ends(tmp_path: Path, code: str) -> None:
    """However soon: Node.js may just have been started."""
    with start(tmp_path / "app", code, install=f"[os.setsid(), {INSTALL}][1]") as process:
        process.communicate(timeout=60)
    assert group_is_gone(process.pid)


def test_nothing_runs_on_when_the_app_is_killed(tmp_path: Path) -> None:
    code = f"{NULL}\nprint('made', flush=True)\ntime.sleep(60)\n"
    with start(tmp_path / "app", code, install=f"[os.setsid(), {INSTALL}][1]") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    assert group_is_gone(process.pid)
