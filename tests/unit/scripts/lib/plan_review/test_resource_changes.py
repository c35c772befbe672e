"""Resource changes, read from a plan's JSON."""

from typing import Any

import pytest

from scripts.lib.plan_review.model import Action, ResourceChange
from scripts.lib.plan_review.resource_changes import Reader
from scripts.lib.plan_review.tolerant import Notes

from .plans import document, entry


def read(*entries: object) -> tuple[tuple[ResourceChange, ...], int, tuple[str, ...]]:
    notes = Notes()
    changes, unchanged = Reader("web", notes).changes([*entries], "resource_changes")
    return changes, unchanged, notes.warnings()


def one(given: object) -> ResourceChange:
    (change,), unchanged, warnings = read(given)
    assert (unchanged, warnings) == (0, ())
    return change


def fixture(name: str) -> dict[str, ResourceChange]:
    changes, _, _ = read(*document(name)["resource_changes"])
    return {change.address: change for change in changes}


def test_all_that_terraform_says_is_kept() -> None:
    given = {
        **entry(
            before={"a": 1},
            after={"a": 2},
            after_unknown={"b": True},
            before_sensitive={"a": True},
            after_sensitive=True,
        ),
        "module_address": 'module.a["b"]',
    }
    assert one(given) == ResourceChange(
        stack="web",
        address="aws_x.a",
        mode="managed",
        type="aws_x",
        name="a",
        module='module.a["b"]',
        provider="registry.terraform.io/hashicorp/aws",
        action=Action.UPDATE,
        before={"a": 1},
        after={"a": 2},
        after_unknown={"b": True},
        before_sensitive={"a": True},
        after_sensitive=True,
    )


@pytest.mark.parametrize(
    ("actions", "action", "new_first", "keeps_old"),
    [
        (["create"], Action.CREATE, False, False),
        (["read"], Action.READ, False, False),
        (["update"], Action.UPDATE, False, False),
        (["delete"], Action.DESTROY, False, False),
        (["delete", "create"], Action.REPLACE, False, False),
        (["create", "delete"], Action.REPLACE, True, False),
        (["forget"], Action.FORGET, False, False),
        (["forget", "create"], Action.REPLACE, False, True),
        (["create", "forget"], Action.REPLACE, True, True),
    ],
)
def test_actions_of_terraform_are_ours(
    actions: list[str], action: Action, new_first: bool, keeps_old: bool
) -> None:
    change = one(entry(actions=actions, before={"a": 1}, after={"a": 2}))
    found = (change.action, change.create_before_destroy, change.keeps_old)
    assert found == (action, new_first, keeps_old)


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({"actions": ["explode"], "before": {"a": 1}, "after": {"a": 2}}, "update"),
        ({"actions": ["explode"], "before": {"a": 1}, "after": {"a": 1}}, "update"),
        ({"actions": ["explode"], "before": None, "after": {"a": 1}}, "create"),
        ({"actions": ["explode"], "before": {"a": 1}, "after": None}, "destroy"),
        ({"actions": ["delete", "wait"], "before": {"a": 1}, "after": {}}, "destroy"),
        ({"actions": ["delete", "wait", "create"], "before": {"a": 1}}, "replace"),
        ({"actions": [], "before": {"a": 1}, "after": {"a": 2}}, "update"),
        ({"actions": None, "before": {"a": 1}, "after": None}, "destroy"),
    ],
)
def test_actions_that_are_not_known_are_never_taken_for_nothing(
    change: dict[str, Any], taken: str
) -> None:
    (found,), unchanged, warnings = read({**entry(), "change": change})
    assert (str(found.action), unchanged) == (taken, 0)
    assert warnings[-1].endswith(f"which is not known; taken: {taken}")


def test_the_order_is_that_of_a_report() -> None:
    given = [
        {**entry(actions=[action]), "address": address}
        for action, address in (
            ("read", "data.a.a"), ("create", "b"), ("create", "a"), ("update", "z"),
            ("forget", "c"), ("delete", "y"),
        )
    ]  # fmt: skip
    changes, _, _ = read(*given)
    assert [change.address for change in changes] == ["y", "c", "z", "a", "b", "data.a.a"]


def test_what_does_not_change_is_counted() -> None:
    assert read(entry(actions=["no-op"]), entry(actions=[]), entry(actions=["no-op"]))[1:] == (
        3,
        (),
    )


def test_a_move_is_a_change_even_if_nothing_else_is() -> None:
    moved = {**entry(actions=["no-op"]), "previous_address": "aws_x.old"}
    assert (one(moved).action, one(moved).previous_address) == (Action.MOVE, "aws_x.old")
    both = {**entry(actions=["update"]), "previous_address": "aws_x.old"}
    assert (one(both).action, one(both).previous_address) == (Action.UPDATE, "aws_x.old")


