"""AWS policy documents compared by meaning: who gains or loses what, and what is dangerous.

``compare(read_policy(before), read_policy(after))`` says what was gained and lost; ``sentences``
say it in words, and ``concerns`` what of it is dangerous.

- ``document``, ``reading``, ``operators``: a document as typed data.
- ``patterns``, ``values``, ``implication``, ``dimensions``: which part of a statement has another.
- ``regions``, ``coverage``, ``grouping``, ``comparison``: what of a statement nothing covers.
- ``kinds``, ``phrases``, ``sentences``, ``risks``, ``concerns``: what that means to people.
"""

from scripts.lib.policy.comparison import (
    EVERYTHING_ALLOWED,
    Comparison,
    Grant,
    How,
    compare,
)
from scripts.lib.policy.concerns import Concern, ConcernKind, Severity, concerns
from scripts.lib.policy.document import Policy, PolicyError, Statement
from scripts.lib.policy.kinds import PolicyKind
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.sentences import Sentences, sentence, sentences

__all__ = [
    "EVERYTHING_ALLOWED",
    "Comparison",
    "Concern",
    "ConcernKind",
    "Grant",
    "How",
    "Policy",
    "PolicyError",
    "PolicyKind",
    "Sentences",
    "Severity",
    "Statement",
    "compare",
    "concerns",
    "read_policy",
    "sentence",
    "sentences",
]
