"""`python -m scripts.sandbox`."""

import os
import shlex
import signal

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.processes import run, start

MODULE = ("-m", "scripts.sandbox")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_what_to_export_shows_calls_and_ends_cleanly(number: int) -> None:
    with start(*MODULE, "--journal") as process:
        assert process.stdout
        assert process.stderr
        announced = process.stderr.readline()
        exported = [process.stdout.readline() for _ in range(16)]
        pairs = dict(shlex.split(line)[1].split("=", 1) for line in exported)
        assert f"listening on {pairs['AWS_ENDPOINT_URL']}" in announced
        ask = "import boto3; boto3.client('s3').list_buckets()"
        assert run("-c", ask, environment={**os.environ, **pairs}).returncode == 0
        shown = process.stderr.readline()
        process.send_signal(number)
        assert process.wait(10) == 0
    assert shown == "s3:ListBuckets 200 arn:aws:iam::123456789012:user/platform-deployer\n"


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
