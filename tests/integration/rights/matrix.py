"""An attempt, what comes of it for each person, and the table that README shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, error_code
from scripts.sandbox.decisions import Decided
from tests.integration.rights.world import Who, World

REFUSED_CODES = {*ACCESS_DENIED, "UnauthorizedOperation"}


class Outcome(StrEnum):
    """A cell of the matrix."""

    YES = "**yes**"
    IAM = "no"
    """No policy of the caller's own allows it."""
    BUCKET = "bucket"
    KEY = "key"
    TRUST = "trust"
    ENDPOINT = "endpoint"
    PORTFOLIO = "portfolio"
    PRODUCT = "product"


MEANING = {
    Outcome.IAM: "no policy that the caller carries allows it",
    Outcome.BUCKET: "the bucket's policy denies it",
    Outcome.KEY: "the key's policy does not allow it",
    Outcome.TRUST: "the role's trust policy does not allow it",
    Outcome.ENDPOINT: "the VPC endpoint's policy does not allow it",
    Outcome.PORTFOLIO: "the portfolio gives the caller no access",
    Outcome.PRODUCT: "the product's template does not take the value",
}
"""What refuses."""
_KINDS = {
    "identity-based policy": Outcome.IAM,
    "role trust policy": Outcome.TRUST,
    "VPC endpoint policy": Outcome.ENDPOINT,
}
_RESOURCES = {"s3": Outcome.BUCKET, "kms": Outcome.KEY}
# How services say that they cannot take on a role, which is asked of its trust.
_NOT_TRUSTED = ("Could not assume role", "cannot be assumed")


class RefusedByProductError(Exception):
    """A launch ended because of a value that the template does not allow."""


@dataclass(frozen=True)
class Attempt:
    """A row of the matrix.

    ``act`` raises ClientError or RefusedByProductError when it is refused. ``refused`` names
    what refuses whom; all who are neither there nor in ``allowed`` get ``otherwise``.
    """

    what: str
    act: Callable[[World, Who], object]
    allowed: frozenset[Who] = frozenset()
    refused: Mapping[Who, Outcome] = field(default_factory=dict)
    otherwise: Outcome = Outcome.IAM
    changes: bool = True
    """Whether the world is another afterwards."""

    def expected(self, who: Who) -> Outcome:
        return Outcome.YES if who in self.allowed else self.refused.get(who, self.otherwise)


def outcome(world: World, who: Who, attempt: Attempt) -> Outcome:
    """Let somebody try, and say what came of it; errors of other kinds are raised."""
    world.sandbox.clear_decisions()
    try:
        attempt.act(world, who)
    except RefusedByProductError:
        return Outcome.PRODUCT
    except ClientError as error:
        if error_code(error) in REFUSED_CODES:
            return _of_decision(world.sandbox.decisions())
        message = error.response["Error"]["Message"]
        if error_code(error) == "ResourceNotFoundException":
            return Outcome.PORTFOLIO
        if any(sign in message for sign in _NOT_TRUSTED):
            return Outcome.TRUST
        raise
    return Outcome.YES


def _of_decision(decisions: list[Decided]) -> Outcome:
    """The last refusal is the one that was answered."""
    refusal = [decided for decided in decisions if not decided.allowed][-1]
    kind = refusal.reason.removeprefix("explicit deny in ").removeprefix("no allow in ")
    return _KINDS.get(kind) or _RESOURCES[refusal.action.split(":")[0]]


def table(sections: Mapping[str, Iterable[Attempt]]) -> str:
    """README's block: a legend, then a table of Markdown for each section."""
    reasons = ",\n".join(f"*{cell}*: {meaning}" for cell, meaning in MEANING.items())
    legend = f"{Outcome.YES} is allowed, everything else is refused:\n{reasons}."
    blocks = (_section(title, attempts) for title, attempts in sections.items())
    return "\n\n".join([legend, *blocks])


def _section(title: str, attempts: Iterable[Attempt]) -> str:
    lines = [_line(title, [who.value for who in Who]), _line("---", ["---"] * len(Who))]
    lines += [_line(each.what, [each.expected(who).value for who in Who]) for each in attempts]
    return "\n".join(lines)


def _line(first: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"
