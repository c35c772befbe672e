"""The server's process as the handle sees it."""

import json
import os
import subprocess
import sys
import tempfile
from typing import BinaryIO

import pytest

from scripts.sandbox.errors import SandboxError
from scripts.sandbox.server_process import (
    end,
    read_log,
    read_ready,
    server_environment,
    tail,
    without_aws,
)
from tests.unit.scripts.sandbox.processes import wait_until_gone


def log_of(text: bytes) -> BinaryIO:
    log = tempfile.TemporaryFile()  # noqa: SIM115  gone with the test
    log.write(text)
    log.flush()
    return log


def test_settings_of_aws_moto_and_proxies_are_left_out() -> None:
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "work",
        "MOTO_ACCOUNT_ID": "1",
        "https_proxy": "http://10.0.0.1",
        "NO_PROXY": "localhost",
        "PAWS_": "stays",
    }
    assert without_aws(base) == {"PATH": "/bin", "PAWS_": "stays"}


def test_the_servers_own_environment_has_no_configuration_of_the_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/home/somebody/.aws/config")
    made = server_environment()
    assert "AWS_PROFILE" not in made
    assert made["AWS_CONFIG_FILE"] == made["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert made["PATH"] == os.environ["PATH"]


def test_what_the_server_reports_is_read() -> None:
    ready, report = os.pipe()
    os.write(report, json.dumps({"port": 7}).encode())
    os.close(report)
    assert read_ready(ready, 5) == {"port": 7}


def test_fails_when_nothing_is_reported_in_time_or_at_all() -> None:
    ready, report = os.pipe()
    with pytest.raises(SandboxError, match=r"^the sandbox was not ready after 0\.05 s$"):
        read_ready(ready, 0.05)
    os.close(report)
    ready, report = os.pipe()
    os.close(report)
    with pytest.raises(SandboxError, match=r"^the sandbox ended before it was ready$"):
        read_ready(ready, 5)


def test_the_logs_tail_is_its_last_lines_and_reading_moves_nothing() -> None:
    log = log_of("".join(f"line {number}\n" for number in range(40)).encode())
    assert tail(log).splitlines() == ["", *(f"  line {number}" for number in range(25, 40))]
    log.write(b"\xff more")
    log.flush()
    assert read_log(log).endswith("line 39\n\ufffd more")
    assert tail(log_of(b"")) == ""


def test_a_process_is_ended_even_if_it_will_not_and_once_it_is_gone_nothing_happens() -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        " print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout
        process.stdout.readline()
        end(process.pid)
        assert process.wait(10) == -9
    wait_until_gone(process.pid)
    end(process.pid)
