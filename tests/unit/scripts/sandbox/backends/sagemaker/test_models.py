"""The portfolio that SageMaker shares, and tags."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox


def imported(account: Sandbox) -> list[str]:
    catalog = account.client("servicecatalog")
    # As in AWS, the share does not appear at once: the first list after enabling misses it.
    catalog.list_accepted_portfolio_shares()
    shares = catalog.list_accepted_portfolio_shares()
    return [portfolio["ProviderName"] for portfolio in shares["PortfolioDetails"]]


def status(account: Sandbox) -> str:
    answer = account.client("sagemaker").get_sagemaker_servicecatalog_portfolio_status()
    return str(answer["Status"])


def test_enabling_imports_the_portfolio_once_and_disabling_removes_it(account: Sandbox) -> None:
    sagemaker = account.client("sagemaker")
    sagemaker.enable_sagemaker_servicecatalog_portfolio()
    sagemaker.enable_sagemaker_servicecatalog_portfolio()
    assert status(account) == "Enabled"
    assert imported(account) == ["Amazon SageMaker"]
    sagemaker.disable_sagemaker_servicecatalog_portfolio()
    assert status(account) == "Disabled"
    assert imported(account) == []


def test_enabling_is_for_one_region(account: Sandbox) -> None:
    account.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
    elsewhere = account.client("sagemaker", region="us-east-1")
    answer = elsewhere.get_sagemaker_servicecatalog_portfolio_status()
    assert answer["Status"] == "Disabled"


def taggable(sagemaker: Any) -> dict[str, str]:
    domain = sagemaker.list_domains()["Domains"][0]
    key = {"DomainId": domain["DomainId"]}
    user = sagemaker.list_user_profiles(DomainIdEquals=domain["DomainId"])["UserProfiles"][0]
    config = sagemaker.create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="lc", Tags=[{"Key": "a", "Value": "0"}]
    )
    described = sagemaker.describe_user_profile(**key, UserProfileName=user["UserProfileName"])
    return {
        "domain": domain["DomainArn"],
        "user profile": described["UserProfileArn"],
        "space": sagemaker.create_space(**key, SpaceName="tagged")["SpaceArn"],
        "lifecycle configuration": config["NotebookInstanceLifecycleConfigArn"],
    }


def test_everything_can_be_tagged_and_a_key_has_one_value(account: Sandbox) -> None:
    sagemaker = account.client("sagemaker")
    for what, arn in taggable(sagemaker).items():
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
        tags = [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}]
        sagemaker.add_tags(ResourceArn=arn, Tags=tags)
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags, what
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "absent"])
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags[1:], what


@pytest.mark.parametrize(
    "resource", ["domain/d-nothing", "user-profile/d-nothing/x", "space/x", "nonsense/x"]
)
def test_fails_for_tags_of_what_does_not_exist(account: Sandbox, resource: str) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:{resource}"
    with pytest.raises(ClientError) as caught:
        account.client("sagemaker").list_tags(ResourceArn=arn)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert arn in caught.value.response["Error"]["Message"]
