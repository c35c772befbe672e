"""KMS's calls: the key by whatever name, its policy, its grants, and who asks."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    ACCOUNT,
    ROOT,
    allow,
    arn,
    asked,
    document,
    refusal,
    role,
    session,
    user,
    wanting,
)


@pytest.fixture(scope="module")
def key(enforced: Sandbox) -> str:
    kms = enforced.client("kms")
    made: str = kms.create_key(Tags=[{"TagKey": "Team", "TagValue": "a"}])["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/team", TargetKeyId=made)
    return made


def closed_key(sandbox: Sandbox, *statements: dict[str, Any]) -> str:
    """A key that its administration alone is left to IAM."""
    administration = {**allow(["kms:PutKeyPolicy", "kms:CreateGrant"]), "Principal": {"AWS": ROOT}}
    key: str = sandbox.client("kms").create_key(Policy=document(administration, *statements))[
        "KeyMetadata"
    ]["Arn"]
    return key


@pytest.mark.parametrize("name", ["id", "arn", "alias", "alias arn"])
def test_a_key_is_found_by_any_of_its_names(enforced: Sandbox, key: str, name: str) -> None:
    names = {
        "id": key.rpartition("/")[2],
        "arn": key,
        "alias": "alias/team",
        "alias arn": arn("kms", "alias/team"),
    }
    describe = enforced.client("kms").describe_key
    assert asked(enforced, describe, KeyId=names[name]) == [("kms:DescribeKey", key)]


def test_an_alias_is_asked_beside_its_key(enforced: Sandbox, key: str) -> None:
    create = enforced.client("kms").create_alias
    found = asked(enforced, create, AliasName="alias/second", TargetKeyId=key)
    assert found == [
        ("kms:CreateAlias", arn("kms", "alias/second")),
        ("kms:CreateAlias", key),
    ]
    delete = enforced.client("kms").delete_alias
    assert asked(enforced, delete, AliasName="alias/second")[1] == ("kms:DeleteAlias", key)


@pytest.mark.parametrize(
    ("condition", "passes"),
    [
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/team"}}, True),
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other"}}, False),
        ({"StringEquals": {"aws:ResourceTag/Team": "a"}}, True),
        ({"StringEquals": {"aws:ResourceTag/Team": "b"}}, False),
        ({"StringEquals": {"kms:CallerAccount": ACCOUNT}}, True),
        ({"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}, False),
        ({"Null": {"kms:ViaService": "true"}}, True),
    ],
)
def test_a_key_is_judged_by_its_aliases_and_tags(
    enforced: Sandbox, key: str, condition: dict[str, Any], passes: bool
) -> None:
    keys = user(enforced, allow("kms:DescribeKey", arn("kms", "key/*"), **condition))
    describe = enforced.client("kms", credentials=keys).describe_key
    assert wanting(describe, KeyId=key) == ("" if passes else "kms:DescribeKey")


def test_an_administrator_cannot_use_a_key_that_does_not_leave_use_to_iam(
    enforced: Sandbox,
) -> None:
    words = refusal(enforced.client("kms").encrypt, KeyId=closed_key(enforced), Plaintext=b"x")
    assert words.endswith("because no resource-based policy allows the kms:Encrypt action")


def test_a_key_policy_is_enough_for_the_role_that_it_names(enforced: Sandbox) -> None:
    named, other = role(enforced), role(enforced)
    use = {**allow(["kms:Encrypt", "kms:Decrypt"]), "Principal": {"AWS": named}}
    key = closed_key(enforced, use)
    for arn_of_role, lacking in ((named, ""), (other, "kms:Encrypt")):
        kms = enforced.client("kms", credentials=session(enforced, arn_of_role))
        assert wanting(kms.encrypt, KeyId=key, Plaintext=b"x") == lacking


def test_a_grant_is_for_its_grantee_its_operations_and_its_context(enforced: Sandbox) -> None:
    grantee, other = role(enforced), role(enforced)
    key = closed_key(enforced)
    enforced.client("kms").create_grant(
        KeyId=key,
        GranteePrincipal=grantee,
        Operations=["Encrypt"],
        Constraints={"EncryptionContextSubset": {"team": "a"}},
    )
    kms = enforced.client("kms", credentials=session(enforced, grantee))
    given: dict[str, Any] = {"KeyId": key, "Plaintext": b"x"}
    assert wanting(kms.encrypt, **given, EncryptionContext={"team": "a", "b": "c"}) == ""
    assert wanting(kms.encrypt, **given, EncryptionContext={"team": "b"}) == "kms:Encrypt"
    assert wanting(kms.encrypt, **given) == "kms:Encrypt"
    assert wanting(kms.describe_key, KeyId=key) == "kms:DescribeKey"
    kms = enforced.client("kms", credentials=session(enforced, other))
    assert wanting(kms.encrypt, **given, EncryptionContext={"team": "a"}) == "kms:Encrypt"


def test_a_caller_makes_no_grant_where_only_services_may(enforced: Sandbox, key: str) -> None:
    rights = allow("kms:CreateGrant", Bool={"kms:GrantIsForAWSResource": "true"})
    kms = enforced.client("kms", credentials=user(enforced, rights))
    given: dict[str, Any] = {"KeyId": key, "GranteePrincipal": ROOT, "Operations": ["Decrypt"]}
    assert wanting(kms.create_grant, **given) == "kms:CreateGrant"


def test_decrypting_is_decided_on_the_key_that_encrypted(enforced: Sandbox, key: str) -> None:
    kms = enforced.client("kms")
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert asked(enforced, kms.decrypt, CiphertextBlob=sealed) == [("kms:Decrypt", key)]
    second = kms.create_key()["KeyMetadata"]["Arn"]
    found = asked(enforced, kms.re_encrypt, CiphertextBlob=sealed, DestinationKeyId=second)
    assert found == [("kms:ReEncryptFrom", key), ("kms:ReEncryptTo", second)]


def test_listing_and_creating_are_decided_on_everything(enforced: Sandbox) -> None:
    kms = enforced.client("kms")
    assert asked(enforced, kms.list_keys) == [("kms:ListKeys", "*")]
    assert asked(enforced, kms.create_key) == [("kms:CreateKey", "*")]


def test_refuses_the_policy_of_a_key_to_who_may_only_use_it(enforced: Sandbox, key: str) -> None:
    kms = enforced.client("kms", credentials=user(enforced, allow(["kms:Decrypt", "kms:Encrypt"])))
    policy = document({**allow("kms:*"), "Principal": "*"})
    assert wanting(kms.put_key_policy, KeyId=key, Policy=policy) == "kms:PutKeyPolicy"
