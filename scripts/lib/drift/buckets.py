"""Buckets that look deleted because nobody may look at them.

The AWS provider (5.100) asks S3 by HeadBucket whether a bucket is there, and takes any refusal for
"it is not". The policy of a data bucket refuses whoever is not named in ``deployers``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from scripts.lib.errors import error_code, one_line
from scripts.lib.plan_review.model import Action, ResourceChange

BUCKET = "aws_s3_bucket"
REFUSED = frozenset({"403", "AccessDenied", "Forbidden"})
"""S3's answer to HeadBucket has no body, so that botocore takes the status for the code."""


def refused_buckets(s3: Any, changes: Sequence[ResourceChange]) -> Iterator[str]:
    """Yield the names of buckets that a refresh calls deleted and that cannot be looked at.

    Args:
        s3: a client with the rights that Terraform had.
    """
    for change in changes:
        name = bucket_of(change)
        if change.type == BUCKET and change.action is Action.DESTROY and name:
            try:
                s3.head_bucket(Bucket=name)
            except ClientError as error:
                if error_code(error) in REFUSED:
                    yield name


def without(changes: Sequence[ResourceChange], buckets: Sequence[str]) -> list[ResourceChange]:
    """Return the changes that are of none of ``buckets``, nor of what belongs to one."""
    return [change for change in changes if bucket_of(change) not in buckets]


def reason(bucket: str) -> str:
    """Say why it could not be checked, and what to do."""
    return (
        f"bucket {one_line(bucket)} may not be looked at (HeadBucket is refused): name this role "
        "in deployers of the settings"
    )


def bucket_of(change: ResourceChange) -> str:
    """Return the name of the bucket that a resource is, or belongs to; "" if it is of none."""
    if not change.type.startswith("aws_s3_"):
        return ""
    name = (change.before or {}).get("bucket")
    return name if isinstance(name, str) else ""
