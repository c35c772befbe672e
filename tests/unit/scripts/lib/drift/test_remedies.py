"""Ways to mend, and their commands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.lib.drift.causes import CODE, CONTENT, TAGS
from scripts.lib.drift.mirrors import ATTACHED, INLINE, Element
from scripts.lib.drift.model import Mend
from scripts.lib.drift.remedies import (
    of_changed,
    of_deleted,
    of_element,
    of_principal,
    terraform_command,
)
from scripts.lib.drift.shell import Shell
from scripts.lib.drift.world import World
from tests.unit.scripts.lib.drift.seen import changed, deleted

SHELL = Shell(region="eu-west-1")
SETS_NOTHING = World(configured={"aws_vpc_endpoint.it": frozenset(), "aws_x.it": frozenset()})


def test_what_is_gone_is_made_anew() -> None:
    first, *others = of_deleted(deleted("aws_iam_role", {"id": "app"}), SHELL)
    assert (first.mend, first.command) == (Mend.APPLY, "npx cdktf deploy web")
    assert [each.mend for each in others] == [Mend.ADOPT]


def test_what_was_made_anew_by_hand_has_another_id_and_is_imported() -> None:
    mends = {each.mend: each for each in of_deleted(deleted("aws_vpc_endpoint", {}), SHELL)}
    assert mends[Mend.IMPORT].command == (
        "terraform -chdir=cdktf.out/stacks/web import aws_vpc_endpoint.it NEW-ID"
    )


def test_a_deleted_key_is_saved_before_anything_else() -> None:
    first = of_deleted(deleted("aws_kms_key", {"id": "abc"}), SHELL)[0]
    assert first.mend is Mend.REMOVE
    assert first.command.startswith("aws kms cancel-key-deletion --key-id abc ")
    assert "&& aws kms enable-key --key-id abc" in first.command


def test_what_the_configuration_sets_is_put_back() -> None:
    world = World(configured={"aws_vpc_endpoint.it": frozenset({"route_table_ids"})})
    change = changed("aws_vpc_endpoint", {"route_table_ids": ["a"]}, {"route_table_ids": []})
    got = of_changed(change, "route_table_ids", ("route_table_ids",), world, SHELL)
    assert got[0].mend is Mend.APPLY


@pytest.mark.parametrize(
    ("type_", "attribute", "mend"),
    [
        ("aws_vpc_endpoint", "route_table_ids", Mend.REMOVE),
        ("aws_vpc_endpoint", "tags_all", Mend.APPLY),
        ("aws_x", "delay", Mend.APPLY),
    ],
)
def test_what_it_does_not_set_is_left_only_if_the_provider_leaves_it(
    type_: str, attribute: str, mend: Mend
) -> None:
    name = TAGS if attribute == "tags_all" else attribute
    change = changed(type_, {attribute: 1}, {attribute: 2})
    assert of_changed(change, name, (attribute,), SETS_NOTHING, SHELL)[0].mend is mend


def test_replaced_code_is_uploaded_again() -> None:
    """To replace the function would take its permissions and settings along."""
    now = {"function_name": "builder", "filename": "assets/a b.zip"}
    change = changed("aws_lambda_function", {"code_sha256": "a"}, {"code_sha256": "b", **now})
    first = of_changed(change, CODE, ("code_sha256",), World(), SHELL)[0]
    assert first.mend is Mend.APPLY
    assert first.command == (
        "aws lambda update-function-code --function-name builder "
        "--zip-file 'fileb://cdktf.out/stacks/web/assets/a b.zip' --region eu-west-1"
    )


def test_replaced_code_from_elsewhere_takes_more_than_an_apply() -> None:
    change = changed("aws_lambda_function", {"code_sha256": "a"}, {"code_sha256": "b"})
    first = of_changed(change, CODE, ("code_sha256",), World(), SHELL)[0]
    assert first.command == (
        "terraform -chdir=cdktf.out/stacks/web apply -replace=aws_lambda_function.it"
    )


@pytest.mark.parametrize(
    ("left", "command"),
    [
        ({"content"}, "terraform -chdir=cdktf.out/stacks/web apply -replace=aws_s3_object.it"),
        (set(), "npx cdktf deploy web"),
    ],
)
def test_content_that_is_left_alone_takes_more_than_an_apply(left: set[str], command: str) -> None:
    change = changed("aws_s3_object", {"content": "a", "etag": "1"}, {"content": "b", "etag": "2"})
    world = World(left_alone={"aws_s3_object.it": frozenset(left)})
    first = of_changed(change, CONTENT, ("content", "etag"), world, SHELL)[0]
    assert (first.mend, first.command) == (Mend.APPLY, command)


def test_what_is_left_alone_is_not_put_back_by_an_apply() -> None:
    change = changed("aws_x", {"delay": 1}, {"delay": 2})
    world = World(left_alone={"aws_x.it": frozenset({"delay"})})
    first = of_changed(change, "delay", ("delay",), world, SHELL)[0]
    assert (first.mend, first.command) == (Mend.REMOVE, "")
    assert "ignore_changes" in first.text


def test_hostile_names_are_quoted() -> None:
    role = changed("aws_iam_role", {}, {"name": "app; rm -rf /"})
    element = Element(INLINE, "$(x)", None, "{}")
    command = of_element(role, element, SHELL)[0].command
    assert "--role-name 'app; rm -rf /' --policy-name '$(x)'" in command
    change = replace(deleted("aws_vpc_endpoint", {}), address='aws_vpc_endpoint.it["a b"]')
    assert """'aws_vpc_endpoint.it["a b"]'""" in of_deleted(change, SHELL)[1].command
    assert "'a b'" in of_principal("port-1", "a b", SHELL)[0].command
    assert terraform_command("a b", "x") == "terraform '-chdir=cdktf.out/stacks/a b' x"


def test_what_left_a_role_needs_no_command() -> None:
    (only,) = of_element(changed("aws_iam_role", {}, {}), Element(ATTACHED, "x", "x", None), SHELL)
    assert only.command == ""
