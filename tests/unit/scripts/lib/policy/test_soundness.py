"""What is not said to be gained is not allowed: held against an evaluator of single requests."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.policy.comparison import Comparison, compare
from scripts.lib.policy.reading import read_policy
from scripts.sandbox.policies import ALLOW, DENY, Request, decide
from tests.unit.scripts.lib.policy.world import every_plain_request, pairs, requests, says

Document = dict[str, Any]


def compared(before: Document, after: Document) -> Comparison:
    return compare(read_policy(before), read_policy(after))


def is_new(before: Document, after: Document, request: Request) -> bool:
    return decide(after, request) == ALLOW != decide(before, request)


def is_freed(before: Document, after: Document, request: Request) -> bool:
    """Other policies may allow what this one refuses no longer."""
    return decide(before, request) == DENY != decide(after, request)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(pairs(), st.integers(0, 2**32))
def test_whatever_is_newly_allowed_or_no_longer_refused_is_told(
    pair: tuple[Document, Document], seed: int
) -> None:
    before, after = pair
    comparison = compared(before, after)
    variables = before.get("Version") is not None
    for request in requests(seed, 60):
        for first, second, told in (
            (before, after, comparison.gained),
            (after, before, comparison.lost),
        ):
            if is_new(first, second, request) or is_freed(first, second, request):
                assert says(told, request, variables=variables), request


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(pairs(plain=True))
def test_nothing_is_told_of_plain_statements_but_what_is_allowed(
    pair: tuple[Document, Document],
) -> None:
    comparison = compared(*pair)
    news = any(is_new(*pair, request) for request in every_plain_request())
    assert bool(comparison.gained) == news


def reordered(document: Document, chosen: random.Random) -> Document:
    """The same document, written otherwise."""

    def shuffled(values: list[Any]) -> list[Any]:
        return chosen.sample(values, len(values))

    def rewritten(name: str, value: Any) -> Any:
        if not name.endswith(("Action", "Resource")):
            return value
        values = value if isinstance(value, list) else [value]
        return shuffled([*values, chosen.choice(values)])

    several = [
        {name: rewritten(name, value) for name, value in shuffled(list(statement.items()))}
        for statement in document["Statement"]
    ]
    return {**document, "Statement": shuffled([*several, {**several[0], "Sid": "Again"}])}


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(pairs(), st.randoms(use_true_random=False))
def test_another_spelling_and_order_is_no_change(
    pair: tuple[Document, Document], chosen: random.Random
) -> None:
    document = pair[0]
    if document["Statement"]:
        assert compared(document, reordered(document, chosen)).is_same_meaning
