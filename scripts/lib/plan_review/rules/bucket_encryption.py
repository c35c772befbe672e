"""Under which key a bucket encrypts."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "bucket-encryption",
    "A bucket's encryption is weakened",
    "Who may use a key of your own decides who can read; keys that AWS manages bind nobody.",
    Risk.MEDIUM,
)
_OWN = "aws_s3_bucket_server_side_encryption_configuration"
TYPES = frozenset({_OWN, "aws_s3_bucket"})
_DEFAULT = ("rule", "apply_server_side_encryption_by_default")
_MEND = "Keep aws:kms and the key."


def check(subject: Subject) -> Iterator[Finding]:
    """Find buckets that encrypted under a key of their owner and no longer do."""
    own = subject.change.type == _OWN
    path = _DEFAULT if own else ("server_side_encryption_configuration", *_DEFAULT)
    if not _is_kms(subject.before(*path, "sse_algorithm")):
        return
    if subject.change.after is None:
        if own and subject.is_gone and not subject.ends_with("aws_s3_bucket", "bucket"):
            yield subject.find(
                RULE, "New objects are encrypted under no KMS key, only by S3.", mend=_MEND
            )
    elif subject.is_unknown(*path):
        return
    elif not _is_kms(subject.after(*path, "sse_algorithm")):
        yield subject.find(
            RULE, "New objects are encrypted under no KMS key, only by S3.", mend=_MEND
        )
    elif subject.loses(*path, "kms_master_key_id"):
        yield subject.find(
            RULE,
            "New objects are encrypted under the key aws/s3, which everybody in the account may "
            "use who may read the bucket.",
            mend=_MEND,
        )


def _is_kms(algorithm: object) -> bool:
    return isinstance(algorithm, str) and algorithm.startswith("aws:kms")
