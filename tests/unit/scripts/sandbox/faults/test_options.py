"""A command line's options as rules."""

from typing import Any

import pytest

from scripts.lib.errors import InputError
from scripts.sandbox.faults.options import Options
from scripts.sandbox.faults.rules import Delay, Deny, Drop, Expire, Fail, Throttle


def test_nothing_chosen_is_no_rule() -> None:
    assert Options().rules() == ()


def test_everything_chosen_is_in_the_order_in_which_aws_would_refuse() -> None:
    chosen = Options(
        delay=0.05,
        slow=["DescribeDomain=2", "ListDomains=0.5"],
        throttle=0.3,
        fail=0.05,
        drop=0.01,
        drop_after=0.02,
        expire=900,
        deny=["DeleteDomain", "DeleteRole"],
        seed=7,
    )
    assert chosen.rules() == (
        Delay(0.05),
        Delay(2, ("DescribeDomain",)),
        Delay(0.5, ("ListDomains",)),
        Expire(900),
        Throttle(0.3, seed=7),
        Deny(("DeleteDomain", "DeleteRole")),
        Fail(0.05, seed=7),
        Drop(0.01, seed=7),
        Drop(0.02, seed=-8, after=True),
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"slow": ["DescribeDomain"]}, "'DescribeDomain' is not OPERATION=SECONDS, such as"),
        ({"slow": ["DescribeDomain=x"]}, "'DescribeDomain=x' is not OPERATION=SECONDS, such as"),
        ({"slow": ["=2"]}, "operations of Delay is ('',), allowed"),
        ({"slow": ["A=61"]}, "seconds of Delay is 61.0, allowed: 0 to 60"),
        ({"delay": float("nan")}, "seconds of Delay is nan, allowed: 0 to 60"),
        ({"throttle": 30}, "share of Throttle is 30, allowed: 0 to 1"),
        ({"fail": -0.1}, "share of Fail is -0.1, allowed: 0 to 1"),
        ({"drop": 2}, "share of Drop is 2, allowed: 0 to 1"),
        ({"drop_after": 2}, "share of Drop is 2, allowed: 0 to 1"),
        ({"expire": -3}, "call of Expire is -3, allowed: whole numbers from 1 on"),
        ({"deny": ["iam:GetRole"]}, "operations of Deny is ('iam:GetRole',), allowed"),
    ],
)
def test_fails_for_what_cannot_be(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Options(**given).rules()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
