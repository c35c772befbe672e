"""What goes on behind a record: as whom, and how it ends when something is in the way."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.provisioned import (
    PROVISION,
    ProvisionedProduct,
    Record,
)
from scripts.sandbox.backends.servicecatalog.provisioning_work import Work
from scripts.sandbox.gate import GATE
from scripts.sandbox.service_sessions import Credentials
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import ACCOUNT, NOT_FOUND, refused
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import (
    RIGHTS,
    TRUST,
    Shop,
    errors_of,
    notebook_template,
    outputs_of,
)

SAME_NAME = {"Key": "Name", "UsePreviousValue": True}
LARGE = [SAME_NAME, {"Key": "InstanceType", "Value": "ml.t3.large"}]
REASON = "Not enough capacity"
LAUNCHER = f"arn:aws:sts::{ACCOUNT}:assumed-role/launch/servicecatalog"


def callers(shop: Shop, operation: str) -> set[str]:
    """Who made an operation's calls."""
    return {call.principal for call in shop.sandbox.journal() if call.operation == operation}


def break_role(shop: Shop) -> None:
    trust = json.dumps(TRUST).replace("servicecatalog", "lambda")
    shop.iam.update_assume_role_policy(RoleName="launch", PolicyDocument=trust)


def delete_role(shop: Shop) -> None:
    shop.iam.delete_role(RoleName="launch")


def status(record: dict[str, Any]) -> str:
    return str(record["RecordDetail"]["Status"])


def failed(record: dict[str, Any], code: str, *words: str) -> None:
    """The record failed; its first error has the code, and its errors the words."""
    assert status(record) == "FAILED"
    errors = errors_of(record)
    assert errors[0][0] == code
    for word in words:
        assert word in " ".join(text for _, text in errors), errors


class TestByWhom:
    def test_the_launch_role_makes_changes_and_deletes_the_stack(self, launched: Shop) -> None:
        launched.update(ProvisioningParameters=LARGE)
        launched.end()
        for operation in (
            "ValidateTemplate",
            "GetTemplateSummary",
            "CreateStack",
            "UpdateStack",
            "DeleteStack",
            "CreateNotebookInstance",
        ):
            assert callers(launched, operation) == {LAUNCHER}, operation

    def test_without_a_launch_constraint_the_caller_does(self, shop: Shop) -> None:
        shop.catalog.delete_constraint(Id=shop.constraint)
        record = shop.launch()
        assert status(record) == "SUCCEEDED"
        assert "LaunchRoleArn" not in record["RecordDetail"]
        shop.end(by=shop.session("ben"))
        amy, ben = (f"arn:aws:sts::{ACCOUNT}:assumed-role/end-user/{who}" for who in ("amy", "ben"))
        assert callers(shop, "CreateStack") == callers(shop, "CreateNotebookInstance") == {amy}
        assert callers(shop, "DeleteStack") == {ben}

    def test_a_launch_role_may_be_named_without_its_account(self, shop: Shop) -> None:
        shop.catalog.update_constraint(
            Id=shop.constraint, Parameters=json.dumps({"LocalRoleName": "launch"})
        )
        record = shop.launch()["RecordDetail"]
        assert (record["Status"], record["LaunchRoleArn"]) == ("SUCCEEDED", shop.launch_role)


