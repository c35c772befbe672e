"""Findings as SARIF 2.1.0, for code scanning.

GitHub shows a result only if it has a place in a file of the repository, given by a relative
path; see "SARIF support for code scanning" at docs.github.com. What no known line has made is put
at the first line of ``FALLBACK``, and its address says what it is about. Of fingerprints GitHub
looks at ``primaryLocationLineHash`` alone. It takes suppressed results for open ones, hence
``acknowledged``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO
from urllib.parse import quote

from scripts.lib.plan_review.model import Finding, Review, Risk, Rule, Source

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
FALLBACK: Final = Source("main.py", 1)

TEXT_LIMIT: Final = 1_000
"""GitHub takes descriptions of at most 1,024 characters."""

LEVELS: Final[Mapping[Risk, str]] = {
    Risk.HIGH: "error",
    Risk.MEDIUM: "warning",
    Risk.LOW: "note",
}

SEVERITIES: Final[Mapping[Risk, str]] = {Risk.HIGH: "8.0", Risk.MEDIUM: "5.0", Risk.LOW: "2.0"}
"""GitHub calls a ``security-severity`` from 7.0 on high, and one from 4.0 on medium."""


def to_sarif(
    review: Review,
    rules: Mapping[str, Rule],
    *,
    fallback: Source = FALLBACK,
    acknowledged: bool = True,
) -> dict[str, Any]:
    """Return the log with one result for each finding.

    Args:
        rules: by id; one that a finding names and that is not there is listed by its id alone.
        fallback: where findings are put that no known line of the project has made.
        acknowledged: with acknowledged findings too, as suppressed results.
    """
    placed = [
        (finding, stack, source)
        for finding, stack, source in _findings(review)
        if acknowledged or finding.acknowledged is None
    ]
    named = dict.fromkeys((*rules, *(finding.rule for finding, _, _ in placed)))
    index = {rule: number for number, rule in enumerate(named)}
    seen: Counter[str] = Counter()
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "plan-review",
                        "rules": [_rule(rule, rules.get(rule)) for rule in named],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "results": [
                    _result(finding, stack, source or fallback, index[finding.rule], seen)
                    for finding, stack, source in placed
                ],
            }
        ],
    }


def write_sarif(
    review: Review, stream: TextIO, rules: Mapping[str, Rule], *, acknowledged: bool = True
) -> None:
    """Write the log as one piece of JSON."""
    log = to_sarif(review, rules, acknowledged=acknowledged)
    stream.write(json.dumps(log, indent=2) + "\n")


def _findings(review: Review) -> Iterator[tuple[Finding, str, Source | None]]:
    for stack in review.stacks:
        name = stack.plan.stack
        yield from ((finding, name, None) for finding in stack.findings)
        for item in (*stack.changes, *stack.drift):
            source = item.source[0] if item.source else None
            yield from ((finding, name, source) for finding in item.findings)


def _rule(rule_id: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": rule_id, "shortDescription": {"text": rule_id or "(no id)"}}
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title[:TEXT_LIMIT]},
        "fullDescription": {"text": rule.why[:TEXT_LIMIT]},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": LEVELS[rule.risk]},
        "properties": {
            "tags": ["security", "terraform"],
            "precision": "high",
            "problem.severity": {"note": "recommendation"}.get(
                LEVELS[rule.risk], LEVELS[rule.risk]
            ),
            "security-severity": SEVERITIES[rule.risk],
        },
    }


def _result(
    finding: Finding, stack: str, source: Source, rule_index: int, seen: Counter[str]
) -> dict[str, Any]:
    said = finding.message + (f" Way out: {finding.mend}" if finding.mend else "")
    result = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.risk],
        "message": {"text": _plain(f"{finding.address}: {said}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(source.path)},
                    "region": {"startLine": max(source.line, 1)},
                },
                "logicalLocations": [
                    {
                        "name": finding.address,
                        "fullyQualifiedName": f"{stack}/{finding.address}",
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding, stack, seen)},
        "properties": {"stack": stack, "risk": str(finding.risk)},
    }
    given = finding.acknowledged
    if given:
        owner = f" ({given.owner})" if given.owner else ""
        until = f"{given.reason}{owner}, until {given.expires}"
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": until}
        ]
    return result


def _fingerprint(finding: Finding, stack: str, seen: Counter[str]) -> str:
    """Stays the same from run to run; a number tells findings of one rule and address apart."""
    text = json.dumps([finding.rule, stack, finding.address])
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _plain(text: str) -> str:
    """Keep a message free of placeholders, ``{0}``, and links, ``[text](1)``: section 3.11."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _uri(path: str) -> str:
    """A path relative to the repository, whatever it began with."""
    steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return quote("/".join(steps).encode("utf-8", "replace")) or FALLBACK.path
