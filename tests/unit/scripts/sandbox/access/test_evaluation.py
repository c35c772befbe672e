"""The truth table of access control: each line is a rule that an AWS page states.

The lines marked `moto` are those that moto's own access control gets wrong.
"""

from dataclasses import replace

import pytest

from scripts.sandbox.access.evaluation import Policies, Policy, evaluate
from scripts.sandbox.policies import PolicyError, Request
from tests.unit.scripts.sandbox.access import truth_elements, truth_limits, truth_resources
from tests.unit.scripts.sandbox.access.truth import (
    AS_USER,
    IAM,
    OBJECT,
    Case,
    R,
    allow,
    deny,
    identity,
    policy,
    to,
    when,
)

CASES = [*truth_elements.CASES, *truth_limits.CASES, *truth_resources.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_request_is_decided_as_aws_documents_it(case: Case) -> None:
    decision = case.decide()
    explicit = isinstance(case.outcome, tuple)
    kind = case.outcome[0] if isinstance(case.outcome, tuple) else case.outcome
    assert (decision.allowed, decision.kind, decision.explicit) == (kind is None, kind, explicit), (
        case.page
    )


def test_the_table_is_long_enough_and_says_each_thing_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert sum(case.moto for case in CASES) == 9
    assert all(case.page.startswith("https://docs.aws.amazon.com/") for case in CASES)


def test_a_decision_names_every_statement_that_allowed() -> None:
    first = Policy("first", policy(allow("s3:*", Sid="All"), allow("ec2:*", Sid="Other")).document)
    second = Policy("second", policy(allow("s3:Get*")).document)
    of_bucket = Policy("bucket", policy(to("*", Sid="Everybody")).document)
    decision = evaluate(
        Request(AS_USER, "s3:GetObject", OBJECT),
        Policies(identity=(first, second), resource=(of_bucket,)),
    )
    spoke = [(each.kind, each.policy, each.sid) for each in decision.statements]
    assert spoke == [(R, "bucket", "Everybody"), (IAM, "first", "All"), (IAM, "second", "")]


def test_a_refusal_names_the_denies() -> None:
    given = identity(allow(Sid="All"), deny("s3:*", Sid="No"), deny("ec2:*", Sid="Other"))
    decision = evaluate(Request(AS_USER, "s3:GetObject", OBJECT), given)
    assert [each.sid for each in decision.statements] == ["No"]


def test_what_cannot_be_told_is_allowed_by_a_star_alone_and_denied_by_any_deny() -> None:
    unknown = Case("", "", None, identity(allow()), resource="")
    assert unknown.decide().allowed
    for statement in (allow("*", "arn:*"), allow("*", OBJECT), {**allow(), "NotResource": OBJECT}):
        given = {
            k: v
            for k, v in statement.items()
            if not ("NotResource" in statement and k == "Resource")
        }
        assert not replace(unknown, policies=identity(given)).decide().allowed
    narrow = replace(unknown, policies=identity(allow(), deny("s3:*", "arn:aws:s3:::other/*")))
    assert narrow.decide().explicit


def test_fails_for_an_operator_that_does_not_exist() -> None:
    """moto takes a Deny with such an operator for one that matches."""
    given = identity(allow(), deny(**when("StringIs", "a:A", "1")))
    with pytest.raises(PolicyError, match="condition operator 'StringIs' does not exist"):
        evaluate(Request(AS_USER, "s3:GetObject", OBJECT, {"a:A": "2"}), given)
