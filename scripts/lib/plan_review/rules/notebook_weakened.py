"""What keeps a notebook closed."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "notebook-weakened",
    "A notebook is opened",
    "Code of strangers runs in notebooks: what they can reach, it can reach.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_sagemaker_notebook_instance"})
_IMDS = ("instance_metadata_service_configuration", "minimum_instance_metadata_service_version")


def check(subject: Subject) -> Iterator[Finding]:
    """Find notebook instances that get internet, root, or lose their key."""
    if subject.becomes("direct_internet_access", value="Enabled"):
        yield subject.find(
            RULE,
            "The notebook reaches the internet past the VPC and its endpoints, and data can leave "
            "that way.",
            mend="Set direct_internet_access to Disabled.",
            risk=Risk.HIGH,
        )
    if subject.turns("root_access", was="Disabled", becomes="Enabled"):
        yield subject.find(
            RULE,
            "The notebook's user becomes root and can switch off what its lifecycle "
            "configuration sets up.",
            mend="Set root_access to Disabled.",
        )
    if subject.loses("kms_key_id"):
        yield subject.find(
            RULE, "The notebook's volume is no longer encrypted under your key.", mend="Keep it."
        )
    if subject.turns(*_IMDS, was="2", becomes="1"):
        yield subject.find(
            RULE,
            "Version 1 of the instance metadata service hands the role's credentials to whatever "
            "makes the notebook ask for them.",
            mend='Set minimum_instance_metadata_service_version to "2".',
        )
