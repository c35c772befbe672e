"""Which calls meet what."""

from typing import Any

import pytest

from scripts.lib.errors import InputError
from scripts.sandbox.faults.answers import DENIED, EXPIRED, FAILED, THROTTLED, Cut, Pause, Refusal
from scripts.sandbox.faults.rules import (
    ByFunction,
    Call,
    Delay,
    Deny,
    Drop,
    Expire,
    Fail,
    Forge,
    Refuse,
    Rule,
    Throttle,
)


def calls(count: int, operation: str = "GetRole") -> list[Call]:
    return [Call(operation, number, number) for number in range(1, count + 1)]


def hit(rule: Rule, count: int = 2000, operation: str = "GetRole") -> list[int]:
    return [call.number for call in calls(count, operation) if rule.answer(call) is not None]


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (Throttle(1), THROTTLED),
        (Fail(1), FAILED),
        (Drop(1), Cut(forwards=False)),
        (Drop(1, after=True), Cut(forwards=True)),
        (Delay(0.5), Pause(0.5)),
        (Expire(1), EXPIRED),
        (Deny(("GetRole",)), DENIED),
        (Refuse("GetRole", "NoSuchEntity"), Refusal("NoSuchEntity")),
        (Forge("GetRole", {"Role": {}}), {"Role": {}}),
        (ByFunction(lambda name, number: {name: number}), {"GetRole": 1}),
    ],
)
def test_each_rule_has_its_answer(rule: Rule, answer: object) -> None:
    assert rule.answer(Call("GetRole", 1, 1)) == answer


@pytest.mark.parametrize("kind", [Throttle, Fail, Drop])
def test_a_share_of_the_calls_is_hit_and_the_same_ones_again(kind: Any) -> None:
    first, again = hit(kind(0.3)), hit(kind(0.3))
    assert first == again
    assert 520 < len(first) < 680
    assert hit(kind(0)) == []
    assert hit(kind(1)) == list(range(1, 2001))


def test_seeds_operations_and_kinds_of_rules_hit_different_calls() -> None:
    drawn = {
        tuple(hit(Throttle(0.3))),
        tuple(hit(Throttle(0.3, seed=1))),
        tuple(hit(Throttle(0.3), operation="GetUser")),
        tuple(hit(Fail(0.3))),
    }
    assert len(drawn) == 4


def test_what_is_hit_does_not_depend_on_other_operations_calls() -> None:
    alone = [Throttle(0.3).answer(Call("GetRole", n, n)) for n in range(1, 100)]
    among_others = [Throttle(0.3).answer(Call("GetRole", n, 7 * n)) for n in range(1, 100)]
    assert alone == among_others


@pytest.mark.parametrize("rule", [Throttle(1, ("GetUser",)), Delay(1, ("GetUser",))])
def test_operations_that_are_not_named_pass(rule: Rule) -> None:
    assert rule.answer(Call("GetUser", 1, 1)) is not None
    assert rule.answer(Call("GetRole", 1, 1)) is None


def test_credentials_expire_by_the_number_of_all_calls() -> None:
    rule = Expire(3)
    assert rule.answer(Call("GetRole", 2, 2)) is None
    assert rule.answer(Call("GetUser", 1, 3)) is EXPIRED
    assert rule.answer(Call("GetRole", 3, 4)) is EXPIRED


def test_refusing_hits_one_call_of_one_operation() -> None:
    rule = Refuse("GetRole", "Throttling", call=2)
    assert hit(rule, 5) == [2]
    assert hit(rule, 5, "GetUser") == []


def test_denying_and_forging_hit_every_call_of_theirs_alone() -> None:
    for rule in (Deny(("GetRole", "ListRoles")), Forge("GetRole", {})):
        assert hit(rule, 3) == [1, 2, 3]
        assert hit(rule, 3, "GetUser") == []


@pytest.mark.parametrize("kind", [Throttle, Fail, Drop])
@pytest.mark.parametrize(
    "share", [-0.01, 1.01, float("nan"), float("inf"), "0.3", True, None], ids=repr
)
def test_fails_for_a_share_that_cannot_be(kind: Any, share: Any) -> None:
    with pytest.raises(InputError) as caught:
        kind(share)
    assert str(caught.value) == f"share of {kind.__name__} is {share!r}, allowed: 0 to 1"


@pytest.mark.parametrize("seconds", [-1, 60.1, float("nan"), "1", True])
def test_fails_for_a_delay_that_cannot_be(seconds: Any) -> None:
    with pytest.raises(InputError, match=r"^seconds of Delay is .*, allowed: 0 to 60$"):
        Delay(seconds)


def test_the_ends_of_what_is_allowed_are_allowed() -> None:
    assert (Delay(0).seconds, Delay(60).seconds) == (0, 60)


@pytest.mark.parametrize("call", [0, -1, 1.5, True, "1", None])
@pytest.mark.parametrize("kind", [Expire, lambda call: Refuse("GetRole", "X", call=call)])
def test_fails_for_a_call_that_cannot_be(kind: Any, call: Any) -> None:
    with pytest.raises(InputError) as caught:
        kind(call)
    assert str(caught.value).endswith(f"is {call!r}, allowed: whole numbers from 1 on")


@pytest.mark.parametrize(
    "operations", ["GetRole", ["GetRole"], ("",), ("Get Role",), ("iam:GetRole",), (3,)]
)
@pytest.mark.parametrize(
    "kind",
    [Deny, lambda given: Throttle(1, given), lambda given: Delay(1, given)],
    ids=["Deny", "Throttle", "Delay"],
)
def test_fails_for_operations_that_cannot_be(kind: Any, operations: Any) -> None:
    with pytest.raises(InputError, match=r"allowed: a tuple of AWS's names, such as"):
        kind(operations)


def test_fails_for_denying_nothing_and_for_an_operation_without_a_name() -> None:
    with pytest.raises(InputError, match="operations of Deny is empty, allowed: one name or more"):
        Deny(())
    with pytest.raises(InputError, match="operations of Refuse"):
        Refuse("", "X")
    with pytest.raises(InputError, match="operations of Forge"):
        Forge("*", {})
