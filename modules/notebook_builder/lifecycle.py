"""The notebooks' lifecycle configurations: what runs as root when a notebook is made, started.

Scripts may take 5 minutes and 16,384 characters; one that takes longer or fails keeps the
notebook from coming into service, with its output in /aws/sagemaker/NotebookInstances.
"""

from __future__ import annotations

import base64
import re
import shlex

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.sagemaker_notebook_instance_lifecycle_configuration import (
    SagemakerNotebookInstanceLifecycleConfiguration as LifecycleConfiguration,
)
from constructs import Construct

from modules.naming import BUCKET_NAME_LIMIT, ProjectNames

SCRIPT_LIMIT = 16384
"""Characters, base64 included: botocore's model has the same number for the encoded content."""
COPY_SECONDS = 240
"""Of SageMaker's 5 minutes; the rest is for everything else that the script does."""

HOME = "/home/ec2-user"
METADATA = "/opt/ml/metadata/resource-metadata.json"
"""Where SageMaker tells a notebook its own ARN, which holds its Region."""

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")

_REGIONAL_STS = """\
#!/bin/bash
set -euo pipefail
trap 'echo "lifecycle script failed at line $LINENO: $BASH_COMMAND" >&2' ERR

region=$(sed -nE 's/.*"ResourceArn": *"arn:[^:]+:sagemaker:([^:]+):.*/\\1/p' {metadata})
test -n "$region"

install -d {home}/.aws
export AWS_CONFIG_FILE={home}/.aws/config
aws configure set region "$region"
aws configure set sts_regional_endpoints regional
chown -R ec2-user:ec2-user {home}/.aws
"""

_COPY = """\

target={target}
install -d "$target"
timeout {seconds} aws s3 cp {source} "$target" --recursive --only-show-errors
chown -R ec2-user:ec2-user "$target"
"""


def regional_sts_script(*, home: str = HOME, metadata: str = METADATA) -> str:
    """Return the script that makes the notebook user's AWS tools call the Region's own STS.

    Without it some call the global endpoint, which a VPC without internet cannot reach. It
    goes through the AWS CLI, so that what the user has configured since stays.
    """
    return _REGIONAL_STS.format(home=shlex.quote(home), metadata=shlex.quote(metadata))


def code_copy_script(bucket: str, *, home: str = HOME, metadata: str = METADATA) -> str:
    """Return the script that also copies ``bucket`` into the notebook's home.

    In the foreground, with a limit below SageMaker's own: a notebook whose code did not arrive
    must not come into service in silence, and a copy in the background has nobody to tell. It
    goes under SageMaker/, the only part of the home that outlives a stop.
    """
    return regional_sts_script(home=home, metadata=metadata) + _COPY.format(
        seconds=COPY_SECONDS,
        source=shlex.quote(f"s3://{bucket}/"),
        target=shlex.quote(f"{home}/SageMaker/{bucket}"),
    )


class LifecycleConfigs(Construct):
    """``Provisioned-LC`` and, for a code bucket, ``Provisioned-LC-S3`` of one project."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: ProjectNames,
        code_bucket_name: str | None = None,
    ) -> None:
        """Raises ValueError when ``code_bucket_name`` is no bucket's name known at synthesis."""
        super().__init__(scope, id_)
        on_start = _encoded(regional_sts_script())
        self._names = {"default": names.lifecycle_config}
        self.dependables: list[ITerraformDependable] = [
            LifecycleConfiguration(self, "Resource", name=names.lifecycle_config, on_start=on_start)
        ]
        """What has to exist before a notebook can be made with one of them."""
        if code_bucket_name is not None:
            self._check_bucket(code_bucket_name)
            self._names["s3"] = names.lifecycle_config_s3
            code_copy = LifecycleConfiguration(
                self,
                "CodeCopy",
                name=names.lifecycle_config_s3,
                on_create=_encoded(code_copy_script(code_bucket_name)),
                on_start=on_start,
            )
            self.dependables.append(code_copy)

    @property
    def names(self) -> dict[str, str]:
        """Physical names by ``default`` and, if there is a code bucket, ``s3``."""
        return dict(self._names)

    def _check_bucket(self, name: str) -> None:
        if Token.is_unresolved(name) or not BUCKET_NAME.fullmatch(name):
            raise ValueError(
                f"{self.node.path}: code_bucket_name must be a bucket's name known at synthesis "
                f"(3 to {BUCKET_NAME_LIMIT} of a-z, 0-9, dot, hyphen), got {name!r}"
            )


def _encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()
