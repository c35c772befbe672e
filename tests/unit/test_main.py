"""The command as people and cdktf run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import modules.stacks
from main import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/sandbox.tfvars"
BAD = 'regoin = "nowhere"\nregion = "nowhere"\n'

PLAIN = {
    "PATH": os.environ["PATH"],
    # Node.js is started before the settings are read; jsii tells at once that this one is old.
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
}
NOISY = {
    **PLAIN,
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_PROFILE": "nobody",
    "AWS_REGION": "us-east-1",
    "AWS_SECRET_ACCESS_KEY": "x",
    "CI": "true",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "4711",
    "TF_CLI_ARGS": "-nonsense",
    "TF_VAR_region": "us-east-1",
    "TF_WORKSPACE": "elsewhere",
    "TZ": "Asia/Tokyo",
    "USER": "somebody",
}


def start(
    directory: Path, *arguments: str, environment: dict[str, str] = PLAIN
) -> subprocess.Popen[str]:
    directory.mkdir(exist_ok=True)
    return subprocess.Popen(  # noqa: S603 (the command under test)
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(directory: Path, *arguments: str) -> list[str]:
    """Run a command that must fail and write nothing; return its lines on stderr."""
    before = sorted(directory.iterdir())
    with start(directory, *arguments) as command:
        output, errors = command.communicate(timeout=60)
    assert command.returncode == 1
    assert output == ""
    assert "Traceback" not in errors
    assert sorted(directory.iterdir()) == before
    return errors.splitlines()


@pytest.mark.parametrize("arguments", [(), ("a.tfvars", "b.tfvars")])
def test_fails_without_exactly_one_settings_file(tmp_path: Path, arguments: tuple[str]) -> None:
    assert refused(tmp_path, *arguments) == ["usage: python main.py SETTINGS.tfvars"]


def test_fails_on_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "missing.tfvars") == [
        "missing.tfvars: does not exist; must be a settings file (.tfvars)"
    ]


def test_fails_on_a_directory(tmp_path: Path) -> None:
    assert refused(tmp_path, ".") == [".: is not a file; must be a settings file (.tfvars)"]


def test_tells_every_fault_of_the_settings_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "bad.tfvars").write_text(BAD)
    lines = refused(tmp_path, "bad.tfvars")
    assert len(lines) == 3
    assert any(line.startswith("regoin: is no setting; did you mean region?") for line in lines)
    assert any(line.startswith('region: got "nowhere"; must be an AWS Region') for line in lines)
    assert any(line.startswith("deployers: is not set; must be a list") for line in lines)


def test_leaves_what_was_synthesised_before_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "cdktf.out").mkdir()
    (tmp_path / "cdktf.out/manifest.json").write_text("before")
    (tmp_path / "bad.tfvars").write_text(BAD)
    refused(tmp_path, "bad.tfvars")
    assert [path.name for path in (tmp_path / "cdktf.out").iterdir()] == ["manifest.json"]
    assert (tmp_path / "cdktf.out/manifest.json").read_text() == "before"


def test_what_a_construct_refuses_is_told_as_a_fault_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> None:
        raise ValueError("audit/Trail: 1000 buckets make 101 metric filters, at most 100")

    monkeypatch.setattr(modules.stacks, "build_app", refuse)
    assert main([str(EXAMPLE)]) == 1
    assert capsys.readouterr().err == (
        "audit/Trail: 1000 buckets make 101 metric filters, at most 100\n"
    )


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_writes_the_same_bytes_wherever_and_under_whatever_environment(tmp_path: Path) -> None:
    """Both at once: each loads the bindings of the provider."""
    one, two = tmp_path / "one", tmp_path / "two"
    with (
        start(one, str(EXAMPLE)) as plain,
        start(two, str(EXAMPLE), environment=NOISY) as noisy,
    ):
        for command in (plain, noisy):
            output, errors = command.communicate(timeout=240)
            assert command.returncode == 0, errors
            assert output == ""
            assert "Traceback" not in errors
    written = files(one)
    assert "cdktf.out/manifest.json" in written
    assert "cdktf.out/stacks/notebook-quickstart/cdk.tf.json" in written
    assert b"main.py:" in written["cdktf.out/stacks/notebook-quickstart/sources.json"]
    assert files(two) == written
