"""What the proxy's server passes on, answers itself and cuts off."""

import json
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import (
    AnyRule,
    Delay,
    Deny,
    Drop,
    Expire,
    Fail,
    Forge,
    Hold,
    Refuse,
    Throttle,
)
from scripts.sandbox.faults.ledger import Ledger
from scripts.sandbox.faults.server import FaultServer
from tests.unit.scripts.sandbox.faults.through import client

BUCKET = "prosm-code"


def connect(port: int) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", port, timeout=10)


def port_of(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2])


def test_every_protocol_passes_unchanged(account: Sandbox) -> None:
    with account.faults() as proxy:
        for service, operation in (
            ("sagemaker", "list_domains"),
            ("iam", "list_roles"),
            ("ec2", "describe_vpcs"),
            ("lambda", "list_functions"),
            ("s3", "list_buckets"),
        ):
            answers = [
                getattr(each, operation)()
                for each in (account.client(service), client(proxy, service))
            ]
            for answer in answers:
                del answer["ResponseMetadata"]
            assert answers[0] == answers[1], service
        assert proxy.counts.asked == Counter(
            ["ListDomains", "ListRoles", "DescribeVpcs", "ListFunctions", "ListBuckets"]
        )


def test_every_method_of_s3_passes_with_bodies_of_any_bytes(account: Sandbox) -> None:
    body = bytes(range(256)) * 8192
    with account.faults() as proxy:
        s3 = client(proxy, "s3")
        s3.put_object(Bucket=BUCKET, Key="big", Body=BytesIO(body), Metadata={"team": "alpha"})
        head = s3.head_object(Bucket=BUCKET, Key="big")
        assert s3.get_object(Bucket=BUCKET, Key="big")["Body"].read() == body
        s3.delete_object(Bucket=BUCKET, Key="big")
        with pytest.raises(ClientError, match="404"):
            s3.head_object(Bucket=BUCKET, Key="big")
        counts = proxy.counts
    assert (head["ContentLength"], head["Metadata"]) == (len(body), {"team": "alpha"})
    assert counts.asked == {"PutObject": 1, "HeadObject": 2, "GetObject": 1, "DeleteObject": 1}
    assert counts.refused == {}


def test_a_body_in_chunks_arrives_whole(account: Sandbox) -> None:
    with account.faults() as proxy:
        connection = connect(port_of(proxy.endpoint))
        pieces = iter([b"one ", b"two ", b"three"])
        connection.request("PUT", f"/{BUCKET}/chunked", pieces, encode_chunked=True)
        assert connection.getresponse().status == 200
        connection.close()
    found = account.client("s3").get_object(Bucket=BUCKET, Key="chunked")["Body"].read()
    assert found == b"one two three"


def test_one_connection_carries_many_calls(account: Sandbox) -> None:
    with account.faults(Refuse("ListBuckets", "SlowDown", call=2)) as proxy:
        connection = connect(port_of(proxy.endpoint))
        statuses = []
        for _ in range(3):
            connection.request("GET", "/")
            sock = connection.sock
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
            assert connection.sock is sock, "the connection was closed"
        connection.close()
    assert statuses == [200, 400, 200]


