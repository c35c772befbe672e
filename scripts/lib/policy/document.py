"""An AWS policy document as typed data: the same meaning gives the same data.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scripts.lib.errors import ToolError
from scripts.lib.policy.patterns import Pattern

ALLOW, DENY = "Allow", "Deny"
AWS, ACCOUNT, SERVICE = "AWS", "Account", "Service"

Item = TypeVar("Item")


class PolicyError(ToolError):
    """What was given is not a policy document; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """Somebody, by name.

    Attributes:
        kind: ``AWS``, ``Service``, ``Federated``, ``CanonicalUser``; ``Account`` for all of an
            account, which documents write as its id or as the ARN of its root.
        name: as the document has it; the 12 digits of an account; ``*`` for everyone.
    """

    kind: str
    name: str

    @property
    def account_id(self) -> str:
        """Return the account that an account or an ARN is of, or ""."""
        if self.kind == ACCOUNT:
            return self.name
        parts = self.name.split(":")
        return parts[4] if self.kind == AWS and len(parts) > 4 else ""  # noqa: PLR2004


EVERYONE = Principal(AWS, "*")


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Item]):
    """The items that a statement names, or all but these (``NotAction`` and its like)."""

    items: tuple[Item, ...]
    all_but: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: an operator, one key, and the values it is compared with.

    Attributes:
        quantifier: ``ForAllValues``, ``ForAnyValue`` or "".
        operator: without quantifier and ``IfExists``, in AWS's spelling where it is known.
        key: in lower case; ``name`` is the document's spelling.
        values: sorted, each once; booleans and numbers as text.
        variables: ``${...}`` occurs in a value and is a variable.
    """

    quantifier: str
    operator: str
    if_exists: bool
    key: str
    values: tuple[str, ...]
    variables: bool = False
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. All of ``conditions`` must hold.

    Attributes:
        principals: None in a policy that is attached to its subject.
        resources: None where the document names none, as in a trust policy.
    """

    effect: str
    principals: Chosen[Principal] | None
    actions: Chosen[Pattern]
    resources: Chosen[Pattern] | None
    conditions: tuple[Condition, ...] = ()
    sid: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """The statements of a document, in its order. Its version has gone into their patterns."""

    statements: tuple[Statement, ...] = ()
