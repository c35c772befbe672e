"""Accounts of the tests: one in this process, and one behind a server."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from scripts.sandbox import Sandbox
from scripts.sandbox.backends.servicecatalog import register
from tests.unit.scripts.sandbox.backends.servicecatalog.accounts import (
    ACCOUNT,
    BUCKET,
    DUPLICATE,
    IN_USE,
    INVALID,
    LIMIT,
    NOT_FOUND,
    REGION,
    TEMPLATE,
    TRUST,
    Account,
    client,
    refused,
)
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import Shop

__all__ = (
    "ACCOUNT",
    "BUCKET",
    "DUPLICATE",
    "INVALID",
    "IN_USE",
    "LIMIT",
    "NOT_FOUND",
    "REGION",
    "TEMPLATE",
    "TRUST",
    "Account",
    "client",
    "refused",
)


@pytest.fixture
def account() -> Iterator[Account]:
    """A fresh account, in this process."""
    with mock_aws():
        register()
        yield Account()


@pytest.fixture(scope="session")
def stocked(seeded: Sandbox) -> Iterator[Shop]:
    """The shop that all copies are made of: not to be written to."""
    with seeded.fork() as sandbox:
        sandbox.pace_notebooks(0.05)
        yield Shop(sandbox)


@pytest.fixture
def shop(stocked: Shop) -> Iterator[Shop]:
    """A shop of one's own, served by a process of its own."""
    with stocked.sandbox.fork() as sandbox:
        yield stocked.at(sandbox)


@pytest.fixture(scope="session")
def once_launched(stocked: Shop) -> Iterator[Shop]:
    """The shop with a launch that has ended well: not to be written to."""
    with stocked.sandbox.fork() as sandbox:
        shop = stocked.at(sandbox)
        assert shop.launch()["RecordDetail"]["Status"] == "SUCCEEDED"
        yield shop


@pytest.fixture
def launched(once_launched: Shop) -> Iterator[Shop]:
    """A shop of one's own, where `mine` is launched already."""
    with once_launched.sandbox.fork() as sandbox:
        yield once_launched.at(sandbox)
