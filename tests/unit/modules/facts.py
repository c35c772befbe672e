"""One project's facts, for the tests of the catalog and its roles."""

from __future__ import annotations

from modules.naming import AwsEnvironment, BaseNames, project_names
from tools.sample_product import (
    BUILDER_ARN,
    EXECUTION_ROLE_ARN,
    FACTS,
    KEY_ARN,
    PROJECT_ID,
    SECURITY_GROUP_ID,
    SUBNET_ID,
)

__all__ = [
    "BUILDER_ARN",
    "ENV",
    "EXECUTION_ROLE_ARN",
    "FACTS",
    "KEY_ARN",
    "NAMES",
    "PROJECT_ID",
    "SECURITY_GROUP_ID",
    "SUBNET_ID",
]

ENV = AwsEnvironment(
    partition="aws-cn",
    account_id="123456789012",
    region="cn-north-1",
    dns_suffix="amazonaws.com.cn",
)
"""Not the commonest partition: a hard-coded one shows."""

NAMES = project_names(BaseNames(), "churn")
