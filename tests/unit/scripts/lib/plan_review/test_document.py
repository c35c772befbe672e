import io
import json

import pytest

from scripts.lib.plan_review.document import FORMAT, to_document, write_document
from scripts.lib.plan_review.model import AttributeChange, Review
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, filled
from tests.unit.scripts.lib.plan_review.samples import (
    FINGERPRINT,
    RULES,
    full,
    review,
    reviewed,
)

DOCUMENT = to_document(full(), RULES)
GOVERNED = DOCUMENT["stacks"][0]


def test_begins_with_its_format_and_the_verdict() -> None:
    assert DOCUMENT["format"] == FORMAT == 1
    assert DOCUMENT["verdict"]["risk"] == "high"
    assert DOCUMENT["verdict"]["headline"].startswith("1 to destroy, 1 to replace")
    assert DOCUMENT["fingerprint"] == FINGERPRINT
    assert [danger["risk"] for danger in DOCUMENT["dangers"]] == ["high", "high", "medium"]


def test_the_names_are_those_that_the_module_tells() -> None:
    assert list(DOCUMENT) == [
        "format",
        "verdict",
        "dangers",
        "fingerprint",
        "stacks",
        "script",
        "rules",
    ]
    assert set(GOVERNED) == {
        "stack",
        "fingerprint",
        "terraform_version",
        "format_version",
        "complete",
        "errored",
        "unchanged",
        "counts",
        "changes",
        "drift",
        "meaningless",
        "findings",
        "outputs",
        "checks",
        "deferred",
        "warnings",
        "dependencies",
    }


def test_a_change_has_all_that_is_said_of_it() -> None:
    key = GOVERNED["changes"][0]
    assert key["action"] == "replace"
    assert key["replace_paths"] == ["customer_master_key_spec"]
    assert key["remarks"] == [
        "Replaced because of `customer_master_key_spec`; the old one goes first."
    ]
    assert key["source"][0] == {"path": "modules/encryption.py", "line": 48}
    assert key["attributes"][0] == {
        "path": "customer_master_key_spec",
        "before": '"SYMMETRIC_DEFAULT"',
        "after": '"RSA_4096"',
        "sensitive": False,
        "unknown": False,
        "forces_replacement": True,
    }
    assert key["findings"][0]["rule"] == "key-destroyed"
    assert key["findings"][0]["acknowledged"] is None


def test_rights_drift_and_the_rest_are_there() -> None:
    role = GOVERNED["changes"][1]
    assert role["rights"][1]["lost"] == [
        "May no longer s3:DeleteObject on arn:aws:s3:::ml-data-*/*."
    ]
    assert len(GOVERNED["drift"]) == 2
    assert GOVERNED["counts"] == {
        "replace": 1,
        "update": 3,
        "destroy": 1,
        "import": 1,
        "create": 6,
    }
    assert GOVERNED["outputs"][0]["name"] == "key_arn"
    assert GOVERNED["checks"][0]["problems"] == ["The endpoint does not answer."]
    assert DOCUMENT["stacks"][1]["deferred"][0]["address"] == "aws_sagemaker_app.Later"
    assert DOCUMENT["script"]["changes"][0]["subject"] == "role/ml-scientist"
    assert DOCUMENT["rules"]["new-wildcard"]["risk"] == "medium"


def test_acknowledgements_say_why_and_for_how_long() -> None:
    (found,) = DOCUMENT["stacks"][1]["changes"][0]["findings"]
    assert found["acknowledged"] == {
        "reason": "JumpStart names endpoints itself; see the launch role's boundary.",
        "expires": "2026-12-31",
        "owner": "ml-platform",
    }


def test_terraforms_own_values_are_not_in_it() -> None:
    item = reviewed(
        "a.b",
        before={"password": "hunter2"},
        after={"password": "hunter3"},
        attributes=(AttributeChange("password", "(hidden)", "(hidden)", sensitive=True),),
    )
    text = json.dumps(to_document(review(item)))
    assert "hunter" not in text
    assert "(hidden)" in text


def test_nothing_at_all_is_a_document_too() -> None:
    document = to_document(Review(()))
    assert document["stacks"] == []
    assert document["script"] is None
    assert document["verdict"]["risk"] is None


@pytest.mark.parametrize("text", NASTY)
def test_any_name_goes_there_and_back(text: str) -> None:
    stream = io.StringIO()
    write_document(filled(full(), text), stream, RULES)
    written = stream.getvalue()
    assert written.isascii()
    assert all(char.isprintable() or char == "\n" for char in written)
    address = json.loads(written)["stacks"][0]["changes"][0]["address"]
    assert address == f"{text}aws_kms_key.Encryption_Resource_2E0B{text}"
