import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.changes import Change, Finding, Severity
from scripts.lib.jumpstart.demand import WantedRole
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType, RoleFacts, Space, State
from scripts.lib.jumpstart.plan import (
    AssociateRole,
    AwaitPortfolio,
    EnablePortfolio,
    findings,
    plan,
)
from tests.unit.scripts.lib.jumpstart.builders import (
    ACCOUNT,
    SOLUTIONS,
    domain,
    portfolio,
    role,
    user,
)

ENABLE = EnablePortfolio(
    account_id="123456789012",
    region="eu-west-1",
    reasons=("JumpStart needs it; it is not enabled here",),
)
AWAIT = AwaitPortfolio(reasons=("it shows some time after enabling",))


def state(*portfolios: Portfolio, enabled: bool = True, **roles: str) -> State:
    facts = tuple(RoleFacts(role(name), error=error) for name, error in roles.items())
    return State(ACCOUNT, enabled, portfolios=portfolios, roles=facts)


def want(*names: str) -> tuple[WantedRole, ...]:
    return tuple(WantedRole(role(name), (f"because of {name}",)) for name in names)


def associate(name: str, identifier: str | None = None) -> AssociateRole:
    return AssociateRole(
        role_arn=role(name),
        portfolio_id=identifier,
        reasons=(f"because of {name}",),
    )


# What is there (enabled, imported portfolios with their principals) -> what must change for A, B.
CASES = [
    (False, {}, [ENABLE, AWAIT, associate("A"), associate("B")]),
    (True, {}, [AWAIT, associate("A"), associate("B")]),
    (False, {"p": "AB"}, [ENABLE, AWAIT, associate("A"), associate("B")]),
    (True, {"p": ""}, [associate("A", "p"), associate("B", "p")]),
    (True, {"p": "A"}, [associate("B", "p")]),
    (True, {"p": "B"}, [associate("A", "p")]),
    (True, {"p": "AB"}, []),
    (True, {"p": "ABC"}, []),
    (True, {"q": "A", "p": "B"}, [associate("A", "p"), associate("B", "q")]),
    (True, {"p": "AB", "q": ""}, [associate("A", "q"), associate("B", "q")]),
]


@pytest.mark.parametrize(("enabled", "there", "expected"), CASES)
def test_plan_is_what_is_missing_and_nothing_else(
    enabled: bool, there: dict[str, str], expected: list[Change]
) -> None:
    portfolios = [portfolio(key, *names) for key, names in there.items()]

    assert plan(state(*portfolios, enabled=enabled), want("B", "A")) == tuple(expected)


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("portfolios", [(), (portfolio(),)])
def test_nothing_is_enabled_when_no_role_needs_it(
    enabled: bool, portfolios: tuple[Portfolio, ...]
) -> None:
    assert plan(state(*portfolios, enabled=enabled), ()) == ()
    assert plan(state(*portfolios, enabled=enabled, A="does not exist"), want("A")) == ()


def test_role_that_cannot_be_associated_is_left_out_and_the_others_are_not() -> None:
    found = state(portfolio("p"), A="does not exist", B="")

    assert plan(found, want("A", "B")) == (associate("B", "p"),)


def test_role_admitted_by_a_pattern_is_not_associated_again() -> None:
    pattern = Principal("arn:aws:iam:::role/Data*", PrincipalType.IAM_PATTERN)
    found = state(Portfolio("p", SOLUTIONS, frozenset({pattern})))

    assert plan(found, want("DataOne", "Other")) == (associate("Other", "p"),)


def test_changes_say_what_where_and_that_the_portfolio_is_not_known_yet() -> None:
    told = [str(change) for change in plan(state(enabled=False), want("A"))]

    assert told == [
        "enable SageMaker's portfolio (account 123456789012, eu-west-1)",
        "wait for SageMaker's portfolio (accepted portfolio shares)",
        "associate arn:aws:iam::123456789012:role/A (all, once imported)",
    ]
    (known,) = plan(state(portfolio("port-a")), want("A"))
    assert known.target == "port-a"


NAMES = st.sampled_from("ABCDEF")
PORTFOLIOS = st.dictionaries(st.sampled_from("pqr"), st.sets(NAMES), max_size=3).map(
    lambda there: tuple(portfolio(key, *sorted(names)) for key, names in there.items())
)
STATES = st.builds(
    lambda portfolios, enabled, bad: replace(
        state(*portfolios, enabled=enabled),
        roles=tuple(RoleFacts(role(name), error="does not exist") for name in bad),
    ),
    PORTFOLIOS,
    st.booleans(),
    st.sets(NAMES, max_size=2),
)
WANTED = st.lists(NAMES, unique=True).map(lambda names: want(*names))


def made(found: State, changes: Iterable[Change], arriving: tuple[Portfolio, ...]) -> State:
    """What AWS is like after the changes, in whatever order; ``arriving`` comes by enabling."""
    changes = tuple(changes)
    known = {item.id: item for item in found.portfolios}
    if any(isinstance(change, EnablePortfolio | AwaitPortfolio) for change in changes):
        known = {item.id: item for item in arriving} | known
    for change in changes:
        if isinstance(change, AssociateRole):
            for key in [change.portfolio_id] if change.portfolio_id else list(known):
                principals = known[key].principals | {Principal(change.role_arn)}
                known[key] = replace(known[key], principals=principals)
    enabled = found.enabled or any(isinstance(change, EnablePortfolio) for change in changes)
    return replace(found, enabled=enabled, portfolios=tuple(known.values()))


ARRIVING = (portfolio("new-1"), portfolio("new-2", "A"))


