"""Notebook instances and lifecycle configurations, as AWS answers for them."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

ROLE = "arn:aws:iam::123456789012:role/CustomRoleBen"
NAME = {"NotebookInstanceName": "n"}
CONFIG = {"NotebookInstanceLifecycleConfigName": "Provisioned-LC"}
SCRIPT = [{"Content": "ZWNobw=="}]


@pytest.fixture
def sagemaker(account: Sandbox) -> Any:
    return account.client("sagemaker")


def create(sagemaker: Any, **changes: Any) -> None:
    given = {**NAME, "InstanceType": "ml.t3.medium", "RoleArn": ROLE}
    sagemaker.create_notebook_instance(**{**given, **changes})


def fault(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


def test_a_notebook_is_described_as_made(sagemaker: Any) -> None:
    sagemaker.create_notebook_instance_lifecycle_config(**CONFIG)
    create(
        sagemaker,
        InstanceType="ml.g5.xlarge",
        SubnetId="subnet-1",
        SecurityGroupIds=["sg-1"],
        KmsKeyId="alias/k",
        LifecycleConfigName="Provisioned-LC",
        DirectInternetAccess="Disabled",
        RootAccess="Disabled",
        VolumeSizeInGB=20,
        PlatformIdentifier="notebook-al2-v3",
        InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
    )
    described = sagemaker.describe_notebook_instance(**NAME)
    expected = {
        "NotebookInstanceStatus": "InService",
        "InstanceType": "ml.g5.xlarge",
        "SubnetId": "subnet-1",
        "SecurityGroups": ["sg-1"],
        "RoleArn": ROLE,
        "KmsKeyId": "alias/k",
        "NotebookInstanceLifecycleConfigName": "Provisioned-LC",
        "DirectInternetAccess": "Disabled",
        "RootAccess": "Disabled",
        "VolumeSizeInGB": 20,
        "PlatformIdentifier": "notebook-al2-v3",
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
    }
    assert {name: described[name] for name in expected} == expected
    assert described["NetworkInterfaceId"].startswith("eni-")


def test_defaults_are_awss_own(sagemaker: Any) -> None:
    create(sagemaker)
    described = sagemaker.describe_notebook_instance(**NAME)
    assert described["DirectInternetAccess"] == "Enabled"
    assert described["RootAccess"] == "Enabled"
    assert described["VolumeSizeInGB"] == 5
    assert "NetworkInterfaceId" not in described


def test_a_notebook_is_updated_only_while_stopped(sagemaker: Any) -> None:
    create(sagemaker)
    refusal = fault(sagemaker.update_notebook_instance, **NAME, VolumeSizeInGB=30)
    assert refusal.startswith("Status (InService) not in ([Stopped, Failed]). Unable to transition")
    sagemaker.stop_notebook_instance(**NAME)
    sagemaker.create_notebook_instance_lifecycle_config(**CONFIG)
    sagemaker.update_notebook_instance(
        **NAME, VolumeSizeInGB=30, RootAccess="Disabled", LifecycleConfigName="Provisioned-LC"
    )
    described = sagemaker.describe_notebook_instance(**NAME)
    assert (described["VolumeSizeInGB"], described["RootAccess"]) == (30, "Disabled")
    assert described["NotebookInstanceLifecycleConfigName"] == "Provisioned-LC"
    sagemaker.update_notebook_instance(**NAME, DisassociateLifecycleConfig=True)
    assert "NotebookInstanceLifecycleConfigName" not in sagemaker.describe_notebook_instance(**NAME)
    assert sagemaker.describe_notebook_instance(**NAME)["InstanceType"] == "ml.t3.medium"


def test_fails_for_an_update_that_cannot_be_and_changes_nothing(sagemaker: Any) -> None:
    create(sagemaker, VolumeSizeInGB=20)
    sagemaker.stop_notebook_instance(**NAME)
    update = sagemaker.update_notebook_instance
    assert "cannot be decreased from 20 to 19" in fault(update, **NAME, VolumeSizeInGB=19)
    absent = f"{ROLE}Nobody"
    assert "Could not assume role" in fault(update, **NAME, RoleArn=absent, VolumeSizeInGB=30)
    described = sagemaker.describe_notebook_instance(**NAME)
    assert (described["RoleArn"], described["VolumeSizeInGB"]) == (ROLE, 20)
    update(**NAME, VolumeSizeInGB=20)


def test_a_role_that_does_not_trust_sagemaker_makes_no_notebook(
    account: Sandbox, sagemaker: Any
) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account.client("iam").update_assume_role_policy(RoleName="CustomRoleBen", PolicyDocument=trust)
    with pytest.raises(ClientError, match=r"allows principal 'sagemaker.amazonaws.com' to assume"):
        create(sagemaker)


def status(sagemaker: Any) -> str:
    return str(sagemaker.describe_notebook_instance(**NAME)["NotebookInstanceStatus"])


def test_every_transition_takes_its_time(account: Sandbox, sagemaker: Any) -> None:
    def ends_in(status_then: str) -> None:
        account.pace_notebooks(0)
        assert status(sagemaker) == status_then
        account.pace_notebooks(3600)

    account.pace_notebooks(3600)
    create(sagemaker)
    assert status(sagemaker) == "Pending"
    assert "(Stopping)" in fault(sagemaker.stop_notebook_instance, **NAME)
    assert "Pending" in fault(sagemaker.create_presigned_notebook_instance_url, **NAME)
    ends_in("InService")
    sagemaker.stop_notebook_instance(**NAME)
    assert status(sagemaker) == "Stopping"
    assert "Status (Stopping)" in fault(sagemaker.update_notebook_instance, **NAME)
    ends_in("Stopped")
    sagemaker.update_notebook_instance(**NAME, InstanceType="ml.t3.large")
    assert status(sagemaker) == "Updating"
    assert "Status (Updating)" in fault(sagemaker.start_notebook_instance, **NAME)
    ends_in("Stopped")
    sagemaker.delete_notebook_instance(**NAME)
    assert status(sagemaker) == "Deleting"
    with pytest.raises(ClientError, match="Cannot create a duplicate"):
        create(sagemaker)
    account.pace_notebooks(0)
    assert fault(sagemaker.describe_notebook_instance, **NAME) == "RecordNotFound"
    assert sagemaker.list_notebook_instances()["NotebookInstances"] == []
    create(sagemaker)


def test_a_transition_ends_by_itself(account: Sandbox, sagemaker: Any) -> None:
    account.pace_notebooks(0.5)
    began = time.monotonic()
    create(sagemaker)
    sagemaker.get_waiter("notebook_instance_in_service").wait(
        **NAME, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
    )
    assert time.monotonic() - began >= 0.5


def test_a_fork_goes_on_where_its_parent_was(account: Sandbox, sagemaker: Any) -> None:
    account.pace_notebooks(3600)
    create(sagemaker)
    with account.fork() as copy:
        theirs = copy.client("sagemaker")
        assert status(theirs) == "Pending"
        copy.pace_notebooks(0)
        assert status(theirs) == "InService"
        theirs.stop_notebook_instance(**NAME)
        assert status(theirs) == "Stopped"
    assert status(sagemaker) == "Pending"
    account.pace_notebooks(0)
    assert status(sagemaker) == "InService"


def test_a_notebook_fails_for_the_reason_that_was_set(account: Sandbox, sagemaker: Any) -> None:
    account.fail_notebooks("n*", "no capacity for ml.t3.medium")
    create(sagemaker)
    create(sagemaker, NotebookInstanceName="other")
    described = sagemaker.describe_notebook_instance(**NAME)
    assert described["NotebookInstanceStatus"] == "Failed"
    assert described["FailureReason"] == "no capacity for ml.t3.medium"
    other = sagemaker.describe_notebook_instance(NotebookInstanceName="other")
    assert other["NotebookInstanceStatus"] == "InService"
    assert "FailureReason" not in other
    account.fail_notebooks("n*", None)
    sagemaker.start_notebook_instance(**NAME)
    described = sagemaker.describe_notebook_instance(**NAME)
    assert described["NotebookInstanceStatus"] == "InService"
    assert "FailureReason" not in described


def test_a_failed_notebook_can_be_updated_and_deleted(account: Sandbox, sagemaker: Any) -> None:
    account.fail_notebooks("n", "no capacity")
    create(sagemaker)
    sagemaker.update_notebook_instance(**NAME, InstanceType="ml.t3.large")
    assert status(sagemaker) == "Stopped"
    sagemaker.start_notebook_instance(**NAME)
    assert status(sagemaker) == "Failed"
    sagemaker.delete_notebook_instance(**NAME)
    assert fault(sagemaker.describe_notebook_instance, **NAME) == "RecordNotFound"


def test_a_notebook_keeps_its_tags_through_its_life(sagemaker: Any) -> None:
    create(sagemaker, Tags=[{"Key": "ProjectID", "Value": "1"}])
    arn = sagemaker.describe_notebook_instance(**NAME)["NotebookInstanceArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    sagemaker.stop_notebook_instance(**NAME)
    sagemaker.update_notebook_instance(**NAME, VolumeSizeInGB=6)
    tags = [{"Key": "ProjectID", "Value": "1"}, {"Key": "b", "Value": "2"}]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags
    sagemaker.delete_notebook_instance(**NAME)
    with pytest.raises(ClientError, match="Could not find resource"):
        sagemaker.list_tags(ResourceArn=arn)


def test_each_transition_has_its_states(sagemaker: Any) -> None:
    create(sagemaker)
    assert "(Pending)" in fault(sagemaker.start_notebook_instance, **NAME)
    assert "(Deleting)" in fault(sagemaker.delete_notebook_instance, **NAME)
    sagemaker.stop_notebook_instance(**NAME)
    assert "(Stopping)" in fault(sagemaker.stop_notebook_instance, **NAME)
    sagemaker.start_notebook_instance(**NAME)
    sagemaker.stop_notebook_instance(**NAME)
    sagemaker.delete_notebook_instance(**NAME)
    assert fault(sagemaker.describe_notebook_instance, **NAME) == "RecordNotFound"


@pytest.mark.parametrize("verb", ["describe", "start", "stop", "update", "delete"])
def test_fails_for_a_notebook_that_does_not_exist(sagemaker: Any, verb: str) -> None:
    assert fault(getattr(sagemaker, f"{verb}_notebook_instance"), **NAME) == "RecordNotFound"


def test_fails_for_a_second_notebook_of_one_name(sagemaker: Any) -> None:
    create(sagemaker)
    with pytest.raises(ClientError, match="Cannot create a duplicate Notebook Instance"):
        create(sagemaker)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"LifecycleConfigName": "absent"}, "Lifecycle Config does not exist"),
        ({"DirectInternetAccess": "Disabled"}, "SubnetId is required"),
        ({"RoleArn": f"{ROLE}Nobody"}, f"Could not assume role {ROLE}Nobody"),
        ({"NotebookInstanceName": "a_b"}, "at 'notebookInstanceName' failed to satisfy"),
        ({"InstanceType": "ml.none.huge"}, "at 'instanceType' failed to satisfy"),
        ({"VolumeSizeInGB": 16385}, "at 'volumeSizeInGB' failed to satisfy"),
    ],
)
def test_fails_for_what_cannot_be_and_makes_nothing(
    sagemaker: Any, changes: dict[str, Any], text: str
) -> None:
    with pytest.raises(ClientError, match=text):
        create(sagemaker, **changes)
    assert sagemaker.list_notebook_instances()["NotebookInstances"] == []


def test_a_presigned_address_is_for_a_notebook_in_service(sagemaker: Any) -> None:
    create(sagemaker)
    first = sagemaker.create_presigned_notebook_instance_url(**NAME)["AuthorizedUrl"]
    second = sagemaker.create_presigned_notebook_instance_url(**NAME)["AuthorizedUrl"]
    assert first.startswith("https://n.notebook.eu-west-1.sagemaker.aws?authToken=")
    assert first != second
    sagemaker.stop_notebook_instance(**NAME)
    assert "Stopped" in fault(sagemaker.create_presigned_notebook_instance_url, **NAME)


def test_a_lifecycle_configuration_is_described_and_replaced(sagemaker: Any) -> None:
    sagemaker.create_notebook_instance_lifecycle_config(**CONFIG, OnCreate=SCRIPT, OnStart=SCRIPT)
    sagemaker.update_notebook_instance_lifecycle_config(**CONFIG, OnStart=[{"Content": "eA=="}])
    described = sagemaker.describe_notebook_instance_lifecycle_config(**CONFIG)
    assert described["OnStart"] == [{"Content": "eA=="}]
    assert described["OnCreate"] == []
    assert described["LastModifiedTime"] > described["CreationTime"]


def test_a_lifecycle_configuration_in_use_stays(sagemaker: Any) -> None:
    sagemaker.create_notebook_instance_lifecycle_config(**CONFIG)
    create(sagemaker, LifecycleConfigName="Provisioned-LC")
    delete = sagemaker.delete_notebook_instance_lifecycle_config
    assert "is in use by Notebook Instance" in fault(delete, **CONFIG)
    sagemaker.stop_notebook_instance(**NAME)
    sagemaker.delete_notebook_instance(**NAME)
    delete(**CONFIG)
    assert "does not exist" in fault(delete, **CONFIG)


def test_lifecycle_configurations_that_exist_already_or_do_not(sagemaker: Any) -> None:
    describe = sagemaker.describe_notebook_instance_lifecycle_config
    assert "Unable to describe Notebook Instance Lifecycle Config" in fault(describe, **CONFIG)
    update = sagemaker.update_notebook_instance_lifecycle_config
    assert "does not exist" in fault(update, **CONFIG, OnStart=SCRIPT)
    sagemaker.create_notebook_instance_lifecycle_config(**CONFIG)
    again = fault(sagemaker.create_notebook_instance_lifecycle_config, **CONFIG)
    assert "already exists" in again


def test_fails_for_a_script_past_the_limit(sagemaker: Any) -> None:
    script = [{"Content": "A" * 16385}]
    make = sagemaker.create_notebook_instance_lifecycle_config
    assert "length less than or equal to 16384" in fault(make, **CONFIG, OnCreate=script)
    make(**CONFIG, OnCreate=[{"Content": "A" * 16384}])
