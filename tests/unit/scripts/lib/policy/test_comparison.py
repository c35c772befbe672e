from __future__ import annotations

import json
import random
from typing import Any

import pytest

from scripts.lib.policy.comparison import EVERYTHING_ALLOWED, Comparison, How, compare
from scripts.lib.policy.patterns import STEPS, Budget
from scripts.lib.policy.reading import read_policy

Given = dict[str, Any]
READ: Given = {"Effect": "Allow", "Action": "s3:Get", "Resource": "b"}
TLS: Given = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def compared(before: list[Given], after: list[Given], budget: Budget | None = None) -> Comparison:
    def document(statements: list[Given]) -> Given:
        return {"Version": "2012-10-17", "Statement": statements}

    return compare(read_policy(document(before)), read_policy(document(after)), budget)


def hows(comparison: Comparison) -> tuple[list[How], list[How]]:
    return [g.how for g in comparison.gained], [g.how for g in comparison.lost]


def test_no_policy_allows_nothing() -> None:
    policy = read_policy({"Statement": [READ]})
    assert hows(compare(None, policy)) == ([How.ALLOWED], [])
    assert hows(compare(policy, None)) == ([], [How.ALLOWED])
    assert compare(None, None).is_same_meaning
    assert compare(None, read_policy({"Statement": []})).is_same_meaning


def test_the_lack_of_a_boundary_can_be_said() -> None:
    policy = read_policy({"Statement": [READ]})
    assert hows(compare(EVERYTHING_ALLOWED, policy)) == ([], [How.ALLOWED])
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert compare(EVERYTHING_ALLOWED, read_policy({"Statement": everything})).is_same_meaning


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        ([READ], [READ, TLS], [], [How.REFUSED]),
        ([READ, TLS], [READ], [How.REFUSED], []),
        ([READ], [{**READ, "Action": "s3:Put"}], [How.ALLOWED], [How.ALLOWED]),
        ([{**READ, "Condition": TLS["Condition"]}], [READ], [How.CONDITION], []),
        ([{**TLS, "Condition": {}}], [TLS], [How.REFUSAL_CONDITION], []),
        ([TLS], [{**TLS, "Condition": {}}], [], [How.REFUSAL_CONDITION]),
        ([TLS], [{**TLS, "Action": "s3:*"}], [How.REFUSED], []),
    ],
)
def test_how(before: list[Given], after: list[Given], gained: list[How], lost: list[How]) -> None:
    assert hows(compared(before, after)) == (gained, lost)


def test_what_a_deny_takes_back_is_not_gained() -> None:
    refused = {**READ, "Effect": "Deny", "Action": "s3:*"}
    assert compared([refused], [refused, READ]).is_same_meaning
    assert hows(compared([], [refused, READ])) == ([], [How.REFUSED])
    assert hows(compared([refused], [READ])) == ([How.ALLOWED, How.REFUSED], [])


def test_a_deny_of_the_account_takes_back_what_a_role_is_allowed() -> None:
    role = {"AWS": "arn:aws:iam::111111111111:role/a"}
    refused = {**READ, "Effect": "Deny", "Principal": {"AWS": "111111111111"}}
    assert compared([refused], [refused, {**READ, "Principal": role}]).is_same_meaning


def test_a_role_gains_what_its_account_could_only_hand_on() -> None:
    root = {**READ, "Principal": {"AWS": "111111111111"}}
    role = {**READ, "Principal": {"AWS": "arn:aws:iam::111111111111:role/a"}}
    assert hows(compared([root], [root, role])) == ([How.ALLOWED], [])


def test_a_statement_of_nothing_gives_nothing() -> None:
    nothing: Given = {"Effect": "Allow", "NotAction": "*", "Resource": "*"}
    assert compared([], [nothing]).is_same_meaning
    assert compared([], [{**READ, "Action": []}]).is_same_meaning
    nobody = {**READ, "NotPrincipal": "*"}
    assert compared([], [nobody]).is_same_meaning


def test_grants_name_who_what_and_where() -> None:
    (grant,) = compared([], [{**READ, "Principal": {"Service": "x"}}]).gained
    assert [piece.item.name for piece in grant.who] == ["x"]
    assert [piece.item.text for piece in grant.actions] == ["s3:Get"]
    assert [piece.item.text for piece in grant.resources] == ["b"]
    (attached,) = compared([], [{"Effect": "Allow", "Action": "sts:AssumeRole"}]).gained
    assert not attached.who
    assert not attached.resources


def glob(chosen: random.Random, length: int) -> str:
    return "s3:" + "".join(chosen.choice("*?ab") for _ in range(length))


def hostile(chosen: random.Random, length: int, negation: str) -> Given:
    patterns = [glob(chosen, length) for _ in range(3_000 // length)]
    return {"Effect": "Allow", f"{negation}Action": patterns, "Resource": patterns[::-1]}


@pytest.mark.parametrize("negation", ["", "Not"])
@pytest.mark.parametrize("length", [10, 60, 3_000])
def test_hostile_policies_cost_no_more_than_the_budget(length: int, negation: str) -> None:
    chosen = random.Random(length)  # noqa: S311
    before, after = ([hostile(chosen, length, negation)] for _ in range(2))
    budget = Budget(5_000)
    comparison = compared(before, after, budget)
    assert comparison.gained
    assert comparison.lost
    # One step more than there were; it is not taken, however long it would have been.
    assert budget.spent < 5_000 + 500_000
    assert comparison.is_exact is not budget.is_exhausted


def test_a_product_too_large_is_told_whole() -> None:
    parts = [str(at) for at in range(60)]
    whole = {"Effect": "Allow", "Action": parts, "Resource": parts, "Principal": {"AWS": parts}}
    single = [
        {"Effect": "Allow", "Action": at, "Resource": at, "Principal": {"AWS": at}} for at in parts
    ]
    comparison = compared(single, [whole])
    assert not comparison.is_exact
    (grant,) = comparison.gained
    assert len(grant.actions) == len(grant.resources) == len(grant.who) == 60


def large(seed: int) -> list[Given]:
    chosen = random.Random(seed)  # noqa: S311

    def names(count: int) -> list[str]:
        return [f"s3:Op{chosen.randrange(400)}{chosen.choice(('', '*'))}" for _ in range(count)]

    return [
        {
            "Effect": "Allow",
            "Action": names(8),
            "Resource": [f"arn:aws:s3:::bucket-{name}/*" for name in names(3)],
        }
        for _ in range(90)
    ]


def test_large_policies_take_few_steps() -> None:
    before = large(1)
    assert len(json.dumps(before)) > 20_000
    after = [*before[:30], {**before[30], "Action": "iam:PassRole"}, *before[31:]]
    budget = Budget()
    assert len(compared(before, after, budget).gained) == 1
    assert budget.spent < STEPS // 100
    budget = Budget()
    assert compared(before, large(2), budget).is_exact
    assert budget.spent < STEPS // 2
