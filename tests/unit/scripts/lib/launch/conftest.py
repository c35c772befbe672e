"""The end user's own clients, in an account with a launchable product."""

import pytest

from scripts.lib.clients import Clients
from tests.unit.scripts.launchable import Launchable


@pytest.fixture
def clients(shop: Launchable) -> Clients:
    """The end user's clients."""
    return shop.clients()
