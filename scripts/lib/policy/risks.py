"""Actions and condition keys that are known to matter more than others.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from scripts.lib.policy.patterns import Pattern, pattern


def _action(text: str) -> Pattern:
    return pattern(text, any_case=True)


PASS_ROLE = _action("iam:PassRole")
ASSUME_ROLE = _action("sts:AssumeRole")

ESCALATING = tuple(
    map(
        _action,
        (
            "iam:PutUserPolicy",
            "iam:PutGroupPolicy",
            "iam:PutRolePolicy",
            "iam:AttachUserPolicy",
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:CreatePolicyVersion",
            "iam:SetDefaultPolicyVersion",
            "iam:UpdateAssumeRolePolicy",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
            "iam:PutUserPermissionsBoundary",
            "iam:AddUserToGroup",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:UpdateLoginProfile",
            "kms:PutKeyPolicy",
            "kms:CreateGrant",
            "lambda:UpdateFunctionCode",
            "lambda:AddPermission",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "organizations:DetachPolicy",
        ),
    )
)
"""With one of these, who has it can give itself or others more."""

TLS_KEYS = frozenset({"aws:securetransport", "s3:tlsversion"})
ENDPOINT_KEYS = frozenset({"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"})
_ENCRYPTION = ("s3:x-amz-server-side-encryption", "kms:encryptioncontext")

LIMITING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
        "kms:viaservice",
        "s3:dataaccesspointaccount",
        "sts:externalid",
    }
)
"""Under a condition on one of these a policy for everyone is not open to everyone."""


def is_about_encryption(key: str) -> bool:
    """Tell whether a condition on this key asks for encryption."""
    return key.startswith(_ENCRYPTION)
