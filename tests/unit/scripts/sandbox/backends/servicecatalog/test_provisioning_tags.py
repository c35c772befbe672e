"""Tags of a provisioned product."""

from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.catalog import LaunchPath
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.provisioned import ProvisionedProduct
from scripts.sandbox.backends.servicecatalog.provisioning_tags import auto_tags, chosen_tags
from scripts.sandbox.backends.servicecatalog.records import Portfolio, Product
from scripts.sandbox.service_sessions import Credentials
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import INVALID, refused
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import Shop

SESSION = "arn:aws:sts::123456789012:assumed-role/end-user/amy"


def path(portfolio: dict[str, str] | None = None, product: dict[str, str] | None = None) -> Any:
    shelf = Portfolio("port-1", "arn:portfolio", "P", "CQ", tags=portfolio or {})
    return LaunchPath(shelf, Product("prod-1", "arn:product", "N", "CQ", "T", tags=product or {}))


def option(key: str, *values: str) -> dict[str, Any]:
    return {"Key": key, "Values": list(values)}


def test_the_automatic_tags_tell_where_it_came_from_and_by_whom() -> None:
    launched = ProvisionedProduct(
        id="pp-1",
        arn="arn:provisioned",
        name="mine",
        owner=Identity("arn:role", Credentials("k", "s", "t", SESSION)),
        token="token",
        product_id="prod-1",
        artifact_id="pa-1",
        path_id="lpv3-1",
        names=("N", "1"),
        launch_role=None,
        tags={},
    )
    assert auto_tags(launched, path()) == {
        "aws:servicecatalog:portfolioArn": "arn:portfolio",
        "aws:servicecatalog:productArn": "arn:product",
        "aws:servicecatalog:provisioningPrincipalArn": SESSION,
        "aws:servicecatalog:provisionedProductArn": "arn:provisioned",
        "aws:servicecatalog:provisioningArtifactIdentifier": "pa-1",
    }


def test_the_closer_tag_wins() -> None:
    of = path({"a": "portfolio", "b": "portfolio", "c": "portfolio"}, {"b": "product", "c": "x"})
    wanted = {"a": "portfolio", "b": "product", "c": "request"}
    assert chosen_tags(of, [], {"c": "request"}) == wanted


def test_a_tag_option_with_one_value_is_taken_by_itself() -> None:
    assert chosen_tags(path(), [option("cost", "a")], {}) == {"cost": "a"}


def test_of_several_values_the_request_chooses_one() -> None:
    assert chosen_tags(path(), [option("cost", "a", "b")], {"cost": "b"}) == {"cost": "b"}


@pytest.mark.parametrize(
    ("values", "asked"), [(("a", "b"), {}), (("a", "b"), {"cost": "c"}), (("a",), {"cost": "b"})]
)
def test_refuses_what_a_tag_option_does_not_offer(
    values: tuple[str, ...], asked: dict[str, str]
) -> None:
    with pytest.raises(InvalidParametersError, match=r"Tag cost is .* allows one of a"):
        chosen_tags(path(), [option("cost", *values)], asked)


def test_a_launch_keeps_to_the_tag_options_of_its_path(shop: Shop) -> None:
    for value in ("a", "b"):
        made = shop.catalog.create_tag_option(Key="cost", Value=value)["TagOptionDetail"]["Id"]
        shop.catalog.associate_tag_option_with_resource(ResourceId=shop.notebooks, TagOptionId=made)
    with refused(INVALID, "cost", "a, b"):
        shop.ask()
    record = shop.launch(Tags=[{"Key": "cost", "Value": "b"}])["RecordDetail"]
    assert {"Key": "cost", "Value": "b"} in record["RecordTags"]
