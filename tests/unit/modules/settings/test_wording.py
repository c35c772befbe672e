"""Unknown keys and wrong types, in words that help."""

from __future__ import annotations

from typing import Any

import pytest

from modules.settings import Settings
from modules.settings.wording import annotation_at, describe
from tests.unit.modules.settings.samples import Path, changed, faults


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("regoin",), "regoin: is no setting; did you mean region?"),
        (("Region",), "Region: is no setting; did you mean region?"),
        (("owner",), "owner: is no setting; did you mean catalog.owner?"),
        (("projects", 0, "root_access"), "did you mean notebook.root_access?"),
        (("projects", 0, "nothing-like-it"), "is no setting; must be one of name, id, "),
        (("networks", 0, "vpc", "nmae"), "networks[0] (main).vpc.nmae: is no setting; did you"),
        (("projects", 0, "end_user_roles", 0, "assume_by"), "did you mean assumed_by?"),
        (("state", "dynamodb_table"), "state.dynamodb_table: is no setting; must be one of "),
    ],
)
def test_fails_when_a_key_is_unknown_and_names_the_nearest(path: Path, message: str) -> None:
    (problem,) = faults(changed(path, "x"))
    assert message in problem


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("deployers",), "arn", 'deployers: got "arn"; must be a list of at least one, each '),
        (("deployers",), (), "deployers: got []; must be a list of at least one"),
        (("projects",), {"a": 1}, 'projects: got {"a": 1}; must be a list, each item an object'),
        (("networks", 0), "x", 'networks[0]: got "x"; must be an object ({ ... })'),
        (("tags",), ("a",), 'tags: got ["a"]; must be a map of at most 17; each key 1 to 128'),
        (("state",), None, "state: got null; must be an object ({ ... })"),
        (("projects", 0, "notebook", "root_access"), "yes", 'got "yes"; must be true or false'),
        (("projects", 0, "network"), 3, "got 3; must be letters, digits and single hyphens"),
        (("jumpstart",), "all", 'jumpstart: got "all"; must be an object ({ ... })'),
        (("jumpstart",), {"create": ()}, "jumpstart.create: got []; must be a role at least, "),
        (("audit", "log_retention_days"), "365", 'got "365"; must be one of 1, 3, 5, '),
    ],
    ids=repr,
)
def test_fails_when_a_type_is_wrong_and_says_which_is_right(
    path: Path, value: Any, message: str
) -> None:
    problems = faults(changed(path, value))
    assert message in problems[0]


def test_an_item_in_fault_does_not_make_its_list_seem_empty() -> None:
    (problem,) = faults(changed(("deployers",), ("*",)))
    assert problem.startswith('deployers[0]: got "*"; ')


def test_too_many_tags_are_counted() -> None:
    (problem,) = faults(changed(("tags",), {f"k{index}": "v" for index in range(18)}))
    assert problem.endswith("; must be a map of at most 17")


@pytest.mark.parametrize(
    ("loc", "words"),
    [
        (("projects", 0, "build"), '"lambda" or "cloudformation"'),
        (("projects", 0, "empty_buckets_on_destroy"), "true or false"),
        (("projects", 7, "notebook"), "an object ({ ... })"),
        (("networks", 0, "existing_endpoints", "s3"), "the id of a VPC endpoint, such as "),
        (("state", "region"), "an AWS Region, such as "),
    ],
)
def test_what_a_setting_may_be_is_said_from_its_type(loc: Path, words: str) -> None:
    assert describe(annotation_at(loc, Settings)).startswith(words)
