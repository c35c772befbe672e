"""Registration in moto."""

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog import register
from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import ACCOUNT, REGION, Account


def test_our_backend_takes_the_place_of_motos(account: Account) -> None:
    assert isinstance(servicecatalog_backends[ACCOUNT][REGION], ServiceCatalogBackend)
    assert account.catalog.search_products_as_admin()["ProductViewDetails"] == []


def test_registering_again_starts_afresh(account: Account) -> None:
    account.portfolio()
    register()
    assert account.catalog.list_portfolios()["PortfolioDetails"] == []
