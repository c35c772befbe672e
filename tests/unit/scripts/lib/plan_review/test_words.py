from collections import Counter

import pytest

from scripts.lib.plan_review.model import Action, Deferred, Path
from scripts.lib.plan_review.words import (
    DEFERRED,
    FORGOTTEN,
    REASONS,
    count,
    counts_text,
    deferred_text,
    listed,
    path_text,
    remarks,
)
from tests.unit.scripts.lib.plan_review.samples import change


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("name",), "name"),
        (("rule", 0, "port"), "rule[0].port"),
        (("tags", "a.b"), "tags.a.b"),
        ((), ""),
    ],
)
def test_a_path_is_written_as_in_terraform(path: Path, expected: str) -> None:
    assert path_text(path) == expected


def test_counts_name_the_worst_first_and_no_noughts() -> None:
    counts = Counter({Action.CREATE: 1_200, Action.DESTROY: 1, Action.NOTHING: 5})
    assert counts_text(counts) == "1 to destroy, 1,200 to create"
    assert counts_text(Counter()) == "nothing to do"


def test_count_has_a_plural() -> None:
    assert [count(number, "stack") for number in (0, 1, 2_000)] == [
        "0 stacks",
        "1 stack",
        "2,000 stacks",
    ]


def test_listed_stops_at_a_few() -> None:
    assert listed("abc") == "a, b, c"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"


def test_a_replacement_says_what_forces_it_and_which_comes_first() -> None:
    forced = change("a.b", Action.REPLACE, replace_paths=(("name",), ("rule", 0, "port")))
    assert remarks(forced) == (
        "Replaced because of `name`, `rule[0].port`; the old one goes first.",
    )
    gently = change("a.b", Action.REPLACE, create_before_destroy=True)
    assert remarks(gently) == ("Replaced; the new one comes first.",)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_terraform_is_a_sentence(reason: str) -> None:
    (said,) = remarks(change("a.b", Action.DESTROY, reason=reason))
    assert said == REASONS[reason]
    assert said.endswith(".")


def test_a_reason_that_is_new_is_named() -> None:
    assert remarks(change("a.b", reason="because_of_x")) == ("Terraform's reason: because_of_x.",)


def test_that_it_cannot_be_updated_is_told_by_the_attributes_alone() -> None:
    replaced = change("a.b", Action.REPLACE, reason="replace_because_cannot_update")
    assert remarks(replaced) == ("Replaced; the old one goes first.",)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"previous_address": "a.old"}, "Moved from a.old."),
        ({"import_id": "i-1"}, "Imported: it exists already as i-1."),
        ({"import_id": ""}, "Imported: it exists already, by an id not yet known."),
        ({"deposed": "abcd1234"}, "The deposed object abcd1234 is destroyed, not the one in use."),
    ],
)
def test_moves_imports_and_deposed_objects_are_told(more: dict[str, str], said: str) -> None:
    assert remarks(change("a.b", **more)) == (said,)


@pytest.mark.parametrize("reason", [*DEFERRED, "new_reason"])
def test_a_deferred_change_says_why(reason: str) -> None:
    said = deferred_text(Deferred("a.b", Action.CREATE, reason))
    assert said == f"Later: create a.b, {DEFERRED.get(reason, 'new_reason')}"


def test_what_is_forgotten_stays() -> None:
    assert remarks(change("a.b", Action.FORGET)) == (FORGOTTEN,)


def test_a_plain_change_needs_no_words() -> None:
    assert remarks(change("a.b")) == ()
