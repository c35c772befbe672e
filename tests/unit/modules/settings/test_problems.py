"""The wording of problems: one line each, short, and without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from modules.settings.problems import VALUE_LIMIT, SettingsError, dotted, missing, show, unfit


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", '"a"'),
        (20, "20"),
        (True, "true"),
        (None, "null"),
        ("20", '"20"'),
        ((1, {"a": "b"}), '[1, {"a": "b"}]'),
        ("é", '"é"'),
        ('"\\', r'"\"\\"'),
        ("a\nb\x00", r'"a\nb\u0000"'),
        ("a\u2028b\x85\x7f", r'"a\u2028b\u0085\u007f"'),
        (float("inf"), "Infinity"),
        (frozenset((1,)), '"frozenset({1})"'),
    ],
    ids=repr,
)
def test_a_value_is_shown_on_one_line_as_hcl_writes_it(value: Any, shown: str) -> None:
    assert show(value) == shown


def test_a_long_value_is_shortened() -> None:
    assert show("x" * 1000) == f'"{"x" * (VALUE_LIMIT - 2)}…'
    assert len(show("x" * 1000)) == VALUE_LIMIT
    assert show("x" * (VALUE_LIMIT - 2)) == f'"{"x" * (VALUE_LIMIT - 2)}"'


@pytest.mark.parametrize(
    "key",
    [
        *("password", "db_passwd", "ApiToken", "aws_secret", "SECRET", "credentials"),
        *("access_key", "private-key", "apikey", "AccessKeyId"),
    ],
)
def test_the_value_of_a_key_that_looks_secret_is_never_shown(key: str) -> None:
    assert show("hunter2", ("tags", key)) == "(hidden)"
    assert show("hunter2", (key, 0, "x")) == "(hidden)"
    assert "hunter2" not in show({"a": ({key: "hunter2"},)})


def test_the_value_of_another_key_is_shown() -> None:
    assert show("main", ("networks", 0, "name")) == '"main"'
    assert show("alias/x", ("state", "kms_key_arn")) == '"alias/x"'


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("region",), "region"),
        (("state", "bucket"), "state.bucket"),
        (("projects", 0), "projects[0] (vision)"),
        (("projects", 0, "notebook", "root"), "projects[0] (vision).notebook.root"),
        (("projects", 1, "id"), "projects[1].id"),
        (("projects", 2, "id"), "projects[2].id"),
        (("projects", 3, "id"), "projects[3].id"),
        (("projects", 9), "projects[9]"),
        (("deployers", 0), "deployers[0]"),
        (("tags", "a b"), 'tags["a b"]'),
        (("tags", "a\nb"), r'tags["a\nb"]'),
        (("a.b",), '["a.b"]'),
        ((), ""),
    ],
    ids=repr,
)
def test_a_path_has_indices_and_names(loc: Any, path: str) -> None:
    values = {
        "projects": ({"name": "vision"}, {"name": "a\nb"}, {"name": 3}, {"name": "x" * 41}),
        "deployers": ("arn",),
    }
    assert dotted(loc, values) == path


def test_a_problem_says_what_is_there_and_what_may_be() -> None:
    assert unfit(("a",), 3, "a list").text == "got 3; must be a list"
    assert missing(("a",), "a list").text == "is not set; must be a list"


def test_the_error_is_a_line_for_each_problem() -> None:
    error = SettingsError(line for line in ("a: is wrong", "b: is, too"))
    assert error.problems == ("a: is wrong", "b: is, too")
    assert str(error) == "a: is wrong\nb: is, too"