@pytest.fixture
def echo() -> Iterator[tuple[str, list[object], int]]:
    """A server in the sandbox's place that answers with the headers it got, by way of a proxy:
    its own address, the connections that it has seen, and the proxy's port."""
    connections: list[object] = []

    class Echo(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connections.append(self.client_address)

        def do_GET(self) -> None:
            body = json.dumps(self.headers.items()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "a=1")
            self.send_header("Set-Cookie", "b=2")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    upstream.daemon_threads = True
    address = f"127.0.0.1:{upstream.server_port}"
    proxy = FaultServer(0, address, Ledger(()))
    for server in (upstream, proxy):
        Thread(target=server.serve_forever, daemon=True).start()
    yield address, connections, proxy.server_port
    for server in (proxy, upstream):
        server.shutdown()
        server.server_close()


def test_headers_pass_but_for_those_of_the_connection(
    echo: tuple[str, list[object], int],
) -> None:
    address, _, port = echo
    connection = connect(port)
    connection.putrequest("GET", "/", skip_accept_encoding=True)
    for name, value in (("X-Two", "1"), ("X-Two", "2"), ("Keep-Alive", "9"), ("TE", "trailers")):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    # The sandbox's own name: what it calls in its turn by that name meets no rule.
    assert json.loads(response.read()) == [["Host", address], ["X-Two", "1"], ["X-Two", "2"]]
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    connection.close()


def test_a_server_that_keeps_connections_is_asked_by_one(
    echo: tuple[str, list[object], int],
) -> None:
    _, connections, port = echo
    connection = connect(port)
    for _ in range(5):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
    assert len(connections) == 1


def test_what_the_sandbox_calls_in_its_turn_meets_no_rule(account: Sandbox) -> None:
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "1"}}
    template = json.dumps({"Resources": {"Limit": parameter}})
    with account.faults(Deny(("PutParameter",))) as proxy:
        cloudformation = client(proxy, "cloudformation")
        cloudformation.create_stack(StackName="inner", TemplateBody=template)
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName="inner", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        with pytest.raises(ClientError, match="AccessDeniedException"):
            client(proxy, "ssm").put_parameter(Name="own", Value="1", Type="String")
        assert proxy.counts.asked["PutParameter"] == 1
    assert "PutParameter" in {call.operation for call in account.journal()}


REFUSALS: list[tuple[AnyRule, str, str, str, int]] = [
    (Throttle(1), "sagemaker", "list_domains", "ThrottlingException", 400),
    (Throttle(1), "iam", "list_roles", "Throttling", 400),
    (Throttle(1), "s3", "list_buckets", "SlowDown", 503),
    (Throttle(1), "ec2", "describe_vpcs", "RequestLimitExceeded", 503),
    (Throttle(1), "lambda", "list_functions", "TooManyRequestsException", 429),
    (Fail(1), "sagemaker", "list_domains", "InternalFailure", 500),
    (Fail(1), "iam", "list_roles", "InternalFailure", 500),
    (Expire(1), "sagemaker", "list_domains", "ExpiredTokenException", 400),
    (Expire(1), "iam", "list_roles", "ExpiredToken", 403),
    (Deny(("ListDomains",)), "sagemaker", "list_domains", "AccessDeniedException", 400),
    (Deny(("ListRoles",)), "iam", "list_roles", "AccessDenied", 403),
    (Deny(("ListBuckets",)), "s3", "list_buckets", "AccessDenied", 403),
    (Refuse("ListDomains", "Odd"), "sagemaker", "list_domains", "Odd", 400),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refusals_reach_the_client_and_not_the_sandbox(
    account: Sandbox, refusal: tuple[AnyRule, str, str, str, int]
) -> None:
    rule, service, operation, code, status = refusal
    with account.faults(rule) as proxy:
        with pytest.raises(ClientError) as caught:
            getattr(client(proxy, service), operation)()
        assert sum(proxy.counts.refused.values()) == 1
    response = caught.value.response
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert account.journal() == []


def test_a_refused_head_has_no_body(account: Sandbox) -> None:
    with account.faults(Fail(1)) as proxy:
        connection = connect(port_of(proxy.endpoint))
        for _ in range(2):
            connection.request("HEAD", f"/{BUCKET}/README.md")
            response = connection.getresponse()
            assert (response.status, response.read()) == (500, b"")
        connection.close()


def test_a_forged_answer_is_the_services_own_to_the_client(account: Sandbox) -> None:
    forged = {"Domains": [{"DomainId": "d-forged"}]}
    with account.faults(Forge("ListDomains", forged)) as proxy:
        assert client(proxy, "sagemaker").list_domains()["Domains"] == forged["Domains"]


@pytest.mark.parametrize("after", [False, True])
def test_a_dropped_call_has_no_answer_and_its_effect_only_if_dropped_after(
    account: Sandbox, after: bool
) -> None:
    with account.faults(Drop(1, ("CreateRole",), after=after)) as proxy:
        iam = client(proxy, "iam")
        with pytest.raises(ConnectionClosedError):
            iam.create_role(RoleName="Dropped", AssumeRolePolicyDocument="{}")
        assert proxy.counts.refused == {"CreateRole": 1}
        names = {role["RoleName"] for role in iam.list_roles()["Roles"]}
    assert ("Dropped" in names) is after


@pytest.mark.parametrize("forwards", [False, True])
def test_a_held_call_waits_for_its_release(account: Sandbox, forwards: bool) -> None:
    hold = Hold(forwards)

    def rule(name: str, _: int) -> Hold | None:
        return hold if name == "CreateRole" else None

    with account.faults(rule) as proxy, ThreadPoolExecutor(1) as pool:
        create = client(proxy, "iam").create_role
        call = pool.submit(create, RoleName="Held", AssumeRolePolicyDocument="{}")
        assert hold.reached.wait(10)
        names = {role["RoleName"] for role in account.client("iam").list_roles()["Roles"]}
        assert ("Held" in names) is forwards
        assert not call.done()
        hold.release.set()
        with pytest.raises(ConnectionClosedError):
            call.result(10)


def seconds(call: Callable[[], Any]) -> float:
    begin = time.monotonic()
    call()
    return time.monotonic() - begin


def test_delays_hold_back_the_answers_that_they_are_for(account: Sandbox) -> None:
    with account.faults(Delay(0.2), Delay(0.5, ("ListRoles",)), Delay(5, ("GetRole",))) as proxy:
        iam, sagemaker = client(proxy, "iam"), client(proxy, "sagemaker")
        assert 0.2 <= seconds(sagemaker.list_domains) < 0.6
        assert 0.7 <= seconds(iam.list_roles) < 1.2


def test_delayed_calls_wait_side_by_side(account: Sandbox) -> None:
    with account.faults(Delay(0.5), Forge("ListDomains", {"Domains": []})) as proxy:
        clients = [client(proxy, "sagemaker") for _ in range(8)]

        def all_at_once() -> None:
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda each: each.list_domains(), clients))

        assert seconds(all_at_once) < 8 * 0.5 / 2


