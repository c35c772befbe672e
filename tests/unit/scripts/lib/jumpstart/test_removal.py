from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.changes import Change, Finding, Severity
from scripts.lib.jumpstart.demand import ASKED_FOR, WantedRole
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType, RoleFacts, State
from scripts.lib.jumpstart.removal import (
    NOT_OURS,
    AdoptAssociation,
    DisassociateRole,
    ForgetAssociation,
    plan_offboard,
    plan_prune,
)
from tests.unit.scripts.lib.jumpstart.builders import (
    ACCOUNT,
    SOLUTIONS,
    after,
    domain,
    portfolio,
    role,
    written,
)

UNUSED = "no user or space has it"
IN_USE = "is still in use, so that apply associates it again"
USER = Principal("arn:aws:iam::123456789012:user/amy")
GROUP = Principal("arn:aws:iam::123456789012:group/role/team")
PATTERN = Principal("arn:aws:iam:::role/*", PrincipalType.IAM_PATTERN)


def state(*portfolios: Portfolio, gone: str = "", elsewhere: str = "") -> State:
    errors = dict.fromkeys(gone, "does not exist") | dict.fromkeys(
        elsewhere, "is of another account than 123456789012"
    )
    named = sorted({arn for each in portfolios for arn in each.roles})
    facts = [RoleFacts(arn, error=errors.get(arn[-1], "")) for arn in named]
    return State(ACCOUNT, True, portfolios=portfolios, roles=tuple(facts))


def use(*names: str) -> tuple[WantedRole, ...]:
    return tuple(WantedRole(role(name), (f"user of {name}",)) for name in names)


def own(*associations: str, reasons: tuple[str, ...] = ("user x",)) -> Ledger:
    """A ledger of associations such as ``p/A``."""
    pairs = [each.split("/") for each in associations]
    return Ledger.of(Entry(key, role(name), Stage.MADE, "", reasons) for key, name in pairs)


def adopt(name: str, key: str = "p") -> AdoptAssociation:
    return AdoptAssociation(role_arn=role(name), portfolio_id=key)


def disassociate(name: str, key: str = "p", reason: str = UNUSED) -> DisassociateRole:
    return DisassociateRole(role_arn=role(name), portfolio_id=key, reasons=(reason,))


def warning(name: str, message: str) -> Finding:
    return Finding(Severity.WARNING, role(name), message)


def test_own_association_that_nobody_needs_goes_and_the_others_stay() -> None:
    removal = plan_prune(state(portfolio("p", "A", "B")), use("A"), own("p/A", "p/B"))

    assert removal.changes == (disassociate("B"),)
    assert removal.findings == ()


def test_association_that_is_not_own_is_told_of_and_stays() -> None:
    removal = plan_prune(state(portfolio("p", "A", "B")), use("A"), own("q/B"))

    assert removal.changes == ()
    assert removal.findings == (warning("B", f"{UNUSED}, but it {NOT_OURS}"),)


def test_adopt_takes_all_over_and_removes_what_nobody_needs() -> None:
    found = state(portfolio("p", "A", "B", "C"))

    removal = plan_prune(found, use("A"), own("p/C"), adopt=True)

    assert removal.changes == (adopt("A"), adopt("B"), disassociate("B"), disassociate("C"))
    assert removal.findings == ()


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ({"gone": "A"}, "the role does not exist"),
        ({"elsewhere": "A"}, "the role is of another account than 123456789012"),
    ],
)
def test_role_that_is_gone_is_of_no_use_even_to_those_who_name_it(
    there: dict[str, str], reason: str
) -> None:
    found = state(portfolio("p", "A"), **there)

    assert plan_prune(found, use("A"), own("p/A")).changes == (disassociate("A", reason=reason),)
    assert plan_prune(found, use("A"), Ledger()).findings == (
        warning("A", f"{reason}, but it {NOT_OURS}"),
    )


def test_role_that_could_not_be_checked_is_not_gone() -> None:
    found = replace(
        state(portfolio("p", "A")), roles=(RoleFacts(role("A"), unchecked="GetRole: AccessDenied"),)
    )

    assert plan_prune(found, use("A"), own("p/A")).changes == ()