@pytest.mark.parametrize(
    ("disturb", "why"), [(delete_role, "no such role"), (break_role, "trust policy")]
)
class TestLaunchRoleLost:
    def test_a_launch_fails_and_makes_nothing(self, shop: Shop, disturb: Any, why: str) -> None:
        disturb(shop)
        record = shop.launch()
        failed(record, "AWSSecurityTokenServiceException", "Access denied while assuming", why)
        assert record["RecordOutputs"] == []
        state = shop.state()
        assert state["Status"] == "ERROR"
        assert why in state["StatusMessage"]
        assert "LastSuccessfulProvisioningRecordId" not in state
        assert callers(shop, "CreateStack") == set()
        assert status(shop.end()) == "SUCCEEDED"

    def test_an_update_fails_and_changes_nothing(
        self, launched: Shop, disturb: Any, why: str
    ) -> None:
        disturb(launched)
        record = launched.update(ProvisioningParameters=LARGE)
        failed(record, "AWSSecurityTokenServiceException", why)
        assert launched.state()["Status"] == "TAINTED"
        assert launched.stack()["StackStatus"] == "CREATE_COMPLETE"

    def test_an_end_fails_unless_errors_are_ignored(
        self, launched: Shop, disturb: Any, why: str
    ) -> None:
        disturb(launched)
        failed(launched.end(), "AWSSecurityTokenServiceException", why)
        assert launched.state()["Status"] == "TAINTED"
        assert launched.stack()["StackStatus"] == "CREATE_COMPLETE"
        assert status(launched.end(IgnoreErrors=True)) == "SUCCEEDED"
        with refused(NOT_FOUND):
            launched.state()


class TestParameters:
    """CloudFormation looks at them, so the record fails, and not the call."""

    @pytest.mark.parametrize(
        ("parameters", "words"),
        [
            ([{"Key": "InstanceType", "Value": "ml.t3.medium"}], "Parameters: [Name] must have"),
            (
                [{"Key": "Name", "Value": "mine"}, {"Key": "InstanceType", "Value": "ml.huge"}],
                "Parameter 'InstanceType' must be one of AllowedValues",
            ),
            (
                [{"Key": "Name", "Value": "mine"}, {"Key": "Colour", "Value": "red"}],
                "Parameters: [Colour] do not exist in the template",
            ),
        ],
    )
    def test_a_launch_fails(self, shop: Shop, parameters: Any, words: str) -> None:
        record = shop.launch(ProvisioningParameters=parameters)
        failed(record, "AmazonCloudFormationException", words, "Error Code: ValidationError")
        assert record["RecordOutputs"] == []
        assert shop.state()["Status"] == "ERROR"
        assert shop.state()["StatusMessage"].startswith(f"AmazonCloudFormationException  {words}")
        assert status(shop.end()) == "SUCCEEDED"

    @pytest.mark.parametrize(
        ("parameter", "words"),
        [
            ({"Key": "InstanceType", "Value": "ml.huge"}, "InstanceType"),
            (
                {"Key": "InstanceType", "Value": "ml.t3.large", "UsePreviousValue": True},
                "InstanceType",
            ),
        ],
    )
    def test_an_update_fails_and_the_stack_runs_on(
        self, launched: Shop, parameter: Any, words: str
    ) -> None:
        record = launched.update(ProvisioningParameters=[SAME_NAME, parameter])
        failed(record, "AmazonCloudFormationException", words)
        assert launched.state()["Status"] == "TAINTED"
        assert launched.stack()["StackStatus"] == "CREATE_COMPLETE"


