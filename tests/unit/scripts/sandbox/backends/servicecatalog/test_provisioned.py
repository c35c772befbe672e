"""What is remembered of launches, and how it shows."""

from scripts.sandbox.backends.servicecatalog.callers import Identity
from scripts.sandbox.backends.servicecatalog.provisioned import (
    FAILED,
    PROVISION,
    ProvisionedProduct,
    Record,
    RecordError,
)
from scripts.sandbox.backends.servicecatalog.shapes import model
from scripts.sandbox.service_sessions import Credentials

OWNER = Identity("arn:role", Credentials("key", "secret", "token", "arn:session"))


def launched() -> ProvisionedProduct:
    return ProvisionedProduct(
        id="pp-1",
        arn="arn:provisioned",
        name="mine",
        owner=OWNER,
        token="token",
        product_id="prod-1",
        artifact_id="pa-1",
        path_id="lpv3-1",
        names=("Notebooks", "1.0"),
        launch_role="arn:launch",
        tags={"a": "1"},
    )


def record() -> Record:
    return Record("rec-1", PROVISION, launched(), "prod-1", "pa-1", "lpv3-1", "arn:launch")


def members(shape: str) -> set[str]:
    return set(model.shape_for(shape).members)  # type: ignore[attr-defined]  # a structure


def test_all_members_of_the_service_model_are_there() -> None:
    assert set(launched().detail()) == members("ProvisionedProductDetail")
    assert set(launched().attributes()) == members("ProvisionedProductAttribute")
    assert set(record().detail()) == members("RecordDetail")


def test_an_owner_shows_as_role_and_as_session() -> None:
    found = launched().attributes()
    assert (found["UserArn"], found["UserArnSession"]) == ("arn:role", "arn:session")


def test_the_last_success_is_told_apart_from_the_last_record() -> None:
    product = launched()
    product.last_record = "rec-2"
    assert product.detail()["LastSuccessfulProvisioningRecordId"] is None
    product.last_success = record()
    detail = product.detail()
    assert detail["LastSuccessfulProvisioningRecordId"] == "rec-1"
    assert detail["LastProvisioningRecordId"] == detail["LastRecordId"] == "rec-2"


def test_a_record_remembers_when_it_moved() -> None:
    moved = record()
    before = moved.updated
    moved.move(FAILED)
    assert moved.detail()["Status"] == "FAILED"
    assert moved.updated > before
    assert moved.detail()["CreatedTime"] <= before


def test_an_error_reads_as_in_a_status_message() -> None:
    assert str(RecordError("Code", "What happened")) == "Code  What happened"
