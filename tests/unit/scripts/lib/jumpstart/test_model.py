import pytest

from scripts.lib.errors import InputError
from scripts.lib.jumpstart.model import (
    Domain,
    Principal,
    PrincipalType,
    RoleArn,
    Selection,
    Space,
    State,
)
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, domain, portfolio, role, user


@pytest.mark.parametrize(
    ("text", "partition", "account_id", "name"),
    [
        ("arn:aws:iam::123456789012:role/Plain", "aws", "123456789012", "Plain"),
        ("arn:aws-cn:iam::123456789012:role/a/b/Deep", "aws-cn", "123456789012", "Deep"),
        ("arn:aws-us-gov:iam::000000000000:role/x+=,.@-_", "aws-us-gov", "0" * 12, "x+=,.@-_"),
        (f"arn:aws:iam::123456789012:role/{'n' * 64}", "aws", "123456789012", "n" * 64),
    ],
)
def test_role_arn_is_taken_apart(text: str, partition: str, account_id: str, name: str) -> None:
    assert RoleArn.parse(text) == RoleArn(text, partition, account_id, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Role",
        "arn:aws:iam::123456789012:user/amy",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/path/",
        "arn:aws:iam::12345678901:role/Short",
        "arn:aws:iam::1234567890123:role/Long",
        "arn:aws:iam:eu-west-1:123456789012:role/Regional",
        "arn:aws:sts::123456789012:assumed-role/Role/session",
        "arn:aws:iam::123456789012:role/Role\n",
        " arn:aws:iam::123456789012:role/Role",
        "arn:aws:iam::123456789012:role/Role*",
        "arn:aws:iam::123456789012:role/R\u00f6le",
        "arn:aws:iam::\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662:role/R",
        f"arn:aws:iam::123456789012:role/{'n' * 65}",
        "arn:other:iam::123456789012:role/Role",
    ],
)
def test_fails_when_text_is_not_the_arn_of_a_role(text: str) -> None:
    with pytest.raises(InputError) as caught:
        RoleArn.parse(text)

    assert str(caught.value) == (
        f"{text!r} is not the ARN of a role: "
        "expected arn:<partition>:iam::<12 digits>:role/<path/><name>"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:iam::123456789012:role/Role", True),
        ("arn:aws:iam::123456789013:role/Role", False),
        ("arn:aws-cn:iam::123456789012:role/Role", False),
    ],
)
def test_role_belongs_to_its_account_and_partition_only(text: str, expected: bool) -> None:
    assert RoleArn.parse(text).belongs_to(ACCOUNT) is expected


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
