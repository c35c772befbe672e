"""Why Terraform could not look: one line for a person, told from its machine-readable messages.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui: with ``-json`` each line is
an object, and errors are diagnostics with a summary and a detail. Inside these, what AWS and
Terraform say is told apart by AWS's error codes and by Terraform's own summaries.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.lib.errors import NO_CREDENTIALS, one_line

_TOKENS = (
    (
        (
            r"\b(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)\b|\bexpired\b.{0,40}"
            r"\b(token|credentials|session)\b|\b(token|credentials|session)\b.{0,40}\bexpired\b"
        ),
        "the AWS credentials have expired: get new ones, then check again",
    ),
    (
        (
            r"\b(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|"
            r"InvalidAccessKeyId|AuthFailure)\b"
        ),
        "AWS does not know these credentials: check the profile or the keys",
    ),
    (r"No valid credential sources? found|failed to refresh cached credentials", NO_CREDENTIALS),
    (
        r"acquiring the state lock",
        "somebody holds the lock of the state: wait until the apply has ended",
    ),
)
_LATER_TOKENS = (
    (
        r"\b(AccessDenied(Exception)?|UnauthorizedOperation|not authorized to perform)\b",
        "AWS does not allow these credentials to read all of it",
    ),
    (
        r"\b(Throttling(Exception)?|RequestLimitExceeded|TooManyRequestsException)\b",
        "AWS is asked too much at once: check again later",
    ),
    (
        (
            r"dial tcp|no such host|connection refused|connection reset|i/o timeout|TLS handshake|"
            r"request send failed|network is unreachable"
        ),
        "AWS or the place of the state cannot be reached",
    ),
)
_NOT_INITIALISED = re.compile(
    r"Backend initialization required|initialization required|Inconsistent dependency lock file|"
    r"Module not installed|Backend configuration changed|Required plugins are not installed|"
    r"terraform init",
    re.IGNORECASE,
)
_NO_PROVIDER = re.compile(
    r"Failed to (load plugin schemas|query available provider packages|install provider|"
    r"instantiate provider)|Missing required provider|no package for|could not load plugin|"
    r"unavailable provider",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What Terraform found wrong. Texts may hold other people's names; never values of secrets."""

    severity: str
    summary: str
    detail: str
    address: str = ""


def diagnostics(printed: str) -> Iterator[Diagnostic]:
    """Yield the diagnostics among the lines that ``terraform plan -json`` printed."""
    for line in printed.splitlines():
        if not line.startswith("{"):
            continue
        try:
            message = json.loads(line)
        except ValueError:
            continue
        found = message.get("diagnostic") if isinstance(message, dict) else None
        if isinstance(found, dict):
            yield _diagnostic(found)


def reason(printed: str, *, directory: str, fallback: str) -> str:
    """Return in one line why a command of Terraform failed.

    Args:
        printed: all that it printed.
        directory: where it ran, for the command that mends it.
        fallback: what is said if Terraform did not say anything.
    """
    errors = [each for each in diagnostics(printed) if each.severity == "error"]
    if not errors:
        errors = [_plain(printed, fallback)]
    for each in errors:
        if known := _known(f"{each.summary}\n{each.detail}", directory):
            return one_line(f"{known} ({_code_or_summary(each)})")
    first = errors[0]
    where = f"{first.address}: " if first.address else ""
    return one_line(": ".join(part for part in (f"{where}{first.summary}", first.detail) if part))


def init_command(directory: str) -> str:
    """Return what makes a stack's directory ready for Terraform."""
    return shlex.join(["terraform", f"-chdir={directory}", "init", "-input=false"])


def _known(text: str, directory: str) -> str:
    flat = " ".join(text.split())
    for pattern, said in _TOKENS:
        if re.search(pattern, flat, re.IGNORECASE):
            return said
    if _NO_PROVIDER.search(flat):
        return f"the AWS provider is missing: run: {init_command(directory)}"
    if _NOT_INITIALISED.search(flat):
        return f"Terraform is not initialised here: run: {init_command(directory)}"
    for pattern, said in _LATER_TOKENS:
        if re.search(pattern, flat, re.IGNORECASE):
            return said
    return ""


def _plain(printed: str, fallback: str) -> Diagnostic:
    """Return the error of a command that has no machine-readable form."""
    text = "\n".join(line for line in printed.splitlines() if not line.startswith(("{", "$")))
    _, marker, error = text.partition("Error: ")
    summary, _, detail = (error if marker else text.strip()).partition("\n")
    return Diagnostic("error", one_line(summary) or fallback, detail.strip(" \n│╵"))


def _code_or_summary(each: Diagnostic) -> str:
    """Return AWS's own code, the operation and the summary, as far as they are there."""
    code = re.search(r"api error (\w+)", f"{each.summary} {each.detail}")
    return code[1] if code else each.summary.splitlines()[0][:80] if each.summary else "no message"


def _diagnostic(found: Mapping[str, Any]) -> Diagnostic:
    def text(name: str) -> str:
        value = found.get(name)
        return value if isinstance(value, str) else ""

    return Diagnostic(text("severity"), text("summary"), text("detail"), text("address"))
