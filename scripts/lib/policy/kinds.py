"""What a policy is attached to, which decides what its statements mean to a reader."""

from __future__ import annotations

from enum import StrEnum


class PolicyKind(StrEnum):
    """Kinds of policies. Of a resource's policies, some have words and rules of their own."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    """A permissions boundary or a service control policy: it limits, and grants nothing."""
    TRUST = "trust"
    S3 = "s3"
    KMS = "kms"
    ENDPOINT = "endpoint"
    """Of a VPC endpoint: it limits what goes through, and grants nothing."""
    RESOURCE = "resource"
