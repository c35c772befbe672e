"""Domains, user profiles and spaces, as AWS answers for them."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

ROLE = "arn:aws:iam::123456789012:role/CustomRoleBen"
OTHER = "arn:aws:iam::123456789012:role/CustomRoleCleo"


@pytest.fixture
def sagemaker(account: Sandbox) -> Any:
    return account.client("sagemaker")


@pytest.fixture
def domain(sagemaker: Any) -> str:
    made = sagemaker.create_domain(
        DomainName="new",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]},
        DefaultSpaceSettings={"ExecutionRole": ROLE},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
        Tags=[{"Key": "a", "Value": "1"}],
    )
    assert re.fullmatch(r"d-[a-z0-9]{12}", made["DomainId"])
    assert made["DomainArn"].endswith(f":domain/{made['DomainId']}")
    return str(made["DomainId"])


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return f"{caught.value.response['Error']['Code']}: {caught.value.response['Error']['Message']}"


def test_a_domain_is_described_as_made(sagemaker: Any, domain: str) -> None:
    described = sagemaker.describe_domain(DomainId=domain)
    assert described["DefaultUserSettings"] == {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}
    assert described["Status"] == "InService"
    assert described["AppNetworkAccessType"] == "PublicInternetOnly"
    assert described["TagPropagation"] == "DISABLED"
    assert "FailureReason" not in described
    assert "SingleSignOnManagedApplicationInstanceId" not in described


def test_a_domain_with_single_sign_on_says_so(sagemaker: Any) -> None:
    made = sagemaker.create_domain(
        DomainName="sso", AuthMode="SSO", DefaultUserSettings={}, SubnetIds=["s"], VpcId="v"
    )
    described = sagemaker.describe_domain(DomainId=made["DomainId"])
    assert described["AuthMode"] == "SSO"
    assert described["SingleSignOnManagedApplicationInstanceId"]


def test_fails_for_a_second_domain_of_one_name(sagemaker: Any, domain: str) -> None:
    assert domain
    again = {"DomainName": "new", "AuthMode": "IAM", "DefaultUserSettings": {}}
    assert code(sagemaker.create_domain, **again).startswith("ResourceInUse: Domain with name new")


def test_an_update_changes_what_is_given_and_keeps_the_rest(sagemaker: Any, domain: str) -> None:
    sagemaker.update_domain(
        DomainId=domain,
        DefaultUserSettings={"ExecutionRole": OTHER},
        DomainSettingsForUpdate={"SecurityGroupIds": ["sg-2"]},
        AppNetworkAccessType="VpcOnly",
    )
    described = sagemaker.describe_domain(DomainId=domain)
    assert described["DefaultUserSettings"] == {"ExecutionRole": OTHER, "SecurityGroups": ["sg-1"]}
    assert described["DefaultSpaceSettings"] == {"ExecutionRole": ROLE}
    assert described["DomainSettings"] == {"SecurityGroupIds": ["sg-2"]}
    assert described["AppNetworkAccessType"] == "VpcOnly"
    assert described["SubnetIds"] == ["subnet-1"]


@pytest.mark.parametrize("operation", ["describe_domain", "update_domain", "delete_domain"])
def test_fails_for_a_domain_that_does_not_exist(sagemaker: Any, operation: str) -> None:
    expected = "ResourceNotFound: Domain [d-nothing] does not exist."
    assert code(getattr(sagemaker, operation), DomainId="d-nothing") == expected


def test_a_domain_goes_only_when_it_is_empty(sagemaker: Any, domain: str) -> None:
    user = {"DomainId": domain, "UserProfileName": "fay"}
    space = {"DomainId": domain, "SpaceName": "s"}
    sagemaker.create_user_profile(**user)
    sagemaker.create_space(
        **space,
        OwnershipSettings={"OwnerUserProfileName": "fay"},
        SpaceSharingSettings={"SharingType": "Shared"},
    )
    in_use = f"ResourceInUse: Unable to delete Domain [{domain}] because UserProfile(s)"
    assert code(sagemaker.delete_domain, DomainId=domain).startswith(in_use)
    refused = code(sagemaker.delete_user_profile, **user)
    assert refused.startswith("ResourceInUse: ")
    assert "because Space(s) are associated" in refused
    sagemaker.delete_space(**space)
    sagemaker.delete_user_profile(**user)
    sagemaker.delete_domain(DomainId=domain)
    assert code(sagemaker.describe_domain, DomainId=domain).startswith("ResourceNotFound")


def test_a_space_alone_keeps_its_domain(sagemaker: Any, domain: str) -> None:
    sagemaker.create_space(DomainId=domain, SpaceName="s")
    assert "Space(s) are associated" in code(sagemaker.delete_domain, DomainId=domain)


def test_a_profile_is_described_and_updated(sagemaker: Any, domain: str) -> None:
    key = {"DomainId": domain, "UserProfileName": "fay"}
    sagemaker.create_user_profile(**key)
    assert "UserSettings" not in sagemaker.describe_user_profile(**key)
    sagemaker.update_user_profile(**key, UserSettings={"ExecutionRole": ROLE})
    sagemaker.update_user_profile(**key, UserSettings={"SecurityGroups": ["sg-1"]})
    described = sagemaker.describe_user_profile(**key)
    assert described["UserSettings"] == {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}
    assert described["Status"] == "InService"
    assert described["LastModifiedTime"] > described["CreationTime"]


def test_a_space_is_described_and_updated(sagemaker: Any, domain: str) -> None:
    key = {"DomainId": domain, "SpaceName": "team"}
    sagemaker.create_space(**key, SpaceSettings={"AppType": "JupyterLab"})
    sagemaker.update_space(**key, SpaceDisplayName="The team")
    described = sagemaker.describe_space(**key)
    assert described["SpaceDisplayName"] == "The team"
    assert described["SpaceSettings"] == {"AppType": "JupyterLab"}
    (listed,) = sagemaker.list_spaces(DomainIdEquals=domain)["Spaces"]
    assert listed["SpaceSettingsSummary"] == {"AppType": "JupyterLab"}


@pytest.mark.parametrize(
    ("kind", "name"), [("user_profile", "UserProfileName"), ("space", "SpaceName")]
)
def test_members_that_exist_already_or_do_not(
    sagemaker: Any, domain: str, kind: str, name: str
) -> None:
    key = {"DomainId": domain, name: "x"}
    for verb in ("describe", "update", "delete"):
        assert code(getattr(sagemaker, f"{verb}_{kind}"), **key).startswith("ResourceNotFound: ")
    create = getattr(sagemaker, f"create_{kind}")
    create(**key)
    assert code(create, **key).startswith("ResourceInUse: ")
    assert code(create, **{**key, "DomainId": "d-nothing"}).startswith("ResourceNotFound: Domain")
    getattr(sagemaker, f"delete_{kind}")(**key)
    create(**key)


def test_fails_for_a_space_whose_owner_does_not_exist(sagemaker: Any, domain: str) -> None:
    fault = code(
        sagemaker.create_space,
        DomainId=domain,
        SpaceName="s",
        OwnershipSettings={"OwnerUserProfileName": "nobody"},
        SpaceSharingSettings={"SharingType": "Private"},
    )
    assert fault == f"ResourceNotFound: UserProfile [{domain}/nobody] does not exist."


def test_one_name_may_stand_in_two_domains(sagemaker: Any, domain: str) -> None:
    sagemaker.create_user_profile(DomainId=domain, UserProfileName="amy")
    found = sagemaker.list_user_profiles(UserProfileNameContains="AMY")["UserProfiles"]
    assert len(found) == 2
    assert [p["UserProfileName"] for p in found] == ["amy", "amy"]
