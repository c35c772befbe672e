"""The rules that a command line's options mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.lib.errors import InputError
from scripts.sandbox.faults.rules import Delay, Deny, Drop, Expire, Fail, Rule, Throttle


@dataclass(frozen=True)
class Options:
    """What a person chose; nothing chosen means that nothing goes wrong.

    Attributes:
        delay: seconds added to each answer.
        slow: `OPERATION=SECONDS`, added to the answers of one operation.
        throttle: share of calls that are throttled.
        fail: share of calls that fail with a 500.
        drop: share of calls whose connection closes before they had their effect.
        drop_after: the same, after they had it.
        expire: number of the call from which on credentials have expired; 0 for never.
        deny: operations that nobody may call.
        seed: other calls are hit with another one.
    """

    delay: float = 0
    slow: Sequence[str] = ()
    throttle: float = 0
    fail: float = 0
    drop: float = 0
    drop_after: float = 0
    expire: int = 0
    deny: Sequence[str] = ()
    seed: int = 0

    def rules(self) -> tuple[Rule, ...]:
        """Rules in the order in which AWS would refuse.

        Raises:
            InputError: what was chosen cannot be; the message says what is allowed.
        """
        seed = self.seed
        chosen: list[Rule] = [Delay(self.delay)] if self.delay else []
        chosen += [_slow(each) for each in self.slow]
        chosen += [Expire(self.expire)] if self.expire else []
        chosen += [Throttle(self.throttle, seed=seed)] if self.throttle else []
        chosen += [Deny(tuple(self.deny))] if self.deny else []
        chosen += [Fail(self.fail, seed=seed)] if self.fail else []
        chosen += [Drop(self.drop, seed=seed)] if self.drop else []
        # Of another seed, or it would only hit calls that the one before it has hit.
        chosen += [Drop(self.drop_after, seed=~seed, after=True)] if self.drop_after else []
        return tuple(chosen)


def _slow(text: str) -> Delay:
    operation, _, seconds = text.partition("=")
    try:
        return Delay(float(seconds), (operation,))
    except ValueError:
        raise InputError(f"{text!r} is not OPERATION=SECONDS, such as DescribeDomain=2") from None