class TestRollback:
    def test_a_launch_that_rolls_back_says_why(self, shop: Shop) -> None:
        shop.sandbox.fail_notebooks("mine", REASON)
        record = shop.launch()
        failed(record, "ROLLBACK_COMPLETE", "failed to create: [Notebook]", REASON)
        assert outputs_of(record) == {"CloudformationStackARN": shop.stack()["StackId"]}
        assert shop.state()["Status"] == "ERROR"
        assert REASON in shop.state()["StatusMessage"]
        assert shop.client("sagemaker").list_notebook_instances()["NotebookInstances"] == []

    def test_the_record_is_in_error_while_it_rolls_back(self, shop: Shop) -> None:
        shop.sandbox.fail_notebooks("mine", REASON)
        shop.sandbox.pace_notebooks(0.4)
        asked = shop.ask()["RecordId"]
        seen = shop.statuses(asked)
        assert seen == ["IN_PROGRESS", "IN_PROGRESS_IN_ERROR", "FAILED"]

    def test_what_is_left_can_be_ended(self, shop: Shop) -> None:
        shop.sandbox.fail_notebooks("mine", REASON)
        stack = outputs_of(shop.launch())["CloudformationStackARN"]
        assert status(shop.end()) == "SUCCEEDED"
        found = shop.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        assert found["StackStatus"] == "DELETE_COMPLETE"

    def test_what_is_left_cannot_be_updated(self, shop: Shop) -> None:
        shop.sandbox.fail_notebooks("mine", REASON)
        shop.launch()
        shop.sandbox.fail_notebooks("mine", None)
        record = shop.update(ProvisioningParameters=LARGE)
        failed(record, "AmazonCloudFormationException", "ROLLBACK_COMPLETE state")
        assert shop.state()["Status"] == "ERROR"

    def test_an_update_that_rolls_back_leaves_what_was(self, shop: Shop) -> None:
        launched = shop.launch()
        shop.sandbox.fail_notebooks("other", REASON)
        second = shop.version("2", notebook_template("2"))
        other = [{"Key": "Name", "Value": "other"}]
        record = shop.update(ProvisioningArtifactId=second, ProvisioningParameters=other)
        failed(record, "UPDATE_ROLLBACK_COMPLETE", "failed to update: [Notebook]", REASON)
        state = shop.state()
        assert state["Status"] == "TAINTED"
        assert state["ProvisioningArtifactId"] == shop.first
        assert state["LastSuccessfulProvisioningRecordId"] == launched["RecordDetail"]["RecordId"]
        listed = shop.client("sagemaker").list_notebook_instances()["NotebookInstances"]
        assert [each["NotebookInstanceName"] for each in listed] == ["mine"]

    def test_a_tainted_product_is_available_again_after_an_update(self, launched: Shop) -> None:
        launched.update(ProvisioningParameters=[{"Key": "Name", "Value": "-"}])
        assert launched.state()["Status"] == "TAINTED"
        assert status(launched.update(ProvisioningParameters=LARGE)) == "SUCCEEDED"
        assert launched.state()["Status"] == "AVAILABLE"
        assert "StatusMessage" not in launched.state()

    def test_an_update_of_a_launch_that_made_no_stack_fails(self, shop: Shop) -> None:
        shop.launch(parameters={"InstanceType": "ml.huge"})
        record = shop.update(ProvisioningParameters=[{"Key": "Name", "Value": "mine"}])
        failed(record, "AmazonCloudFormationException", "does not exist")
        assert shop.state()["Status"] == "ERROR"


class TestStackGone:
    @pytest.fixture
    def orphan(self, shop: Shop) -> Shop:
        """A shop with a launch whose stack somebody has deleted."""
        shop.launch()
        stack = shop.stack()["StackId"]
        cloudformation = shop.client("cloudformation")
        cloudformation.delete_stack(StackName=stack)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
        )
        return shop

    def test_an_update_fails(self, orphan: Shop) -> None:
        record = orphan.update(ProvisioningParameters=LARGE)
        failed(record, "AmazonCloudFormationException", "does not exist")
        assert orphan.state()["Status"] == "ERROR"

    def test_an_end_fails_unless_errors_are_ignored(self, orphan: Shop) -> None:
        failed(orphan.end(), "AmazonCloudFormationException", "does not exist")
        assert orphan.state()["Status"] == "ERROR"
        assert status(orphan.end(IgnoreErrors=True)) == "SUCCEEDED"
        with refused(NOT_FOUND):
            orphan.state()


