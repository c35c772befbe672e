"""`python -m scripts.sandbox`."""

import json
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

import boto3
import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox
from tests import running_sandbox
from tests.unit.scripts.commands import Command, run_command, started_command
from tests.unit.scripts.sandbox import copies
from tests.unit.scripts.sandbox.processes import python, run, start

MODULE = "scripts.sandbox"
LIMIT = 60.0


def told(*options: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end, which comes by itself."""
    return run_command(MODULE, options, os.environ)


@contextmanager
def on_a_copy(sandbox: Sandbox, *options: str) -> Iterator[Command]:
    """Start the command, and end it after the block; its server is a copy of ``sandbox``."""
    arguments = (running_sandbox.told(sandbox), *options)
    with started_command(copies.__name__, arguments, os.environ) as command:
        yield command
        if command.process.is_alive():
            os.kill(command.pid, signal.SIGTERM)
            assert command.ended(10).returncode == 0


def exports(lines: IO[str]) -> dict[str, str]:
    """What the lines export, up to the last one."""
    pairs: dict[str, str] = {}
    while "no_proxy" not in pairs:
        command, assignment = shlex.split(lines.readline())
        assert command == "export"
        name, _, value = assignment.partition("=")
        pairs[name] = value
    return pairs


def announced(command: Command) -> str:
    """What is told on standard error once all that is to be exported is there."""
    deadline = time.monotonic() + LIMIT
    while not (text := command.err.read_text()).endswith("\n"):
        assert command.process.is_alive(), command.ended()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return text


def exported(command: Command) -> dict[str, str]:
    announced(command)
    with command.out.open() as lines:
        return exports(lines)


def test_it_prints_what_to_export_shows_calls_and_ends_cleanly() -> None:
    with start("-m", MODULE, "--journal") as process:
        assert process.stdout
        assert process.stderr
        listening = process.stderr.readline()
        pairs = exports(process.stdout)
        assert f"listening on {pairs['AWS_ENDPOINT_URL']}" in listening
        ask = "import boto3; boto3.client('s3').list_buckets()"
        assert run("-c", ask, environment={**os.environ, **pairs}).returncode == 0
        shown = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert shown == "s3:ListBuckets 200 arn:aws:iam::123456789012:user/platform-deployer\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_either_signal_ends_it_and_its_server(seeded: Sandbox, number: int) -> None:
    with on_a_copy(seeded) as command:
        endpoint = exported(command)["AWS_ENDPOINT_URL"]
        os.kill(command.pid, number)
        done = command.ended(10)
    assert (done.returncode, done.stderr) == (0, f"# listening on {endpoint}; Ctrl-C stops it\n")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(endpoint.rpartition(":")[2])))


def test_a_shell_that_reads_the_lines_runs_boto3_and_terraform_in_the_sandbox(
    seeded: Sandbox, tmp_path: Path
) -> None:
    provider = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7.0"}}
    identity = {"value": "${data.aws_caller_identity.me.arn}"}
    document = {
        "terraform": {"required_providers": provider},
        "data": {"aws_caller_identity": {"me": {}}},
        "output": {"me": identity},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(document))
    with on_a_copy(seeded) as command:
        announced(command)
        ask = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
        script = (
            f". {shlex.quote(str(command.out))} && {shlex.join(python('-c', ask))}"
            " && terraform init -input=false >&2 && terraform apply -auto-approve >&2"
            " && terraform output -raw me"
        )
        ran = subprocess.run(  # noqa: S603  the tests' own script
            ["sh", "-c", script],  # noqa: S607  any shell
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.stdout.split() == ["arn:aws:iam::123456789012:user/platform-deployer"] * 2, (
        ran.stderr
    )


def test_fails_with_one_line_when_the_port_is_taken(seeded: Sandbox) -> None:
    ran = told(f"--port={seeded.port}")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("error: the sandbox ended before it was ready\n")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_fails_for_a_port_that_cannot_be(port: str) -> None:
    ran = told("--port", port)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"error: Invalid value for '--port': {port!r} is not a port: 0 to 65535 is allowed\n"
    )


@pytest.mark.parametrize(("options", "refused"), [((), False), (("--enforce",), True)])
def test_policies_are_in_force_when_asked_for(
    seeded: Sandbox, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], refused: bool
) -> None:
    with on_a_copy(seeded, *options) as command:
        for name, value in exported(command).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        iam = boto3.Session().client("iam")
        with pytest.raises(ClientError) if refused else nullcontext():
            iam.list_users()


def test_what_is_exported_leads_through_the_faults_that_were_chosen(
    seeded: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_a_copy(seeded, "--throttle=1", "--deny=ListRoles", "--seed=2") as command:
        listening = announced(command)
        pairs = exported(command)
        for name, value in {**pairs, "AWS_MAX_ATTEMPTS": "1"}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(ClientError, match="SlowDown"):
            boto3.Session().client("s3").list_buckets()
    assert pairs["AWS_ENDPOINT_URL"] in listening
    assert pairs["AWS_MAX_ATTEMPTS"] == "12"
    assert pairs.keys() >= seeded.environment().keys()


def test_a_chosen_port_is_the_proxys(seeded: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with seeded.fork() as copy:
        free = copy.port
    with on_a_copy(seeded, f"--port={free}", "--delay=0.3") as command:
        pairs = exported(command)
        assert pairs["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{free}"
        for name, value in pairs.items():
            monkeypatch.setenv(name, value)
        s3 = boto3.Session().client("s3")
        begin = time.monotonic()
        s3.list_buckets()
        assert time.monotonic() - begin >= 0.3


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--throttle=1.5", "share of Throttle is 1.5, allowed: 0 to 1"),
        ("--fail=-1", "share of Fail is -1.0, allowed: 0 to 1"),
        ("--delay=61", "seconds of Delay is 61.0, allowed: 0 to 60"),
        ("--slow=ListRoles", "'ListRoles' is not OPERATION=SECONDS, such as DescribeDomain=2"),
    ],
)
def test_fails_for_faults_that_cannot_be(option: str, message: str) -> None:
    ran = told(option)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"error: {message}\n")


def test_fails_with_one_line_when_the_proxys_port_is_taken(seeded: Sandbox) -> None:
    with on_a_copy(seeded, f"--port={seeded.port}", "--throttle=0.1") as command:
        ran = command.ended()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"error: no proxy on 127.0.0.1:{seeded.port}: Address already in use\n"
