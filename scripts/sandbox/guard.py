"""Fail closed: whatever runs against the sandbox must be unable to reach the real AWS.

The AWS provider, the AWS CLI and boto3 all talk to the real AWS when no endpoint is set. So every
runner calls `require_sandbox` on the environment that it is about to hand to a process.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from scripts.lib.errors import ToolError

ENDPOINT = "AWS_ENDPOINT_URL"
EXAMPLE = "http://127.0.0.1:4566"
# Nothing listens on the discard port: what is not for this machine goes nowhere.
_PROXY = "http://127.0.0.1:9"
_NOWHERE = {"HTTP_PROXY": _PROXY, "HTTPS_PROXY": _PROXY, "NO_PROXY": "127.0.0.1,localhost"}
NOWHERE = _NOWHERE | {name.lower(): value for name, value in _NOWHERE.items()}
"""Variables that keep a process's HTTP on this machine."""
_TRUE = {"1", "true", "yes", "on", "t"}
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class GuardError(ToolError):
    """The environment could reach the real AWS. The message is one line, fit for people."""


def is_loopback(url: str) -> bool:
    """Whether `url` is plain HTTP(S) to this machine: localhost or a loopback address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "\\" in url or port == 0:
        return False
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_sandbox(environment: Mapping[str, str]) -> str:
    """Return the environment's AWS endpoint, which is a loopback URL.

    Refuses a missing or foreign `AWS_ENDPOINT_URL`, a foreign endpoint of a single service
    (`AWS_ENDPOINT_URL_S3`, ...), the switch that makes SDKs ignore both, and a proxy that would
    carry calls to the endpoint away from this machine.

    Raises:
        GuardError: one line that names the variable, its value and what is allowed.
    """
    endpoint = environment.get(ENDPOINT, "")
    for name in sorted({ENDPOINT, *(n for n in environment if n.startswith(f"{ENDPOINT}_"))}):
        value = environment.get(name, "")
        if not is_loopback(value):
            got = f"is {value!r}" if value else "is not set"
            raise GuardError(
                f"refusing to reach AWS: {name} {got}; only a loopback URL such as {EXAMPLE}"
                " is allowed here"
            )
    ignore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    if environment.get(ignore, "").lower() in _TRUE:
        raise GuardError(
            f"refusing to reach AWS: {ignore} is {environment[ignore]!r}, which makes SDKs ignore"
            f" {ENDPOINT}; only 'false' or no value is allowed here"
        )
    _refuse_carrying_proxy(environment, urlsplit(endpoint).hostname or "")
    return endpoint


def _refuse_carrying_proxy(environment: Mapping[str, str], host: str) -> None:
    """Python's clients give calls to `host` to a proxy elsewhere unless told not to."""
    for name in (*_PROXIES, *(proxy.lower() for proxy in _PROXIES)):
        proxy = environment.get(name, "")
        if not proxy or is_loopback(proxy):
            continue
        # Lower case wins where both are set, as in Python's own rule.
        bypass = environment.get("no_proxy", environment.get("NO_PROXY", ""))
        if host not in {entry.strip() for entry in bypass.split(",")}:
            raise GuardError(
                f"refusing to reach AWS: {name} would carry calls to {host} off this machine;"
                f" NO_PROXY is {bypass!r} and must list {host}"
            )
