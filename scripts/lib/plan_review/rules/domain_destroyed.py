"""SageMaker Domains and what people keep in them."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "domain-destroyed",
    "A Domain, a user profile or a space goes",
    "People's home directories, spaces and settings are in them.",
    Risk.HIGH,
)
_DOMAIN = "aws_sagemaker_domain"
_PROFILE = "aws_sagemaker_user_profile"
_SPACE = "aws_sagemaker_space"
TYPES = frozenset({_DOMAIN, _PROFILE, _SPACE})
_MEND = "Have its users copy their files to a bucket first."


def check(subject: Subject) -> Iterator[Finding]:
    """Find Domains, user profiles and spaces that are destroyed or replaced."""
    if not subject.takes_data:
        return
    kind = subject.change.type
    if kind == _DOMAIN:
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetentionPolicy.html
        deleted = subject.before("retention_policy", "home_efs_file_system") == "Delete"
        yield subject.find(
            RULE,
            "The home directories of all its users are deleted with the Domain."
            if deleted
            else "All its users lose their home directories, of which only the file system stays "
            "behind.",
            mend=_MEND,
        )
    elif subject.ends_with(_DOMAIN, "domain_id"):
        return
    elif kind == _SPACE:
        yield subject.find(RULE, "All that is on the space's volume is deleted.", mend=_MEND)
    else:
        yield subject.find(
            RULE,
            "The user loses the apps and the home directory of this profile.",
            mend=_MEND,
            risk=Risk.MEDIUM,
        )
