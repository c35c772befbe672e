"""Who tries, from where, and at what: two deployed projects, with policies in force."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any

from scripts.sandbox import Sandbox
from tests.integration.conftest import Deployment

ACCOUNT = "123456789012"
PROJECT, OTHER_PROJECT = "quickstart", "vision"
PROJECT_IDS = {PROJECT: "QuickStart007", OTHER_PROJECT: "Vision001"}
PERSON, COLLEAGUE_NAME, OTHER_PERSON = "dana", "carl", "otto"
DATA, CODE = "data.csv", "README.md"
ELSEWHERE = "elsewhere"
"""A bucket of the account that is none of the toolkit's."""
SECRET = b"customer,amount\n"
RECORD_SECONDS = 60.0
ENDED = ("SUCCEEDED", "FAILED")


class Who(StrEnum):
    """Columns of the matrix."""

    DEPLOYER = "Deployer"
    LAUNCH = "Launch role"
    BUILDER = "Builder"
    NOTEBOOK = "Notebook"
    END_USER = "End user"
    COLLEAGUE = "Colleague"
    OTHER = "Other project"
    ORDINARY = "Ordinary user"
    STRANGER = "Stranger"


class Way(Enum):
    """How a call gets to AWS."""

    OUTSIDE = "from outside the VPC"
    INSIDE = "from inside the VPC"
    ELSEWHERE = "from another VPC"
    PLAIN = "from inside the VPC without TLS"


SERVICES = {
    Who.LAUNCH: ("servicecatalog.amazonaws.com", f"SCLaunchRole-{PROJECT}", "servicecatalog"),
    Who.BUILDER: ("lambda.amazonaws.com", f"SageMakerBuildRole-{PROJECT}", "builder"),
    Who.NOTEBOOK: ("sagemaker.amazonaws.com", f"SageMakerExecutionRole-{PROJECT}", "SageMaker"),
}
"""Roles that services alone can take on: which service, the role, the session's name."""
PEOPLE = {
    Who.END_USER: (PERSON, PROJECT),
    Who.COLLEAGUE: (COLLEAGUE_NAME, PROJECT),
    Who.OTHER: (OTHER_PERSON, OTHER_PROJECT),
}
"""Users who take on a project's end-user role, each under the own name."""


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def end_user_role(project: str) -> str:
    return role_arn(f"SCEndUserRole-{project}")


@dataclass(frozen=True)
class Place:
    """What the network's clients need to know of it."""

    subnet: str
    security_group: str
    endpoints: Mapping[str, str]
    """Ids of the VPC's endpoints, by the last parts of their services' names."""


@dataclass(frozen=True)
class World:
    """A sandbox with people in it. ``users`` and ``sessions`` hold credentials."""

    sandbox: Sandbox
    outputs: Mapping[str, Mapping[str, Any]]
    """Of Terraform, by project."""
    place: Place
    users: Mapping[Who, Mapping[str, str]]
    sessions: Mapping[Who, Mapping[str, str]]
    ciphertexts: Mapping[str, bytes]
    record: str = ""
    """Of the end user's launch."""
    version: str = ""
    """Id of the version that was launched."""
    stack: str = ""

    def client(
        self, who: Who, service: str, way: Way = Way.OUTSIDE, *, as_user: bool = False
    ) -> Any:
        credentials = self.users.get(who) if as_user else None
        return self.sandbox.client(
            service,
            credentials=credentials or self.sessions.get(who),
            vpc_endpoint=self._endpoint(service, way),
            tls=way is not Way.PLAIN,
        )

    def output(self, name: str, project: str = PROJECT) -> Any:
        return self.outputs[project][name]["value"]

    @contextmanager
    def copy(self) -> Iterator[World]:
        """A world of one's own, to be changed."""
        with self.sandbox.fork() as sandbox:
            yield replace(self, sandbox=sandbox)

    def _endpoint(self, service: str, way: Way) -> str | None:
        if way is Way.OUTSIDE:
            return None
        if way is Way.ELSEWHERE:
            return "vpce-0aaaaaaaaaaaaaaaa"
        return self.place.endpoints[{"sagemaker": "sagemaker.api"}.get(service, service)]


def notebook_name(person: str) -> str:
    return f"{person}-notebook"


def launch(catalog: Any, project: str, name: str, **parameters: str) -> str:
    """Ask for a notebook of the product; return the record's id."""
    given = {"NotebookInstanceName": name, **parameters}
    detail = catalog.provision_product(
        ProductName=f"SageMakerProduct-{project}",
        ProvisioningArtifactName="1",
        ProvisionedProductName=name,
        ProvisioningParameters=[{"Key": key, "Value": value} for key, value in given.items()],
    )["RecordDetail"]
    return str(detail["RecordId"])


