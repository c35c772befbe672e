from dataclasses import replace

import pytest

from scripts.lib.errors import InputError
from scripts.lib.launch.choose import choices, choose_path, choose_product, choose_version
from scripts.lib.launch.model import Named, Version
from tests.unit.scripts.lib.launch.samples import NEW, OLD, PATH, PRODUCT

CALLER = "arn:aws:sts::123456789012:assumed-role/SCEndUserRole-x/dana"
A, B, TWIN = Named("prod-a", "Alpha"), Named("prod-b", "Beta"), Named("prod-c", "Beta")


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ((A,), None, A),
        ((A, B), "Beta", B),
        ((A, B), "prod-a", A),
        ((A, B, TWIN), "prod-c", TWIN),
        # An id is one thing's own, even if another one is named so.
        ((Named("prod-x", "prod-a"), A), "prod-a", A),
    ],
)
def test_product_is_named_by_name_or_id(
    found: tuple[Named, ...], wanted: str | None, expected: Named
) -> None:
    assert choose_product(found, wanted, CALLER) == expected


@pytest.mark.parametrize(
    ("found", "wanted", "line"),
    [
        ((), None, f"{CALLER} may launch no product in this account and Region: work as a role"),
        ((), "Alpha", f"{CALLER} may launch no product in this account and Region: work as a role"),
        (
            (A, B),
            None,
            "there are 2 products, choose one by --product: Alpha (prod-a), Beta (prod-b)",
        ),
        ((A, B), "Gamma", "no product 'Gamma'; there are: Alpha (prod-a), Beta (prod-b)"),
        ((A, B), "alpha", "no product 'alpha'; there are: Alpha (prod-a), Beta (prod-b)"),
        ((A, B), "", "no product ''; there are: Alpha (prod-a), Beta (prod-b)"),
        (
            (A, B, TWIN),
            "Beta",
            "2 products are named 'Beta', give an id: Beta (prod-b), Beta (prod-c)",
        ),
    ],
)
def test_refuses_a_product_that_is_not_there_or_not_clear(
    found: tuple[Named, ...], wanted: str | None, line: str
) -> None:
    with pytest.raises(InputError) as caught:
        choose_product(found, wanted, CALLER)

    assert str(caught.value).startswith(line)


def test_many_choices_are_cut_and_counted() -> None:
    assert choices([A] * 17).endswith("Alpha (prod-a), and 2 more")
    assert choices([]) == ""


def test_version_is_the_newest_that_may_be_launched() -> None:
    retired = replace(NEW, deprecated=True)

    assert choose_version(PRODUCT, None) == NEW
    assert choose_version(PRODUCT, "1") == OLD
    assert choose_version(PRODUCT, "pa-1") == OLD
    assert choose_version(replace(PRODUCT, versions=(OLD, retired)), None) == OLD


@pytest.mark.parametrize(
    ("versions", "wanted", "line"),
    [
        ((), None, "product Notebook (prod-1) has no version that may be launched anew"),
        (
            (replace(OLD, deprecated=True),),
            None,
            "product Notebook (prod-1) has no version that may be launched anew",
        ),
        (
            (replace(OLD, deprecated=True), NEW),
            "1",
            (
                "version 1 (pa-1) of product Notebook (prod-1) is deprecated and is not launched "
                "anew; there are: 2 (pa-2)"
            ),
        ),
        (
            (OLD, NEW),
            "3",
            "no version '3' of product Notebook (prod-1); there are: 1 (pa-1), 2 (pa-2)",
        ),
        (
            (OLD, replace(NEW, name="1")),
            "1",
            "2 versions of product Notebook (prod-1) are named '1', give an id: 1 (pa-1), 1 (pa-2)",
        ),
    ],
)
def test_refuses_a_version_that_cannot_be_launched(
    versions: tuple[Version, ...], wanted: str | None, line: str
) -> None:
    with pytest.raises(InputError) as caught:
        choose_version(replace(PRODUCT, versions=versions), wanted)

    assert str(caught.value) == line


def test_path_is_the_only_one_or_the_one_named() -> None:
    other = Named("lpv3-2", "Others")
    both = replace(PRODUCT, paths=(PATH, other))

    assert choose_path(PRODUCT, None) == PATH
    assert choose_path(both, "Others") == other
    assert choose_path(both, "lpv3-1") == PATH


@pytest.mark.parametrize(
    ("paths", "line"),
    [
        ((), "product Notebook (prod-1) cannot be launched: no portfolio leads to it"),
        (
            (PATH, Named("lpv3-2", "Others")),
            (
                "there are 2 paths of product Notebook (prod-1), choose one by --path: "
                "Notebooks (lpv3-1), Others (lpv3-2)"
            ),
        ),
    ],
)
def test_refuses_a_path_that_is_not_clear(paths: tuple[Named, ...], line: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_path(replace(PRODUCT, paths=paths), None)

    assert str(caught.value) == line
