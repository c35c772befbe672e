import pytest

from scripts.lib.launch.model import Output, Version
from tests.unit.scripts.lib.launch.samples import NEW, PRODUCT, record


@pytest.mark.parametrize(
    ("status", "finished", "failed"),
    [
        ("CREATED", False, False),
        ("IN_PROGRESS", False, False),
        ("IN_PROGRESS_IN_ERROR", False, False),
        ("SUCCEEDED", True, False),
        ("FAILED", True, True),
        ("SOMETHING_NEW", False, False),
    ],
)
def test_record_has_ended_or_not(status: str, finished: bool, failed: bool) -> None:
    made = record(status)

    assert (made.finished, made.failed, made.succeeded) == (finished, failed, finished != failed)


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        ("PROVISION_PRODUCT", "launch"),
        ("UPDATE_PROVISIONED_PRODUCT", "update"),
        ("TERMINATE_PROVISIONED_PRODUCT", "end"),
        ("CHANGE_PROVISIONED_PRODUCT_OWNER", "change_provisioned_product_owner"),
    ],
)
def test_record_has_the_verb_of_its_type(kind: str, verb: str) -> None:
    assert record(kind=kind).verb == verb


@pytest.mark.parametrize(
    ("value", "notebook"),
    [
        ("dana-1", "dana-1"),
        ("x" * 63, "x" * 63),
        ("x" * 64, None),
        ("-dana", None),
        ("dana\n", None),
        ("dana; rm -rf ~", None),
        ("\x1b[2J", None),
        ("", None),
    ],
)
def test_only_what_can_be_a_notebooks_name_is_one(value: str, notebook: str | None) -> None:
    outputs = (Output("Message", "hello"), Output("NotebookInstanceName", value))

    assert record(outputs=outputs).notebook == notebook


def test_version_that_is_not_active_any_more_is_called_by_its_id() -> None:
    assert PRODUCT.version("pa-2") == NEW
    assert PRODUCT.version("pa-9") == Version("pa-9", "pa-9")
