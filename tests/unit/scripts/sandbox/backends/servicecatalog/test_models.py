"""The backend as a whole."""

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import ACCOUNT, REGION, Account

TAGS = [{"Key": "ProjectName", "Value": "p"}]


def test_tagged_resources_are_found_by_the_tagging_api(account: Account) -> None:
    portfolio, product = account.portfolio(Tags=TAGS), account.product(Tags=TAGS)
    account.portfolio("untagged")
    found = account.client("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "ProjectName", "Values": ["p"]}]
    )["ResourceTagMappingList"]
    assert {each["ResourceARN"].rsplit("/")[-1] for each in found} == {portfolio, product}


def test_regions_and_accounts_are_apart(account: Account) -> None:
    account.portfolio()
    assert len(account.backend.portfolios) == 1
    assert servicecatalog_backends[ACCOUNT]["eu-west-2"].portfolios == {}
    assert account.backend.account("210000000000").portfolios == {}


def test_a_reset_forgets_everything(account: Account) -> None:
    account.portfolio()
    account.backend.reset()
    assert isinstance(servicecatalog_backends[ACCOUNT][REGION], ServiceCatalogBackend)
    assert account.catalog.list_portfolios()["PortfolioDetails"] == []
