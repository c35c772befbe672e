"""A drift report as JSON, complete, and read back again.

The document, whose names stay as long as ``format`` is 1; more may be added::

    {
      "format": 1, "when": "2026-01-31T04:00:00Z", "account_id", "region", "exit_code": 0 | 1 | 2,
      "checks": [{
        "plane": "terraform" | "portfolio" | "launched", "stack", "seconds",
        "drifts": [{
          "plane", "stack", "subject", "what", "expected", "actual",
          "risk": "high" | "medium" | "low",
          "attributes": [{"path", "before", "after", "sensitive", "unknown", "forces_replacement"}],
          "rights": [{"policy", "gained": [...], "lost": [...], "unreadable"}],
          "folded": [...], "remedies": [{"mend", "text", "command"}],
          "author": null | {"who", "when", "event"},
          "ignored": null | {"reason", "owner", "expires"}
        }],
        "noise": [{"stack", "reason", "places"}],
        "failures": [{"plane", "stack", "reason"}]
      }],
      "notes": [...]
    }

All is ASCII, so that no control character reaches a terminal that shows it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from pydantic import TypeAdapter, ValidationError

from scripts.lib.drift.model import DriftReport
from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.model import Risk

FORMAT: Final = 1

WHEN: Final = "%Y-%m-%dT%H:%M:%SZ"

_RISKS: Final = {str(risk): int(risk) for risk in Risk}
_REPORT: Final = TypeAdapter(DriftReport)


def to_document(report: DriftReport) -> dict[str, Any]:
    """Return the document; see the module."""
    document = asdict(report)
    for check in document["checks"]:
        for drift in check["drifts"]:
            drift["risk"] = str(drift["risk"])
    return {"format": FORMAT, **document, "exit_code": report.exit_code}


def write_document(report: DriftReport, stream: TextIO) -> None:
    """Write the document as one piece of JSON."""
    stream.write(json.dumps(to_document(report), indent=2) + "\n")


def read_report(path: Path) -> DriftReport:
    """Return the report in a file that ``write_document`` wrote.

    Raises:
        InputError: it cannot be read, or is something else; the message is one line.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise InputError(f"report {one_line(path)} cannot be read: {exc.strerror}") from exc
    except (ValueError, RecursionError) as exc:
        raise InputError(one_line(f"report {path} is not JSON: {exc}")) from exc
    return _report(document, one_line(f"report {path}"))


def _report(document: object, name: str) -> DriftReport:
    if not isinstance(document, dict) or "format" not in document:
        raise InputError(f"{name} is no drift report")
    if document["format"] != FORMAT:
        given = one_line(repr(document["format"]), 40)
        raise InputError(f"{name} has format {given}, this tool reads format {FORMAT}")
    try:
        report = _REPORT.validate_python(_with_numbers(document))
        datetime.strptime(report.when, WHEN)  # noqa: DTZ007  the Z says it
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(one_line(f"{name}: {where}: {first['msg']}")) from exc
    except ValueError as exc:
        raise InputError(one_line(f"{name}: when: {exc}")) from exc
    return report


def _with_numbers(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with risks as the model has them; what is none is left to be refused."""
    checks = document.get("checks")
    if not isinstance(checks, list):
        return document
    return {**document, "checks": [_check(check) for check in checks]}


def _check(check: Any) -> Any:
    if not isinstance(check, dict) or not isinstance(check.get("drifts"), list):
        return check
    return {**check, "drifts": [_drift(drift) for drift in check["drifts"]]}


def _drift(drift: Any) -> Any:
    if not isinstance(drift, dict):
        return drift
    risk = drift.get("risk")
    return {**drift, "risk": _RISKS.get(risk) if isinstance(risk, str) else None}
