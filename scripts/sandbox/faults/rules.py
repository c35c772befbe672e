"""Which calls meet what, as frozen rules that can be combined.

Shares are drawn by the rule's seed, the operation and the number of the call: the same calls meet
the same again in the next run, whichever thread makes them.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from scripts.lib.errors import InputError
from scripts.sandbox.faults.answers import (
    DENIED,
    EXPIRED,
    FAILED,
    THROTTLED,
    Answer,
    Cut,
    Pause,
    Refusal,
)

LONGEST_DELAY = 60
_OPERATION = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a rule is asked about.

    Attributes:
        operation: AWS's name of it, such as `DescribeUserProfile`.
        number: how often this operation has been called, this time included.
        total: how many calls of any operation there have been, this one included.
    """

    operation: str
    number: int
    total: int


class Rule(ABC):
    """Answers calls in the sandbox's place, or lets them pass."""

    @abstractmethod
    def answer(self, call: Call) -> Answer | None:
        """What `call` meets; None to let it pass."""


AnyRule = Rule | Callable[[str, int], Answer | None]
"""A rule, or a function that does the same for an operation and the call's number."""


@dataclass(frozen=True)
class ByFunction(Rule):
    """A rule whose decision is a function's."""

    function: Callable[[str, int], Answer | None]

    def answer(self, call: Call) -> Answer | None:
        return self.function(call.operation, call.number)


@dataclass(frozen=True)
class _Share(Rule):
    """A share (0 to 1) of the calls, of all `operations` if none are named."""

    share: float
    operations: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        _require_number(f"share of {type(self).__name__}", self.share, 1)
        _require_operations(self, self.operations)

    def _draws(self, call: Call) -> bool:
        if self.operations and call.operation not in self.operations:
            return False
        key = f"{type(self).__name__}/{self.seed}/{call.operation}/{call.number}"
        return Random(key).random() < self.share  # noqa: S311  nothing secret is drawn


@dataclass(frozen=True)
class Throttle(_Share):
    """Refuse a share of the calls as made too fast: `ThrottlingException`, `Throttling`, ..."""

    def answer(self, call: Call) -> Answer | None:
        return THROTTLED if self._draws(call) else None


@dataclass(frozen=True)
class Fail(_Share):
    """Refuse a share of the calls with a 500."""

    def answer(self, call: Call) -> Answer | None:
        return FAILED if self._draws(call) else None


@dataclass(frozen=True)
class Drop(_Share):
    """Close the connection of a share of the calls: before, or `after` they had their effect."""

    after: bool = False

    def answer(self, call: Call) -> Answer | None:
        return Cut(forwards=self.after) if self._draws(call) else None


@dataclass(frozen=True)
class Delay(Rule):
    """Add seconds (0 to 60) to each answer, or to those of `operations` alone. Delays add up."""

    seconds: float
    operations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_number("seconds of Delay", self.seconds, LONGEST_DELAY)
        _require_operations(self, self.operations)

    def answer(self, call: Call) -> Answer | None:
        meant = not self.operations or call.operation in self.operations
        return Pause(self.seconds) if meant else None


@dataclass(frozen=True)
class Expire(Rule):
    """Refuse every call from the n-th of all on: the credentials have expired."""

    call: int

    def __post_init__(self) -> None:
        _require_call(self, self.call)

    def answer(self, call: Call) -> Answer | None:
        return EXPIRED if call.total >= self.call else None


@dataclass(frozen=True)
class Deny(Rule):
    """Refuse every call of `operations`: the caller may not make it."""

    operations: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_operations(self, self.operations)
        if not self.operations:
            raise InputError("operations of Deny is empty, allowed: one name or more")

    def answer(self, call: Call) -> Answer | None:
        return DENIED if call.operation in self.operations else None


@dataclass(frozen=True)
class Refuse(Rule):
    """Refuse one call of an operation, the first unless told otherwise, with a code of AWS's."""

    operation: str
    code: str
    call: int = 1

    def __post_init__(self) -> None:
        _require_operations(self, (self.operation,))
        _require_call(self, self.call)

    def answer(self, call: Call) -> Answer | None:
        meant = (call.operation, call.number) == (self.operation, self.call)
        return Refusal(self.code) if meant else None


@dataclass(frozen=True)
class Forge(Rule):
    """Answer each call of an operation of the JSON protocol with what is given."""

    operation: str
    body: dict[str, Any]

    def __post_init__(self) -> None:
        _require_operations(self, (self.operation,))

    def answer(self, call: Call) -> Answer | None:
        return self.body if call.operation == self.operation else None


def _require_number(name: str, value: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 <= value <= most):
        raise InputError(f"{name} is {value!r}, allowed: 0 to {most:g}")


def _require_call(rule: Rule, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        name = type(rule).__name__
        raise InputError(f"call of {name} is {value!r}, allowed: whole numbers from 1 on")


def _require_operations(rule: Rule, given: object) -> None:
    names = given if isinstance(given, tuple) else None
    if names is None or not all(isinstance(n, str) and _OPERATION.fullmatch(n) for n in names):
        raise InputError(
            f"operations of {type(rule).__name__} is {given!r}, allowed: a tuple of AWS's names,"
            " such as ('GetRole',)"
        )
