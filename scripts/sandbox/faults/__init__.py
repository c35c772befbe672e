"""A proxy on 127.0.0.1 before the sandbox, for what goes wrong on the way to AWS.

- ``answers``: what comes instead of the sandbox's answer, or besides it.
- ``rules``: which calls meet it.
- ``requests``: what a call asks for, and in which of AWS's protocols.
- ``errors``: AWS's errors, written as each protocol writes them.
- ``ledger``: asks the rules about each call, and counts.
- ``server``: passes calls on.
- ``proxy``: the handle on it.
"""

from scripts.sandbox.faults.answers import Answer, Cut, Hold, Pause, Refusal
from scripts.sandbox.faults.ledger import Counts
from scripts.sandbox.faults.proxy import FaultProxy
from scripts.sandbox.faults.rules import (
    AnyRule,
    Call,
    Delay,
    Deny,
    Drop,
    Expire,
    Fail,
    Forge,
    Refuse,
    Rule,
    Throttle,
)

__all__ = [
    "Answer",
    "AnyRule",
    "Call",
    "Counts",
    "Cut",
    "Delay",
    "Deny",
    "Drop",
    "Expire",
    "Fail",
    "FaultProxy",
    "Forge",
    "Hold",
    "Pause",
    "Refusal",
    "Refuse",
    "Rule",
    "Throttle",
]
