from __future__ import annotations

import pytest

from modules.service_roles import BY_SHORT_NAME, PREFIX
from tests.unit.modules.stacks.whole_app import WholeStack, reduced, stacks_of


def test_makes_all_roles_but_those_to_adopt(app: dict[str, WholeStack]) -> None:
    stack = app["jumpstart"]
    roles = {role.body["name"]: role for role in stack.all("aws_iam_role")}
    assert set(roles) == {role.name for role in BY_SHORT_NAME.values()}
    assert stack.json["import"] == [
        {"id": f"{PREFIX}UseRole", "to": roles[f"{PREFIX}UseRole"].address}
    ]


def test_a_destroy_is_refused_by_default(app: dict[str, WholeStack]) -> None:
    for resource in app["jumpstart"].all():
        assert resource.body["lifecycle"]["prevent_destroy"] is True, resource.path


@pytest.mark.parametrize(
    ("retention", "required"), [("protect", ">= 1.5"), ("release", ">= 1.7"), ("delete", ">= 1.5")]
)
def test_releasing_takes_a_terraform_with_removed_blocks(retention: str, required: str) -> None:
    jumpstart = {"create": ("LaunchRole",), "retention": retention}
    stack = stacks_of(jumpstart=jumpstart)["jumpstart"]
    assert stack.json["terraform"]["required_version"] == required


def test_the_arns_are_put_out_by_short_name(app: dict[str, WholeStack]) -> None:
    arns = app["jumpstart"].outputs["service_role_arns"]
    assert set(app["jumpstart"].outputs) == {"service_role_arns"}
    assert {short: reduced(arn) for short, arn in arns.items()} == {
        short: f"arn:<partition>:iam::<account_id>:role/service-role/{role.name}"
        for short, role in BY_SHORT_NAME.items()
    }


def test_only_what_is_asked_for_is_managed() -> None:
    jumpstart = {"create": ("LaunchRole",), "adopt": (), "retention": "delete"}
    stack = stacks_of(jumpstart=jumpstart)["jumpstart"]
    (role,) = stack.all("aws_iam_role")
    assert role.body["name"] == f"{PREFIX}LaunchRole"
    assert not role.body["lifecycle"].get("prevent_destroy")
    assert "permissions_boundary" not in role.body
    assert list(stack.outputs["service_role_arns"]) == ["LaunchRole"]


def test_released_roles_are_forgotten_and_not_destroyed(app: dict[str, WholeStack]) -> None:
    released = stacks_of(jumpstart={"adopt": ("UseRole",), "retention": "release"})["jumpstart"]
    assert released.all() == []
    removed = released.json["removed"]
    assert {block["from"] for block in removed} == {each.address for each in app["jumpstart"].all()}
    assert all(block["lifecycle"] == {"destroy": False} for block in removed)
