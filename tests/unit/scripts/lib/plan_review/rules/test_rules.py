"""All rules together: that they are complete, well said, shown in the README, and never fail."""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review import rules
from scripts.lib.plan_review.model import Action, CheckResult, Plan, Risk, Rule
from scripts.lib.plan_review.rules import RULES, findings, stack_findings
from tests.unit.scripts.lib.plan_review.rules.subjects import change, found, subject

HELPERS = {"__init__", "subject", "warnings"}
FILES = {path.stem for path in Path(rules.__file__).parent.glob("*.py")} - HELPERS
README = Path(__file__).parents[6] / "README.md"
BEGIN = f"<!-- rules: made by {Path(__file__).relative_to(README.parent)} -->\n"
END = "<!-- rules end -->"

MODULES = [import_module(f"scripts.lib.plan_review.rules.{name}") for name in sorted(FILES)]
TYPES = sorted({kind for module in MODULES for kind in getattr(module, "TYPES", ())})


def test_every_file_is_a_rule_that_is_registered() -> None:
    assert {name.replace("_", "-") for name in FILES} == set(RULES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_rule_is_named_as_its_file_and_has_a_test(name: str) -> None:
    module = import_module(f"scripts.lib.plan_review.rules.{name}")
    assert module.RULE.id == name.replace("_", "-")
    assert RULES[module.RULE.id] is module.RULE
    assert Path(__file__).with_name(f"test_{name}.py").exists()


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_it_is_said_in_one_sentence(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][^.|]{5,60}", rule.title)
    assert re.fullmatch(r"[A-Z][^.|]{15,130}\.", rule.why)
    assert rule.risk in Risk


def test_readme_shows_them() -> None:
    """Run with UPDATE_GOLDEN=1 to make the table anew."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    made = f"{before}{BEGIN}\n{_table()}\n\n{END}{after}"
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(made, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == made


def _table() -> str:
    """The worst first, then by name."""
    ordered = sorted(RULES.values(), key=lambda rule: (-rule.risk, rule.id))
    rows = (f"| `{rule.id}` | {rule.title} | {rule.why} | {rule.risk} |" for rule in ordered)
    return "\n".join(
        ["| Rule | What | Why it matters | Risk |", "| --- | --- | --- | --- |", *rows]
    )


@pytest.mark.parametrize("action", [Action.NOTHING, Action.READ, Action.MOVE, Action.IMPORT])
def test_not_of_what_does_not_change(action: Action) -> None:
    after = {"acl": "public-read"}
    assert not list(findings(subject("aws_s3_bucket_acl", None, after, action=action)))


def test_not_of_data_sources() -> None:
    assert not list(findings(subject("aws_kms_key", {}, mode="data")))
    assert list(findings(subject("aws_kms_key", {})))


def test_types_that_no_rule_names_are_looked_at_by_those_for_all() -> None:
    (finding,) = findings(subject("new_type", {}, action=Action.FORGET))
    assert finding.rule == "forgotten"
    (finding,) = findings(subject("aws_sns_topic", {}, action=Action.FORGET))
    assert finding.rule == "forgotten"


def test_a_deposed_object_takes_only_its_data() -> None:
    for kind in TYPES:
        for finding in findings(subject(kind, {"type": "LAUNCH"}, deposed="ab12")):
            assert finding.rule.endswith(("-destroyed", "-lost"))


# fmt: off
ATTRIBUTES = (
    "acl", "policy", "assume_role_policy", "inline_policy", "managed_policy_arns", "policy_arn",
    "role", "name", "type", "principal", "principal_arn", "parameters", "ingress",
    "cidr_blocks", "from_port", "to_port", "protocol", "rule", "days", "id", "status",
    "expiration", "versioning_configuration", "retention_in_days", "direct_internet_access",
    "kms_key_id", "permissions_boundary", "deletion_window_in_days", "grant", "grantee", "uri",
    "arn", "bucket", "users", "groups", "constraints", "operations", "content",
    "authorization_type", "key_id", "principal_id",
)
# fmt: on
NAMES = st.sampled_from(ATTRIBUTES)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 70_000)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["*", "Enabled", "LAUNCH", "0.0.0.0/0", '{"Statement": [1]}', "[", "\ud800"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
VALUES = st.none() | st.dictionaries(NAMES, JSON, max_size=5)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(TYPES),
    before=VALUES,
    after=VALUES,
    marks=st.tuples(JSON, JSON, JSON),
    action=st.sampled_from(list(Action)),
)
def test_no_value_of_any_kind_makes_a_rule_fail(
    kind: str, before: Any, after: Any, marks: tuple[Any, Any, Any], action: Action
) -> None:
    unknown, sensitive_before, sensitive_after = marks
    looked_at = subject(
        kind,
        before,
        after,
        action=action,
        after_unknown=unknown,
        before_sensitive=sensitive_before,
        after_sensitive=sensitive_after,
    )
    for finding in findings(looked_at):
        assert finding.rule in RULES
        assert finding.message.endswith(".")
        assert finding.message.isprintable()


def test_a_secret_name_is_not_told() -> None:
    before = {"name": "s3cr3t", "permissions_boundary": "b"}
    looked_at = subject("aws_iam_role", before, {"name": "s3cr3t"}, after_sensitive={"name": True})
    told = [each.message for each in findings(looked_at)]
    assert told
    assert not any("s3cr3t" in message for message in told)


def test_a_plan_with_everything_wrong() -> None:
    plan = Plan(
        "main",
        "1.9.8",
        "1.2",
        errored=True,
        complete=False,
        checks=(CheckResult("a", "check", "fail"),),
        warnings=("the plan runs 1 action whose effects it does not tell: x", "odd"),
    )
    assert [each.rule for each in stack_findings(plan)] == [
        "plan-errored",
        "check-failed",
        "provider-actions",
        "not-understood",
    ]
    assert not list(stack_findings(Plan("main", "1.9.8", "1.2")))


def test_the_helper_infers_what_is_done() -> None:
    assert change("a_b", None, {}).action is Action.CREATE
    assert change("a_b", {}, {}).action is Action.UPDATE
    assert change("a_b", {}).action is Action.DESTROY
    assert not found(import_module("scripts.lib.plan_review.rules.forgotten"), subject("a_b", {}))
