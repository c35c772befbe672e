from __future__ import annotations

from modules.policies.audit import audit_key_policy, delivery_policy, log_bucket_policy
from modules.policies.key import ADMINISTRATION
from tests.unit.modules.policies.authorization import ENV, faults

TRAIL = "arn:aws-cn:cloudtrail:cn-north-1:123456789012:trail/watch"
LOGS = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/cloudtrail/watch"
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def test_the_bucket_takes_logs_of_this_trail_alone() -> None:
    policy = log_bucket_policy(env=ENV, bucket_name="logs", trail_name="watch")
    tls, check, deliver = policy["Statement"]
    assert tls["Sid"] == "DenyInsecureTransport"
    assert check == {
        "Sid": "CloudTrailChecksTheBucket",
        "Effect": "Allow",
        "Principal": CLOUDTRAIL,
        "Action": ["s3:GetBucketAcl"],
        "Resource": ["arn:aws-cn:s3:::logs"],
        "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
    }
    assert deliver == {
        "Sid": "CloudTrailDelivers",
        "Effect": "Allow",
        "Principal": CLOUDTRAIL,
        "Action": ["s3:PutObject"],
        "Resource": ["arn:aws-cn:s3:::logs/AWSLogs/123456789012/*"],
        "Condition": {
            "StringEquals": {
                "aws:SourceArn": TRAIL,
                "s3:x-amz-acl": "bucket-owner-full-control",
            }
        },
    }
    assert faults(policy) == []


def test_the_key_serves_this_trail_and_this_log_group() -> None:
    policy = audit_key_policy(env=ENV, trail_name="watch", log_group_name="/aws/cloudtrail/watch")
    administration, *rest = policy["Statement"]
    assert administration["Action"] == list(ADMINISTRATION)
    assert rest == [
        {
            "Sid": "ReadingByIam",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"},
            "Action": ["kms:Decrypt"],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"kms:CallerAccount": "123456789012"}},
        },
        {
            "Sid": "CloudTrailEncrypts",
            "Effect": "Allow",
            "Principal": CLOUDTRAIL,
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
        },
        {
            "Sid": "LogGroupEncrypts",
            "Effect": "Allow",
            "Principal": {"Service": "logs.cn-north-1.amazonaws.com.cn"},
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            "Resource": ["*"],
            "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": LOGS}},
        },
    ]


def test_delivery_writes_to_the_trails_own_streams() -> None:
    policy = delivery_policy(env=ENV, log_group_name="/aws/cloudtrail/watch")
    assert policy["Statement"] == [
        {
            "Sid": "WriteTrailStreams",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [f"{LOGS}:log-stream:123456789012_CloudTrail_cn-north-1*"],
        }
    ]
    assert faults(policy) == []
