from __future__ import annotations

from scripts.lib.plan_review.rules import key_weakened
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject


def test_rotation_goes_off() -> None:
    looked_at = subject(
        "aws_kms_key", {"enable_key_rotation": True}, {"enable_key_rotation": False}
    )
    assert [each.message for each in found(key_weakened, looked_at)] == [
        "The key is no longer rotated."
    ]


def test_a_key_that_is_off_reads_nothing() -> None:
    looked_at = subject("aws_kms_key", {"is_enabled": True}, {"is_enabled": False})
    assert risks(key_weakened, looked_at) == ["high"]


def test_a_shorter_window() -> None:
    window = "deletion_window_in_days"
    assert risks(key_weakened, subject("aws_kms_key", {window: 30}, {window: 7})) == ["low"]
    assert not found(key_weakened, subject("aws_kms_key", {window: 7}, {window: 30}))
    assert not found(key_weakened, subject("aws_kms_key", {window: 30}, {window: "7"}))


def test_not_what_goes_on_or_was_off_or_is_unknown() -> None:
    on, off = {"enable_key_rotation": True}, {"enable_key_rotation": False}
    assert not found(key_weakened, subject("aws_kms_key", off, on))
    assert not found(key_weakened, subject("aws_kms_key", off, off))
    assert not found(key_weakened, subject("aws_kms_key", None, off))
    assert not found(key_weakened, subject("aws_kms_key", on))
    assert not found(key_weakened, subject("aws_kms_key", on, off, after_unknown=on))