@settings(max_examples=300)
@given(STATES, WANTED, st.randoms(use_true_random=False))
def test_after_the_changes_in_any_order_nothing_is_left_to_change(
    found: State, wanted: tuple[WantedRole, ...], order: object
) -> None:
    changes = list(plan(found, wanted))
    order.shuffle(changes)  # type: ignore[attr-defined]

    after = made(found, changes, ARRIVING)

    assert plan(after, wanted) == ()
    bad = {item.arn for item in found.roles}
    assert all(after.admits(item.arn) for item in wanted if item.arn not in bad)


@settings(max_examples=300)
@given(STATES, WANTED, st.integers(min_value=0, max_value=30))
def test_killed_after_any_change_the_next_run_finishes(
    found: State, wanted: tuple[WantedRole, ...], survived: int
) -> None:
    after = made(found, plan(found, wanted)[:survived], ARRIVING)

    assert plan(made(after, plan(after, wanted), ARRIVING), wanted) == ()


@settings(max_examples=300)
@given(STATES, WANTED)
def test_nothing_is_planned_twice_nor_for_what_holds_already(
    found: State, wanted: tuple[WantedRole, ...]
) -> None:
    changes = plan(found, wanted)

    writes = [(change.action, change.subject, change.target) for change in changes]
    assert len(writes) == len(set(writes))
    if found.enabled and found.portfolios:
        assert all(isinstance(change, AssociateRole) for change in changes)
    by_id = {item.id: item for item in found.portfolios}
    for change in changes:
        if isinstance(change, AssociateRole) and change.portfolio_id:
            assert not by_id[change.portfolio_id].admits(change.role_arn)


@given(STATES, WANTED, st.randoms(use_true_random=False))
def test_order_in_which_things_were_found_does_not_matter(
    found: State, wanted: tuple[WantedRole, ...], order: object
) -> None:
    portfolios, roles = list(found.portfolios), list(wanted)
    order.shuffle(portfolios)  # type: ignore[attr-defined]
    order.shuffle(roles)  # type: ignore[attr-defined]

    assert plan(replace(found, portfolios=tuple(portfolios)), roles) == plan(found, wanted)


def warning(subject: str, message: str) -> Finding:
    return Finding(Severity.WARNING, subject, message)


def found_roles(*roles: RoleFacts) -> State:
    return State(ACCOUNT, True, domains=(domain("lab"),), portfolios=(portfolio(),), roles=roles)


def test_role_with_all_preconditions_gives_no_finding() -> None:
    assert findings(found_roles(RoleFacts(role("A"))), want("A")) == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"error": "does not exist"},
            [Finding(Severity.ERROR, role("A"), "does not exist; it is not associated")],
        ),
        (
            {"unchecked": "GetRole: AccessDenied: no"},
            [warning(role("A"), "could not be checked: GetRole: AccessDenied: no")],
        ),
        (
            {"trusts_sagemaker": False},
            [warning(role("A"), "does not trust sagemaker.amazonaws.com")],
        ),
        (
            {"has_full_access": False},
            [
                warning(
                    role("A"),
                    "AmazonSageMakerFullAccess is not attached, "
                    "and no inline policy grants as much",
                )
            ],
        ),
    ],
)
def test_precondition_of_a_role_that_does_not_hold_is_told(
    facts: dict[str, object], expected: list[Finding]
) -> None:
    given_role = RoleFacts(role("A"), **facts)  # type: ignore[arg-type]

    assert findings(found_roles(given_role), want("A")) == tuple(expected)


def test_errors_come_first_and_roles_that_nobody_wants_are_not_told() -> None:
    roles = [
        RoleFacts(role("A"), trusts_sagemaker=False),
        RoleFacts(role("B"), error="does not exist"),
        RoleFacts(role("C"), error="does not exist"),
    ]
    for order in itertools.permutations(roles):
        told = findings(found_roles(*order), want("A", "B"))
        assert [(item.severity, item.subject) for item in told] == [
            (Severity.ERROR, role("B")),
            (Severity.WARNING, role("A")),
        ]


def test_domains_that_are_missing_or_not_in_service_are_told() -> None:
    def told(*domains: object) -> tuple[Finding, ...]:
        return findings(State(ACCOUNT, True, domains=domains), ())  # type: ignore[arg-type]

    assert told() == (warning("Domains", "there is none in this account and Region"),)
    assert told(domain("lab")) == ()
    assert told(domain("lab", status="Updating")) == (
        warning("Domain lab (d-lab)", "is Updating, JumpStart needs InService"),
    )
    assert told(domain("lab", status="Deleting")) == (
        warning("Domain lab (d-lab)", "is Deleting: its users and spaces are left out"),
    )


def test_shared_spaces_without_a_role_are_told_by_name() -> None:
    lab = domain("lab", user("amy"), Space("b"), Space("a"), Space("own", "amy"), shared=None)

    assert findings(State(ACCOUNT, True, domains=(lab,)), ()) == (
        warning("Domain lab (d-lab)", "has no role for its shared spaces: a, b"),
    )


def test_members_that_are_leaving_are_told_by_name_the_first_ones_if_many() -> None:
    def told(*leaving: str) -> tuple[Finding, ...]:
        lab = replace(domain("lab"), leaving=leaving)
        return findings(State(ACCOUNT, True, domains=(lab,)), ())

    assert told("user zoe (Deleting)", "space s (Failed)") == (
        warning("Domain lab (d-lab)", "left out: user zoe (Deleting), space s (Failed)"),
    )
    assert told(*(str(number) for number in range(12))) == (
        warning("Domain lab (d-lab)", "left out: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
    )


def test_inline_policy_that_gives_as_much_is_as_good_as_the_managed_one() -> None:
    equivalent = RoleFacts(role("A"), equivalent="mine")

    assert findings(found_roles(equivalent), want("A")) == ()
