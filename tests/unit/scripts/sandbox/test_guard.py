"""Refusing every environment from which the real AWS could be reached."""

import pytest

from scripts.sandbox.guard import GuardError, is_loopback, require_sandbox

LOCAL = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    "url",
    [
        LOCAL,
        "https://127.0.0.1",
        "http://127.8.9.1:80/",
        "http://localhost:4566",
        "HTTP://LOCALHOST:1",
        "http://[::1]:4566",
    ],
)
def test_loopback_urls_pass(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:4566",
        "localhost",
        "ftp://127.0.0.1",
        "file:///dev/null",
        "https://sagemaker.eu-west-1.amazonaws.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1:80@example.com/",
        "http://example.com#@127.0.0.1",
        "http://example.com\\@127.0.0.1",
        "http://0.0.0.0:4566",
        "http://169.254.169.254",
        "http://10.0.0.1",
        "http://2130706433",
        "http://127.1",
        "http://user:password@127.0.0.1:4566",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://",
    ],
)
def test_fails_for_any_other_url(url: str) -> None:
    assert not is_loopback(url)


def test_the_endpoint_is_returned() -> None:
    assert require_sandbox({"AWS_ENDPOINT_URL": LOCAL, "HOME": "/"}) == LOCAL


def test_fails_when_no_endpoint_is_set() -> None:
    with pytest.raises(GuardError) as caught:
        require_sandbox({"AWS_REGION": "eu-west-1"})
    assert str(caught.value) == (
        "refusing to reach AWS: AWS_ENDPOINT_URL is not set; only a loopback URL such as"
        " http://127.0.0.1:4566 is allowed here"
    )


def test_fails_when_the_endpoint_is_empty() -> None:
    with pytest.raises(GuardError, match="AWS_ENDPOINT_URL is not set"):
        require_sandbox({"AWS_ENDPOINT_URL": ""})


def test_fails_when_the_endpoint_is_elsewhere_and_says_which() -> None:
    with pytest.raises(GuardError) as caught:
        require_sandbox({"AWS_ENDPOINT_URL": "https://sts.amazonaws.com"})
    assert "AWS_ENDPOINT_URL is 'https://sts.amazonaws.com'" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SERVICE_CATALOG"])
@pytest.mark.parametrize("value", ["https://s3.amazonaws.com", ""])
def test_fails_when_one_service_has_an_endpoint_elsewhere(name: str, value: str) -> None:
    with pytest.raises(GuardError, match=f"{name} is"):
        require_sandbox({"AWS_ENDPOINT_URL": LOCAL, name: value})


def test_an_endpoint_of_one_service_may_be_local() -> None:
    assert require_sandbox({"AWS_ENDPOINT_URL": LOCAL, "AWS_ENDPOINT_URL_S3": LOCAL}) == LOCAL


@pytest.mark.parametrize("value", ["true", "TRUE", "1", "yes"])
def test_fails_when_endpoints_are_ignored(value: str) -> None:
    environment = {"AWS_ENDPOINT_URL": LOCAL, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": value}
    with pytest.raises(GuardError, match="makes SDKs ignore AWS_ENDPOINT_URL"):
        require_sandbox(environment)


def test_endpoints_explicitly_not_ignored_pass() -> None:
    environment = {"AWS_ENDPOINT_URL": LOCAL, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}
    assert require_sandbox(environment) == LOCAL


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_fails_when_a_proxy_would_carry_the_calls_away(name: str) -> None:
    environment = {"AWS_ENDPOINT_URL": LOCAL, name: "http://proxy.corp:3128"}
    with pytest.raises(GuardError, match=f"{name} would carry calls to 127.0.0.1"):
        require_sandbox(environment)


def test_fails_when_the_proxy_is_bypassed_for_another_host_only() -> None:
    environment = {
        "AWS_ENDPOINT_URL": LOCAL,
        "HTTP_PROXY": "http://proxy.corp:3128",
        "NO_PROXY": "localhost,example.com",
    }
    with pytest.raises(GuardError, match=r"must list 127\.0\.0\.1"):
        require_sandbox(environment)


def test_fails_when_the_lower_case_bypass_that_wins_lacks_the_host() -> None:
    environment = {
        "AWS_ENDPOINT_URL": LOCAL,
        "HTTP_PROXY": "http://proxy.corp:3128",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "example.com",
    }
    with pytest.raises(GuardError, match=r"NO_PROXY is 'example\.com'"):
        require_sandbox(environment)


def test_a_proxy_that_is_bypassed_or_dead_passes() -> None:
    bypassed = {"HTTP_PROXY": "http://proxy.corp:3128", "NO_PROXY": "localhost, 127.0.0.1"}
    dead = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    assert require_sandbox({"AWS_ENDPOINT_URL": LOCAL, **bypassed}) == LOCAL
    assert require_sandbox({"AWS_ENDPOINT_URL": LOCAL, **dead}) == LOCAL
