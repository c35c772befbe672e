"""A plan within the quota."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.changes import Finding, Severity
from scripts.lib.jumpstart.demand import WantedRole
from scripts.lib.jumpstart.model import State
from scripts.lib.jumpstart.plan import (
    findings,
    plan,
)
from scripts.lib.jumpstart.quota import Quota
from tests.unit.scripts.lib.jumpstart.builders import (
    SOLUTIONS,
    after,
    portfolio,
)
from tests.unit.scripts.lib.jumpstart.test_plan import (
    STATES,
    WANTED,
    associate,
    found_roles,
    state,
    want,
)

LIMITED = st.builds(
    lambda found, limit: replace(found, quota=Quota(limit)),
    STATES,
    st.integers(min_value=1, max_value=7),
)


def possible(found: State, wanted: Iterable[WantedRole]) -> set[str]:
    return {each.arn for each in wanted} - {each.arn for each in found.roles if each.error}


@settings(max_examples=300)
@given(LIMITED, WANTED)
def test_either_everything_is_planned_or_nothing(
    found: State, wanted: tuple[WantedRole, ...]
) -> None:
    then = after(found, plan(found, wanted))

    needed = possible(found, wanted)
    assert then == found or all(then.admits(arn) for arn in needed)
    if then == found and not all(found.admits(arn) for arn in needed):
        (told, *_) = findings(found, wanted)
        assert (told.severity, told.subject) == (Severity.ERROR, "Quota")


@settings(max_examples=300)
@given(LIMITED, WANTED)
def test_plan_never_takes_a_portfolio_over_its_limit(
    found: State, wanted: tuple[WantedRole, ...]
) -> None:
    before = {each.id: each for each in found.portfolios}

    for each in after(found, plan(found, wanted)).portfolios:
        if each != before.get(each.id):
            assert len(each.principals) <= found.quota.limit


@settings(max_examples=300)
@given(LIMITED, WANTED)
def test_after_the_plan_there_is_nothing_to_plan_if_it_was_possible(
    found: State, wanted: tuple[WantedRole, ...]
) -> None:
    changes = plan(found, wanted)
    then = after(found, changes)

    assert plan(then, wanted) == ()
    if changes:
        assert not [each for each in findings(then, wanted) if each.subject == "Quota"]


@settings(max_examples=300)
@given(LIMITED, WANTED)
def test_roles_that_are_there_are_never_taken_away(
    found: State, wanted: tuple[WantedRole, ...]
) -> None:
    then = {each.id: each for each in after(found, plan(found, wanted)).portfolios}

    for each in found.portfolios:
        assert each.principals <= then[each.id].principals


@settings(max_examples=300)
@given(LIMITED, WANTED, st.randoms(use_true_random=False))
def test_order_does_not_matter_to_plan_and_findings(
    found: State, wanted: tuple[WantedRole, ...], order: Any
) -> None:
    def shuffled(items: Iterable[Any]) -> tuple[Any, ...]:
        new = list(items)
        order.shuffle(new)
        return tuple(new)

    mixed = replace(found, roles=shuffled(found.roles), portfolios=shuffled(found.portfolios))
    again = shuffled(wanted)

    assert plan(mixed, again) == plan(found, wanted)
    assert findings(mixed, again) == findings(found, wanted)


@pytest.mark.parametrize(("limit", "planned"), [(4, 2), (3, 0)], ids=["just-enough", "one-too-few"])
def test_exactly_the_limit_is_planned_and_one_more_is_not(limit: int, planned: int) -> None:
    found = replace(state(portfolio("p", "X", "Y")), quota=Quota(limit))

    assert len(plan(found, want("A", "B"))) == planned


def test_quota_that_is_too_small_is_an_error_that_says_so() -> None:
    found = replace(found_roles(), portfolios=(portfolio("p", "X", "Y"),), quota=Quota(3))

    assert findings(found, want("A", "B")) == (
        Finding(
            Severity.ERROR,
            "Quota",
            f"portfolio p ({SOLUTIONS}) has 2 principals and 2 more are needed, 4 in all; "
            "the limit is 3 (Service Quotas servicecatalog L-E8959660, read): "
            "nothing is associated until the quota is raised or roles are dropped",
        ),
    )
    assert findings(found, want("A")) == ()


def test_roles_that_cannot_be_associated_do_not_count_against_the_quota() -> None:
    found = replace(state(portfolio("p"), A="does not exist"), quota=Quota(1))

    assert plan(found, want("A", "B")) == (associate("B", "p"),)
    assert not [each for each in findings(found, want("A", "B")) if each.subject == "Quota"]


def test_one_portfolio_that_is_full_holds_up_the_others_too() -> None:
    found = replace(state(portfolio("p"), portfolio("q", "X")), quota=Quota(1))

    assert plan(found, want("A")) == ()
    assert [each.subject for each in findings(found, want("A"))] == ["Quota", "Domains"]
