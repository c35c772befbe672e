"""The real command, in a process of its own, against the sandbox."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.launch import app
from scripts.lib.cli import run as run_app
from scripts.sandbox.faults import Hold
from tests.unit.scripts.commands import ROOT, run_command
from tests.unit.scripts.launchable import NAME, TYPE, USER_ROLE, Launchable, notebook_template

GOLDEN = ROOT / "tests" / "golden" / "launch"
AS_USER = ("--assume-role", USER_ROLE)
DANA = ("--parameter", f"{NAME}=dana")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scripts.launch", *arguments, *AS_USER]


def begin(shop: Launchable, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - the command under test
        command(*arguments),
        cwd=ROOT,
        env=shop.sandbox.process_environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What starts the tests in the background has interrupts ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def run(shop: Launchable, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = shop.sandbox.process_environment()
    return run_command("scripts.launch", (*arguments, *AS_USER), environment)


def stable(text: str) -> str:
    """``text`` with what differs from run to run numbered as it comes, in its own length."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        found = seen.setdefault(match[0], str(len(seen) + 1))
        return match[1] + found.rjust(len(match[2]), "0")

    text = text.replace(sys.executable, "python")
    text = re.sub(r"\b(prod-|pa-|pp-|rec-|lpv3-)([a-z0-9]{13})\b", number, text)
    text = re.sub(r"\(\d+ s\)", "(1 s)", text)
    return re.sub(r"(stack/SC-[^/]+/)([0-9a-f-]{36})", number, text)


