"""What goes with what."""

from __future__ import annotations

from scripts.lib.drift.parts import wholes
from tests.unit.scripts.lib.drift.seen import deleted

KEY = deleted("aws_kms_key", {"id": "k", "arn": "arn:k"})


def test_what_names_a_deleted_id_or_arn_is_a_part() -> None:
    alias = deleted("aws_kms_alias", {"id": "alias/a", "target_key_id": "k"})
    grant = deleted("aws_kms_grant", {"id": "g", "key_id": "arn:k"})
    assert wholes([alias, KEY, grant]) == {
        "aws_kms_alias.it": "aws_kms_key.it",
        "aws_kms_grant.it": "aws_kms_key.it",
    }


def test_what_is_called_alike_is_no_part() -> None:
    assert wholes([KEY, deleted("aws_x", {"id": "k", "arn": "arn:k", "name": "k"})]) == {}


def test_empty_names_bind_nothing() -> None:
    one, other = deleted("aws_a", {"id": "", "x": ""}), deleted("aws_b", {"id": "", "x": ""})
    assert wholes([one, other]) == {}


def test_a_circle_is_cut_once() -> None:
    one, two = deleted("aws_a", {"id": "1", "x": "2"}), deleted("aws_b", {"id": "2", "x": "1"})
    assert len(wholes([one, two])) == 1


def test_parts_of_parts() -> None:
    chain = [deleted(f"aws_{n}", {"id": str(n), "up": str(n + 1)}) for n in range(4)]
    assert wholes(chain) == {f"aws_{n}.it": f"aws_{n + 1}.it" for n in range(3)}
    assert wholes([]) == {}
