from dataclasses import replace

from scripts.lib.launch import tables
from scripts.lib.launch.model import Output
from tests.unit.scripts.lib.launch.samples import (
    NEW,
    OLD,
    PARAMETERS,
    PATH,
    PRODUCT,
    found,
    provisioned,
    record,
)


def test_products_have_a_row_for_each_version_and_say_what_may_be_launched() -> None:
    retired = replace(OLD, deprecated=True)
    table = tables.products_table([replace(PRODUCT, versions=(retired, NEW))])

    assert [(row["version"], row["launchable"]) for row in table.records()] == [
        ("1", False),
        ("2", True),
    ]
    assert table.records()[0]["product_id"] == "prod-1"


def test_paths_have_name_and_id() -> None:
    assert tables.paths_table(PRODUCT).rows == ((PATH.name, PATH.id),)


def test_parameters_show_defaults_and_what_is_allowed_but_no_secret() -> None:
    rows = {row["parameter"]: row for row in tables.parameters_table(PARAMETERS).records()}

    assert rows["NotebookInstanceName"]["default"] is None
    assert rows["NotebookInstanceName"]["required"] is True
    assert rows["Size"]["allowed"] == "must be a number, 5 to 100"
    assert (rows["Secret"]["default"], rows["Secret"]["required"]) == ("****", False)


def test_values_are_those_given_and_the_defaults_but_no_secret() -> None:
    given = {"NotebookInstanceName": "dana", "Size": "50", "Secret": "hunter2", "Other": "x"}

    assert tables.values_table(PARAMETERS, given).rows == (
        ("NotebookInstanceName", "dana", "given"),
        ("Type", "small", "default"),
        ("Size", "50", "given"),
        ("Subnet", "net-a", "default"),
        ("Secret", "****", "given"),
    )


def test_value_that_is_missing_has_no_row() -> None:
    names = [row[0] for row in tables.values_table(PARAMETERS, {}).rows]

    assert "NotebookInstanceName" not in names


def test_own_products_have_the_names_of_product_and_version() -> None:
    own = [(provisioned(message="odd"), PRODUCT), (provisioned(version_id="pa-9"), PRODUCT)]

    assert tables.own_table(own).rows == (
        ("dana", "AVAILABLE", "Notebook", "2", "pp-1", "odd"),
        ("dana", "AVAILABLE", "Notebook", "pa-9", "pp-1", None),
    )
    assert tables.found_table(found()).rows == (("dana", "AVAILABLE", "Notebook", "2", "pp-1"),)


def test_outputs_have_their_meaning() -> None:
    made = record(outputs=(Output("A", "1", "one"), Output("B", "2")))

    assert tables.outputs_table(made).rows == (("A", "1", "one"), ("B", "2", None))
