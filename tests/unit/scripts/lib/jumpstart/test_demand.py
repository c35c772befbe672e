import pytest

from scripts.lib.errors import InputError
from scripts.lib.jumpstart.demand import WantedRole, select_domains, wanted_roles
from scripts.lib.jumpstart.model import Selection, Space
from tests.unit.scripts.lib.jumpstart.builders import domain, role, user

ALL = Selection()
LAB = domain(
    "lab",
    user("cleo", "Cleo"),
    user("amy"),
    user("ben", "Ben"),
    Space("team"),
    Space("bens", owner="ben"),
)


def test_every_role_is_wanted_once_with_all_who_use_it() -> None:
    assert wanted_roles([LAB], ALL) == (
        WantedRole(
            role("Ben"),
            (
                "custom role of user ben, lab (d-lab)",
                "space bens of user ben, lab (d-lab)",
            ),
        ),
        WantedRole(role("Cleo"), ("custom role of user cleo, lab (d-lab)",)),
        WantedRole(
            role("Own"),
            ("own role of the Domain, lab (d-lab)", "user amy, lab (d-lab)"),
        ),
        WantedRole(role("Shared"), ("space team (shared), lab (d-lab)",)),
    )


def test_own_role_that_equals_the_domains_is_not_custom() -> None:
    lab = domain("lab", user("dan", "Own"))

    (wanted,) = wanted_roles([lab], ALL)

    assert wanted.reasons[1] == "user dan, lab (d-lab)"


def test_role_used_in_two_domains_is_one_role_with_reasons_from_both() -> None:
    east = domain("east", user("amy", "Both"), own=None)
    west = domain("west", own="Both")

    assert wanted_roles([west, east], ALL) == (
        WantedRole(
            role("Both"),
            (
                "custom role of user amy, east (d-east)",
                "own role of the Domain, west (d-west)",
            ),
        ),
    )


def test_nothing_is_wanted_where_no_role_is_known() -> None:
    bare = domain("bare", user("amy"), Space("team"), Space("x", "gone"), own=None, shared=None)

    assert wanted_roles([bare], ALL) == ()
    assert wanted_roles([], ALL) == ()


@pytest.mark.parametrize("status", ["Deleting", "Failed"])
def test_domain_that_is_leaving_wants_nothing(status: str) -> None:
    assert wanted_roles([domain("lab", user("ben", "Ben"), status=status)], ALL) == ()


def test_role_for_shared_spaces_is_not_wanted_before_there_is_one() -> None:
    assert [item.arn for item in wanted_roles([domain("lab", shared="Shared")], ALL)] == [
        role("Own")
    ]


def test_user_selected_brings_own_role_and_private_spaces_only() -> None:
    assert wanted_roles([LAB], Selection(users=("ben",))) == (
        WantedRole(
            role("Ben"),
            (
                "custom role of user ben, lab (d-lab)",
                "space bens of user ben, lab (d-lab)",
            ),
        ),
    )


def test_user_selected_who_has_no_own_role_wants_the_domains() -> None:
    assert wanted_roles([LAB], Selection(users=("amy",))) == (
        WantedRole(role("Own"), ("user amy, lab (d-lab)",)),
    )


def test_user_is_looked_for_in_every_domain() -> None:
    other = domain("other", user("ben", "OtherBen"))

    wanted = wanted_roles([LAB, other], Selection(users=("ben",)))

    assert [item.arn for item in wanted] == [role("Ben"), role("OtherBen")]


@pytest.mark.parametrize("name", ["zoe", "", "BEN", "be*"])
def test_fails_when_a_user_is_in_no_domain(name: str) -> None:
    with pytest.raises(InputError) as caught:
        wanted_roles([LAB], Selection(users=("ben", name)))

    assert str(caught.value) == f"no user profile {name!r} here; looked in: Domain lab (d-lab)"


def test_fails_when_a_user_is_named_and_there_is_no_domain() -> None:
    with pytest.raises(InputError, match="looked in: there is no Domain"):
        wanted_roles([], Selection(users=("ben",)))


def test_roles_given_by_arn_are_wanted_whoever_uses_them() -> None:
    selection = Selection(role_arns=(role("New"), role("Ben"), role("New")))

    assert wanted_roles([LAB], selection) == (
        WantedRole(role("Ben"), ("asked for by ARN",)),
        WantedRole(role("New"), ("asked for by ARN",)),
    )


def test_empty_list_of_roles_wants_nothing() -> None:
    assert wanted_roles([LAB], Selection(role_arns=())) == ()


def test_domains_are_selected_by_id_and_sorted_by_name() -> None:
    east, west = domain("east"), domain("west")

    assert select_domains([west, east], ALL) == (east, west)
    assert select_domains([west, east], Selection(domains=("d-west",))) == (west,)


@pytest.mark.parametrize(
    ("there", "listed"),
    [([domain("lab"), domain("two")], "d-lab (lab), d-two (two)"), ([], "none")],
)
def test_fails_when_a_domain_is_not_there(there: list[object], listed: str) -> None:
    with pytest.raises(InputError) as caught:
        select_domains(there, Selection(domains=("lab",)))  # type: ignore[arg-type]

    assert str(caught.value) == f"no Domain 'lab' here; there are: {listed}"