def test_role_that_was_asked_for_by_arn_is_kept_as_long_as_it_exists() -> None:
    asked = own("p/A", reasons=(ASKED_FOR,))

    kept = plan_prune(state(portfolio("p", "A")), (), asked)
    gone = plan_prune(state(portfolio("p", "A"), gone="A"), (), asked)

    assert kept.changes == ()
    assert kept.findings == (
        warning("A", f"{UNUSED}; kept, as it was {ASKED_FOR}: offboard removes it"),
    )
    assert gone.changes == (disassociate("A", reason="the role does not exist"),)


def test_each_portfolio_is_looked_at_by_itself() -> None:
    found = state(portfolio("q", "A"), portfolio("p", "A"))

    removal = plan_prune(found, (), own("q/A"))

    assert removal.changes == (disassociate("A", "q"),)
    assert removal.findings == (warning("A", f"{UNUSED}, but it {NOT_OURS}"),)


def test_entry_of_an_association_that_is_not_there_is_crossed_out() -> None:
    """Of a portfolio that is not there, nothing is known."""
    (change,) = plan_prune(state(portfolio("p")), use("A"), own("p/A", "q/B")).changes

    assert change == ForgetAssociation(
        role_arn=role("A"),
        portfolio_id="p",
        reasons=("is not there any more; the ledger alone has it",),
    )
    assert str(change) == f"cross out {role('A')} (p)"


def test_what_is_being_deleted_is_counted_as_in_use_and_told() -> None:
    lab = replace(domain("lab"), leaving=("user zoe (Deleting)", "space s (Failed)"))
    found = replace(state(portfolio("p")), domains=(lab, domain("quiet")))

    assert plan_prune(found, (), Ledger()).findings == (
        Finding(
            Severity.WARNING,
            "Domain lab (d-lab)",
            "counted as still in use: user zoe (Deleting), space s (Failed)",
        ),
    )


def test_changes_say_what_is_done_and_where() -> None:
    assert str(adopt("A")) == f"adopt {role('A')} (p)"
    assert str(disassociate("A")) == f"disassociate {role('A')} (p)"


NAMES = "ABCDEF"
KEYS = "pqr"
OTHERS = (USER, GROUP, PATTERN)
PORTFOLIOS = st.dictionaries(
    st.sampled_from(KEYS),
    st.tuples(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(OTHERS))),
    max_size=3,
).map(
    lambda there: tuple(
        Portfolio(key, SOLUTIONS, frozenset({*map(Principal, map(role, names)), *others}))
        for key, (names, others) in there.items()
    )
)
STATES = st.builds(
    lambda portfolios, gone, leaving: replace(
        state(*portfolios, gone="".join(sorted(gone))),
        domains=tuple(replace(domain(name), leaving=tuple(leaving)) for name in ("a", "b", "c")),
    ),
    PORTFOLIOS,
    st.sets(st.sampled_from(NAMES), max_size=3),
    st.lists(st.sampled_from(["user x (Deleting)", "space y (Failed)"]), unique=True),
)
USED = st.lists(st.sampled_from(NAMES), unique=True).map(lambda names: use(*names))
REASONS = st.sampled_from([(), (ASKED_FOR,), ("user x",), (ASKED_FOR, "user x")])
LEDGERS = st.dictionaries(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(NAMES).map(role)),
    st.tuples(st.sampled_from(Stage), REASONS),
).map(
    lambda there: Ledger.of(
        Entry(*key, stage, "", reasons) for key, (stage, reasons) in there.items()
    )
)
ANY = settings(max_examples=300)


def removed(changes: tuple[Change, ...]) -> set[tuple[str, str]]:
    return {
        (each.portfolio_id, each.role_arn) for each in changes if isinstance(each, DisassociateRole)
    }


def gone(found: State) -> set[str]:
    return {each.arn for each in found.roles if each.error}