def await_record(catalog: Any, record: str) -> dict[str, Any]:
    """The record once it has ended, however it did."""
    deadline = time.monotonic() + RECORD_SECONDS
    while time.monotonic() < deadline:
        seen: dict[str, Any] = catalog.describe_record(Id=record)
        if seen["RecordDetail"]["Status"] in ENDED:
            return seen
        time.sleep(0.1)
    raise TimeoutError(f"record {record} has not ended after {RECORD_SECONDS:g} s")


def allow(*actions: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


@contextmanager
def inhabited(deployment: Deployment) -> Iterator[World]:
    """The deployed projects with people in them, each of whose end users has a notebook."""
    outputs = {project: deployment.outputs(f"notebook-{project}") for project in PROJECT_IDS}
    with deployment.sandbox.fork() as sandbox:
        sandbox.pace_notebooks(0)
        sandbox.enforce(True)
        sandbox.client("s3").create_bucket(
            Bucket=ELSEWHERE, CreateBucketConfiguration={"LocationConstraint": sandbox.region}
        )
        users = _users(sandbox)
        world = World(sandbox, outputs, _place(sandbox), users, _sessions(sandbox, users), {})
        world = replace(world, ciphertexts=_with_data(world))
        launched = {
            who: launch(world.client(who, "servicecatalog"), project, notebook_name(person))
            for who, (person, project) in PEOPLE.items()
            if who is not Who.COLLEAGUE
        }
        for who, record in launched.items():
            seen = await_record(world.client(who, "servicecatalog"), record)
            assert seen["RecordDetail"]["Status"] == "SUCCEEDED", seen
            if who is Who.END_USER:
                version = seen["RecordDetail"]["ProvisioningArtifactId"]
                stack = seen["RecordOutputs"][0]["OutputValue"]
        yield replace(world, record=launched[Who.END_USER], version=version, stack=stack)


def _users(sandbox: Sandbox) -> dict[Who, Mapping[str, str]]:
    """A user for each person; who shares a role has to use the own name, as the docs advise."""
    own_name = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
    policies = {
        person: [allow("sts:AssumeRole", resource=end_user_role(project), **own_name)]
        for person, project in PEOPLE.values()
    }
    policies["olga"] = [allow("s3:*", "sagemaker:*")]
    policies["stefan"] = []
    names = {who: person for who, (person, _) in PEOPLE.items()}
    names |= {Who.ORDINARY: "olga", Who.STRANGER: "stefan"}
    return {who: _user(sandbox.client("iam"), name, policies[name]) for who, name in names.items()}


def _user(iam: Any, name: str, statements: list[dict[str, Any]]) -> dict[str, str]:
    iam.create_user(UserName=name)
    if statements:
        document = {"Version": "2012-10-17", "Statement": statements}
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    key: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


def _sessions(
    sandbox: Sandbox, users: Mapping[Who, Mapping[str, str]]
) -> dict[Who, Mapping[str, str]]:
    """Everybody's credentials at work; the deployer's are the sandbox's own."""
    sessions: dict[Who, Mapping[str, str]] = {
        who: sandbox.service_session(service, role_arn(role), name)
        for who, (service, role, name) in SERVICES.items()
    }
    for who, (person, project) in PEOPLE.items():
        sts = sandbox.client("sts", credentials=users[who])
        sessions[who] = sts.assume_role(RoleArn=end_user_role(project), RoleSessionName=person)[
            "Credentials"
        ]
    return sessions | {who: users[who] for who in (Who.ORDINARY, Who.STRANGER)}


def _place(sandbox: Sandbox) -> Place:
    ec2 = sandbox.client("ec2")
    named = [{"Name": "tag:Name", "Values": ["ProSM-ResourceSubnet", "ProSM-ResourceSG"]}]
    return Place(
        subnet=ec2.describe_subnets(Filters=named)["Subnets"][0]["SubnetId"],
        security_group=ec2.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"],
        endpoints={
            endpoint["ServiceName"].split(".", 3)[3]: endpoint["VpcEndpointId"]
            for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        },
    )


def _with_data(world: World) -> dict[str, bytes]:
    """Each project's notebook keeps something, and encrypts something under its key."""
    ciphertexts = {}
    for project in PROJECT_IDS:
        session = world.sandbox.service_session(
            "sagemaker.amazonaws.com", role_arn(f"SageMakerExecutionRole-{project}"), "SageMaker"
        )
        s3, kms = (
            world.sandbox.client(
                service, credentials=session, vpc_endpoint=world.place.endpoints[service]
            )
            for service in ("s3", "kms")
        )
        s3.put_object(Bucket=world.output("bucket_name", project), Key=DATA, Body=SECRET)
        key = world.output("key_arn", project)
        ciphertexts[project] = kms.encrypt(KeyId=key, Plaintext=SECRET)["CiphertextBlob"]
    return ciphertexts
