"""Notebooks that go, and their volumes."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "notebook-destroyed",
    "A notebook is destroyed",
    "A notebook's volume, with all that people saved on it, is deleted with it.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_sagemaker_notebook_instance"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find notebook instances that are destroyed or replaced."""
    if subject.takes_data:
        yield subject.find(
            RULE,
            "All that is on the notebook's volume is deleted.",
            mend="Have its user copy the files to the bucket first.",
        )
