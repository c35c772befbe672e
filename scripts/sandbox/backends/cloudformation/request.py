"""One call: its parameters and who makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.backends.cloudformation.caller import Caller

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """Parameters by the model's names; `caller` finds out whose credentials they came with."""

    params: Mapping[str, Any]
    caller: Callable[[], Caller]

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The parameter's value, or the default."""
        value = self.params.get(name)
        return default if value is None else value
