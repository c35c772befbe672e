"""Rights to every action, of AWS or of one service."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "wildcard-action",
    "Every action is allowed",
    "Nobody can read what `*` allows: it grows with every action that AWS adds.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.ALL_ACTIONS,
    ConcernKind.ALL_OF_SERVICE,
    mend="Name the actions that are needed.",
)
