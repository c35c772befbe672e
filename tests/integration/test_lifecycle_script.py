"""The deployed lifecycle scripts, really executed, with an ``aws`` pointed at the sandbox.

They run with the session of the project's execution role, through the network's endpoint, with
policies in force.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.notebook_builder.lifecycle import COPY_SECONDS, HOME, METADATA, SCRIPT_LIMIT
from scripts.sandbox.account import CODE_BUCKET, CODE_FILES
from tests.integration.aws_command import VPC_ENDPOINT
from tests.integration.conftest import Deployment
from tests.integration.notebook_machine import MACHINES, Machine, Namespace

STACK = "notebook-quickstart"
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/amys-notebook"
SAGEMAKER_SECONDS = 300
TARGET = f"SageMaker/{CODE_BUCKET}"
COPIED = {f"{TARGET}/{path}": text.encode() for path, text in CODE_FILES.items()}
OURS = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE", "AWS_PAGER")
"""What a notebook's machine does not have, or the script itself sets."""

Boot = Callable[..., Machine]


def scripts(deployment: Deployment, name: str) -> dict[str, str]:
    """The scripts of a lifecycle configuration as SageMaker has them, decoded."""
    described = deployment.client("sagemaker").describe_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName=name
    )
    found = {}
    for when in ("OnCreate", "OnStart"):
        for script in described.get(when, []):
            assert len(script["Content"]) <= SCRIPT_LIMIT
            found[when] = base64.b64decode(script["Content"]).decode()
    return found


@pytest.fixture
def code_copy(deployed: Deployment) -> dict[str, str]:
    names = deployed.client("sagemaker").list_notebook_instance_lifecycle_configs(
        NameContains="-S3-"
    )["NotebookInstanceLifecycleConfigs"]
    [name] = [found["NotebookInstanceLifecycleConfigName"] for found in names]
    return scripts(deployed, name)


@pytest.fixture
def boot(deployed: Deployment, tmp_path: Path) -> Boot:
    """Make a notebook's machine; from then on policies are in force."""

    def make(kind: type[Machine] = MACHINES[0]) -> Machine:
        role = deployed.output(STACK, "execution_role_arn")
        keys = deployed.sandbox.service_session("sagemaker.amazonaws.com", role, "SageMaker")
        endpoint = deployed.output("network-main", "s3_endpoint_id")
        environment = {
            **deployed.sandbox.process_environment({}),
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
            VPC_ENDPOINT: endpoint,
        }
        for name in OURS:
            environment.pop(name, None)
        folder = tmp_path / "machine"
        folder.mkdir()
        deployed.sandbox.enforce(True)
        return kind(folder, ARN, environment)

    return make


@pytest.mark.parametrize("kind", MACHINES, ids=lambda kind: kind.__name__)
def test_the_code_is_there_when_a_notebook_has_been_made(
    deployed: Deployment, code_copy: dict[str, str], boot: Boot, kind: type[Machine]
) -> None:
    machine = boot(kind)
    for script in (code_copy["OnCreate"], code_copy["OnStart"]):
        ran = machine.run(script)
        assert (ran.returncode, ran.stderr) == (0, "")
    assert machine.files() == COPIED
    for made in (machine.home / ".aws", machine.home / TARGET):
        assert {path.stat().st_uid for path in (made, *made.rglob("*"))} == {machine.owner}
    role = deployed.output(STACK, "execution_role_arn").rpartition("/")[2]
    callers = {
        call.principal.rpartition("assumed-role/")[2]
        for call in deployed.sandbox.journal()
        if call.service == "s3"
        and call.operation in ("ListObjectsV2", "GetObject")
        and "/SageMaker" in call.principal
    }
    assert callers == {f"{role}/SageMaker"}


def test_the_namespace_is_used_wherever_it_can_be_had() -> None:
    assert (MACHINES[0] is Namespace) == Namespace.is_possible()


