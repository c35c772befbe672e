"""Launching, updating and ending, by an end user's session."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.provisioned import (
    PROVISION,
    ProvisionedProduct,
    Record,
)
from scripts.sandbox.service_sessions import Credentials
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    INVALID,
    NOT_FOUND,
    REGION,
    Account,
    refused,
)
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import (
    Shop,
    errors_of,
    notebook_template,
    outputs_of,
)

INVALID_STATE = "InvalidStateException"
SAME_NAME = {"Key": "Name", "UsePreviousValue": True}
LARGE = [SAME_NAME, {"Key": "InstanceType", "Value": "ml.t3.large"}]
AMY = f"arn:aws:sts::{ACCOUNT}:assumed-role/end-user/amy"


def notebooks(shop: Shop) -> list[str]:
    listed = shop.client("sagemaker").list_notebook_instances()["NotebookInstances"]
    return [each["NotebookInstanceName"] for each in listed]


def tags(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in pairs}


class TestLaunch:
    def test_the_answer_is_a_record_that_has_not_begun(self, shop: Shop) -> None:
        record = shop.ask()
        assert record["Status"] == "CREATED"
        assert record["RecordType"] == "PROVISION_PRODUCT"
        assert record["ProvisionedProductName"] == "mine"
        assert record["ProvisionedProductType"] == "CFN_STACK"
        assert record["ProductId"] == shop.notebooks
        assert record["ProvisioningArtifactId"] == shop.first
        assert record["LaunchRoleArn"] == shop.launch_role
        assert record["RecordErrors"] == record["RecordTags"] == []

    def test_makes_the_stack_and_tells_its_outputs(self, shop: Shop) -> None:
        record = shop.launch()
        stack = shop.stack()
        assert record["RecordDetail"]["Status"] == "SUCCEEDED"
        assert outputs_of(record) == {
            "CloudformationStackARN": stack["StackId"],
            "NotebookArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:notebook-instance/mine",
            "Type": "ml.t3.medium",
        }
        assert notebooks(shop) == ["mine"]

    def test_the_provisioned_product_is_available(self, shop: Shop) -> None:
        record = shop.launch()["RecordDetail"]
        state = shop.state()
        assert state["Status"] == "AVAILABLE"
        assert "StatusMessage" not in state
        assert state["Id"] == record["ProvisionedProductId"]
        assert state["Arn"].endswith(f":stack/mine/{state['Id']}")
        assert state["LastRecordId"] == record["RecordId"]
        assert state["LastSuccessfulProvisioningRecordId"] == record["RecordId"]
        assert state["LaunchRoleArn"] == shop.launch_role
        assert state["ProvisioningArtifactId"] == shop.first

    def test_product_version_and_path_may_be_given_by_name(self, shop: Shop) -> None:
        by_name: dict[str, Any] = {
            "ProductName": "Notebooks",
            "ProvisioningArtifactName": "1",
            "PathName": "Portfolio",
            "ProvisionedProductName": "mine",
            "ProvisioningParameters": [{"Key": "Name", "Value": "mine"}],
        }
        asked = shop.user.provision_product(**by_name)["RecordDetail"]
        assert asked["ProductId"] == shop.notebooks
        assert shop.ended(asked["RecordId"])["RecordDetail"]["Status"] == "SUCCEEDED"

    def test_stack_and_record_have_the_tags_of_portfolio_product_and_request(
        self, shop: Shop
    ) -> None:
        record = shop.launch(Tags=[{"Key": "own", "Value": "request"}])["RecordDetail"]
        automatic = {
            "aws:servicecatalog:portfolioArn": shop.arn("portfolio", shop.shelf),
            "aws:servicecatalog:productArn": shop.arn("product", shop.notebooks),
            "aws:servicecatalog:provisioningPrincipalArn": AMY,
            "aws:servicecatalog:provisionedProductArn": shop.state()["Arn"],
            "aws:servicecatalog:provisioningArtifactIdentifier": shop.first,
        }
        wanted = {"from": "portfolio", "kind": "product", "own": "request"} | automatic
        assert tags(record["RecordTags"]) == wanted
        assert tags(shop.stack()["Tags"]) == wanted

    def test_a_repeated_token_is_one_launch(self, shop: Shop) -> None:
        first = shop.ask(ProvisionToken="token")
        again = shop.ask(ProvisionToken="token")
        assert first == again
        shop.ended(first["RecordId"])
        assert notebooks(shop) == ["mine"]

    def test_a_token_of_another_launch_is_refused(self, shop: Shop) -> None:
        shop.launch(ProvisionToken="token")
        with refused(INVALID, "token"):
            shop.ask("other", ProvisionToken="token")

    def test_two_sessions_launch_at_once(self, shop: Shop) -> None:
        people = {"mine": shop.user, "theirs": shop.session("ben")}
        with ThreadPoolExecutor() as pool:
            records = list(pool.map(lambda name: shop.launch(name, people[name]), people))
        assert [each["RecordDetail"]["Status"] for each in records] == ["SUCCEEDED"] * 2
        assert sorted(notebooks(shop)) == ["mine", "theirs"]
        assert shop.stack("mine")["StackId"] != shop.stack("theirs")["StackId"]

    def test_a_template_constraint_adds_its_rules(self, shop: Shop) -> None:
        rule = {
            "Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "InstanceType"}, "ml.t3.large"]}}]
        }
        shop.catalog.create_constraint(
            PortfolioId=shop.shelf,
            ProductId=shop.notebooks,
            Type="TEMPLATE",
            Parameters=json.dumps({"Rules": {"OnlyLarge": rule}}),
        )
        assert shop.launch("medium")["RecordDetail"]["Status"] == "FAILED"
        large = shop.launch("large", parameters={"InstanceType": "ml.t3.large"})
        assert large["RecordDetail"]["Status"] == "SUCCEEDED"


class TestRefusals:
    """Of a launch, before there is any record."""

    def test_a_name_that_is_taken(self, launched: Shop) -> None:
        with refused(INVALID, "A stack named mine already exists."):
            launched.ask(by=launched.session("ben"))
        assert len(launched.user.list_record_history()["RecordDetails"]) == 1

    def test_a_name_that_is_taken_by_a_launch_that_failed(self, shop: Shop) -> None:
        assert shop.launch(parameters={"InstanceType": "x"})["RecordDetail"]["Status"] == "FAILED"
        with refused(INVALID, "already exists"):
            shop.ask()

    @pytest.mark.parametrize("name", ["-mine", "my notebook", "a" * 129])
    def test_a_name_of_another_form(self, shop: Shop, name: str) -> None:
        with refused("ValidationException", "provisionedProductName"):
            shop.ask(name)

    def test_a_caller_without_access_to_the_portfolio(self, shop: Shop) -> None:
        stranger = shop.session("eve", shop.role("stranger"))
        with refused(NOT_FOUND, "No launch paths found"):
            shop.ask(by=stranger)

    def test_an_inactive_version(self, shop: Shop) -> None:
        second = shop.version("2", notebook_template("2"), Active=False)
        with refused(NOT_FOUND, second, "not active"):
            shop.ask(ProvisioningArtifactId=second)

    def test_a_deprecated_version(self, shop: Shop) -> None:
        second = shop.version("2", notebook_template("2"), Guidance="DEPRECATED")
        with refused(INVALID, second, "deprecated"):
            shop.ask(ProvisioningArtifactId=second)

    def test_a_version_of_another_product(self, shop: Shop) -> None:
        other = shop.artifacts(shop.product("Other"))[0]["Id"]
        with refused(NOT_FOUND, other):
            shop.ask(ProvisioningArtifactId=other)

    def test_several_paths_and_none_named(self, shop: Shop) -> None:
        second = shop.portfolio("Second")
        shop.catalog.associate_product_with_portfolio(ProductId=shop.notebooks, PortfolioId=second)
        shop.grant(second, shop.user_role)
        with refused(INVALID, "more than one launch path"):
            shop.ask()

    def test_a_tag_with_the_prefix_of_aws(self, shop: Shop) -> None:
        with refused(INVALID, "aws:"):
            shop.ask(Tags=[{"Key": "aws:servicecatalog:productArn", "Value": "x"}])

    def test_a_launch_in_several_accounts_is_said_to_be_missing_here(self, shop: Shop) -> None:
        shop.catalog.delete_constraint(Id=shop.constraint)
        properties = {"AccountList": [ACCOUNT], "RegionList": [REGION]}
        roles = {"AdminRole": shop.launch_role, "ExecutionRole": "x"}
        shop.catalog.create_constraint(
            PortfolioId=shop.shelf,
            ProductId=shop.notebooks,
            Type="STACKSET",
            Parameters=json.dumps({"Properties": properties | roles}),
        )
        with refused("NotImplementedException", "STACKSET"):
            shop.ask()
        assert shop.user.scan_provisioned_products()["ProvisionedProducts"] == []


class TestUpdate:
    def test_changes_a_parameter_and_keeps_the_previous_value_of_another(
        self, launched: Shop
    ) -> None:
        record = launched.update(ProvisioningParameters=LARGE)
        assert errors_of(record) == []
        assert record["RecordDetail"]["RecordType"] == "UPDATE_PROVISIONED_PRODUCT"
        assert outputs_of(record)["Type"] == "ml.t3.large"
        assert notebooks(launched) == ["mine"]
        assert launched.state()["Status"] == "AVAILABLE"

    def test_a_parameter_that_is_left_out_gets_its_default(self, shop: Shop) -> None:
        shop.launch(parameters={"InstanceType": "ml.t3.large"})
        record = shop.update(ProvisioningParameters=[SAME_NAME])
        assert outputs_of(record)["Type"] == "ml.t3.medium"

    def test_moves_to_another_version(self, launched: Shop) -> None:
        second = launched.version("2", notebook_template("of the second version"))
        record = launched.update(ProvisioningArtifactId=second, ProvisioningParameters=LARGE)
        assert record["RecordDetail"]["ProvisioningArtifactId"] == second
        assert launched.state()["ProvisioningArtifactId"] == second
        assert launched.stack()["Description"] == "A notebook of the second version"

    def test_the_automatic_tags_stay_as_they_were(self, launched: Shop) -> None:
        before = tags(launched.stack()["Tags"])
        second = launched.version("2", notebook_template("2"))
        ben = launched.session("ben")
        launched.update(by=ben, ProvisioningArtifactId=second, ProvisioningParameters=LARGE)
        assert tags(launched.stack()["Tags"]) == before
        assert before["aws:servicecatalog:provisioningPrincipalArn"] == AMY

    def test_nothing_to_change_is_a_success(self, shop: Shop) -> None:
        before = shop.launch()
        record = shop.update(ProvisioningParameters=[SAME_NAME])
        assert record["RecordDetail"]["Status"] == "SUCCEEDED"
        assert outputs_of(record) == outputs_of(before)

    def test_a_deprecated_version_may_still_be_updated(self, launched: Shop) -> None:
        launched.catalog.update_provisioning_artifact(
            ProductId=launched.notebooks,
            ProvisioningArtifactId=launched.first,
            Guidance="DEPRECATED",
        )
        record = launched.update(ProvisioningParameters=LARGE)
        assert record["RecordDetail"]["Status"] == "SUCCEEDED"

    def test_fails_when_the_version_is_inactive(self, launched: Shop) -> None:
        second = launched.version("2", notebook_template("2"), Active=False)
        with refused(NOT_FOUND, second, "not active"):
            launched.update(ProvisioningArtifactId=second)
        assert launched.state()["Status"] == "AVAILABLE"

    def test_refuses_tags_unless_a_constraint_allows_them(self, launched: Shop) -> None:
        new = [{"Key": "own", "Value": "new"}]
        with refused(INVALID, "RESOURCE_UPDATE"):
            launched.update(Tags=new)
        allowed = {"Version": "2.0", "Properties": {"TagUpdateOnProvisionedProduct": "ALLOWED"}}
        launched.catalog.create_constraint(
            PortfolioId=launched.shelf,
            ProductId=launched.notebooks,
            Type="RESOURCE_UPDATE",
            Parameters=json.dumps(allowed),
        )
        launched.update(Tags=new, ProvisioningParameters=LARGE)
        assert tags(launched.stack()["Tags"])["own"] == "new"

    def test_refuses_both_id_and_name(self, shop: Shop) -> None:
        made = shop.launch()["RecordDetail"]["ProvisionedProductId"]
        with refused(INVALID, "id or its name"):
            shop.update(ProvisionedProductId=made)

    def test_refuses_what_was_never_launched(self, shop: Shop) -> None:
        with refused(NOT_FOUND, "nothing"):
            shop.update("nothing")

    def test_fails_when_the_caller_has_lost_access(self, launched: Shop) -> None:
        launched.catalog.disassociate_principal_from_portfolio(
            PortfolioId=launched.shelf, PrincipalARN=launched.user_role
        )
        with refused(NOT_FOUND, "No launch paths found"):
            launched.update(ProvisioningParameters=LARGE)


class TestOneAtATime:
    @pytest.fixture
    def launching(self, shop: Shop) -> Shop:
        """A shop where a launch is under way, and will be for a while."""
        shop.sandbox.pace_notebooks(1)
        shop.ask()
        return shop

    def test_refuses_an_update_meanwhile(self, launching: Shop) -> None:
        with refused(INVALID_STATE, "UNDER_CHANGE", launching.state()["LastRecordId"]):
            launching.update()

    def test_refuses_an_end_meanwhile_errors_ignored_or_not(self, launching: Shop) -> None:
        for ignore in (False, True):
            with refused(INVALID_STATE, "UNDER_CHANGE"):
                launching.end(IgnoreErrors=ignore)

    def test_the_record_is_in_progress_and_knows_its_stack(self, launching: Shop) -> None:
        record = launching.user.describe_record(Id=launching.state()["LastRecordId"])
        assert record["RecordDetail"]["Status"] == "IN_PROGRESS"
        assert launching.state()["Status"] == "UNDER_CHANGE"


class TestEnd:
    def test_deletes_stack_and_provisioned_product_and_keeps_the_records(self, shop: Shop) -> None:
        launched = shop.launch()["RecordDetail"]
        record = shop.end()["RecordDetail"]
        assert record["Status"] == "SUCCEEDED"
        assert record["RecordType"] == "TERMINATE_PROVISIONED_PRODUCT"
        assert notebooks(shop) == []
        with refused(NOT_FOUND, "mine"):
            shop.state()
        kept = shop.user.describe_record(Id=launched["RecordId"])
        assert kept["RecordDetail"] == launched

    def test_a_second_end_finds_nothing(self, launched: Shop) -> None:
        launched.end(TerminateToken="token")
        for token in ("token", "other"):
            with refused(NOT_FOUND, "mine"):
                launched.end(TerminateToken=token)

    def test_a_repeated_token_is_one_end_while_it_lasts(self, launched: Shop) -> None:
        launched.sandbox.pace_notebooks(1)
        asked = {"ProvisionedProductName": "mine", "TerminateToken": "token"}
        first = launched.user.terminate_provisioned_product(**asked)["RecordDetail"]
        assert launched.user.terminate_provisioned_product(**asked)["RecordDetail"] == first
        with refused(INVALID_STATE):
            launched.user.terminate_provisioned_product(ProvisionedProductName="mine")

    def test_the_name_is_free_again(self, shop: Shop) -> None:
        first = shop.launch()["RecordDetail"]["ProvisionedProductId"]
        shop.end()
        assert shop.launch()["RecordDetail"]["ProvisionedProductId"] != first

    def test_resources_can_be_retained(self, shop: Shop) -> None:
        launched = shop.launch()
        stack = outputs_of(launched)["CloudformationStackARN"]
        record = shop.end(RetainPhysicalResources=True)["RecordDetail"]
        assert record["Status"] == "SUCCEEDED"
        assert notebooks(shop) == ["mine"]
        found = shop.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        assert found[0]["StackStatus"] == "CREATE_COMPLETE"
        with refused(NOT_FOUND):
            shop.state()

    def test_needs_no_launch_path(self, launched: Shop) -> None:
        launched.catalog.disassociate_principal_from_portfolio(
            PortfolioId=launched.shelf, PrincipalARN=launched.user_role
        )
        assert launched.end()["RecordDetail"]["Status"] == "SUCCEEDED"

    def test_what_the_stack_made_may_be_gone_already(self, launched: Shop) -> None:
        sagemaker = launched.client("sagemaker")
        sagemaker.stop_notebook_instance(NotebookInstanceName="mine")
        sagemaker.get_waiter("notebook_instance_stopped").wait(
            NotebookInstanceName="mine", WaiterConfig={"Delay": 0.1, "MaxAttempts": 50}
        )
        sagemaker.delete_notebook_instance(NotebookInstanceName="mine")
        assert launched.end()["RecordDetail"]["Status"] == "SUCCEEDED"


def test_an_owner_is_found_by_all_that_names_the_provisioned_product(account: Account) -> None:
    session = Credentials("key", "secret", "token", AMY)
    made = ProvisionedProduct(
        id="pp-1",
        arn="arn:aws:servicecatalog:eu-west-1:123456789012:stack/mine/pp-1",
        name="mine",
        owner=Identity("role", session),
        token="token",
        product_id="prod-1",
        artifact_id="pa-1",
        path_id="lpv3-1",
        names=("Product", "1"),
        launch_role=None,
        tags={},
    )
    store = account.backend
    store.provisioned[made.id] = made
    store.records["rec-1"] = Record("rec-1", PROVISION, made, "prod-1", "pa-1", "lpv3-1", None)
    assert {store.owner_of(name) for name in (made.id, made.arn, "mine", "rec-1")} == {AMY}
    assert store.owner_of("pp-2") is None
    del store.provisioned[made.id]
    assert store.owner_of("rec-1") == AMY
    assert store.owner_of("mine") is None
