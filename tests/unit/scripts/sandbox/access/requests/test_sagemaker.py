"""SageMaker's calls: what they ask of the caller beside the action's own right."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    Statement,
    allow,
    arn,
    asked,
    document,
    role,
    session,
    user,
    wanting,
)

CREATE = "sagemaker:CreateNotebookInstance"
START = "sagemaker:StartNotebookInstance"
NOTEBOOKS = arn("sagemaker", "notebook-instance/*")
TAGS = [{"Key": "ProjectID", "Value": "P1"}]
SERVICE = "sagemaker.amazonaws.com"
DESCRIBES = [f"ec2:Describe{kind}" for kind in ("SecurityGroups", "Subnets", "Vpcs")]


class Place:
    """What a notebook is made of: a network, a key, a role."""

    def __init__(self, sandbox: Sandbox) -> None:
        ec2 = sandbox.client("ec2")
        subnet = ec2.describe_subnets()["Subnets"][0]
        self.subnet, self.vpc = subnet["SubnetId"], subnet["VpcId"]
        groups = ec2.describe_security_groups(
            Filters=[{"Name": "group-name", "Values": ["ProSM-ResourceSG"]}]
        )
        self.group = groups["SecurityGroups"][0]["GroupId"]
        self.key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
        self.role = role(sandbox, principal={"Service": SERVICE})

    def notebook(self, name: str, **more: Any) -> dict[str, Any]:
        return {
            "NotebookInstanceName": name,
            "InstanceType": "ml.t3.medium",
            "RoleArn": self.role,
            "SubnetId": self.subnet,
            "SecurityGroupIds": [self.group],
            "KmsKeyId": self.key,
            "DirectInternetAccess": "Disabled",
            "Tags": TAGS,
            **more,
        }

    def rights(self) -> list[Statement]:
        """Exactly what making such a notebook takes."""
        return [
            allow(CREATE, NOTEBOOKS),
            allow("sagemaker:AddTags", NOTEBOOKS),
            allow("iam:PassRole", self.role, StringEquals={"iam:PassedToService": SERVICE}),
            allow(DESCRIBES),
            allow(
                "ec2:CreateNetworkInterface",
                [
                    arn("ec2", "network-interface/*"),
                    arn("ec2", f"subnet/{self.subnet}"),
                    arn("ec2", f"security-group/{self.group}"),
                ],
            ),
            allow("kms:DescribeKey", self.key),
            allow(
                "kms:CreateGrant",
                self.key,
                StringEquals={"kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"},
                Bool={"kms:GrantIsForAWSResource": "true"},
            ),
        ]


@pytest.fixture(scope="module")
def place(enforced: Sandbox) -> Place:
    return Place(enforced)


def test_making_a_notebook_asks_for_all_that_the_guide_lists(
    enforced: Sandbox, place: Place
) -> None:
    create = enforced.client("sagemaker").create_notebook_instance
    notebook = arn("sagemaker", "notebook-instance/asked")
    assert asked(enforced, create, **place.notebook("Asked")) == [
        (CREATE, notebook),
        ("sagemaker:AddTags", notebook),
        ("iam:PassRole", place.role),
        *((action, "*") for action in DESCRIBES),
        ("ec2:CreateNetworkInterface", arn("ec2", "network-interface/*")),
        ("ec2:CreateNetworkInterface", arn("ec2", f"subnet/{place.subnet}")),
        ("ec2:CreateNetworkInterface", arn("ec2", f"security-group/{place.group}")),
        ("kms:DescribeKey", place.key),
        ("kms:CreateGrant", place.key),
    ]


def test_exactly_these_rights_make_a_notebook(enforced: Sandbox, place: Place) -> None:
    keys = user(enforced, *place.rights())
    create = enforced.client("sagemaker", credentials=keys).create_notebook_instance
    assert wanting(create, **place.notebook("enough")) == ""


@pytest.mark.parametrize("missing", range(7))
def test_refuses_a_notebook_when_one_right_is_missing(
    enforced: Sandbox, place: Place, missing: int
) -> None:
    rights = place.rights()
    left_out = rights.pop(missing)
    keys = user(enforced, *rights)
    create = enforced.client("sagemaker", credentials=keys).create_notebook_instance
    lacking = wanting(create, **place.notebook(f"lacking{missing}"))
    assert lacking == (left_out["Action"][0] if missing == 3 else left_out["Action"])


def test_a_notebook_without_network_key_and_tags_asks_for_two_rights(
    enforced: Sandbox, place: Place
) -> None:
    create = enforced.client("sagemaker").create_notebook_instance
    given = {"NotebookInstanceName": "bare", "InstanceType": "ml.t3.medium", "RoleArn": place.role}
    assert [action for action, _ in asked(enforced, create, **given)] == [CREATE, "iam:PassRole"]


def test_starting_asks_for_the_notebooks_own_role_network_and_key(
    enforced: Sandbox, place: Place
) -> None:
    sagemaker = enforced.client("sagemaker")
    sagemaker.create_notebook_instance(**place.notebook("started"))
    found = asked(enforced, sagemaker.start_notebook_instance, NotebookInstanceName="started")
    assert found[:3] == [
        (START, arn("sagemaker", "notebook-instance/started")),
        ("iam:PassRole", place.role),
        ("ec2:DescribeNetworkInterfaces", "*"),
    ]
    assert ("ec2:CreateNetworkInterface", arn("ec2", f"subnet/{place.subnet}")) in found
    assert found[-1] == ("kms:CreateGrant", place.key)


def test_updating_asks_for_the_role_that_the_notebook_will_have(
    enforced: Sandbox, place: Place
) -> None:
    sagemaker, other = enforced.client("sagemaker"), role(enforced, principal={"Service": SERVICE})
    sagemaker.create_notebook_instance(**place.notebook("updated"))
    for given, passed in (({"RootAccess": "Enabled"}, place.role), ({"RoleArn": other}, other)):
        update = sagemaker.update_notebook_instance
        assert asked(enforced, update, NotebookInstanceName="updated", **given) == [
            ("sagemaker:UpdateNotebookInstance", arn("sagemaker", "notebook-instance/updated")),
            ("iam:PassRole", passed),
        ]


def test_stopping_asks_for_nothing_else_and_deleting_for_interface_and_key(
    enforced: Sandbox, place: Place
) -> None:
    sagemaker = enforced.client("sagemaker")
    sagemaker.create_notebook_instance(**place.notebook("deleted"))
    notebook = arn("sagemaker", "notebook-instance/deleted")
    name = {"NotebookInstanceName": "deleted"}
    assert asked(enforced, sagemaker.stop_notebook_instance, **name) == [
        ("sagemaker:StopNotebookInstance", notebook)
    ]
    interface = sagemaker.describe_notebook_instance(**name)["NetworkInterfaceId"]
    assert asked(enforced, sagemaker.delete_notebook_instance, **name) == [
        ("sagemaker:DeleteNotebookInstance", notebook),
        ("ec2:DeleteNetworkInterface", arn("ec2", f"network-interface/{interface}")),
        ("kms:DescribeKey", place.key),
    ]


@pytest.mark.parametrize(
    ("subnet", "lacking"), [("own", ""), ("other", "ec2:DeleteNetworkInterface")]
)
def test_deleting_is_judged_by_where_the_notebook_is(
    enforced: Sandbox, place: Place, subnet: str, lacking: str
) -> None:
    sagemaker = enforced.client("sagemaker")
    name = {"NotebookInstanceName": f"{subnet}-place"}
    sagemaker.create_notebook_instance(**place.notebook(f"{subnet}-place"))
    within = arn("ec2", f"subnet/{place.subnet if subnet == 'own' else 'subnet-other'}")
    keys = user(
        enforced,
        allow(["sagemaker:DeleteNotebookInstance", "kms:DescribeKey"]),
        allow("ec2:DeleteNetworkInterface", "*", ArnEquals={"ec2:Subnet": within}),
    )
    delete = enforced.client("sagemaker", credentials=keys).delete_notebook_instance
    assert wanting(delete, **name) == lacking


@pytest.mark.parametrize(
    ("condition", "change", "passes"),
    [
        ({"sagemaker:DirectInternetAccess": "Disabled"}, {}, True),
        (
            {"sagemaker:DirectInternetAccess": "Disabled"},
            {"DirectInternetAccess": "Enabled"},
            False,
        ),
        ({"sagemaker:MinimumInstanceMetadataServiceVersion": "2"}, {}, False),
        (
            {"sagemaker:MinimumInstanceMetadataServiceVersion": "2"},
            {
                "InstanceMetadataServiceConfiguration": {
                    "MinimumInstanceMetadataServiceVersion": "2"
                }
            },
            True,
        ),
        ({"sagemaker:InstanceTypes": "ml.t3.medium"}, {}, True),
        ({"sagemaker:InstanceTypes": "ml.t3.large"}, {}, False),
        ({"sagemaker:RootAccess": "Disabled"}, {}, False),
        ({"sagemaker:RootAccess": "Disabled"}, {"RootAccess": "Disabled"}, True),
        ({"aws:RequestTag/ProjectID": "P1"}, {}, True),
        ({"aws:RequestTag/ProjectID": "P2"}, {}, False),
    ],
)
def test_a_notebook_is_judged_by_its_settings(
    enforced: Sandbox,
    place: Place,
    condition: dict[str, str],
    change: dict[str, Any],
    passes: bool,
) -> None:
    rights = [{**place.rights()[0], "Condition": {"StringEquals": condition}}, *place.rights()[1:]]
    keys = user(enforced, *rights)
    create = enforced.client("sagemaker", credentials=keys).create_notebook_instance
    given = place.notebook(f"judged{keys['AccessKeyId'][-8:]}", **change)
    assert wanting(create, **given) == ("" if passes else CREATE)


def test_a_notebook_stays_in_its_network_and_under_its_key(enforced: Sandbox, place: Place) -> None:
    condition: dict[str, Any] = {
        "ForAllValues:StringEquals": {
            "sagemaker:VpcSubnets": [place.subnet],
            "sagemaker:VpcSecurityGroupIds": [place.group],
        },
        "Null": {"sagemaker:VpcSubnets": "false"},
        "StringEquals": {"sagemaker:VolumeKmsKey": place.key},
    }
    keys = user(enforced, {**place.rights()[0], "Condition": condition}, *place.rights()[1:])
    create = enforced.client("sagemaker", credentials=keys).create_notebook_instance
    outside = {k: v for k, v in place.notebook("outside").items() if k != "SubnetId"}
    assert wanting(create, **outside) == CREATE
    assert wanting(create, **place.notebook("elsewhere", SubnetId="subnet-other")) == CREATE
    assert wanting(create, **place.notebook("otherkey", KmsKeyId="alias/other")) == CREATE
    assert wanting(create, **place.notebook("placed")) == ""


def test_tags_are_set_while_creating_and_not_afterwards(enforced: Sandbox, place: Place) -> None:
    tagging = allow(
        "sagemaker:AddTags",
        NOTEBOOKS,
        StringEquals={"sagemaker:TaggingAction": "CreateNotebookInstance"},
    )
    keys = user(enforced, place.rights()[0], tagging, *place.rights()[2:])
    sagemaker = enforced.client("sagemaker", credentials=keys)
    assert wanting(sagemaker.create_notebook_instance, **place.notebook("tagged")) == ""
    notebook = arn("sagemaker", "notebook-instance/tagged")
    assert wanting(sagemaker.add_tags, ResourceArn=notebook, Tags=TAGS) == "sagemaker:AddTags"
    keys = user(enforced, tagging, allow("sagemaker:CreateModel"), place.rights()[2])
    model = enforced.client("sagemaker", credentials=keys).create_model
    given = {"ModelName": "m", "ExecutionRoleArn": place.role, "Tags": TAGS}
    assert wanting(model, **given) == "sagemaker:AddTags"


def test_one_opens_the_notebooks_that_ones_session_launched(
    enforced: Sandbox, place: Place
) -> None:
    own = {"StringEquals": {"aws:ResourceTag/LaunchedBy": "${aws:userid}"}}
    scientists = role(enforced, allow("sagemaker:DescribeNotebookInstance", NOTEBOOKS, **own))
    dana, eve = session(enforced, scientists, "dana"), session(enforced, scientists, "eve")
    userid = enforced.client("sts", credentials=dana).get_caller_identity()["UserId"]
    enforced.client("sagemaker").create_notebook_instance(
        **place.notebook("danas", Tags=[{"Key": "LaunchedBy", "Value": userid}])
    )
    name = {"NotebookInstanceName": "danas"}
    for keys, lacking in ((dana, ""), (eve, "sagemaker:DescribeNotebookInstance")):
        sagemaker = enforced.client("sagemaker", credentials=keys)
        assert wanting(sagemaker.describe_notebook_instance, **name) == lacking


def test_jobs_are_judged_by_network_name_and_role(enforced: Sandbox, place: Place) -> None:
    in_vpc = {"sagemaker:VpcSubnets": [place.subnet]}
    keys = user(
        enforced,
        allow(
            "sagemaker:CreateTrainingJob",
            arn("sagemaker", "training-job/vision-*"),
            **{"ForAllValues:StringEquals": in_vpc, "Null": {"sagemaker:VpcSubnets": "false"}},
        ),
        allow("iam:PassRole", place.role),
    )
    train = enforced.client("sagemaker", credentials=keys).create_training_job
    network = {"Subnets": [place.subnet], "SecurityGroupIds": [place.group]}
    job: dict[str, Any] = {
        "TrainingJobName": "vision-1",
        "AlgorithmSpecification": {"TrainingImage": "i", "TrainingInputMode": "File"},
        "RoleArn": place.role,
        "OutputDataConfig": {"S3OutputPath": "s3://b"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    action = "sagemaker:CreateTrainingJob"
    assert wanting(train, **job) == action
    assert wanting(train, **{**job, "TrainingJobName": "other-1"}, VpcConfig=network) == action
    elsewhere = {**network, "Subnets": ["subnet-1"]}
    assert wanting(train, **job, VpcConfig=elsewhere) == action
    other = role(enforced, principal={"Service": SERVICE})
    assert wanting(train, **{**job, "RoleArn": other}, VpcConfig=network) == "iam:PassRole"
    assert wanting(train, **job, VpcConfig=network) == ""


def test_domains_and_profiles_hand_over_the_roles_in_their_settings(enforced: Sandbox) -> None:
    sagemaker = enforced.client("sagemaker")
    domain = sagemaker.list_domains()["Domains"][0]["DomainId"]
    found = asked(
        enforced,
        sagemaker.create_user_profile,
        DomainId=domain,
        UserProfileName="Fred",
        UserSettings={"ExecutionRole": "arn:aws:iam::123456789012:role/CustomRoleBen"},
    )
    assert found == [
        ("sagemaker:CreateUserProfile", arn("sagemaker", f"user-profile/{domain}/fred")),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/CustomRoleBen"),
    ]


def test_a_key_policy_decides_who_may_have_sagemaker_use_the_key(
    enforced: Sandbox, place: Place
) -> None:
    """An administrator by IAM is nobody to a key that does not leave it to IAM."""
    key = enforced.client("kms").create_key(
        Policy=document({"Sid": "A", "Principal": {"AWS": "*"}, **allow("kms:PutKeyPolicy")})
    )["KeyMetadata"]["Arn"]
    create = enforced.client("sagemaker").create_notebook_instance
    assert wanting(create, **place.notebook("foreign", KmsKeyId=key)) == "kms:DescribeKey"
