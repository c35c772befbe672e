"""Lists: pages, order, filters."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

ROLE = "arn:aws:iam::123456789012:role/CustomRoleBen"
NAMES = [f"n{number:02}" for number in range(12)]


@pytest.fixture
def sagemaker(account: Sandbox) -> Any:
    client = account.client("sagemaker")
    domain = client.list_domains()["Domains"][0]["DomainId"]
    for name in reversed(NAMES):
        client.create_user_profile(DomainId=domain, UserProfileName=name)
        client.create_space(DomainId=domain, SpaceName=name)
        client.create_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName=name)
        client.create_notebook_instance(
            NotebookInstanceName=name, InstanceType="ml.t3.medium", RoleArn=ROLE
        )
        client.create_domain(DomainName=name, AuthMode="IAM", DefaultUserSettings={})
    return client


LISTS = [
    ("list_user_profiles", "UserProfiles", "UserProfileName"),
    ("list_spaces", "Spaces", "SpaceName"),
    ("list_notebook_instances", "NotebookInstances", "NotebookInstanceName"),
    (
        "list_notebook_instance_lifecycle_configs",
        "NotebookInstanceLifecycleConfigs",
        "NotebookInstanceLifecycleConfigName",
    ),
    ("list_domains", "Domains", "DomainName"),
]


def test_every_list_has_pages(sagemaker: Any) -> None:
    for operation, result, name in LISTS:
        first = getattr(sagemaker, operation)()
        assert len(first[result]) == 10, operation
        assert first["NextToken"], operation
        pages = list(sagemaker.get_paginator(operation).paginate(PaginationConfig={"PageSize": 5}))
        found = [item[name] for page in pages for item in page[result]]
        assert len(found) == len(set(found)), operation
        assert set(NAMES) <= set(found), operation
        assert "NextToken" not in pages[-1], operation
        with pytest.raises(ClientError, match=r"ValidationException.*Invalid pagination token"):
            getattr(sagemaker, operation)(NextToken="bm9uZQ==")
        with pytest.raises(ClientError, match="at 'maxResults' failed to satisfy"):
            getattr(sagemaker, operation)(MaxResults=101)


def test_order_is_as_asked(sagemaker: Any) -> None:
    for operation, result, name in LISTS[2:4]:
        call = getattr(sagemaker, operation)
        up = call(SortBy="Name", SortOrder="Ascending", MaxResults=2)[result]
        down = call(SortBy="Name", SortOrder="Descending", MaxResults=2)[result]
        assert [item[name] for item in up] == ["n00", "n01"], operation
        assert [item[name] for item in down] == ["n11", "n10"], operation
    oldest = sagemaker.list_user_profiles(SortBy="CreationTime", SortOrder="Descending")
    assert oldest["UserProfiles"][0]["UserProfileName"] == "n00"


def test_filters(sagemaker: Any) -> None:
    sagemaker.stop_notebook_instance(NotebookInstanceName="n03")
    stopped = sagemaker.list_notebook_instances(StatusEquals="Stopped")["NotebookInstances"]
    assert [notebook["NotebookInstanceName"] for notebook in stopped] == ["n03"]
    named = sagemaker.list_notebook_instances(NameContains="1")["NotebookInstances"]
    assert [notebook["NotebookInstanceName"] for notebook in named] == ["n01", "n10", "n11"]
    research = sagemaker.list_user_profiles(UserProfileNameContains="eve")["UserProfiles"]
    domain = research[0]["DomainId"]
    only = sagemaker.list_user_profiles(DomainIdEquals=domain)["UserProfiles"]
    assert [user["UserProfileName"] for user in only] == ["eve"]


def test_a_filter_by_lifecycle_configuration(sagemaker: Any) -> None:
    sagemaker.stop_notebook_instance(NotebookInstanceName="n05")
    sagemaker.update_notebook_instance(NotebookInstanceName="n05", LifecycleConfigName="n07")
    found = sagemaker.list_notebook_instances(NotebookInstanceLifecycleConfigNameContains="07")
    assert [n["NotebookInstanceName"] for n in found["NotebookInstances"]] == ["n05"]
