"""As much of the AWS CLI as lifecycle scripts use, over botocore, with its messages and codes.

Run as `aws`. It is there because the CLI pins a botocore of its own and cannot be a dependency.
"""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import Any

VPC_ENDPOINT = "SANDBOX_VPC_ENDPOINT"
"""Variable with the endpoint that calls come through."""
USAGE_STATUS = 252


def main(arguments: list[str]) -> int:
    match arguments:
        case ["configure", "set", key, value]:
            return configure(key, value)
        case ["s3", "cp", source, target, "--recursive", "--only-show-errors"]:
            return copy(source, Path(target))
    tell(f"aws: error: argument command: Invalid choice: {arguments}")
    return USAGE_STATUS


def configure(key: str, value: str) -> int:
    """Set a key of the default profile, and leave the rest of the file."""
    path = Path(os.environ["AWS_CONFIG_FILE"])
    config = configparser.RawConfigParser(default_section="")
    config.read(path)
    if not config.has_section("default"):
        config.add_section("default")
    config.set("default", key, value)
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
    return 0


def copy(source: str, target: Path) -> int:
    """Download a bucket. A refused object does not keep the others from being downloaded."""
    # Configuring, which scripts do more often, is thirty times as fast without these.
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    bucket, _, prefix = source.removeprefix("s3://").partition("/")
    s3: Any = Session().create_client("s3")
    if endpoint := os.environ.get(VPC_ENDPOINT):
        s3.meta.events.register(
            "before-sign",
            lambda request, **_: request.headers.add_header("X-Sandbox-Vpc-Endpoint", endpoint),
        )
    status = 0
    try:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    except (BotoCoreError, ClientError) as error:
        tell(f"fatal error: {error}")
        return 1
    for key in keys:
        path = target / key.removeprefix(prefix)
        try:
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            tell(f"download failed: s3://{bucket}/{key} to {path} {error}")
            status = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    return status


def tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