class TestRights:
    """Of the launch role, or of the caller where there is no launch constraint."""

    @pytest.fixture
    def enforced(self, shop: Shop) -> Shop:
        shop.allow("end-user", {"Action": "servicecatalog:*", "Resource": "*"})
        shop.sandbox.enforce(True)
        return shop

    def grant(self, shop: Shop, *without: str, role: str = "launch") -> None:
        shop.allow(role, *(RIGHTS[name] for name in RIGHTS if name not in without))

    def test_the_launch_role_is_enough_though_the_user_has_none_of_its_rights(
        self, enforced: Shop
    ) -> None:
        self.grant(enforced)
        assert errors_of(enforced.launch()) == []
        assert status(enforced.end()) == "SUCCEEDED"

    @pytest.mark.parametrize(
        ("missing", "words"),
        [
            ("stacks", "cloudformation:CreateStack"),
            ("inspection", "cloudformation:ValidateTemplate"),
            ("templates", "S3 error"),
        ],
    )
    def test_a_right_that_lacks_for_the_stack_fails_the_launch(
        self, enforced: Shop, missing: str, words: str
    ) -> None:
        self.grant(enforced, missing)
        failed(enforced.launch(), "AmazonCloudFormationException", words)
        assert enforced.state()["Status"] == "ERROR"

    def test_a_right_that_lacks_for_a_resource_rolls_back(self, enforced: Shop) -> None:
        self.grant(enforced, "create")
        record = enforced.launch()
        action = "sagemaker:CreateNotebookInstance"
        failed(record, "ROLLBACK_COMPLETE", f"{LAUNCHER} is not authorized to perform: {action}")

    def test_a_right_that_lacks_for_the_end_leaves_the_product_until_it_is_there(
        self, enforced: Shop
    ) -> None:
        self.grant(enforced, "delete")
        enforced.launch()
        record = enforced.end()
        failed(record, "DELETE_FAILED", "failed to delete: [Notebook]", "StopNotebookInstance")
        assert enforced.state()["Status"] == "TAINTED"
        self.grant(enforced)
        assert status(enforced.end()) == "SUCCEEDED"

    def test_without_a_launch_constraint_the_users_rights_count(self, enforced: Shop) -> None:
        self.grant(enforced)
        enforced.catalog.delete_constraint(Id=enforced.constraint)
        user = f"arn:aws:sts::{ACCOUNT}:assumed-role/end-user/amy"
        failed(enforced.launch(), "AmazonCloudFormationException", f"{user} is not authorized")
        assert enforced.end()["RecordDetail"]["Status"] == "SUCCEEDED"
        own = {"Action": "servicecatalog:*", "Resource": "*"}
        through = {"ForAnyValue:StringEquals": {"aws:CalledVia": "servicecatalog.amazonaws.com"}}
        rights = {"Action": "*", "Resource": "*", "Condition": through}
        enforced.allow("end-user", own, rights)
        assert errors_of(enforced.launch()) == []


def test_a_snapshot_waits_until_the_work_has_ended(shop: Shop) -> None:
    shop.sandbox.pace_notebooks(0.5)
    record = shop.ask()["RecordId"]
    with shop.sandbox.fork() as later:
        found = later.client("servicecatalog").describe_record(Id=record)
        assert status(found) == "SUCCEEDED"


def test_a_resource_that_the_sandbox_lacks_is_told_by_name(shop: Shop) -> None:
    gateway = {"Resources": {"Tunnel": {"Type": "AWS::EC2::VPNGateway"}}}
    second = shop.version("2", gateway)
    record = shop.launch(ProvisioningArtifactId=second, ProvisioningParameters=[])
    failed(record, "AmazonCloudFormationException", "the sandbox does not have", "VPNGateway")
    assert shop.state()["Status"] == "ERROR"


def test_a_fault_of_our_own_ends_the_record_too(caplog: pytest.LogCaptureFixture) -> None:
    nobody = Credentials("key", "secret", "", "arn")
    product = ProvisionedProduct(
        id="pp-1",
        arn="arn:provisioned",
        name="mine",
        owner=Identity("arn", nobody),
        token="token",
        product_id="prod-1",
        artifact_id="pa-1",
        path_id="lpv3-1",
        names=("Notebooks", "1"),
        launch_role=None,
        tags={},
    )
    record = Record("rec-1", PROVISION, product, "prod-1", "pa-1", "lpv3-1", None)

    def task() -> None:
        raise LookupError("nothing there")

    Work(record, "http://127.0.0.1:9", "eu-west-1", ACCOUNT, nobody).begin(task)
    with GATE.quiet(10):
        assert (record.status, product.status) == ("FAILED", "ERROR")
    assert product.status_message == "InternalFailure  LookupError: nothing there"
    assert "record rec-1 failed" in caplog.text
