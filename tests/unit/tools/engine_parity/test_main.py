"""The command line: options, exit codes, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lib.cli import Format, run
from scripts.lib.errors import InputError, ToolError
from tests.unit.tools.engine_parity import fakes
from tools.engine_parity import __main__ as command
from tools.engine_parity import environment
from tools.engine_parity.engines import CORE, OTHER

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in the place of this one, pinned to an engine of version 1."""
    directory = fakes.project(tmp_path / "project")
    pins = {package.instead_of: {"version": "==1", "hashes": []} for package in OTHER}
    (directory / "Pipfile.lock").write_text(json.dumps({"default": pins}))
    monkeypatch.setattr(command, "PROJECT", directory)
    monkeypatch.setattr(command, "IMPORT_NAMES", fakes.NAMES)
    monkeypatch.setattr(sys, "executable", str(fakes.pinned_engine(tmp_path / "pinned")))
    use_engine(monkeypatch)
    return directory


def use_engine(monkeypatch: pytest.MonkeyPatch, **properties: str) -> None:
    """Let the throw-away environment hold an engine of a few lines."""
    interpreter = os.path.realpath(sys.executable)

    def create(directory: Path, requirements: str, *_: object) -> Path:
        assert f"cdktn=={CORE.version}" in requirements
        monkeypatch.setattr(sys, "executable", interpreter)
        return fakes.other_engine(directory, version=CORE.version, **properties)

    monkeypatch.setattr(environment, "create", create)


def leftovers(project: Path) -> list[Path]:
    return list((project / ".cache").iterdir())


def test_says_what_was_compared_and_leaves_nothing_behind(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(settings=project / "given.tfvars") == 0

    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "Pinned engine: cdktf 1, cdktf-cdktf-provider-aws 1",
        f"Other engine:  cdktn {CORE.version}, cdktn-provider-aws {OTHER[1].version}",
        "Source: 2 imports renamed in 1 of its files, nothing else changed",
        "Stacks: one",
        "Compared: 6 values in 2 files",
        "",
        "Expected differences: 2",
        (
            f"  manifest.json: version: 1 -> {CORE.version}"
            " (1x; the engine writes its own version; Terraform does not read the manifest)"
        ),
        (
            f'  stacks/*/cdk.tf.json: "//".metadata.version: 1 -> {CORE.version}'
            ' (1x; the engine writes its own version; to Terraform, "//" is a comment)'
        ),
        "Differences: none",
    ]
    assert leftovers(project) == []


def test_a_difference_is_exit_code_2(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(monkeypatch, acl="public")

    assert command.main(settings=project / "given.tfvars", output=Format.JSON) == 2

    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == 2
    assert report["differences"] == [
        {
            "file": "stacks/one/cdk.tf.json",
            "path": ["resource", "acl"],
            "pinned": "private",
            "other": "public",
        }
    ]
    assert leftovers(project) == []


def test_keeps_all_that_it_made_when_asked(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(settings=project / "given.tfvars", keep=True)

    [kept] = leftovers(project)
    assert f"Kept: {kept}\n" in capsys.readouterr().err
    assert {"pinned", "other", "environment", "pinned.log", "other.log"} <= {
        path.name for path in kept.iterdir()
    }
    assert (kept / "other/cdktf.out/manifest.json").is_file()


def test_leaves_nothing_behind_when_it_fails(project: Path) -> None:
    (project / "given.tfvars").write_text("bad")

    with pytest.raises(ToolError, match="region: must be an AWS Region"):
        command.main(settings=project / "given.tfvars")

    assert leftovers(project) == []


def test_leaves_nothing_behind_when_it_is_ended(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Path] = []

    def work(*_: object) -> None:
        made.extend(leftovers(project))
        (made[0] / "file").write_text("x")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(command, "find_differences", work)
    monkeypatch.setattr("sys.argv", ["engine_parity"])
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with pytest.raises(SystemExit) as ended:
            run(command.app)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert (ended.value.code, capsys.readouterr().err) == (1, "error: interrupted\n")
    assert len(made) == 1
    assert leftovers(project) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "Pipfile.lock cannot be used: Expecting"),
        ('{"default": {}}', "Pipfile.lock cannot be used: Pipfile.lock pins no "),
        (None, "Pipfile.lock cannot be used: .*No such file"),
    ],
)
def test_refuses_a_lock_that_it_cannot_use(project: Path, content: str | None, said: str) -> None:
    (project / "Pipfile.lock").unlink()
    if content is not None:
        (project / "Pipfile.lock").write_text(content)

    with pytest.raises(InputError, match=said):
        command.main(settings=project / "given.tfvars")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--settings", "nowhere.tfvars"], "nowhere.tfvars: cannot be read: No such file"),
        (["--settings", "."], ".: cannot be read: Is a directory"),
        (["--format", "xml"], "'xml'"),
        (["everything"], "everything"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_refuses_bad_usage_in_one_line(arguments: list[str], said: str) -> None:
    ended = subprocess.run(  # noqa: S603 - the command under test
        [sys.executable, "-m", "tools.engine_parity", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line


def test_the_example_of_every_setting_is_the_default() -> None:
    assert command.EXAMPLE.samefile(ROOT / "examples/settings.tfvars")
