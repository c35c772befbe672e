"""What goes wrong on the way to AWS, met by the real command."""

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Deny, Drop, Expire, Fail, Hold, Refusal, Rule, Throttle
from tests.unit.scripts.post_apply_command import (
    ASSOCIATE,
    ROLES,
    entries,
    principals,
    run,
    start,
    writes,
)

RETRIES = {"AWS_MAX_ATTEMPTS": "12"}


@pytest.mark.parametrize(
    "rules",
    [
        (Throttle(0.3), Fail(0.05)),
        (Drop(0.1), Drop(0.1, after=True, seed=1)),
    ],
    ids=["throttled", "dropped"],
)
def test_the_result_is_the_same_though_many_calls_fail(
    account: Sandbox, rules: tuple[Rule, ...]
) -> None:
    with account.faults(*rules) as proxy:
        result = run(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint, **RETRIES)
        refused = sum(proxy.counts.refused.values())

    assert refused > 0
    assert (result.returncode, principals(account)) == (0, ROLES)
    assert "asked again." in result.stdout
    account.clear_journal()
    assert run(account, "apply").returncode == 0
    assert writes(account) == []
    assert {entry["role_arn"] for entry in entries(account)} == ROLES


def test_credentials_that_expire_while_reading_are_one_line(account: Sandbox) -> None:
    with account.faults(Expire(8)) as proxy:
        result = run(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint, **RETRIES)

    assert (result.returncode, result.stdout, writes(account)) == (1, "", [])
    assert "ExpiredToken" in result.stderr
    assert result.stderr.count("\n") == 1


def test_credentials_that_expire_while_writing_stop_the_rest(account: Sandbox) -> None:
    """Nothing more is asked, and the next run finishes."""
    expired = Refusal("ExpiredTokenException")
    with account.faults(
        lambda name, number: expired if name == ASSOCIATE and number > 2 else None
    ) as proxy:
        result = run(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint, **RETRIES)
        asked = proxy.counts.asked[ASSOCIATE]

    assert result.returncode == 1
    assert asked == len(principals(account)) + 1
    assert "not attempted" in result.stdout
    assert {entry["role_arn"] for entry in entries(account)} == principals(account)
    assert run(account, "apply").returncode == 0
    assert principals(account) == ROLES


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("GetServiceQuota", 0),
        ("GetAccountAuthorizationDetails", 0),
        ("DescribeUserProfile", 1),
        ("ListAcceptedPortfolioShares", 1),
    ],
)
def test_what_may_not_be_read_is_done_without_or_named(
    account: Sandbox, operation: str, code: int
) -> None:
    with account.faults(Deny(operations=(operation,))) as proxy:
        result = run(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint)

    assert result.returncode == code
    if code:
        assert result.stderr.startswith(f"error: {operation}: AccessDenied")
        assert writes(account) == []
    else:
        assert principals(account) == ROLES


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("forwards", [False, True])
def test_killed_at_any_write_the_next_run_finishes(
    account: Sandbox, number: int, forwards: bool
) -> None:
    hold = Hold(forwards)
    with account.faults(
        lambda name, count: hold if (name, count) == (ASSOCIATE, number) else None
    ) as proxy:
        process = start(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(30)
        process.kill()
        process.communicate(timeout=30)
        hold.release.set()
    stages = [entry["stage"] for entry in entries(account)]
    assert sorted(stages) == ["intended", *["made"] * (number - 1)]

    assert run(account, "apply").returncode == 0

    assert principals(account) == ROLES
    made = {entry["role_arn"] for entry in entries(account) if entry["stage"] == "made"}
    assert len(made) >= len(ROLES) - 1
    assert {entry["role_arn"] for entry in entries(account)} == ROLES
