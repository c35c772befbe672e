"""Snapshots of the server while it is at work."""

import gc
import json
import os
import socket
import threading
from http.client import HTTPConnection
from typing import Any
from unittest.mock import create_autospec

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.account import AccessKey
from scripts.sandbox.application import Application
from scripts.sandbox.journal import Journal
from scripts.sandbox.server import Server, main
from tests.unit.scripts.sandbox.processes import wait_until_gone


def control(sandbox: Sandbox, method: str, name: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    try:
        connection.request(method, f"/_sandbox/{name}")
        response = connection.getresponse()
        body = response.read()
        return response.status, json.loads(body) if body else None
    finally:
        connection.close()


def test_an_answer_comes_in_one_piece(account: Sandbox) -> None:
    # Twenty, as two pieces may come together by chance.
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", account.port), timeout=10) as connection:
            connection.sendall(b"GET /_sandbox/health HTTP/1.1\r\nHost: sandbox\r\n\r\n")
            head, end, body = connection.recv(1 << 16).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert end
        assert json.loads(body) == {"status": "ready"}


def test_a_client_that_asks_first_is_told_at_once_to_send_its_body(account: Sandbox) -> None:
    head = (
        b"PUT /prosm-code/asked-first HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 4\r\n"
        b"Authorization: AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/s3/aws4_request, \r\n"
        b"Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", account.port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(b"body")
        while connection.recv(1 << 16):
            pass
    got = account.client("s3").get_object(Bucket="prosm-code", Key="asked-first")
    assert got["Body"].read() == b"body"


def test_a_snapshot_is_taken_between_calls_never_within_one(account: Sandbox) -> None:
    table = account.client("s3")
    stop = threading.Event()

    def write_pairs() -> None:
        number = 0
        while not stop.is_set():
            table.put_object(Bucket="prosm-code", Key=f"n/{number:06}", Body=b"x" * 100_000)
            number += 1

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        for _ in range(5):
            with account.fork() as copy:
                s3 = copy.client("s3")
                keys = [
                    item["Key"]
                    for item in s3.list_objects_v2(Bucket="prosm-code", Prefix="n/").get(
                        "Contents", []
                    )
                ]
                assert keys == [f"n/{number:06}" for number in range(len(keys))]
                for key in keys[-1:]:
                    body = s3.get_object(Bucket="prosm-code", Key=key)["Body"].read()
                    assert body == b"x" * 100_000
    finally:
        stop.set()
        writer.join()


def test_many_copies_can_be_taken_at_once(account: Sandbox) -> None:
    copies: list[Sandbox] = []
    takers = [threading.Thread(target=lambda: copies.append(account.fork())) for _ in range(5)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert len({copy.port for copy in copies}) == 5
    for copy in copies:
        assert copy.client("sts").get_caller_identity()["Account"] == "123456789012"
        copy.stop()


def test_calls_at_once_are_all_answered(account: Sandbox) -> None:
    faults: list[Exception] = []

    def work(number: int) -> None:
        iam = account.client("iam")
        try:
            for step in range(5):
                iam.create_user(UserName=f"u-{number}-{step}")
                list(iam.get_paginator("list_users").paginate())
        except Exception as fault:  # noqa: BLE001  shown by the assertion
            faults.append(fault)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    pages = account.client("iam").get_paginator("list_users").paginate()
    assert sum(len(page["Users"]) for page in pages) == 41


def test_a_stop_is_answered_before_the_server_ends(account: Sandbox) -> None:
    with account.fork() as copy:
        assert control(copy, "POST", "stop") == (200, None)
        wait_until_gone(copy.pid)


def test_health_is_answered_without_credentials(seeded: Sandbox) -> None:
    assert control(seeded, "GET", "health") == (200, {"status": "ready"})


def test_fails_without_anybody_to_report_to(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert "--ready-fd" in capsys.readouterr().err


def test_the_collector_is_at_work_once_the_server_is_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collects: list[bool] = []

    def seed(_endpoint: str) -> AccessKey:
        collects.append(gc.isenabled())
        return AccessKey("id", "secret")

    made = create_autospec(Server, instance=True, port=1)
    made.application = create_autospec(Application, instance=True, journal=Journal())
    made.run.side_effect = lambda: collects.append(gc.isenabled())
    monkeypatch.setattr("scripts.sandbox.server.Server", lambda _port: made)
    monkeypatch.setattr("scripts.sandbox.server.account.seed", seed)
    monkeypatch.setattr("scripts.sandbox.server.backends.register", lambda: None)
    ready, report = os.pipe()
    gc.disable()
    try:
        main([f"--ready-fd={report}"])
    finally:
        gc.enable()
    with os.fdopen(ready) as answer:
        told = json.load(answer)
    assert collects == [False, True]
    assert told == {"port": 1, "access_key": "id", "secret_key": "secret"}
