"""What a function's process is given: files, environment, and the order to its bootstrap."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore

from scripts.sandbox.guard import ENDPOINT, NOWHERE, require_sandbox
from scripts.sandbox.service_sessions import Credentials

LIBRARIES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
"""What Lambda's Python runtime holds beside the standard library:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html#python-sdk-included"""
SITE = Path(botocore.__file__).parents[1]
"""Where they are installed."""
TASK, TEMPORARY = "task", "tmp"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A version of a function as it is deployed. `timeout` in seconds, `memory` in MB."""

    name: str
    version: str
    region: str
    runtime: str
    handler: str
    role: str
    timeout: int
    memory: int
    log_group: str
    code: bytes = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a function.

    Attributes:
        function: what is called.
        event: JSON.
        endpoint: of the server that was asked, which the function's own calls go to.
        invoked_arn: as it was asked for, with a version or alias.
        request_id: retries of one event share it.
    """

    function: Deployed
    event: str = field(repr=False)
    endpoint: str
    invoked_arn: str
    request_id: str


def unpack(code: bytes, scratch: Path) -> Path:
    """Unpack a zip below `scratch`, and return where.

    Raises:
        zipfile.BadZipFile: it is none.
    """
    task = scratch / TASK
    (scratch / TEMPORARY).mkdir()
    with zipfile.ZipFile(io.BytesIO(code)) as zipped:
        zipped.extractall(task)
    return task


def environment(
    call: Invocation, credentials: Credentials, stream: str, scratch: Path
) -> dict[str, str]:
    """The whole environment: the function's own variables, Lambda's, and no way off this machine.

    Lambda's: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

    Raises:
        GuardError: the function's variables point a service's calls at another endpoint.
    """
    function = call.function
    whole = {
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
        "TZ": ":UTC",
        **function.variables,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "LAMBDA_TASK_ROOT": str(scratch / TASK),
        "_HANDLER": function.handler,
        # The rest stands for what is around the function in AWS: network, disk, no home.
        ENDPOINT: call.endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TMPDIR": str(scratch / TEMPORARY),
        **NOWHERE,
    }
    require_sandbox(whole)
    return whole


def order(call: Invocation, scratch: Path) -> dict[str, Any]:
    """What the bootstrap is told."""
    return {
        "handler": call.function.handler,
        "event": call.event,
        "request_id": call.request_id,
        "invoked_arn": call.invoked_arn,
        "timeout": call.function.timeout,
        "scratch": str(scratch),
        "task_root": str(scratch / TASK),
        "site": str(SITE),
        "libraries": LIBRARIES,
    }
