"""Who can do what: every attempt by everybody, with the account's policies in force."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Deployment
from tests.integration.rights import data, escalation, notebooks, product
from tests.integration.rights.matrix import MEANING, Attempt, Outcome, outcome, table
from tests.integration.rights.world import Who, World, inhabited

SECTIONS = {
    "The product": product.ATTEMPTS,
    "A notebook": notebooks.ATTEMPTS,
    "Data and key": data.ATTEMPTS,
    "Roles and functions": escalation.ATTEMPTS,
}
CELLS = [
    pytest.param(who, attempt, id=f"{who.value} tries to {attempt.what}: {attempt.expected(who)}")
    for attempts in SECTIONS.values()
    for attempt in attempts
    for who in Who
]
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- rights: made by tests/integration/test_rights.py -->\n", "<!-- rights end -->"


@pytest.fixture(scope="module")
def world(applied: Deployment) -> Iterator[World]:
    with inhabited(applied) as world:
        yield world


@pytest.mark.parametrize(("who", "attempt"), CELLS)
def test_it_comes_out_as_designed(world: World, who: Who, attempt: Attempt) -> None:
    expected = attempt.expected(who)
    if attempt.changes and expected is Outcome.YES:
        with world.copy() as own:
            assert outcome(own, who, attempt) == expected
    else:
        assert outcome(world, who, attempt) == expected


def test_everything_that_can_refuse_is_met() -> None:
    met = {attempt.expected(who) for each in SECTIONS.values() for attempt in each for who in Who}
    assert met == set(Outcome) == {*MEANING, Outcome.YES}


def test_readme_shows_these_attempts() -> None:
    """UPDATE_GOLDEN=1 writes the table anew, to be read in the diff."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    made = f"{before}{BEGIN}\n{table(SECTIONS)}\n\n{END}{after}"
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(made, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == made
