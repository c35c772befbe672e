"""The account as a customer has it, before any of this project's resources.

Everything is made through AWS's own API, so what is seeded is what a client could have made.
"""

import json
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.clients import create_client

ACCOUNT = "123456789012"
REGION = "eu-west-1"
DEPLOYER = "platform-deployer"
CODE_BUCKET = "prosm-code"
CODE_FILES = {
    "README.md": "# Code of the data science team\n",
    "notebooks/start-here.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4}\n',
    "src/train.py": 'print("training")\n',
}
VPC_CIDR = "10.20.0.0/16"
SUBNETS = {
    "ProSM-ResourceSubnet": ("10.20.1.0/24", "a"),
    "ProSM-ResourceSubnet-2": ("10.20.2.0/24", "b"),
}
DOMAIN_ROLE = "DataScienceDomainRole"
RESEARCH_ROLE = "ResearchDomainRole"
# Domain -> (its role, user -> that user's own role or none)
DOMAINS: dict[str, tuple[str, dict[str, str | None]]] = {
    "data-science": (
        DOMAIN_ROLE,
        {"amy": None, "ben": "CustomRoleBen", "cleo": "CustomRoleCleo", "dan": DOMAIN_ROLE},
    ),
    "research": (RESEARCH_ROLE, {"eve": "CustomRoleEve"}),
}
SAGEMAKER_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
SHARED_SPACE = "team-space"
SPACE_OWNER = "amy"
# Any key of the right shape will do: nothing is enforced while the account is being seeded.
_SEEDER = "AKIASEEDERSEEDER0000"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """The deployer's access key."""

    id: str
    secret: str


def seed(endpoint: str) -> AccessKey:
    """Make the account behind `endpoint`. Returns the deployer's key."""

    def client(service: str) -> Any:
        return create_client(
            endpoint, service, region=REGION, access_key=_SEEDER, secret_key=_SEEDER
        )

    key = _seed_iam(client("iam"))
    subnets, vpc = _seed_network(client("ec2"))
    _seed_code(client("s3"))
    _seed_domains(client("sagemaker"), vpc, subnets)
    return key


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def _seed_iam(iam: Any) -> AccessKey:
    iam.create_user(UserName=DEPLOYER)
    iam.attach_user_policy(
        UserName=DEPLOYER, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    own = {role for _, users in DOMAINS.values() for role in users.values() if role}
    for role in sorted(own | {role for role, _ in DOMAINS.values()}):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=SAGEMAKER_TRUST)
        iam.attach_role_policy(
            RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        )
    key = iam.create_access_key(UserName=DEPLOYER)["AccessKey"]
    return AccessKey(id=key["AccessKeyId"], secret=key["SecretAccessKey"])


def _seed_network(ec2: Any) -> tuple[list[str], str]:
    vpc: str = ec2.create_vpc(CidrBlock=VPC_CIDR, TagSpecifications=_named("vpc", "ProSM-VPC"))[
        "Vpc"
    ]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    table = ec2.create_route_table(
        VpcId=vpc, TagSpecifications=_named("route-table", "ProSM-RouteTable")
    )["RouteTable"]["RouteTableId"]
    subnets = []
    for name, (cidr, zone) in SUBNETS.items():
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=cidr,
            AvailabilityZone=f"{REGION}{zone}",
            TagSpecifications=_named("subnet", name),
        )["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        subnets.append(subnet)
    ec2.create_security_group(
        GroupName="ProSM-ResourceSG",
        Description="Notebooks of the data science team",
        VpcId=vpc,
        TagSpecifications=_named("security-group", "ProSM-ResourceSG"),
    )
    return subnets, vpc


def _named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def _seed_code(s3: Any) -> None:
    s3.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for path, text in CODE_FILES.items():
        s3.put_object(Bucket=CODE_BUCKET, Key=path, Body=text.encode())


def _seed_domains(sagemaker: Any, vpc: str, subnets: list[str]) -> None:
    for name, (role, users) in DOMAINS.items():
        domain = sagemaker.create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": role_arn(role)},
            DefaultSpaceSettings={"ExecutionRole": role_arn(role)},
            SubnetIds=subnets,
            VpcId=vpc,
            AppNetworkAccessType="VpcOnly",
        )["DomainId"]
        for user, own in users.items():
            settings = {"UserSettings": {"ExecutionRole": role_arn(own)}} if own else {}
            sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, **settings)
        if SPACE_OWNER in users:
            sagemaker.create_space(
                DomainId=domain,
                SpaceName=SHARED_SPACE,
                OwnershipSettings={"OwnerUserProfileName": SPACE_OWNER},
                SpaceSharingSettings={"SharingType": "Shared"},
            )
