"""A destroy takes away all that is ours, and leaves the account's service roles standing."""

from __future__ import annotations

import pytest

from scripts.lib.process import CommandError
from tests.integration.conftest import Deployment

PREFIX = "AmazonSageMakerServiceCatalogProducts"


def service_roles(deployment: Deployment) -> set[str]:
    pages = deployment.client("iam").get_paginator("list_roles").paginate()
    names = {role["RoleName"] for page in pages for role in page["Roles"]}
    return {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}


def test_a_destroy_of_a_project_leaves_the_others_alone(deployed: Deployment) -> None:
    deployed.sandbox.clear_decisions()
    deployed.terraform("notebook-quickstart").destroy()
    assert deployed.terraform("notebook-quickstart").addresses() == ()
    decided = deployed.sandbox.decisions()
    assert "s3:DeleteBucket" in {each.action for each in decided}
    assert [each for each in decided if not each.allowed] == []
    assert deployed.plan("notebook-vision").is_empty


def test_protected_service_roles_refuse_to_be_destroyed(deployed: Deployment) -> None:
    before = service_roles(deployed)
    assert len(before) == 11
    with pytest.raises(CommandError, match="Instance cannot be destroyed"):
        deployed.terraform("jumpstart").destroy()
    assert service_roles(deployed) == before


def test_released_service_roles_outlive_the_destroy(deployed: Deployment) -> None:
    before = service_roles(deployed)
    deployed.replace(('retention = "protect"', 'retention = "release"'))
    plan = deployed.change("jumpstart")
    assert {change.actions for change in plan.changes} == {("forget",)}
    deployed.terraform("jumpstart").destroy()
    assert deployed.terraform("jumpstart").addresses() == ()
    assert service_roles(deployed) == before
    use_role = deployed.client("iam").list_role_policies(RoleName=f"{PREFIX}UseRole")
    assert use_role["PolicyNames"] == ["1PProductUseRolePolicy"]


def test_service_roles_are_deleted_where_the_settings_say_so(deployed: Deployment) -> None:
    deployed.replace(('retention = "protect"', 'retention = "delete"'))
    deployed.terraform("jumpstart").destroy()
    assert service_roles(deployed) == set()


def test_a_bucket_that_holds_data_is_not_destroyed_unless_settings_say_so(
    deployed: Deployment,
) -> None:
    settings = deployed.settings.replace("empty_buckets_on_destroy = true", "")
    deployed.synth(settings)
    deployed.apply("notebook-vision")
    bucket = deployed.output("notebook-vision", "bucket_name")
    # A notebook's data: the deployer itself has no use of the key.
    deployed.sandbox.enforce(False)
    deployed.client("s3").put_object(Bucket=bucket, Key="results.csv", Body=b"1,2\n")
    deployed.sandbox.enforce(True)
    with pytest.raises(CommandError, match="BucketNotEmpty"):
        deployed.terraform("notebook-vision").destroy()
    kept = deployed.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [(each["Key"], each["Size"]) for each in kept] == [("results.csv", 4)]
