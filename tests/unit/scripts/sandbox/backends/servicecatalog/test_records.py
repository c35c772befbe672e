"""How what the backend keeps shows in an answer."""

import pytest

from scripts.sandbox.backends.servicecatalog.records import Artifact, Product, Share


def test_end_users_are_not_told_type_and_activity_of_a_version() -> None:
    artifact = Artifact("pa-x", "1", None, "CLOUD_FORMATION_TEMPLATE", {}, None, active=False)
    assert set(artifact.detail()) - set(artifact.view()) == {"Type", "Active"}
    assert set(artifact.view()) - set(artifact.summary()) == {"Guidance"}
    assert artifact.detail()["Active"] is False


def test_a_products_view_has_an_id_of_its_own() -> None:
    product = Product("prod-prod-x", "arn", "P", "CQ", "EXTERNAL")
    assert product.view_id == "prodview-prod-x"
    assert product.summary()["ProductId"] == "prod-prod-x"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("210000000000", "210000000000"),
        (
            "arn:aws:organizations::123456789012:ou/o-abcdefghij/ou-ab12-abcdefgh",
            "ou-ab12-abcdefgh",
        ),
    ],
)
def test_a_share_shows_its_recipients_id(value: str, shown: str) -> None:
    assert Share("ACCOUNT", value).detail()["PrincipalId"] == shown
