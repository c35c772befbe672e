"""Clients that can reach nothing else."""

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox
from scripts.sandbox.clients import create_client
from scripts.sandbox.guard import GuardError


@pytest.mark.parametrize("endpoint", ["https://s3.amazonaws.com", "http://127.0.0.1.nip.io", ""])
def test_fails_for_an_endpoint_elsewhere(endpoint: str) -> None:
    with pytest.raises(GuardError):
        create_client(endpoint, "s3", region="eu-west-1", access_key="a", secret_key="b")


def test_neither_profile_nor_proxy_of_the_user_matters(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.setenv(name, "does-not-exist")
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = create_client(
        account.endpoint, "sts", region="eu-west-1", access_key="a" * 20, secret_key="b"
    )
    assert client.get_caller_identity()["Account"] == "123456789012"


def test_a_failing_call_is_made_once(account: Sandbox) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        account.client("s3").list_objects_v2(Bucket="absent")
    assert [call.operation for call in account.journal()] == ["ListObjectsV2"]


def test_every_call_carries_the_headers_of_its_client(account: Sandbox) -> None:
    sent: list[str] = []
    client = create_client(
        account.endpoint,
        "s3",
        region="eu-west-1",
        access_key="a" * 20,
        secret_key="b",
        headers={"X-Sandbox-A": "1", "X-Sandbox-B": "2"},
    )
    client.meta.events.register_last(
        "before-sign",
        lambda request, **_: sent.extend(request.headers[f"X-Sandbox-{name}"] for name in "AB"),
    )
    client.list_buckets()
    assert sent == ["1", "2"]
