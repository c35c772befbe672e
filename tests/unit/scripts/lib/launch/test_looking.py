import pytest

from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.launch import Manner, Result, list_launched, show, start
from tests.unit.scripts.launchable import NAME, STRANGER, TYPE, Launchable, notebook_template


def tables(result: Result) -> dict[str, list[dict[str, object]]]:
    (section,) = result.report.sections
    return {table.key: [dict(row) for row in table.records()] for table in section.facts}


def test_only_product_is_shown_with_versions_path_and_parameters(
    shop: Launchable, clients: Clients
) -> None:
    shop.new_version("2", notebook_template("new", Extra={"Type": "String", "Default": "x"}))

    newest, first = tables(show(clients)), tables(show(clients, version="1"))

    assert [row["version"] for row in newest["products"]] == ["1", "2"]
    assert [row["path"] for row in newest["paths"]] == ["Notebooks"]
    assert [row["parameter"] for row in newest["parameters"]] == [
        NAME,
        TYPE,
        "VolumeSizeInGB",
        "Extra",
    ]
    assert [row["parameter"] for row in first["parameters"]] == [NAME, TYPE, "VolumeSizeInGB"]


def test_several_products_are_listed_and_one_of_them_is_shown_by_name(
    shop: Launchable, clients: Clients
) -> None:
    shop.new_product("Other", notebook_template("other"))

    assert list(tables(show(clients))) == ["products"]
    assert [row["product"] for row in tables(show(clients))["products"]] == ["Notebook", "Other"]
    assert list(tables(show(clients, product="Other"))) == ["products", "paths", "parameters"]
    with pytest.raises(InputError, match=r"^there are 2 products, choose one by --product: "):
        show(clients, version="1")


def test_several_paths_are_shown_to_choose_from(shop: Launchable, clients: Clients) -> None:
    shop.share(shop.product, shop.new_portfolio("Others"))

    unclear, chosen = show(clients), show(clients, path="Others")

    assert list(tables(unclear)) == ["products", "paths"]
    assert (unclear.exit_code, len(unclear.report.findings)) == (0, 1)
    assert "parameters" in tables(chosen)
    with pytest.raises(InputError, match=r"choose one by --path: "):
        start(clients, "dana", given={NAME: "dana"})


def test_stranger_is_told_that_there_is_nothing(shop: Launchable) -> None:
    with pytest.raises(InputError, match=r"may launch no product in this account and Region"):
        show(shop.clients(STRANGER))
    assert tables(list_launched(shop.clients(STRANGER))) == {"provisioned_products": []}


def test_own_products_are_listed_with_their_state(shop: Launchable, clients: Clients) -> None:
    shop.sandbox.fail_notebooks("bad", "no capacity")
    for name in ("good", "bad"):
        start(clients, name, given={NAME: name}, manner=Manner(apply=True, wait_seconds=60))

    bad, good = tables(list_launched(clients))["provisioned_products"]

    assert (good["name"], good["status"], good["product"], good["version"]) == (
        "good",
        "AVAILABLE",
        "Notebook",
        "1",
    )
    assert (bad["name"], bad["status"]) == ("bad", "ERROR")
    assert bad["message"]
