import pytest

from scripts.lib.errors import InputError
from scripts.lib.jumpstart.model import (
    Domain,
    Principal,
    PrincipalType,
    Selection,
    Space,
    State,
)
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, domain, portfolio, role, user


def test_user_without_own_role_works_with_that_of_the_domain() -> None:
    lab = domain("lab", own="Own")

    assert lab.role_of_user(user("amy")) == role("Own")
    assert lab.role_of_user(user("ben", "Ben")) == role("Ben")
    assert domain("lab", own=None).role_of_user(user("amy")) is None


def test_shared_space_works_with_the_role_for_spaces_and_a_private_one_with_its_owners() -> None:
    lab = domain("lab", user("amy"), user("ben", "Ben"), own="Own", shared="Shared")

    assert lab.role_of_space(Space("team")) == role("Shared")
    assert lab.role_of_space(Space("bens", owner="ben")) == role("Ben")
    assert lab.role_of_space(Space("amys", owner="amy")) == role("Own")
    assert lab.role_of_space(Space("left", owner="gone")) is None


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("arn:aws:iam:::role/Data*", role("DataScience"), True),
        ("arn:aws:iam:::role/Data*", role("Data"), True),
        ("arn:aws:iam:::role/Data*", role("path/Data"), False),
        ("arn:aws:iam:::role/*/Data?", role("a/b/Data1"), True),
        ("arn:aws:iam:::role/*/Data?", role("a/Data"), True),
        ("arn:aws:iam:::role/Data?", role("Data12"), False),
        ("arn:aws:iam:::role/Exact", role("Exact"), True),
        ("arn:aws:iam:::role/a.c", role("abc"), False),
        ("arn:aws:iam:::role/[ab]", role("a"), False),
        ("arn:aws:iam:::user/*", role("Any"), False),
        ("arn:aws-cn:iam:::role/*", role("Any"), False),
    ],
)
def test_pattern_covers_what_service_catalog_says_it_does(
    pattern: str, arn: str, expected: bool
) -> None:
    assert Principal(pattern, PrincipalType.IAM_PATTERN).covers(arn) is expected


def test_plain_principal_covers_exactly_its_own_arn() -> None:
    assert Principal(role("A")).covers(role("A"))
    assert not Principal(role("a")).covers(role("A"))
    assert not Principal(role("*")).covers(role("A"))


def test_role_sees_jumpstart_only_when_enabled_and_in_every_portfolio() -> None:
    both = (portfolio("port-a", "R"), portfolio("port-b", "R"))
    one = (portfolio("port-a", "R"), portfolio("port-b"))

    assert State(ACCOUNT, True, portfolios=both).admits(role("R"))
    assert not State(ACCOUNT, False, portfolios=both).admits(role("R"))
    assert not State(ACCOUNT, True, portfolios=one).admits(role("R"))
    assert not State(ACCOUNT, True, portfolios=()).admits(role("R"))


def test_selection_fails_when_roles_and_users_are_both_given() -> None:
    with pytest.raises(InputError, match="roles or users, not both"):
        Selection(role_arns=(role("R"),), users=("amy",))


def test_selection_fails_when_a_role_is_not_an_arn() -> None:
    with pytest.raises(InputError, match="'R' is not the ARN of a role"):
        Selection(role_arns=(role("R"), "R"))


def test_domain_is_named_with_its_id() -> None:
    assert str(Domain("d-1", "lab", "InService", "IAM")) == "Domain lab (d-1)"