def test_nothing_of_the_script_is_changed_but_two_paths(code_copy: dict[str, str]) -> None:
    """What `Redirected` replaces is all that is absolute and not a command's."""
    paths = set(re.findall(r"(?<![\w:/.$*-])/[\w./-]+", code_copy["OnCreate"]))
    assert {path for path in paths if not path.startswith((HOME, METADATA))} == {"/bin/bash"}


def test_a_second_start_harms_nothing(code_copy: dict[str, str], boot: Boot) -> None:
    machine = boot()
    for when in ("OnCreate", "OnStart"):
        assert machine.run(code_copy[when]).returncode == 0
    (machine.home / TARGET / "src/train.py").write_bytes(b"mine")
    (machine.home / "SageMaker/own.ipynb").write_bytes(b"{}")
    config = machine.home / ".aws/config"
    config.write_text(machine.config() + "\n[profile other]\noutput = json\n")
    ran = machine.run(code_copy["OnStart"])
    assert (ran.returncode, ran.stderr) == (0, "")
    kept = {f"{TARGET}/src/train.py": b"mine", "SageMaker/own.ipynb": b"{}"}
    assert machine.files() == COPIED | kept
    assert "output = json" in machine.config()
    # Should it ever run again: the team's code as it is now, and nobody's own files gone.
    assert machine.run(code_copy["OnCreate"]).returncode == 0
    assert machine.files() == COPIED | {"SageMaker/own.ipynb": b"{}"}


def test_the_tools_are_set_to_the_notebooks_region(code_copy: dict[str, str], boot: Boot) -> None:
    machine = boot()
    assert machine.run(code_copy["OnStart"]).returncode == 0
    lines = {line.replace(" ", "") for line in machine.config().splitlines() if line.strip()}
    assert lines == {"[default]", "region=eu-west-1", "sts_regional_endpoints=regional"}


def test_a_project_without_a_code_bucket_copies_nothing(deployed: Deployment, boot: Boot) -> None:
    found = scripts(deployed, "Provisioned-LC-vision")
    assert set(found) == {"OnStart"}
    machine = boot()
    assert machine.run(found["OnStart"]).returncode == 0
    assert machine.files() == {}


def test_files_of_any_name_arrive(
    deployed: Deployment, code_copy: dict[str, str], boot: Boot
) -> None:
    extra = {"a b/c d.txt": b"", "deep/" * 9 + "é.bin": bytes(range(256)), "-r": b"x"}
    for key, body in extra.items():
        deployed.client("s3").put_object(Bucket=CODE_BUCKET, Key=key, Body=body)
    machine = boot()
    assert machine.run(code_copy["OnCreate"]).returncode == 0
    assert machine.files() == COPIED | {f"{TARGET}/{key}": body for key, body in extra.items()}


