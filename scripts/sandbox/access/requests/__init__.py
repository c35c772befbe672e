"""From a call to the authorisation requests that it means, one module for each service."""

from collections.abc import Callable, Iterable

from scripts.sandbox.access.requests import (
    awslambda,
    cloudformation,
    cloudwatch,
    ec2,
    generic,
    iam,
    kms,
    logs,
    s3,
    sagemaker,
    servicecatalog,
    sts,
)
from scripts.sandbox.access.requests.call import Call, Need

__all__ = ["PREFIXES", "Call", "Need", "needs"]

# Signing names that differ from IAM's prefixes.
PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
_SERVICES: dict[str, Callable[[Call], Iterable[Need]]] = {
    "cloudformation": cloudformation.needs,
    "cloudwatch": cloudwatch.needs,
    "ec2": ec2.needs,
    "iam": iam.needs,
    "kms": kms.needs,
    "lambda": awslambda.needs,
    "logs": logs.needs,
    "s3": s3.needs,
    "sagemaker": sagemaker.needs,
    "servicecatalog": servicecatalog.needs,
    "sts": sts.needs,
}


def needs(call: Call) -> list[Need]:
    """Every right that a call takes, in the order in which AWS asks for them."""
    return list(_SERVICES.get(call.service, generic.needs)(call))
