"""Accounts that are not empty: existing roles, existing endpoints, state in S3, the audit."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable

import pytest

from scripts.lib.process import CommandError
from tests.integration.conftest import SANDBOX_SETTINGS, Deployment

Make = Callable[[str], Deployment]

PREFIX = "AmazonSageMakerServiceCatalogProducts"

JUMPSTART_ONLY = """
region    = "eu-west-1"
deployers = ["arn:aws:iam::123456789012:user/platform-deployer"]
"""


def create_role(deployment: Deployment, name: str, service: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    deployment.client("iam").create_role(
        Path="/service-role/",
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(trust),
        Description="made in the console",
        Tags=[{"Key": "team", "Value": "somebody else"}],
    )


class TestAdoption:
    adopting = JUMPSTART_ONLY + 'jumpstart = { adopt = ["LaunchRole", "UseRole"] }\n'

    def test_existing_roles_are_imported_and_left_as_they_are(self, found: Make) -> None:
        deployment = found(self.adopting)
        create_role(deployment, f"{PREFIX}LaunchRole", "servicecatalog")
        create_role(deployment, f"{PREFIX}UseRole", "lambda")
        before = self.role(deployment, "UseRole")
        deployment.init("jumpstart")
        plan = deployment.plan("jumpstart")
        imported = [change for change in plan.changes if change.actions[0] == "import"]
        assert [change.actions for change in imported] == [("import", "no-op")] * 2
        deployment.terraform("jumpstart").apply()
        assert deployment.plan("jumpstart").is_empty
        assert self.role(deployment, "UseRole") == before
        attached = deployment.client("iam").list_attached_role_policies(
            RoleName=f"{PREFIX}LaunchRole"
        )["AttachedPolicies"]
        assert [policy["PolicyName"] for policy in attached] == [
            "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy"
        ]

    def test_a_role_to_adopt_that_does_not_exist_is_told(self, found: Make) -> None:
        deployment = found(self.adopting)
        deployment.init("jumpstart")
        with pytest.raises(CommandError, match="Cannot import non-existent remote object"):
            deployment.terraform("jumpstart").save_plan()

    @staticmethod
    def role(deployment: Deployment, short_name: str) -> dict[str, object]:
        role = deployment.client("iam").get_role(RoleName=f"{PREFIX}{short_name}")["Role"]
        return {k: role[k] for k in ("Arn", "Description", "AssumeRolePolicyDocument", "Tags")}


def test_an_existing_s3_endpoint_is_reused(found: Make) -> None:
    deployment = found(SANDBOX_SETTINGS)
    ec2 = deployment.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["ProSM-VPC"]}])["Vpcs"][0]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc["VpcId"],
        ServiceName="com.amazonaws.eu-west-1.s3",
        VpcEndpointType="Gateway",
    )["VpcEndpoint"]["VpcEndpointId"]
    deployment.replace(
        (
            '    route_tables   = [{ name = "ProSM-RouteTable" }]\n',
            f'    existing_endpoints = {{ "s3" = "{endpoint}" }}\n    endpoints = ["sts"]\n',
        )
    )
    deployment.init("network-main", "notebook-vision")
    deployment.apply("network-main")
    assert deployment.output("network-main", "s3_endpoint_id") == endpoint
    assert available(deployment) == ["s3", "sts"]
    planned = json.dumps(deployment.terraform("notebook-vision").plan().raw["resource_changes"])
    assert endpoint in planned
    deployment.terraform("network-main").destroy()
    assert available(deployment) == ["s3"]


def available(deployment: Deployment) -> list[str]:
    """Return the services of the endpoints that are there, by short name."""
    endpoints = deployment.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    return sorted(
        endpoint["ServiceName"].rpartition(".")[2]
        for endpoint in endpoints
        if endpoint["State"] == "available"
    )


class TestStateInS3:
    settings = (
        JUMPSTART_ONLY
        + 'jumpstart = { create = ["LaunchRole"] }\n'
        + 'state = { backend = "s3", bucket = "terraform-state", key_prefix = "ml/prod" }\n'
    )
    key = "ml/prod/jumpstart.tfstate"

    @pytest.fixture
    def deployment(self, found: Make) -> Deployment:
        deployment = found(self.settings)
        deployment.client("s3").create_bucket(
            Bucket="terraform-state",
            CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        )
        deployment.init("jumpstart")
        return deployment

    def test_the_state_is_encrypted_and_the_lock_released(self, deployment: Deployment) -> None:
        deployment.apply("jumpstart")
        s3 = deployment.client("s3")
        assert s3.head_object(Bucket="terraform-state", Key=self.key)["ServerSideEncryption"]
        keys = [o["Key"] for o in s3.list_objects_v2(Bucket="terraform-state")["Contents"]]
        assert keys == [self.key]
        assert deployment.plan("jumpstart").is_empty
        assert not list(deployment.directory.rglob("*.tfstate.backup"))

    def test_a_second_run_is_refused_while_one_holds_the_lock(self, deployment: Deployment) -> None:
        lock = {
            "ID": "6f0a5b1e-0000-4000-8000-000000000000",
            "Operation": "OperationTypeApply",
            "Who": "somebody@elsewhere",
            "Version": "1.11.4",
            "Created": "2026-01-01T00:00:00Z",
            "Path": f"terraform-state/{self.key}",
            "Info": "",
        }
        deployment.client("s3").put_object(
            Bucket="terraform-state", Key=f"{self.key}.tflock", Body=json.dumps(lock)
        )
        with pytest.raises(CommandError) as refused:
            deployment.apply("jumpstart")
        said = re.sub(r"[\s│]+", " ", str(refused.value))
        assert "Error acquiring the state lock" in said
        assert "somebody@elsewhere" in said

    def test_of_two_that_planned_the_same_one_applies(
        self, deployment: Deployment, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Each in a checkout of its own; the other is told that it is late, and nothing is lost."""
        checkout = tmp_path_factory.mktemp("other") / "checkout"
        shutil.copytree(deployment.directory, checkout, symlinks=True)
        other = Deployment(checkout, deployment.sandbox, deployment.settings, deployment.running)
        for each in (deployment, other):
            each.terraform("jumpstart").save_plan()
        failures: list[str] = []

        def apply(each: Deployment) -> None:
            try:
                each.own_terraform("jumpstart").apply()
            except CommandError as error:
                failures.append(str(error))

        threads = [threading.Thread(target=apply, args=(each,)) for each in (deployment, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert len(failures) == 1, "\n".join(failures)
        assert re.search("Error acquiring the state lock|Saved plan is stale", failures[0])
        assert deployment.plan("jumpstart").is_empty
        assert other.plan("jumpstart").is_empty


def test_the_audit_trail_is_there_by_choice(found: Make) -> None:
    deployment = found(SANDBOX_SETTINGS + "audit = { log_retention_days = 30 }\n")
    deployment.init("audit")
    deployment.apply("audit")
    assert deployment.plan("audit").is_empty
    trail = deployment.output("audit", "trail_arn")
    status = deployment.client("cloudtrail").get_trail_status(Name=trail)
    assert status["IsLogging"] is True
    deployment.terraform("audit").destroy()
    assert deployment.client("cloudtrail").list_trails()["Trails"] == []


def test_notebooks_without_jumpstart_and_jumpstart_without_notebooks(found: Make) -> None:
    deployment = found(JUMPSTART_ONLY + 'jumpstart = { create = ["GlueRole"] }\n')
    stacks = deployment.directory / "cdktf.out/stacks"
    assert [path.name for path in stacks.iterdir()] == ["jumpstart"]
    deployment.init("jumpstart")
    deployment.apply("jumpstart")
    assert deployment.output("jumpstart", "service_role_arns") == {
        "GlueRole": f"arn:aws:iam::123456789012:role/service-role/{PREFIX}GlueRole"
    }