class TestFailures:
    """SageMaker shows what a script wrote to stderr, and fails the notebook for its exit code."""

    def fails(self, machine: Machine, script: str) -> str:
        ran = machine.run(script)
        assert ran.returncode == 1
        line = next(n for n, text in enumerate(script.splitlines(), 1) if "aws s3 cp" in text)
        assert f"lifecycle script failed at line {line}: timeout {COPY_SECONDS} aws" in ran.stderr
        return ran.stderr

    def test_fails_when_the_bucket_is_gone(
        self, deployed: Deployment, code_copy: dict[str, str], boot: Boot
    ) -> None:
        s3 = deployed.client("s3")
        for key in CODE_FILES:
            s3.delete_object(Bucket=CODE_BUCKET, Key=key)
        s3.delete_bucket(Bucket=CODE_BUCKET)
        told = self.fails(boot(), code_copy["OnCreate"])
        assert (
            "fatal error: An error occurred (NoSuchBucket) when calling the ListObjectsV2"
            " operation: The specified bucket does not exist"
        ) in told

    def test_fails_when_the_role_may_not_list(
        self, deployed: Deployment, code_copy: dict[str, str], boot: Boot
    ) -> None:
        self.take_away(deployed, "s3:ListBucket")
        told = self.fails(boot(), code_copy["OnCreate"])
        assert (
            "fatal error: An error occurred (AccessDenied) when calling the ListObjectsV2" in told
        )

    def test_fails_when_one_file_may_not_be_read_and_copies_the_others(
        self, deployed: Deployment, code_copy: dict[str, str], boot: Boot
    ) -> None:
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{CODE_BUCKET}/src/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        deployed.client("s3").put_bucket_policy(Bucket=CODE_BUCKET, Policy=policy)
        machine = boot()
        told = self.fails(machine, code_copy["OnCreate"])
        assert f"download failed: s3://{CODE_BUCKET}/src/train.py to " in told
        assert "(AccessDenied) when calling the GetObject operation" in told
        left = {path: body for path, body in COPIED.items() if "/src/" not in path}
        assert machine.files() == left

    def test_fails_when_the_networks_endpoint_does_not_let_it(
        self, deployed: Deployment, code_copy: dict[str, str], boot: Boot
    ) -> None:
        endpoint = deployed.output("network-main", "s3_endpoint_id")
        deployed.client("ec2").modify_vpc_endpoint(
            VpcEndpointId=endpoint,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
        )
        told = self.fails(boot(), code_copy["OnCreate"])
        assert "(AccessDenied)" in told

    def test_fails_without_the_notebooks_metadata(
        self, code_copy: dict[str, str], boot: Boot
    ) -> None:
        machine = boot()
        machine.metadata.write_text("{}")
        ran = machine.run(code_copy["OnCreate"])
        assert ran.returncode == 1
        assert "lifecycle script failed at line" in ran.stderr
        assert machine.files() == {}

    def test_fails_before_sagemaker_gives_up_when_the_copy_hangs(
        self, code_copy: dict[str, str], boot: Boot
    ) -> None:
        """The script as it is; only the clock of `timeout` runs a hundred times as fast."""
        machine = boot()
        real = shutil.which("timeout")
        machine.command("timeout", f'exec {real} "0$((10#$1 / 100)).$((10#$1 % 100))" "${{@:2}}"')
        machine.command("aws", '[ "$1" = configure ] || exec sleep 60')
        began = time.monotonic()
        ran = machine.run(code_copy["OnCreate"])
        took = time.monotonic() - began
        assert ran.returncode == 124
        assert f"timeout {COPY_SECONDS} aws s3 cp" in ran.stderr
        assert COPY_SECONDS / 100 <= took < 30
        assert COPY_SECONDS < SAGEMAKER_SECONDS

    @staticmethod
    def take_away(deployment: Deployment, action: str) -> None:
        """Deny an action to the execution role, whatever else allows it."""
        role = deployment.output(STACK, "execution_role_arn").rpartition("/")[2]
        deny: dict[str, Any] = {"Effect": "Deny", "Action": action, "Resource": "*"}
        deployment.client("iam").put_role_policy(
            RoleName=role,
            PolicyName="taken-away",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
        )


REAL = shutil.which("aws")


@pytest.mark.parametrize("command", ["stand-in", *([REAL] if REAL else [])])
def test_the_aws_cli_does_the_same(code_copy: dict[str, str], boot: Boot, command: str) -> None:
    """The stand-in of these tests, and the CLI itself where it is installed."""
    machine = boot()
    if command != "stand-in":
        machine.command("aws", f'HOME={Path.home()} exec {command} "$@"')
        machine.environment.pop(VPC_ENDPOINT)
    for when in ("OnCreate", "OnStart"):
        ran = machine.run(code_copy[when])
        assert (ran.returncode, ran.stderr) == (0, "")
    assert machine.files() == COPIED
    lines = {line.replace(" ", "") for line in machine.config().splitlines() if line.strip()}
    assert lines == {"[default]", "region=eu-west-1", "sts_regional_endpoints=regional"}
    missing = machine.run(code_copy["OnCreate"].replace(CODE_BUCKET, "nobodys-bucket"))
    assert missing.returncode == 1
    # Without the right to know better, AWS calls a missing bucket refused.
    assert re.search(
        r"fatal error: An error occurred \((NoSuchBucket|AccessDenied)\)", missing.stderr
    )
