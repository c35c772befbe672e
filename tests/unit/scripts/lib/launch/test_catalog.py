import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients
from scripts.lib.launch.catalog import (
    describe_parameters,
    describe_product,
    known_product,
    search_products,
)
from scripts.lib.launch.model import Named, Parameter, Product
from scripts.sandbox.faults import Refuse
from tests.unit.scripts.launchable import NAME, STRANGER, TYPE, Launchable, notebook_template


def test_all_products_are_found_beyond_one_page_by_name(shop: Launchable, clients: Clients) -> None:
    for number in range(25):
        shop.new_product(f"Product {number:02}", notebook_template(str(number)))

    names = [product.name for product in search_products(clients)]

    assert names == ["Notebook", *(f"Product {number:02}" for number in range(25))]


def test_stranger_finds_no_product(shop: Launchable) -> None:
    assert search_products(shop.clients(STRANGER)) == ()


def test_product_that_two_portfolios_lead_to_is_one_with_two_paths(
    shop: Launchable, clients: Clients
) -> None:
    shop.share(shop.product, shop.new_portfolio("Others"))

    assert search_products(clients) == (Named(shop.product, "Notebook"),)
    assert sorted(path.name for path in describe_product(clients, shop.product).paths) == [
        "Notebooks",
        "Others",
    ]


def test_versions_come_oldest_first_and_tell_guidance(shop: Launchable, clients: Clients) -> None:
    shop.new_version("2", notebook_template("new"))
    shop.deprecate("1")

    product = describe_product(clients, shop.product)

    assert [(item.name, item.deprecated) for item in product.versions] == [
        ("1", True),
        ("2", False),
    ]


def test_parameters_come_in_the_templates_order_with_their_limits(
    shop: Launchable, clients: Clients
) -> None:
    secret = {"Type": "String", "NoEcho": True, "Default": "x"}
    version = shop.new_version("2", notebook_template("new", Secret=secret))
    product = describe_product(clients, shop.product)

    found = describe_parameters(clients, product, product.version(version), product.paths[0])

    assert [item.name for item in found] == [NAME, TYPE, "VolumeSizeInGB", "Secret"]
    assert found[0] == Parameter(
        NAME,
        description="A name of your choice.",
        allowed_pattern="^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
        min_length="1",
        max_length="63",
    )
    assert found[1].allowed_values == ("ml.t3.medium", "ml.t3.large")
    assert (found[2].type, found[2].default) == ("Number", "20")
    assert (found[2].min_value, found[2].max_value) == ("5", "100")
    assert [item.is_secret for item in found] == [False, False, False, True]


def test_product_that_is_gone_or_closed_is_called_by_its_id(shop: Launchable) -> None:
    stranger = shop.clients(STRANGER)

    assert known_product(stranger, shop.product) == Product(shop.product, shop.product)
    assert known_product(stranger, "prod-none") == Product("prod-none", "prod-none")


def test_refusal_that_says_nothing_of_the_product_is_raised(
    shop: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.sandbox.faults(Refuse("DescribeProduct", "ThrottlingException")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(ClientError, match="ThrottlingException"):
            known_product(shop.clients(), shop.product)