def test_32_callers_at_once_get_their_own_answers(account: Sandbox) -> None:
    with account.faults() as proxy:
        s3 = client(proxy, "s3")

        def back_and_forth(number: int) -> bool:
            body = f"{number}".encode() * 100
            s3.put_object(Bucket=BUCKET, Key=f"{number}", Body=body)
            return bool(s3.get_object(Bucket=BUCKET, Key=f"{number}")["Body"].read() == body)

        with ThreadPoolExecutor(32) as pool:
            assert all(pool.map(back_and_forth, range(96)))
        assert proxy.counts.asked == {"PutObject": 96, "GetObject": 96}


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"PUT /\xff HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["no-number", "negative", "bad-chunk", "bad-path"],
)
def test_a_request_that_cannot_be_read_is_cut_off_and_the_next_is_served(
    account: Sandbox, request_text: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with account.faults() as proxy:
        with socket.create_connection(("127.0.0.1", port_of(proxy.endpoint)), 10) as raw:
            raw.sendall(request_text)
            assert raw.recv(1000) == b""
        assert client(proxy, "s3").list_buckets()["Buckets"]
    assert capfd.readouterr().err == ""


def test_a_sandbox_that_has_ended_looks_like_a_lost_connection(
    seeded: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = seeded.fork()
    with copy.faults() as proxy:
        copy.stop()
        with pytest.raises(ConnectionClosedError):
            client(proxy, "s3").list_buckets()
    assert capfd.readouterr().err == ""


def ask_again(connection: HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse()


def test_connections_that_are_kept_end_with_the_proxy(account: Sandbox) -> None:
    with account.faults() as proxy:
        connection = connect(port_of(proxy.endpoint))
        connection.request("GET", "/")
        connection.getresponse().read()
        sock = connection.sock
    connection.auto_open = 0
    assert connection.sock is sock
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask_again(connection)
    connection.close()