def assert_golden(name: str, text: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(stable(text))
    assert stable(text) == file.read_text()


def test_reports_from_looking_around_to_the_end(shop: Launchable) -> None:
    shown = run(shop, "show")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert_golden("show.txt", shown.stdout)

    planned = run(shop, "start", "dana", *DANA)
    assert (planned.returncode, planned.stderr, shop.writes()) == (2, "", [])
    assert_golden("planned.txt", planned.stdout)

    applied = run(shop, "start", "dana", *DANA, "--apply")
    assert applied.returncode == 0
    assert_golden("applied.txt", applied.stdout)
    lines = stable(applied.stderr).splitlines()
    assert lines[0] == "asked for: launch dana (Notebook, version 1)"
    assert lines[-2:] == [
        "launch dana: SUCCEEDED (1 s)",
        "done: launch dana (Notebook, version 1)",
    ]

    listed = run(shop, "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert_golden("list.txt", listed.stdout)

    updated = run(shop, "update", "dana", "--parameter", f"{TYPE}=ml.t3.large", "--apply")
    assert updated.returncode == 0
    assert_golden("updated.txt", updated.stdout)

    followed = run(shop, "follow", "dana", "--format", "json")
    assert (followed.returncode, followed.stderr) == (0, "")
    assert_golden("follow.json", followed.stdout)

    ended = run(shop, "end", "dana", "--apply")
    assert ended.returncode == 0
    assert_golden("ended.txt", ended.stdout)


def test_every_fault_of_the_values_is_told_and_nothing_is_asked_for(
    shop: Launchable, tmp_path: Path
) -> None:
    file = tmp_path / "values.json"
    file.write_text(json.dumps({"VolumeSizeInGB": 500, TYPE: "ml.p5.48xlarge"}))

    result = run(shop, "start", "dana", "--parameters-file", str(file), "--apply")

    assert (result.returncode, result.stderr, shop.writes()) == (1, "", [])
    assert_golden("faults.txt", result.stdout)


def test_failed_launch_is_told_with_its_reason(shop: Launchable) -> None:
    shop.sandbox.fail_notebooks("dana", "no capacity for ml.t3.medium")

    result = run(shop, "start", "dana", *DANA, "--apply", "--format", "json")

    assert result.returncode == 1
    document = json.loads(result.stdout)
    (section,) = document["sections"]
    assert (document["exit_code"], section["changes"][0]["status"]) == (1, "failed")
    assert "no capacity for ml.t3.medium" in json.dumps(section["findings"])
    assert "failed: launch dana (Notebook, version 1)" in result.stderr


def test_interrupted_while_following_it_says_that_the_launch_goes_on(shop: Launchable) -> None:
    hold = Hold(forwards=False)
    with shop.sandbox.faults(lambda name, _: hold if name == "DescribeRecord" else None) as proxy:
        process = begin(shop, "start", "dana", *DANA, "--apply", AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        hold.release.set()

    assert (process.returncode, out) == (1, "")
    assert err.splitlines()[-1] == (
        "error: interrupted: the launch of dana goes on; follow it with: "
        f"{sys.executable} -m scripts.launch follow dana --assume-role {USER_ROLE}"
    )
    assert "Traceback" not in err


def test_interrupted_while_asking_it_says_that_aws_may_have_been_asked(shop: Launchable) -> None:
    hold = Hold(forwards=True)
    with shop.sandbox.faults(lambda name, _: hold if name == "ProvisionProduct" else None) as proxy:
        process = begin(shop, "start", "dana", *DANA, "--apply", AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(60)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        hold.release.set()

    assert process.returncode == 1
    assert "error: interrupted: AWS may have been asked to launch dana already; see what" in err


def test_killed_while_following_the_next_run_follows_it(shop: Launchable) -> None:
    shop.sandbox.pace_notebooks(8)
    process = begin(shop, "start", "dana", *DANA, "--apply")
    assert process.stderr is not None
    assert process.stderr.readline().startswith("asked for: launch dana")
    process.kill()
    process.communicate(timeout=60)

    again = run(shop, "start", "dana", *DANA, "--apply")

    assert again.returncode == 0
    assert again.stderr.startswith("under way: launch dana")
    assert shop.writes() == ["ProvisionProduct"]
    assert shop.notebooks() == {"dana": "ml.t3.medium"}


def test_two_at_once_launch_one(shop: Launchable) -> None:
    both = [begin(shop, "start", "dana", *DANA, "--apply") for _ in range(2)]
    outputs = [process.communicate(timeout=90) for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    assert shop.notebooks() == {"dana": "ml.t3.medium"}


def on_a_terminal(shop: Launchable, *arguments: str, answers: tuple[str, ...]) -> tuple[int, str]:
    """Run on a terminal and type an answer at each prompt; return exit code and screen."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        environment = shop.sandbox.process_environment() | {"TERM": "xterm", "COLUMNS": "200"}
        os.execve(sys.executable, command(*arguments), environment)  # noqa: S606
    waiting = list(answers)
    screen = b""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            screen += os.read(terminal, 65536)
        except OSError:  # Linux's end of a terminal whose other side is closed.
            break
        if waiting and screen.endswith(b": "):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
            screen += b"\n"
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), screen.decode()


def test_terminal_is_asked_for_what_is_missing_and_secrets_do_not_show(shop: Launchable) -> None:
    secret = {"Type": "String", "NoEcho": True, "MinLength": 8}
    shop.new_version("2", notebook_template("new", Password=secret))

    code, screen = on_a_terminal(
        shop, "start", "--apply", answers=("not a name", "dana", "short", "hunter2hunter2")
    )

    assert code == 0, screen
    assert "A name of your choice." in screen
    assert "got 'not a name'; must have 1 to 63 characters" in screen
    assert "got ****; must have at least 8 characters" in screen
    assert "hunter2" not in screen
    assert "Launch of Notebook-dana" in screen
    assert shop.notebooks() == {"dana": "ml.t3.medium"}


def test_reader_that_leaves_early_gets_no_traceback(shop: Launchable) -> None:
    process = begin(shop, "show")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None

    assert process.stderr.read() == ""
    assert process.wait(60) == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "no command given: expected one of show, list, start, follow, update, end"),
        (["open"], "No such command 'open'."),
        (
            ["start", "a b", "--apply"],
            "'a b' cannot be the name of a provisioned product: 1 to 128",
        ),
        (["start", "--parameter", "x"], "--parameter: expected Name=Value, such as"),
        (["start", "--parameter", "A=1", "--parameter", "A=2"], "--parameter: A is given twice"),
        (["start", "--parameters-file", "none.json"], "parameters file none.json: No such file"),
        (["start", "--product", "Other"], "no product 'Other'; there are: Notebook (prod-"),
        (["start", "x", "--version", "9"], "no version '9' of product Notebook (prod-"),
        (["start", "x", "--path", "9"], "no path '9' of product Notebook (prod-"),
        (["start", "x", "--wait", "-1"], "Invalid value for '--wait': "),
        (["start", "x", "--wait", "99999"], "Invalid value for '--wait': "),
        (["show", "--apply"], "No such option: --apply"),
        (["show", "--format", "xml"], "Invalid value for '--format': "),
        (["show", "--profile", "none"], "The config profile (none) could not be found"),
        (["update"], "Missing argument 'NAME'."),
        (["update", "dana", "--apply"], "no provisioned product of yours is named 'dana'; there"),
        (["follow", "dana"], "no provisioned product of yours is named 'dana'; there are: none"),
        (["end", "a", "b"], "Got unexpected extra argument(s) (b)"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(
    shop: Launchable,
    arguments: list[str],
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    role = AS_USER if arguments and arguments[0] != "open" else ()
    monkeypatch.setattr("sys.argv", ["launch", *arguments, *role])
    with pytest.raises(SystemExit) as caught:
        run_app(app)

    printed = capsys.readouterr()
    assert (caught.value.code, printed.out) == (1, "")
    assert printed.err.startswith(f"error: {line}"), printed.err
    assert printed.err.count("\n") == 1
    assert shop.writes() == []


def test_launch_without_a_name_and_without_a_terminal_tells_what_is_missing(
    shop: Launchable,
) -> None:
    result = run(shop, "start", "--apply")

    assert (result.returncode, shop.writes()) == (1, [])
    assert result.stderr == (
        f"error: the launch of Notebook has no name: give it one, or give {NAME}, of which its "
        "name is made\n"
    )
