"""The removal of one role."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.changes import Finding, Severity
from scripts.lib.jumpstart.demand import WantedRole
from scripts.lib.jumpstart.ledger import Ledger
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType, State
from scripts.lib.jumpstart.removal import (
    NOT_OURS,
    plan_offboard,
)
from tests.unit.scripts.lib.jumpstart.builders import (
    SOLUTIONS,
    after,
    portfolio,
    role,
    written,
)
from tests.unit.scripts.lib.jumpstart.test_removal import (
    ANY,
    IN_USE,
    LEDGERS,
    NAMES,
    STATES,
    USED,
    adopt,
    disassociate,
    own,
    removed,
    state,
    use,
    warning,
)


def test_offboarding_takes_the_role_out_of_every_portfolio_and_leaves_the_others() -> None:
    found = state(portfolio("q", "A", "B"), portfolio("p", "A"), portfolio("r", "B"))

    removal = plan_offboard(found, role("A"), use("B"), own("p/A", "q/A"))

    assert removal.changes == (
        disassociate("A", "p", "to be offboarded"),
        disassociate("A", "q", "to be offboarded"),
    )
    assert removal.findings == ()


def test_offboarding_of_what_is_not_own_is_an_error_and_removes_nothing_of_it() -> None:
    found = state(portfolio("p", "A"), portfolio("q", "A"))

    removal = plan_offboard(found, role("A"), (), own("q/A"))

    assert removal.changes == (disassociate("A", "q", "to be offboarded"),)
    assert removal.findings == (
        Finding(
            Severity.ERROR,
            role("A"),
            f"its association with portfolio p ({SOLUTIONS}) {NOT_OURS}",
        ),
    )


def test_offboarding_adopts_first_what_is_not_own() -> None:
    found = state(portfolio("p", "A", "B"), portfolio("q", "A"))

    removal = plan_offboard(found, role("A"), (), own("q/A"), adopt=True)

    assert removal.changes == (
        adopt("A", "p"),
        disassociate("A", "p", "to be offboarded"),
        disassociate("A", "q", "to be offboarded"),
    )
    assert removal.findings == ()


def test_offboarding_tells_of_patterns_by_which_the_role_sees_it_all_the_same() -> None:
    mine = Principal("arn:aws:iam:::role/A*", PrincipalType.IAM_PATTERN)
    other = Principal("arn:aws:iam:::role/B*", PrincipalType.IAM_PATTERN)
    found = state(Portfolio("p", SOLUTIONS, frozenset({mine, other, Principal(role("A"))})))

    removal = plan_offboard(found, role("A"), (), own("p/A"))

    assert removal.changes == (disassociate("A", "p", "to be offboarded"),)
    assert removal.findings == (
        warning(
            "A",
            f"sees portfolio p ({SOLUTIONS}) by the pattern arn:aws:iam:::role/A* all the same",
        ),
    )


def test_offboarding_tells_who_still_has_the_role() -> None:
    found = state(portfolio("p", "A"))

    removal = plan_offboard(found, role("A"), use("A", "B"), own("p/A"))

    assert removal.changes == (disassociate("A", "p", "to be offboarded"),)
    assert removal.findings == (warning("A", f"{IN_USE}: user of A"),)


def test_offboarding_of_a_role_that_is_nowhere_has_nothing_to_do() -> None:
    removal = plan_offboard(state(portfolio("p", "B")), role("A"), (), own("p/A"))

    assert (removal.changes, removal.findings) == ((), ())


@ANY
@given(STATES, USED, LEDGERS, st.booleans(), st.sampled_from(NAMES))
def test_offboarding_touches_one_role_alone_and_ends(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool, name: str
) -> None:
    removal = plan_offboard(found, role(name), used, ledger, adopt=take_over)
    then, book = after(found, removal.changes), written(ledger, removal.changes)

    assert {each.subject for each in removal.changes} <= {role(name)}
    for key, arn in removed(removal.changes):
        assert take_over or ledger.owns(key, arn)
    assert plan_offboard(then, role(name), used, book, adopt=take_over).changes == ()
    errors = [each for each in removal.findings if each.severity is Severity.ERROR]
    left = [each for each in then.portfolios if role(name) in each.roles]
    assert len(errors) == len(left)
    assert not (take_over and left)


@ANY
@given(STATES, USED, LEDGERS, st.booleans(), st.randoms(use_true_random=False))
def test_offboarding_does_not_depend_on_the_order_of_things(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool, order: Any
) -> None:
    portfolios, users = list(found.portfolios), list(used)
    order.shuffle(portfolios)
    order.shuffle(users)
    mixed = replace(found, portfolios=tuple(portfolios))

    again = plan_offboard(mixed, role("A"), users, ledger, adopt=take_over)

    assert again == plan_offboard(found, role("A"), used, ledger, adopt=take_over)
