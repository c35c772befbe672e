"""A review as JSON, complete: nothing is left out for length.

The document, whose names stay as long as ``format`` is 1; more may be added::

    {
      "format": 1,
      "verdict": {"headline", "risk": "high" | "medium" | "low" | null, "notes": [...]},
      "dangers": [{"risk", "action", "stack", "address", "message", "mend", "more"}],
      "fingerprint": "sha256:...",
      "stacks": [{
        "stack", "fingerprint", "terraform_version", "format_version",
        "complete", "errored", "unchanged", "counts": {"create": 3, ...},
        "changes": [CHANGE], "drift": [CHANGE], "meaningless": 3, "findings": [FINDING],
        "outputs": [{"name", "action", ATTRIBUTE...}],
        "checks": [{"address", "kind", "status", "problems"}],
        "deferred": [{"address", "action", "reason"}],
        "warnings": [...], "dependencies": {address: [addresses it refers to]}
      }],
      "script": null | {"account_id", "region", "fingerprint",
                        "changes": [{"action", "subject", "target", "reasons"}]},
      "rules": {id: {"title", "why", "risk"}}
    }

    CHANGE: {"address", "mode", "type", "name", "module", "provider", "action",
             "create_before_destroy", "previous_address", "import_id", "deposed", "reason",
             "replace_paths": ["rule[0].port"], "remarks": [...], "construct",
             "source": [{"path", "line"}], "attributes": [ATTRIBUTE],
             "rights": [{"policy", "gained", "lost", "unreadable"}], "findings": [FINDING]}
    ATTRIBUTE: {"path", "before", "after", "sensitive", "unknown", "forces_replacement"}
    FINDING: {"rule", "risk", "address", "message", "mend",
              "acknowledged": null | {"reason", "expires", "owner"}}

Values are those of AttributeChange: secrets are taken out of them. Terraform's own values are not
in it. All is ASCII, so that no control character reaches a terminal that shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TextIO

from scripts.lib.plan_review.model import (
    AttributeChange,
    Finding,
    Plan,
    Review,
    ReviewedChange,
    Rule,
    ScriptPlan,
    StackReview,
)
from scripts.lib.plan_review.verdict import action_counts, judge
from scripts.lib.plan_review.words import path_text, remarks

FORMAT: Final = 1

_COPIED: Final = (
    "address",
    "mode",
    "type",
    "name",
    "module",
    "provider",
    "action",
    "create_before_destroy",
    "previous_address",
    "import_id",
    "deposed",
    "reason",
)
"""What of a resource change is in the document as it is: never the values."""


def to_document(review: Review, rules: Mapping[str, Rule] | None = None) -> dict[str, Any]:
    """Return the document; see the module."""
    verdict = judge(review)
    return {
        "format": FORMAT,
        "verdict": {
            "headline": verdict.headline,
            "risk": str(verdict.risk) if verdict.risk else None,
            "notes": list(verdict.notes),
        },
        "dangers": [
            {
                "risk": str(danger.risk) if danger.risk else None,
                "action": danger.action,
                "stack": danger.stack,
                "address": danger.address,
                "message": danger.message,
                "mend": danger.mend,
                "more": danger.more,
            }
            for danger in verdict.dangers
        ],
        "fingerprint": review.fingerprint,
        "stacks": [_stack(stack) for stack in review.stacks],
        "script": _script(review.script) if review.script else None,
        "rules": {
            rule.id: {"title": rule.title, "why": rule.why, "risk": str(rule.risk)}
            for rule in (rules or {}).values()
        },
    }


def write_document(review: Review, stream: TextIO, rules: Mapping[str, Rule] | None = None) -> None:
    """Write the document as one piece of JSON."""
    stream.write(json.dumps(to_document(review, rules), indent=2) + "\n")


def _stack(stack: StackReview) -> dict[str, Any]:
    plan = stack.plan
    return {
        "stack": plan.stack,
        "fingerprint": plan.fingerprint,
        "terraform_version": plan.terraform_version,
        "format_version": plan.format_version,
        "complete": plan.complete,
        "errored": plan.errored,
        "unchanged": plan.unchanged,
        "counts": {str(action): number for action, number in action_counts(stack.changes).items()},
        "changes": [_change(item) for item in stack.changes],
        "drift": [_change(item) for item in stack.drift],
        "meaningless": stack.meaningless,
        "findings": [_finding(finding) for finding in stack.findings],
        **_rest(plan),
    }


def _rest(plan: Plan) -> dict[str, Any]:
    return {
        "outputs": [
            {"name": output.name, "action": output.action, **_attribute(output.change)}
            for output in plan.outputs
        ],
        "checks": [
            {
                "address": check.address,
                "kind": check.kind,
                "status": check.status,
                "problems": list(check.problems),
            }
            for check in plan.checks
        ],
        "deferred": [
            {"address": later.address, "action": later.action, "reason": later.reason}
            for later in plan.deferred
        ],
        "warnings": list(plan.warnings),
        "dependencies": {
            address: sorted(referred) for address, referred in sorted(plan.dependencies.items())
        },
    }


def _change(item: ReviewedChange) -> dict[str, Any]:
    change = item.change
    return {
        **{name: getattr(change, name) for name in _COPIED},
        "replace_paths": [path_text(path) for path in change.replace_paths],
        "remarks": list(remarks(change)),
        "construct": item.construct,
        "source": [{"path": source.path, "line": source.line} for source in item.source],
        "attributes": [_attribute(attribute) for attribute in item.attributes],
        "rights": [
            {
                "policy": rights.policy,
                "gained": list(rights.gained),
                "lost": list(rights.lost),
                "unreadable": rights.unreadable,
            }
            for rights in item.rights
        ],
        "findings": [_finding(finding) for finding in item.findings],
    }


def _attribute(change: AttributeChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "sensitive": change.sensitive,
        "unknown": change.unknown,
        "forces_replacement": change.forces_replacement,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    given = finding.acknowledged
    return {
        "rule": finding.rule,
        "risk": str(finding.risk),
        "address": finding.address,
        "message": finding.message,
        "mend": finding.mend,
        "acknowledged": {"reason": given.reason, "expires": given.expires, "owner": given.owner}
        if given
        else None,
    }


def _script(script: ScriptPlan) -> dict[str, Any]:
    return {
        "account_id": script.account_id,
        "region": script.region,
        "fingerprint": script.fingerprint,
        "changes": [
            {
                "action": change.action,
                "subject": change.subject,
                "target": change.target,
                "reasons": list(change.reasons),
            }
            for change in script.changes
        ],
    }
