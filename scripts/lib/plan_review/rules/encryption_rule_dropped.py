"""Writes that need not be encrypted under the key any more."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "encryption-rule-dropped",
    "Encryption under the key is no longer demanded",
    "Who may use the key decides who can read; other encryption is not bound to it.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.ENCRYPTION_DROPPED,
    mend="Keep the Deny of writes under another key.",
)