@ANY
@given(STATES, USED, LEDGERS)
def test_prune_removes_nothing_that_the_ledger_does_not_own(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger
) -> None:
    changes = plan_prune(found, used, ledger).changes

    assert all(ledger.owns(*key) for key in removed(changes))
    assert not any(isinstance(each, AdoptAssociation) for each in changes)


@ANY
@given(STATES, USED, LEDGERS, st.booleans())
def test_just_the_entries_without_an_association_are_crossed_out(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool
) -> None:
    changes = plan_prune(found, used, ledger, adopt=take_over).changes

    there = {each.id: each.roles for each in found.portfolios}
    assert [
        (each.portfolio_id, each.role_arn)
        for each in changes
        if isinstance(each, ForgetAssociation)
    ] == [key for key in sorted(ledger.entries) if key[0] in there and key[1] not in there[key[0]]]


@ANY
@given(STATES, USED, LEDGERS, st.booleans())
def test_prune_never_removes_a_role_that_somebody_has_and_that_exists(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool
) -> None:
    changes = plan_prune(found, used, ledger, adopt=take_over).changes

    needed = {each.arn for each in used} - gone(found)
    assert not {arn for _, arn in removed(changes)} & needed


@ANY
@given(STATES, USED, LEDGERS, st.booleans())
def test_prune_removes_all_else_that_it_may(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool
) -> None:
    removal = plan_prune(found, used, ledger, adopt=take_over)

    users = {each.arn for each in used}
    for each in found.portfolios:
        for arn in each.roles:
            asked = ledger.reasons(each.id, arn) == (ASKED_FOR,)
            needed = arn not in gone(found) and (arn in users or asked)
            may = take_over or ledger.owns(each.id, arn)
            assert ((each.id, arn) in removed(removal.changes)) is (may and not needed)
            if not needed and not may:
                assert any(finding.subject == arn for finding in removal.findings)


@ANY
@given(STATES, USED, LEDGERS, st.booleans())
def test_after_pruning_there_is_nothing_to_prune(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool
) -> None:
    changes = plan_prune(found, used, ledger, adopt=take_over).changes
    then, book = after(found, changes), written(ledger, changes)

    assert plan_prune(then, used, book, adopt=take_over).changes == ()


@ANY
@given(STATES, USED, LEDGERS, st.booleans(), st.integers(min_value=0, max_value=20))
def test_killed_after_any_change_the_next_prune_finishes(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool, survived: int
) -> None:
    changes = plan_prune(found, used, ledger, adopt=take_over).changes
    then, book = after(found, changes[:survived]), written(ledger, changes[:survived])

    rest = plan_prune(then, used, book, adopt=take_over).changes

    assert after(then, rest).portfolios == after(found, changes).portfolios
    assert rest == changes[survived:]


@ANY
@given(STATES, USED, LEDGERS, st.booleans(), st.randoms(use_true_random=False))
def test_order_in_which_things_were_found_does_not_matter(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool, order: Any
) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        new = list(items)
        order.shuffle(new)
        return tuple(new)

    mixed = replace(
        found,
        portfolios=shuffled(found.portfolios),
        roles=shuffled(found.roles),
        domains=shuffled(found.domains),
    )

    again = plan_prune(mixed, shuffled(used), ledger, adopt=take_over)

    assert again == plan_prune(found, used, ledger, adopt=take_over)


@ANY
@given(STATES, USED, LEDGERS, st.booleans(), st.sampled_from(NAMES))
def test_patterns_users_and_groups_are_never_touched(
    found: State, used: tuple[WantedRole, ...], ledger: Ledger, take_over: bool, name: str
) -> None:
    for removal in (
        plan_prune(found, used, ledger, adopt=take_over),
        plan_offboard(found, role(name), used, ledger, adopt=take_over),
    ):
        then = {each.id: each for each in after(found, removal.changes).portfolios}
        for each in found.portfolios:
            assert each.principals & set(OTHERS) == then[each.id].principals & set(OTHERS)
        for change in removal.changes:
            assert change.subject.startswith("arn:aws:iam::123456789012:role/")
