"""`python -m scripts.sandbox`."""

import json
import os
import shlex
import signal
import subprocess
from pathlib import Path
from typing import IO

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.processes import ROOT, python, run, start

MODULE = ("-m", "scripts.sandbox")


def exports(lines: IO[str]) -> dict[str, str]:
    """What the lines export, up to the last one."""
    pairs: dict[str, str] = {}
    while "no_proxy" not in pairs:
        command, assignment = shlex.split(lines.readline())
        assert command == "export"
        name, _, value = assignment.partition("=")
        pairs[name] = value
    return pairs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_what_to_export_shows_calls_and_ends_cleanly(number: int) -> None:
    with start(*MODULE, "--journal") as process:
        assert process.stdout
        assert process.stderr
        announced = process.stderr.readline()
        pairs = exports(process.stdout)
        assert f"listening on {pairs['AWS_ENDPOINT_URL']}" in announced
        ask = "import boto3; boto3.client('s3').list_buckets()"
        assert run("-c", ask, environment={**os.environ, **pairs}).returncode == 0
        shown = process.stderr.readline()
        process.send_signal(number)
        assert process.wait(10) == 0
    assert shown == "s3:ListBuckets 200 arn:aws:iam::123456789012:user/platform-deployer\n"


def test_a_shell_that_reads_the_lines_runs_boto3_and_terraform_in_the_sandbox(
    tmp_path: Path,
) -> None:
    provider = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7.0"}}
    identity = {"value": "${data.aws_caller_identity.me.arn}"}
    document = {
        "terraform": {"required_providers": provider},
        "data": {"aws_caller_identity": {"me": {}}},
        "output": {"me": identity},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(document))
    lines = tmp_path / "export.sh"
    with lines.open("w") as output:
        process = subprocess.Popen(  # noqa: S603  our own module
            python(*MODULE), cwd=ROOT, stdout=output, stderr=subprocess.PIPE, text=True
        )
    with process:
        assert process.stderr
        process.stderr.readline()
        ask = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
        script = (
            f". {shlex.quote(str(lines))} && {shlex.join(python('-c', ask))}"
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
        process.terminate()
    assert ran.stdout.split() == ["arn:aws:iam::123456789012:user/platform-deployer"] * 2, (
        ran.stderr
    )


def test_fails_with_one_line_when_the_port_is_taken(seeded: Sandbox) -> None:
    ran = run(*MODULE, f"--port={seeded.port}")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("error: the sandbox ended before it was ready\n")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_fails_for_a_port_that_cannot_be(port: str) -> None:
    ran = run(*MODULE, "--port", port)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"error: Invalid value for '--port': {port!r} is not a port: 0 to 65535 is allowed\n"
    )


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--enforce",), 254)])
def test_policies_are_in_force_when_asked_for(options: tuple[str, ...], code: int) -> None:
    with start(*MODULE, *options) as process:
        assert process.stdout
        pairs = {**exports(process.stdout), "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}
        ask = (
            "import boto3, botocore.exceptions as e, sys\n"
            "try: boto3.client('iam').list_users()\n"
            "except e.ClientError as fault: sys.exit(254)"
        )
        assert run("-c", ask, environment={**os.environ, **pairs}).returncode == code
        process.terminate()


def test_what_is_exported_leads_through_the_faults_that_were_chosen(seeded: Sandbox) -> None:
    with start(*MODULE, "--throttle=1", "--deny=ListRoles", "--seed=2") as process:
        assert process.stdout
        assert process.stderr
        announced = process.stderr.readline()
        pairs = exports(process.stdout)
        once = {**os.environ, **pairs, "AWS_MAX_ATTEMPTS": "1"}
        ran = run("-c", "import boto3; boto3.client('s3').list_buckets()", environment=once)
        process.terminate()
        assert process.wait(10) == 0
    assert pairs["AWS_ENDPOINT_URL"] in announced
    assert pairs["AWS_MAX_ATTEMPTS"] == "12"
    assert pairs.keys() >= seeded.environment().keys()
    assert "SlowDown" in ran.stderr


def test_a_chosen_port_is_the_proxys(seeded: Sandbox) -> None:
    with seeded.fork() as copy:
        free = copy.port
    with start(*MODULE, f"--port={free}", "--delay=0.3") as process:
        assert process.stdout
        pairs = exports(process.stdout)
        assert pairs["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{free}"
        timed = (
            "import boto3, time; s3 = boto3.client('s3'); begin = time.monotonic();"
            " s3.list_buckets(); print(time.monotonic() - begin)"
        )
        ran = run("-c", timed, environment={**os.environ, **pairs})
        process.terminate()
    assert float(ran.stdout) >= 0.3


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
    ran = run(*MODULE, option)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"error: {message}\n")


def test_fails_with_one_line_when_the_proxys_port_is_taken(seeded: Sandbox) -> None:
    ran = run(*MODULE, f"--port={seeded.port}", "--throttle=0.1")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"error: no proxy on 127.0.0.1:{seeded.port}: Address already in use\n"
