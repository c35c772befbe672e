"""Policies of the audit trail: its bucket, its key, its way into CloudWatch Logs.

Each names the trail by the ARN written from its name, so that no other trail can deliver here.
"""

from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.bucket import deny_insecure_transport
from modules.policies.document import Document, document, statement
from modules.policies.key import THIS_KEY, administration

CLOUDTRAIL = "cloudtrail.amazonaws.com"


def trail_arn(env: AwsEnvironment, trail_name: str) -> str:
    return env.arn("cloudtrail", f"trail/{trail_name}")


def log_bucket_policy(*, env: AwsEnvironment, bucket_name: str, trail_name: str) -> Document:
    """Return the policy of the bucket that CloudTrail delivers to."""
    bucket = env.bucket_arn(bucket_name)
    from_trail = {"aws:SourceArn": trail_arn(env, trail_name)}
    return document(
        deny_insecure_transport(env, bucket_name),
        statement(
            "CloudTrailChecksTheBucket",
            principals={"Service": CLOUDTRAIL},
            actions=["s3:GetBucketAcl"],
            resources=[bucket],
            condition={"StringEquals": from_trail},
        ),
        statement(
            "CloudTrailDelivers",
            principals={"Service": CLOUDTRAIL},
            actions=["s3:PutObject"],
            resources=[f"{bucket}/AWSLogs/{env.account_id}/*"],
            condition={"StringEquals": {**from_trail, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    )


def audit_key_policy(*, env: AwsEnvironment, trail_name: str, log_group_name: str) -> Document:
    """Return the policy of the trail's key: IAM administers and says who reads the logs."""
    return document(
        administration(env),
        statement(
            "ReadingByIam",
            principals={"AWS": env.account_root},
            actions=["kms:Decrypt"],
            resources=THIS_KEY,
            condition={"StringEquals": {"kms:CallerAccount": env.account_id}},
        ),
        statement(
            "CloudTrailEncrypts",
            principals={"Service": CLOUDTRAIL},
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
            resources=THIS_KEY,
            condition={"StringEquals": {"aws:SourceArn": trail_arn(env, trail_name)}},
        ),
        statement(
            "LogGroupEncrypts",
            principals={"Service": f"logs.{env.region}.{env.dns_suffix}"},
            actions=[
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            resources=THIS_KEY,
            condition={
                "ArnEquals": {"kms:EncryptionContext:aws:logs:arn": _log_group(env, log_group_name)}
            },
        ),
    )


def delivery_policy(*, env: AwsEnvironment, log_group_name: str) -> Document:
    """Return the policy of the role by which CloudTrail writes to CloudWatch Logs."""
    stream = f"log-stream:{env.account_id}_CloudTrail_{env.region}*"
    return document(
        statement(
            "WriteTrailStreams",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[f"{_log_group(env, log_group_name)}:{stream}"],
        )
    )


def _log_group(env: AwsEnvironment, name: str) -> str:
    return env.arn("logs", f"log-group:{name}")
