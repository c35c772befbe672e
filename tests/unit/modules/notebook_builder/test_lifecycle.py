from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cdktf import Fn, TerraformStack
from cdktf import Testing as CdktfTesting

from modules.naming import BUCKET_NAME_LIMIT, BaseNames, project_names
from modules.notebook_builder.lifecycle import (
    COPY_SECONDS,
    SCRIPT_LIMIT,
    LifecycleConfigs,
    code_copy_script,
    regional_sts_script,
)

NAMES = project_names(BaseNames(), "alpha")
TYPE = "aws_sagemaker_notebook_instance_lifecycle_configuration"
ARN = "arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/amy"

AWS = """\
#!/bin/bash
echo "aws $* [$AWS_CONFIG_FILE]" >> "$CALLS"
if [ "$1" = s3 ]; then echo code > "$4/code.py"; exit "${COPY_STATUS:-0}"; fi
"""
CHOWN = '#!/bin/bash\necho "chown $*" >> "$CALLS"\n'


class Machine:
    """A notebook's file system and commands, in a scratch folder."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home with space"
        self.home.mkdir()
        self.metadata = folder / "metadata.json"
        self.metadata.write_text(json.dumps({"ResourceArn": ARN, "ResourceName": "amy"}))
        self.calls = folder / "calls"
        self.calls.touch()
        commands = folder / "bin"
        commands.mkdir()
        for name, script in (("aws", AWS), ("chown", CHOWN)):
            (commands / name).write_text(script)
            (commands / name).chmod(0o755)
        self.path = f"{commands}:{os.environ['PATH']}"

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the script under test
            ["/bin/bash", "-c", script],
            env={"PATH": self.path, "CALLS": str(self.calls), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def places(self) -> dict[str, str]:
        return {"home": str(self.home), "metadata": str(self.metadata)}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class TestScripts:
    def test_set_the_regions_own_sts_for_the_notebooks_user(self, machine: Machine) -> None:
        run = machine.run(regional_sts_script(**machine.places()))
        assert (run.returncode, run.stderr) == (0, "")
        config = f"{machine.home}/.aws/config"
        assert machine.calls.read_text().splitlines() == [
            f"aws configure set region cn-north-1 [{config}]",
            f"aws configure set sts_regional_endpoints regional [{config}]",
            f"chown -R ec2-user:ec2-user {machine.home}/.aws",
        ]

    def test_copy_the_code_into_what_outlives_a_stop(self, machine: Machine) -> None:
        run = machine.run(code_copy_script("prosm-code", **machine.places()))
        assert (run.returncode, run.stderr) == (0, "")
        target = machine.home / "SageMaker" / "prosm-code"
        assert (target / "code.py").read_text() == "code\n"
        assert machine.calls.read_text().splitlines()[3:] == [
            (
                f"aws s3 cp s3://prosm-code/ {target} --recursive --only-show-errors "
                f"[{machine.home}/.aws/config]"
            ),
            f"chown -R ec2-user:ec2-user {target}",
        ]

    def test_fail_loudly_when_the_copy_fails(self, machine: Machine) -> None:
        run = machine.run(code_copy_script("prosm-code", **machine.places()), COPY_STATUS="1")
        assert run.returncode == 1
        assert "lifecycle script failed at line" in run.stderr
        assert "s3 cp" in run.stderr

    @pytest.mark.parametrize("content", ["{}", '{"ResourceArn": "arn:aws:s3:::bucket"}'])
    def test_fail_loudly_without_a_region(self, machine: Machine, content: str) -> None:
        machine.metadata.write_text(content)
        run = machine.run(regional_sts_script(**machine.places()))
        assert run.returncode == 1
        assert "lifecycle script failed" in run.stderr
        assert machine.calls.read_text() == ""

    def test_run_again_without_harm(self, machine: Machine) -> None:
        script = code_copy_script("prosm-code", **machine.places())
        assert [machine.run(script).returncode for _ in range(2)] == [0, 0]

    @pytest.mark.parametrize("bucket", ["$(touch x)", "a b; false", "a'b"])
    def test_quote_whatever_the_bucket_is_called(self, machine: Machine, bucket: str) -> None:
        assert machine.run(code_copy_script(bucket, **machine.places())).returncode == 0
        assert (machine.home / "SageMaker" / bucket / "code.py").exists()

    def test_the_copy_ends_before_sagemaker_ends_the_script(self) -> None:
        script = code_copy_script("prosm-code")
        assert f"timeout {COPY_SECONDS} aws s3 cp" in script
        assert COPY_SECONDS < 300
        assert "nohup" not in script

    def test_the_longest_fits_with_its_encoding(self) -> None:
        script = code_copy_script("b" * BUCKET_NAME_LIMIT)
        assert len(base64.b64encode(script.encode())) <= SCRIPT_LIMIT

    @pytest.mark.parametrize("script", [regional_sts_script(), code_copy_script("prosm-code")])
    def test_are_for_the_user_of_a_real_notebook(self, script: str) -> None:
        assert "/home/ec2-user/.aws/config" in script
        assert "/opt/ml/metadata/resource-metadata.json" in script


def synthesised(**arguments: Any) -> dict[str, Any]:
    stack = TerraformStack(CdktfTesting.app(), "stack")
    LifecycleConfigs(stack, "Lifecycle", names=NAMES, **arguments)
    resources: dict[str, Any] = json.loads(CdktfTesting.synth(stack))["resource"][TYPE]
    return {resource["name"]: resource for resource in resources.values()}


def decoded(script: str) -> str:
    return base64.b64decode(script).decode()


class TestLifecycleConfigs:
    def test_without_a_code_bucket_there_is_one(self) -> None:
        (config,) = synthesised().values()
        assert config["name"] == "Provisioned-LC-alpha"
        assert decoded(config["on_start"]) == regional_sts_script()
        assert "on_create" not in config

    def test_with_a_code_bucket_the_second_copies_it_on_create(self) -> None:
        configs = synthesised(code_bucket_name="prosm-code")
        assert sorted(configs) == ["Provisioned-LC-S3-alpha", "Provisioned-LC-alpha"]
        copying = configs["Provisioned-LC-S3-alpha"]
        assert decoded(copying["on_create"]) == code_copy_script("prosm-code")
        assert decoded(copying["on_start"]) == regional_sts_script()

    def test_names_what_there_is(self) -> None:
        stack = TerraformStack(CdktfTesting.app(), "stack")
        one = LifecycleConfigs(stack, "One", names=NAMES)
        two = LifecycleConfigs(stack, "Two", names=NAMES, code_bucket_name="prosm-code")
        assert one.names == {"default": "Provisioned-LC-alpha"}
        assert two.names == {"default": "Provisioned-LC-alpha", "s3": "Provisioned-LC-S3-alpha"}

    @pytest.mark.parametrize("bucket", ["", "ab", "A-Bucket", "b" * 64, "a/b", "s3://a", "a b"])
    def test_fails_on_what_is_no_buckets_name(self, bucket: str) -> None:
        with pytest.raises(ValueError, match="stack/Lifecycle: code_bucket_name") as raised:
            synthesised(code_bucket_name=bucket)
        assert repr(bucket) in str(raised.value)

    def test_fails_on_a_name_that_only_terraform_will_know(self) -> None:
        with pytest.raises(ValueError, match="known at synthesis"):
            synthesised(code_bucket_name=Fn.lower("PROSM-CODE"))
