"""Who calls, and which associations mean the caller."""

import pytest

from scripts.sandbox.backends.servicecatalog.callers import caller_arns, exists, identify, matches
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import ACCOUNT, Account

ROLE = "arn:aws:iam::123456789012:role"


def test_an_assumed_role_counts_as_its_role_path_included(account: Account) -> None:
    arn = account.role("Scientist", "/team/")
    keys = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    assert caller_arns(ACCOUNT, "aws", keys["AccessKeyId"]) == {arn}


def test_a_user_counts_as_itself_and_its_groups(account: Account) -> None:
    user = account.iam.create_user(UserName="amy", Path="/team/")["User"]["Arn"]
    account.iam.create_group(GroupName="other")
    group = account.iam.create_group(GroupName="team")["Group"]["Arn"]
    account.iam.add_user_to_group(GroupName="team", UserName="amy")
    key = account.iam.create_access_key(UserName="amy")["AccessKey"]["AccessKeyId"]
    assert caller_arns(ACCOUNT, "aws", key) == {user, group}


def test_a_key_that_belongs_to_nobody_counts_as_nobody(account: Account) -> None:
    account.iam.create_user(UserName="amy")
    assert caller_arns(ACCOUNT, "aws", "AKIANOBODY") == frozenset()


def test_only_what_the_account_has_exists(account: Account) -> None:
    role = account.role("Scientist", "/team/")
    user = account.iam.create_user(UserName="amy")["User"]["Arn"]
    group = account.iam.create_group(GroupName="team")["Group"]["Arn"]
    assert all(exists(ACCOUNT, "aws", arn) for arn in (role, user, group))
    assert not exists(ACCOUNT, "aws", f"{ROLE}/Scientist")
    assert not exists("999999999999", "aws", role)


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [
        ("role/DS", "/DS", True),
        ("role/DS", "/DS2", False),
        ("role/DS", "/ds", False),
        ("role/DS*", "/DS", True),
        ("role/DS*", "/DS/deep/er", True),
        ("role/DS?", "/DS", True),
        ("role/DS?", "/DS1", True),
        ("role/DS?", "/DS12", False),
        ("role/*/DS_?", "/a/b/DS_1", True),
        ("role/*/DS_?", "/DS_1", False),
        ("role/D.S", "/DxS", False),
        ("role/D[S]", "/DS", False),
        ("user/*", "/DS", False),
    ],
)
def test_a_pattern_means_what_service_catalog_says(pattern: str, name: str, matched: bool) -> None:
    assert matches(f"arn:aws:iam:::{pattern}", f"{ROLE}{name}") is matched


def test_a_pattern_is_of_one_partition() -> None:
    assert not matches("arn:aws-cn:iam:::role/*", f"{ROLE}/DS")


def test_a_session_is_identified_by_its_role_and_itself(account: Account) -> None:
    arn = account.role("Scientist", "/team/")
    keys = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="amy")["Credentials"]
    found = identify(ACCOUNT, "aws", keys["AccessKeyId"])
    assert found.principal == arn
    assert found.credentials.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/Scientist/amy"
    assert found.credentials.secret_key == keys["SecretAccessKey"]
    assert found.credentials.session_token == keys["SessionToken"]


def test_a_user_is_identified_by_itself(account: Account) -> None:
    user = account.iam.create_user(UserName="amy", Path="/team/")["User"]["Arn"]
    key = account.iam.create_access_key(UserName="amy")["AccessKey"]
    found = identify(ACCOUNT, "aws", key["AccessKeyId"])
    assert found.principal == found.credentials.arn == user
    assert found.credentials.secret_key == key["SecretAccessKey"]
    assert found.credentials.session_token == ""


def test_a_key_that_belongs_to_nobody_identifies_nobody_but_is_kept(account: Account) -> None:
    account.iam.create_user(UserName="amy")
    found = identify(ACCOUNT, "aws", "AKIANOBODY")
    assert (found.principal, found.credentials.arn) == ("", "")
    assert found.credentials.access_key == "AKIANOBODY"
