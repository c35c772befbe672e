"""What keeps a bucket from being public."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject
from scripts.lib.plan_review.shown_values import values_at

RULE = Rule(
    "bucket-public-access",
    "A bucket can become public",
    "One mistake in a policy or an ACL is then enough to show the objects to everybody.",
    Risk.HIGH,
)
_BLOCK = "aws_s3_bucket_public_access_block"
_ACCOUNT = "aws_s3_account_public_access_block"
_ACLS = frozenset({"aws_s3_bucket", "aws_s3_bucket_acl", "aws_s3_object"})
_OWNERSHIP = "aws_s3_bucket_ownership_controls"
TYPES = frozenset({_BLOCK, _ACCOUNT, _OWNERSHIP}) | _ACLS

_FLAGS = {
    "block_public_acls": "ACLs that let everybody in are accepted",
    "ignore_public_acls": "ACLs that let everybody in count",
    "block_public_policy": "policies that let everybody in are accepted",
    "restrict_public_buckets": "a public policy lets everybody in",
}
_PUBLIC_ACLS = {
    "public-read": "Everybody can read it.",
    "public-read-write": "Everybody can read and write it.",
    "authenticated-read": "Everybody who has any AWS account can read it.",
}
_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"""


def check(subject: Subject) -> Iterator[Finding]:
    """Find what opens a bucket by itself, and what no longer keeps it closed."""
    kind = subject.change.type
    if kind in (_BLOCK, _ACCOUNT):
        yield from _block(subject)
    elif kind == _OWNERSHIP:
        yield from _ownership(subject)
    else:
        yield from _acl(subject)


def _ownership(subject: Subject) -> Iterator[Finding]:
    path, enforced = ("rule", "object_ownership"), "BucketOwnerEnforced"
    was_enforced = subject.before(*path) == enforced and not subject.is_unknown(*path)
    if was_enforced and subject.after(*path) not in (enforced, None):
        yield subject.find(
            RULE,
            "ACLs count again beside the bucket's policy.",
            mend=f"Keep {enforced}.",
            risk=Risk.MEDIUM,
        )


def _block(subject: Subject) -> Iterator[Finding]:
    whose = "the account's buckets" if subject.change.type == _ACCOUNT else "the bucket"
    if subject.change.after is None:
        if subject.is_gone and not subject.ends_with("aws_s3_bucket", "bucket"):
            yield subject.find(
                RULE,
                f"Nothing keeps {whose} from being made public any more.",
                mend="Keep the block, with all four flags on.",
            )
        return
    off = [
        said
        for flag, said in _FLAGS.items()
        if subject.becomes(flag, value=False) and not subject.is_unknown(flag)
    ]
    if off:
        yield subject.find(
            RULE, f"For {whose}, {', and '.join(off)}.", mend="Keep all four flags on."
        )


def _acl(subject: Subject) -> Iterator[Finding]:
    acl = subject.after("acl")
    if isinstance(acl, str) and acl in _PUBLIC_ACLS and subject.becomes("acl", value=acl):
        yield subject.find(RULE, _PUBLIC_ACLS[acl], mend="Make it private.")
    path = ("access_control_policy", "grant", "grantee", "uri")
    before, after = (
        {uri for uri in values_at(side, *path) if isinstance(uri, str)}
        for side in (subject.change.before, subject.change.after)
    )
    if any(uri.endswith(_GROUPS) for uri in after - before):
        yield subject.find(
            RULE, "A grant of the ACL lets everybody in.", mend="Take the grant to the group out."
        )