@pytest.mark.parametrize(
    ("importing", "name"),
    [
        ({"id": "i-1"}, "i-1"),
        ({}, ""),
        ({"unknown": True}, ""),
        ({"identity": {"bucket": "a", "n": 1, "b": True, "no": None}}, "bucket=a, n=1, b=true"),
        ({"identity": {"password": "hunter2"}}, "password=(sensitive)"),
        ({"id": "postgres://me:hunter2@db"}, "postgres://me:[hidden]@db"),
    ],
)
def test_an_import_is_a_change_and_its_id_holds_no_secret(
    importing: dict[str, Any], name: str
) -> None:
    change = one(entry(actions=["no-op"], importing=importing))
    assert (change.action, change.import_id) == (Action.IMPORT, name)


def test_an_import_with_a_change_is_the_change() -> None:
    change = fixture("imported")["terraform_data.changed"]
    assert (change.action, change.import_id) == (Action.UPDATE, "another-id")


def test_a_deposed_object_is_told_apart() -> None:
    change = fixture("deposed")["terraform_data.server"]
    assert (change.action, change.deposed) == (Action.DESTROY, "0a1b2c3d")


def test_reasons_and_what_forces_a_replacement_are_kept() -> None:
    everyday, targeted = fixture("everyday"), fixture("targeted")
    replaced = everyday["terraform_data.replaced"]
    assert replaced.reason == "replace_because_cannot_update"
    assert replaced.replace_paths == (("triggers_replace",),)
    assert everyday["terraform_data.triggered"].reason == "replace_by_triggers"
    assert targeted["terraform_data.tainted"].reason == "replace_because_tainted"
    assert targeted["terraform_data.one"].reason is None


def test_what_opentofu_keeps_is_told() -> None:
    changes = fixture("written-opentofu-1.2")
    kept, first = changes["aws_s3_bucket.kept"], changes["aws_s3_bucket.first"]
    assert (kept.keeps_old, kept.create_before_destroy) == (True, False)
    assert (first.keeps_old, first.create_before_destroy) == (True, True)


def test_paths_with_odd_steps_are_passed_over() -> None:
    (change,), _, warnings = read(entry(replace_paths=[["a", 0], ["a", None], "b"]))
    assert change.replace_paths == (("a", 0),)
    where = "resource_changes[0].change.replace_paths"
    assert warnings == (
        f"{where}[1] has steps that are neither names nor numbers",
        f"{where}[2] is a string, expected: a list",
    )


def test_an_address_is_made_up_if_there_is_none() -> None:
    given = {**entry(), "module_address": "module.m"}
    del given["address"]
    (change,), _, warnings = read(given)
    assert change.address == "module.m.aws_x.a"
    assert warnings == ("resource_changes[0] has no address, taken: module.m.aws_x.a",)
    (change,), _, warnings = read({"change": {"actions": ["create"]}})
    assert change.address == "(no address)"


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("data.aws_x.a", "data"),
        ("module.m.data.aws_x.a", "data"),
        ("aws_x.data", "managed"),
        ("aws_x.a", "managed"),
    ],
)
def test_the_mode_is_seen_from_the_address_if_it_is_missing(address: str, mode: str) -> None:
    given = {**entry(), "address": address}
    del given["mode"]
    assert one(given).mode == mode


@pytest.mark.parametrize("odd", [None, True, 1, "x", [], [1], {}, {"a": [None]}])
@pytest.mark.parametrize("member", [*entry(), "previous_address", "deposed", "action_reason"])
def test_members_of_any_type_are_read(member: str, odd: object) -> None:
    changes, unchanged, warnings = read({**entry(), member: odd})
    assert len(changes) + unchanged == 1
    assert all("\n" not in line for line in warnings)


@pytest.mark.parametrize("odd", [None, True, 1, "x", [], [1], {}, {"a": [None]}])
@pytest.mark.parametrize(
    "member", ["actions", "before", "after", "after_unknown", "importing", "replace_paths"]
)
def test_members_of_a_change_of_any_type_are_read(member: str, odd: object) -> None:
    changes, unchanged, _ = read(entry(**{member: odd}))
    assert len(changes) + unchanged == 1


def test_no_value_is_quoted_in_a_warning() -> None:
    secret = "hunter2"
    _, _, warnings = read(secret, entry(before=secret, after=[secret], importing=secret))
    assert len(warnings) == 4
    assert secret not in repr(warnings)


def test_half_a_surrogate_pair_does_not_come_through() -> None:
    one({**entry(), "address": "aws_x.a\ud800", "module_address": "\udfff"}).address.encode()
