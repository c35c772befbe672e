"""Drift of the portfolio and of launches: every change by hand is told exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.lib.drift.model import Checked, Drift, Mend, Plane
from scripts.lib.jumpstart.ledger_file import LedgerFile
from tests.unit.scripts.launchable import Launchable
from tests.unit.scripts.lib.drift.catalog_changes import (
    CATALOG_CHANGES,
    CatalogChange,
    sentence,
)
from tests.unit.scripts.lib.drift.catalog_hands import Catalog

APART = [change for change in CATALOG_CHANGES if change.apart]
TOGETHER = [change for change in CATALOG_CHANGES if not change.apart]
Checks = tuple[Checked, Checked]


@pytest.fixture(scope="module")
def catalog(stocked: Launchable) -> Iterator[Catalog]:
    """All launched, and nothing changed. Not to be written to."""
    with stocked.sandbox.fork() as sandbox:
        launched = [change.launched for change in TOGETHER if change.launched]
        yield Catalog.of(stocked.at(sandbox), tuple(launched))


def changed(catalog: Catalog, changes: Sequence[CatalogChange], directory: Path) -> Checks:
    """Make changes in a copy of the account and check it."""
    with catalog.doctored.sandbox.fork() as sandbox, pytest.MonkeyPatch.context() as patch:
        for name, value in sandbox.environment().items():
            patch.setenv(name, value)
        copy = catalog.at(sandbox)
        clients = Clients(open_session())
        file = LedgerFile(directory, clients.account)
        copy.agree(file)
        for change in changes:
            change.act(copy)
        return copy.check(clients, file)


@pytest.fixture(scope="module")
def checks(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Checks:
    """What is said of everything at once."""
    return changed(catalog, TOGETHER, tmp_path_factory.mktemp("ledger"))


def drifts(checks: Checks) -> list[Drift]:
    assert [failure for each in checks for failure in each.failures] == []
    return [drift for each in checks for drift in each.drifts]


def about(change: CatalogChange, told: Sequence[Drift]) -> list[Drift]:
    """What is told of the thing that was changed; a product's name has its id behind it."""
    return [each for each in told if each.subject.partition(" (pp-")[0] == change.subject]


def assert_told_once(change: CatalogChange, told: Sequence[Drift]) -> None:
    found = about(change, told)
    assert [sentence(drift.what) for drift in found] == [change.what]
    drift = found[0]
    assert drift.plane is change.plane
    assert drift.stack == ("" if change.plane is Plane.PORTFOLIO else "notebook-alpha")
    assert drift.risk is change.risk
    assert drift.remedies[0].mend is change.mend
    assert drift.remedies[0].command
    assert drift.remedies[-1].mend is Mend.IGNORE
    assert drift.expected != drift.actual


def test_nothing_is_said_before_anything_is_changed(catalog: Catalog, tmp_path: Path) -> None:
    assert drifts(changed(catalog, (), tmp_path)) == []


@pytest.mark.parametrize(
    "change", [pytest.param(each, id=each.did) for each in TOGETHER if each.what]
)
def test_a_change_is_told_once(checks: Checks, change: CatalogChange) -> None:
    assert_told_once(change, drifts(checks))


@pytest.mark.parametrize("change", [pytest.param(each, id=each.did) for each in APART])
def test_a_change_that_touches_others_is_told_once_alone(
    catalog: Catalog, change: CatalogChange, tmp_path: Path
) -> None:
    told = drifts(changed(catalog, [change], tmp_path))
    assert len(told) == 1
    assert_told_once(change, told)


@pytest.mark.parametrize(
    "change", [pytest.param(each, id=each.did) for each in TOGETHER if not each.what]
)
def test_what_means_nothing_does_not_alarm(checks: Checks, change: CatalogChange) -> None:
    assert change.means
    assert about(change, drifts(checks)) == []


def test_nothing_else_is_told(checks: Checks) -> None:
    told = Counter(each.plane for each in drifts(checks))
    assert told == Counter(change.plane for change in TOGETHER if change.what)


def test_no_two_changes_are_of_the_same_thing() -> None:
    for names in (
        {each.subject for each in CATALOG_CHANGES},
        {each.did for each in CATALOG_CHANGES},
    ):
        assert len(names) == len(CATALOG_CHANGES)
