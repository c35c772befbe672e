"""How things are found in an account."""

import pytest

from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceNotFoundError,
)
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import Account


def test_imported_things_are_usable_but_not_own(account: Account) -> None:
    store = account.backend
    own = account.portfolio()
    imported = store.import_sagemaker_portfolio()
    (first, *_) = store.portfolio(imported).product_ids
    assert [each.id for each in store.usable_portfolios()] == [own, imported]
    assert store.product(first).owner == "Amazon SageMaker"
    assert [each.owner for each in store.usable_products()] == ["Amazon SageMaker"] * 2
    with pytest.raises(ResourceNotFoundError, match=imported):
        store.own_portfolio(imported)
    with pytest.raises(ResourceNotFoundError, match=first):
        store.own_product(first)


def test_forgetting_an_import_leaves_the_rest(account: Account) -> None:
    store = account.backend
    own, product = account.portfolio(), account.product()
    imported = store.import_sagemaker_portfolio()
    for portfolio in (own, imported):
        account.grant(portfolio, account.role())
    account.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId=own)
    constraint = account.launch_constraint(own, product)
    store.forget(imported)
    assert list(store.principals) == [own]
    assert list(store.constraints) == [constraint]
    assert [each.id for each in store.usable_portfolios()] == [own]


def test_constraints_in_force_are_the_owners_and_ours(account: Account) -> None:
    store = account.backend
    imported = store.import_sagemaker_portfolio()
    first, second = store.portfolio(imported).product_ids
    assert len(store.constraints_on(imported)) == 2
    assert [each.product_id for each in store.constraints_on(imported, second)] == [second]
    assert store.constraints_on(account.portfolio(), first) == []


def test_a_product_is_found_by_one_of_id_and_name(account: Account) -> None:
    product = account.product("Named")
    assert account.backend.product_by(None, "Named").id == product
    assert account.backend.product_by(product, None).id == product
    for pair in ((None, None), (product, "Named")):
        with pytest.raises(InvalidParametersError):
            account.backend.product_by(*pair)
