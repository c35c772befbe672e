"""The people of the demo: what they may do, and what is refused to them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, error_code
from scripts.lib.process import run_text
from scripts.lib.terraform import project_directory
from scripts.sandbox import Sandbox

POLICY = "Demo"
ALLOWED, REFUSED = "allowed", "refused"


@dataclass(frozen=True)
class Attempt:
    """Who tries what, and how it should end. ``call`` raises what AWS answers."""

    who: str
    what: str
    call: Callable[[], object]
    expected: str = REFUSED

    def outcome(self) -> str:
        """How it ended; an error that is no refusal is raised."""
        try:
            self.call()
        except ClientError as error:
            if error_code(error) in ACCESS_DENIED:
                return REFUSED
            raise
        return ALLOWED


class Person:
    """An IAM user who may do ``action`` on anything, as far as policies of resources let it."""

    def __init__(self, sandbox: Sandbox, name: str, action: str = "sts:AssumeRole") -> None:
        self._sandbox = sandbox
        self.name = name
        iam = sandbox.client("iam")
        iam.create_user(UserName=name)
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName=POLICY, PolicyDocument=document)
        self._key = iam.create_access_key(UserName=name)["AccessKey"]

    def client(self, service: str) -> Any:
        """A client of the user itself."""
        return self._sandbox.client(service, credentials=self._key)

    def as_role(self, role: str, service: str) -> Any:
        """A client of the user in a role's session of the user's name, as scripts.launch has it."""
        assumed = self.client("sts").assume_role(
            RoleArn=self._role_arn(role), RoleSessionName=self.name
        )
        return self._sandbox.client(service, credentials=assumed["Credentials"])

    def launch(self, environment: Mapping[str, str], log: Path, role: str, *arguments: str) -> str:
        """Run ``scripts.launch`` in a role, with --apply; return its report as JSON."""
        command = [sys.executable, "-m", "scripts.launch", *arguments]
        command += ["--apply", "--format=json", f"--assume-role={self._role_arn(role)}"]
        keys = {
            "AWS_ACCESS_KEY_ID": self._key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self._key["SecretAccessKey"],
        }
        return run_text(command, project_directory(), {**environment, **keys}, log, expected=0)

    def forget(self) -> None:
        """Delete the user."""
        iam = self._sandbox.client("iam")
        iam.delete_access_key(UserName=self.name, AccessKeyId=self._key["AccessKeyId"])
        iam.delete_user_policy(UserName=self.name, PolicyName=POLICY)
        iam.delete_user(UserName=self.name)

    def _role_arn(self, role: str) -> str:
        return f"arn:aws:iam::{self._sandbox.account_id}:role/{role}"


@dataclass(frozen=True)
class Scene:
    """What the attempts are about: names, and the notebook as SageMaker describes it."""

    own_role: str
    other_role: str
    launch_role: str
    builder: str
    bucket: str
    notebook: Mapping[str, Any]


def attempts(scene: Scene, dana: Person, eli: Person, sam: Person) -> tuple[Attempt, ...]:
    """What is tried around dana's notebook. ``sam`` may do everything with S3."""
    name = scene.notebook["NotebookInstanceName"]

    def open_as(who: Person, role: str) -> object:
        sagemaker = who.as_role(role, "sagemaker")
        return sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName=name)

    def make_one() -> object:
        return dana.as_role(scene.own_role, "sagemaker").create_notebook_instance(
            NotebookInstanceName="around-the-catalog",
            InstanceType="ml.t3.medium",
            RoleArn=scene.notebook["RoleArn"],
            DirectInternetAccess="Enabled",
        )

    def invoke_builder() -> object:
        return dana.as_role(scene.own_role, "lambda").invoke(FunctionName=scene.builder)

    def read_bucket() -> object:
        return sam.client("s3").list_objects_v2(Bucket=scene.bucket)

    return (
        Attempt("dana", "opens her notebook", lambda: open_as(dana, scene.own_role), ALLOWED),
        Attempt("eli, same role", "opens dana's", lambda: open_as(eli, scene.own_role)),
        Attempt("eli, other project", "opens dana's", lambda: open_as(eli, scene.other_role)),
        Attempt("dana", "makes a notebook with internet", make_one),
        Attempt("dana", "takes on the launch role", lambda: dana.as_role(scene.launch_role, "sts")),
        Attempt("dana", "invokes the builder", invoke_builder),
        Attempt("sam, all of S3", "reads the bucket from outside the VPC", read_bucket),
    )
