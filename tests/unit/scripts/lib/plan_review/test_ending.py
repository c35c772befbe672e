from __future__ import annotations

from scripts.lib.plan_review.ending import ending
from scripts.lib.plan_review.model import Action
from tests.unit.scripts.lib.plan_review.rules.subjects import change


def test_it_is_known_by_all_of_its_names() -> None:
    names = {"id": "a", "name": "b", "arn": "c", "bucket": "d", "key_id": "e", "path": "f"}
    assert ending([change("x", names)]) == {("x", name) for name in "abcde"}


def test_not_what_stays_or_comes_again() -> None:
    named = {"id": "a"}
    assert not ending(
        [
            change("x", named, {}),
            change("x", None, named),
            change("x", named, named, action=Action.REPLACE),
            change("x", named, action=Action.FORGET),
            change("x", named, deposed="ab12"),
            change("x", named, mode="data"),
        ]
    )


def test_not_what_is_no_name() -> None:
    odd: dict[str, object] = {"id": None, "name": 7, "arn": "", "bucket": ["d"], "key_id": {}}
    assert not ending([change("x", odd), change("x", None, None, action=Action.DESTROY)])
