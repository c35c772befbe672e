"""Somebody with administrator's rights and no patience: changes made by hand, by boto3."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.conftest import Deployment

Document = dict[str, Any]


@dataclass(frozen=True)
class Hands:
    """The account, and the names of what a project has in it."""

    deployment: Deployment

    def client(self, service: str) -> Any:
        return self.deployment.client(service)

    def output(self, project: str, name: str) -> str:
        return str(self.deployment.output(f"notebook-{project}", name))

    def key(self, project: str) -> str:
        return self.output(project, "key_arn")

    def bucket(self, project: str, kind: str = "notebook") -> str:
        return f"{project}-{kind}-{self.deployment.sandbox.account_id}-eu-west-1"

    def endpoint(self, name: str) -> str:
        wanted = [{"Name": "tag:Name", "Values": [f"{name}-endpoint"]}]
        found = self.client("ec2").describe_vpc_endpoints(Filters=wanted)["VpcEndpoints"]
        return str(found[0]["VpcEndpointId"])

    def security_group(self, name: str) -> str:
        wanted = [{"Name": "group-name", "Values": [name]}]
        found = self.client("ec2").describe_security_groups(Filters=wanted)["SecurityGroups"]
        return str(found[0]["GroupId"])

    def edit_inline_policy(self, role: str, name: str, edit: Callable[[Document], object]) -> None:
        iam = self.client("iam")
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        edit(document)
        self.put_inline_policy(role, name, json.dumps(document))

    def put_inline_policy(self, role: str, name: str, text: str) -> None:
        self.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text)

    def edit_managed_policy(self, name: str, edit: Callable[[Document], object]) -> None:
        iam = self.client("iam")
        arn = f"arn:aws:iam::{self.deployment.sandbox.account_id}:policy/{name}"
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"][
            "Document"
        ]
        edit(document)
        iam.create_policy_version(
            PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True
        )

    def edit_key_policy(self, project: str, edit: Callable[[Document], object]) -> None:
        kms, key = self.client("kms"), self.key(project)
        document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        edit(document)
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))

    def edit_bucket_policy(self, bucket: str, edit: Callable[[Document], object]) -> None:
        s3 = self.client("s3")
        document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        edit(document)
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))

    def other_code(self) -> bytes:
        """Return a function's package whose code is somebody else's."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("notebook_builder/handler.py", "def handler(event, context): ...\n")
        return package.getvalue()


def allow(action: str, resource: str = "*", **more: Any) -> Callable[[Document], None]:
    """Return an edit that adds a statement."""
    statement = {"Sid": "Quick", "Effect": "Allow", "Action": action, "Resource": resource, **more}
    return lambda document: document["Statement"].append(statement)


def reorder(document: Document) -> None:
    """Say the same in another order."""
    document["Statement"].reverse()
    for statement in document["Statement"]:
        if isinstance(statement["Action"], list):
            statement["Action"].reverse()


def respell(document: Document) -> None:
    """Say the same in other words: lists of one as a value, names of actions in another case."""
    for statement in document["Statement"]:
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        statement["Action"] = [action.replace(":Create", ":create") for action in actions]
        resources = statement["Resource"]
        if isinstance(resources, list) and len(resources) == 1:
            statement["Resource"] = resources[0]


def without(sid: str) -> Callable[[Document], None]:
    """Return an edit that takes one statement out."""

    def edit(document: Document) -> None:
        kept = [each for each in document["Statement"] if each.get("Sid") != sid]
        assert len(kept) == len(document["Statement"]) - 1, f"there is no statement {sid}"
        document["Statement"] = kept

    return edit
