"""Requests without TLS."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "tls-dropped",
    "TLS is no longer demanded",
    "Without it, data and signatures can be read on the way.",
    Risk.HIGH,
)
check = of_concerns(
    RULE, ConcernKind.TLS_DROPPED, mend="Keep the Deny of aws:SecureTransport = false."
)
