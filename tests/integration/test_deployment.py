"""The example, applied: what stands, what a second plan says, and what can be changed in place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.process import CommandError
from scripts.lib.terraform import ResourceChange
from tests.integration.conftest import SANDBOX_SETTINGS, Deployment

STACKS = ("network-main", "notebook-quickstart", "notebook-vision", "jumpstart")


def actions(changes: tuple[ResourceChange, ...]) -> dict[str, tuple[str, ...]]:
    """Return actions by resource type; fails when a type is changed twice."""
    result: dict[str, tuple[str, ...]] = {}
    for change in changes:
        kind = change.address.split(".")[0]
        assert kind not in result, f"{kind} is changed twice: {changes}"
        result[kind] = change.actions
    return result


def as_end_user(deployment: Deployment, project: str) -> Any:
    """Return the Service Catalog as a data scientist of the project has it."""
    credentials = deployment.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::123456789012:role/SCEndUserRole-{project}", RoleSessionName="dana"
    )["Credentials"]
    return deployment.sandbox.client("servicecatalog", credentials=credentials)


@pytest.mark.parametrize("stack", STACKS)
def test_terraform_validates_the_stack(unchanged: Deployment, stack: str) -> None:
    unchanged.terraform(stack).validate()


@pytest.mark.parametrize("stack", STACKS)
def test_the_second_plan_changes_nothing(unchanged: Deployment, stack: str) -> None:
    plan = unchanged.plan(stack)
    assert plan.changes == ()
    assert plan.changed_outputs == ()


def test_policies_were_in_force_and_stopped_nothing(applied: Deployment) -> None:
    """What an administrator may do is enough, and of every call it could be told what it is for."""
    decided = applied.sandbox.decisions()
    assert {each.action for each in decided} >= {
        "iam:PassRole",
        "kms:GenerateDataKey",
        "lambda:CreateFunction",
        "s3:PutBucketPolicy",
        "servicecatalog:CreateConstraint",
    }
    assert [each for each in decided if not each.allowed] == []
    assert [each for each in decided if not each.resource] == []


def test_both_projects_stand_side_by_side(applied: Deployment) -> None:
    """One is built by the builder function, the other by CloudFormation; nothing is shared."""
    quickstart, vision = (applied.outputs(f"notebook-{name}") for name in ("quickstart", "vision"))
    for name in ("portfolio_id", "product_id", "key_arn", "bucket_name", "execution_role_arn"):
        assert quickstart[name]["value"] != vision[name]["value"], name
    functions = applied.client("lambda").list_functions()["Functions"]
    assert [f["FunctionName"] for f in functions] == ["SageMakerBuild-quickstart"]
    assert quickstart["builder_function_arn"]["value"].endswith(":SageMakerBuild-quickstart")
    assert "builder_function_arn" not in vision


@pytest.mark.parametrize(
    ("project", "function"), [("quickstart", "SageMakerBuild-quickstart"), ("vision", "NONE")]
)
def test_both_ways_of_building_offer_the_same_product(
    applied: Deployment, project: str, function: str
) -> None:
    catalog = as_end_user(applied, project)
    product = applied.output(f"notebook-{project}", "product_id")
    versions = catalog.describe_product(Id=product)["ProvisioningArtifacts"]
    assert [version["Name"] for version in versions] == ["1"]
    parameters = catalog.describe_provisioning_parameters(
        ProductId=product, ProvisioningArtifactId=versions[0]["Id"]
    )["ProvisioningArtifactParameters"]
    defaults = {p["ParameterKey"]: p.get("DefaultValue") for p in parameters}
    assert defaults.pop("SageMakerBuildFunctionARN").endswith(function)
    assert defaults.pop("CodeBucketName") == ("prosm-code" if project == "quickstart" else "NONE")
    assert defaults == {
        "ENVName": "dev",
        "SubnetName": "ProSM-ResourceSubnet",
        "SecurityGroupName": "ProSM-ResourceSG",
        "NotebookInstanceName": None,
        "NotebookInstanceType": "ml.t3.medium",
        "VolumeSizeInGB": "20",
        "RootAccess": "Disabled",
        "DirectInternetAccess": "Disabled",
        "S3CodePusher": "NO",
        "ProjectName": project,
        "ProjectID": "QuickStart007" if project == "quickstart" else "Vision001",
    }


def test_an_end_user_sees_the_products_of_its_own_project_alone(applied: Deployment) -> None:
    for project in ("quickstart", "vision"):
        seen = as_end_user(applied, project).search_products()["ProductViewSummaries"]
        assert [product["Name"] for product in seen] == [f"SageMakerProduct-{project}"]


def test_everything_of_a_project_carries_its_tags(applied: Deployment) -> None:
    expected = {
        "ProjectName": "vision",
        "ProjectID": "Vision001",
        "ManagedBy": "Terraform",
    }
    stack = "notebook-vision"
    bucket = applied.output(stack, "bucket_name")
    tags = applied.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == expected
    role = applied.client("iam").get_role(RoleName="SageMakerExecutionRole-vision")["Role"]
    assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == expected
    key = applied.client("kms").list_resource_tags(KeyId=applied.output(stack, "key_arn"))
    assert {tag["TagKey"]: tag["TagValue"] for tag in key["Tags"]} == expected


def test_the_bucket_is_encrypted_with_the_projects_key(applied: Deployment) -> None:
    stack = "notebook-quickstart"
    bucket = applied.output(stack, "bucket_name")
    rule = applied.client("s3").get_bucket_encryption(Bucket=bucket)[
        "ServerSideEncryptionConfiguration"
    ]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    assert default == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": applied.output(stack, "key_arn"),
    }


def test_the_key_rotates_and_the_execution_role_cannot_administer_it(applied: Deployment) -> None:
    key = applied.output("notebook-quickstart", "key_arn")
    kms = applied.client("kms")
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    role = applied.output("notebook-quickstart", "execution_role_arn")
    granted = [
        action
        for statement in policy["Statement"]
        if role in str(statement["Principal"])
        for action in statement["Action"]
    ]
    assert "kms:Decrypt" in granted
    administrative = re.compile(
        r"kms:(\*|Put|Schedule|Disable|Enable|Delete|Cancel|Update|Tag|Untag|Revoke)"
    )
    assert [action for action in granted if administrative.match(action)] == []


class TestBucketPolicy:
    """It keeps data in, and it never locks out those who have to mend it."""

    stack = "notebook-quickstart"

    def policy(self, deployed: Deployment) -> dict[str, Any]:
        bucket = deployed.output(self.stack, "bucket_name")
        text = deployed.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        document: dict[str, Any] = json.loads(text)
        return document

    def test_data_is_denied_from_anywhere_but_the_endpoint(self, applied: Deployment) -> None:
        endpoint = applied.output("network-main", "s3_endpoint_id")
        denied = [
            statement
            for statement in self.policy(applied)["Statement"]
            if endpoint in str(statement.get("Condition"))
        ]
        assert len(denied) == 1
        assert denied[0]["Effect"] == "Deny"
        assert "s3:PutBucketPolicy" not in denied[0]["Action"]
        assert "s3:*" not in denied[0]["Action"]

    def test_the_deployer_lists_data_writes_none_and_changes_it_afterwards(
        self, deployed: Deployment
    ) -> None:
        bucket, s3 = deployed.output(self.stack, "bucket_name"), deployed.client("s3")
        assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
        # The key's policy leaves its administration to IAM, and not its use.
        with pytest.raises(ClientError, match="no resource-based policy allows the kms:Generate"):
            s3.put_object(Bucket=bucket, Key="by-the-deployer", Body=b"x")
        other = "arn:aws:iam::123456789012:role/PlatformTeam"
        deployed.replace(('/platform-deployer"]', f'/platform-deployer", "{other}"]'))
        plan = deployed.change(self.stack)
        assert actions(plan.changes) == {"aws_s3_bucket_policy": ("update",)}
        assert other in json.dumps(self.policy(deployed))
        assert deployed.plan(self.stack).is_empty

    def test_a_policy_that_somebody_removed_is_put_back(self, deployed: Deployment) -> None:
        before = self.policy(deployed)
        bucket = deployed.output(self.stack, "bucket_name")
        deployed.client("s3").delete_bucket_policy(Bucket=bucket)
        assert actions(deployed.plan(self.stack).changes) == {"aws_s3_bucket_policy": ("create",)}
        deployed.terraform(self.stack).apply()
        assert self.policy(deployed) == before


class TestVersions:
    """A change of the template is a new version, never another product."""

    stack = "notebook-quickstart"
    roles = '      { name = "SCEndUserRole", assumed_by = ["arn:aws:iam::123456789012:root"] },\n'
    first = '    id          = "QuickStart007"\n'

    def with_versions(self, deployed: Deployment, versions: str, environment: str = "test") -> None:
        added = f'{self.first}    environment = "{environment}"\n    versions = [{versions}]\n'
        deployed.synth(SANDBOX_SETTINGS.replace(self.first, added))

    def test_a_changed_template_without_a_new_version_is_refused(
        self, deployed: Deployment
    ) -> None:
        deployed.replace((self.first, f'{self.first}    environment = "test"\n'))
        with pytest.raises(CommandError) as refused:
            deployed.terraform(self.stack).save_plan(refresh=False)
        said = re.sub(r"[\s│]+", " ", str(refused.value))
        assert "template has changed since version 1 was published" in said
        assert "add a version to the settings" in said

    def test_a_new_version_leaves_product_and_first_version_in_place(
        self, deployed: Deployment
    ) -> None:
        product = deployed.output(self.stack, "product_id")
        self.with_versions(deployed, '{ name = "1" }, { name = "2" }')
        plan = deployed.change(self.stack)
        assert actions(plan.changes) == {
            "aws_s3_object": ("create",),
            "aws_servicecatalog_provisioning_artifact": ("create",),
        }
        assert deployed.output(self.stack, "product_id") == product
        assert deployed.plan(self.stack).is_empty
        environments = {name: self.environment(deployed, name) for name in ("1", "2")}
        assert environments == {"1": "dev", "2": "test"}

    def test_an_old_version_is_deprecated_in_place(self, deployed: Deployment) -> None:
        self.with_versions(deployed, '{ name = "1" }, { name = "2" }')
        deployed.apply(self.stack)
        self.with_versions(
            deployed,
            '{ name = "1" }, { name = "2", guidance = "DEPRECATED" }, { name = "3" }',
            environment="prod",
        )
        plan = deployed.change(self.stack)
        assert sorted(change.actions for change in plan.changes) == [
            ("create",),
            ("create",),
            ("update",),
        ]
        assert self.versions(deployed) == {
            "1": ("DEFAULT", True),
            "2": ("DEPRECATED", True),
            "3": ("DEFAULT", True),
        }

    def environment(self, deployed: Deployment, version: str) -> str:
        product = deployed.output(self.stack, "product_id")
        described = as_end_user(deployed, "quickstart").describe_provisioning_parameters(
            ProductId=product, ProvisioningArtifactName=version
        )["ProvisioningArtifactParameters"]
        return next(p["DefaultValue"] for p in described if p["ParameterKey"] == "ENVName")

    def versions(self, deployed: Deployment) -> dict[str, tuple[str, bool]]:
        found = deployed.client("servicecatalog").list_provisioning_artifacts(
            ProductId=deployed.output(self.stack, "product_id")
        )["ProvisioningArtifactDetails"]
        return {v["Name"]: (v.get("Guidance", "DEFAULT"), v["Active"]) for v in found}


def test_descriptions_and_tags_change_in_place(deployed: Deployment) -> None:
    deployed.synth(
        SANDBOX_SETTINGS
        + 'catalog = { owner = "CQ", description = "Ask the platform team" }\n'
        + 'tags = { CostCentre = "42" }\n'
    )
    plan = deployed.change("notebook-vision")
    assert {change.actions for change in plan.changes} == {("update",)}
    portfolio = deployed.output("notebook-vision", "portfolio_id")
    described = deployed.client("servicecatalog").describe_portfolio(Id=portfolio)
    assert described["PortfolioDetail"]["Description"] == "Ask the platform team"
    assert {"Key": "CostCentre", "Value": "42"} in described["Tags"]


def test_the_policies_can_be_read_in_the_first_plan(deployed: Deployment) -> None:
    """A project's first plan, its network being there: no policy is left to "known after apply"."""
    second = SANDBOX_SETTINGS.replace('"vision"', '"newcomer"').replace("Vision001", "New001")
    deployed.synth(second)
    deployed.init("notebook-newcomer")
    plan = deployed.plan("notebook-newcomer").raw
    unreadable = [
        change["type"]
        for change in plan["resource_changes"]
        for attribute in ("policy", "assume_role_policy")
        if change["change"].get("after_unknown", {}).get(attribute)
        # A bucket repeats the policy of its policy resource.
        and change["type"] != "aws_s3_bucket"
    ]
    assert set(unreadable) == {"aws_s3_bucket_policy"}
    shown = [c for c in plan["resource_changes"] if c["type"] == "aws_iam_policy_document"]
    assert len(shown) == 1
    statements = shown[0]["change"]["after"]["statement"]
    assert {statement["effect"] for statement in statements} == {"Deny"}


def test_an_unknown_network_is_told_before_anything_is_made(deployed: Deployment) -> None:
    deployed.replace(('{ name = "ProSM-VPC" }', '{ name = "No-such-VPC" }'))
    with pytest.raises(CommandError, match="no matching EC2 VPC found"):
        deployed.terraform("network-main").save_plan()


def test_what_is_in_use_cannot_be_deleted_behind_terraforms_back(applied: Deployment) -> None:
    catalog = applied.client("servicecatalog")
    with pytest.raises(ClientError) as refused:
        catalog.delete_product(Id=applied.output("notebook-vision", "product_id"))
    assert refused.value.response["Error"]["Code"] == "ResourceInUseException"
