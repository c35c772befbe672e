from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.modules.stacks.whole_app import WholeStack

pytestmark = pytest.mark.xdist_group("stacks")

PROJECTS = ["notebook-Vision", "notebook-sound", "notebook-text"]


def role_names(policy: dict[str, Any]) -> set[str]:
    """Return the names of the roles that a key policy has among its principals."""
    principals: list[str] = []
    for statement in policy["Statement"]:
        named = statement["Principal"]["AWS"]
        principals += [named] if isinstance(named, str) else named
    return {arn.rpartition(":role/")[2] for arn in principals if not arn.endswith(":root")}


@pytest.mark.parametrize("project", PROJECTS)
def test_the_key_waits_for_every_role_that_its_policy_names(
    app: dict[str, WholeStack], project: str
) -> None:
    """KMS refuses a policy that names a role which does not exist."""
    stack = app[project]
    key = stack.at("Key/Resource").body
    named = role_names(json.loads(key["policy"]))
    roles = {role.body["name"]: role.address for role in stack.all("aws_iam_role")}
    assert len(named) >= 3
    assert {roles[name] for name in named} <= set(key["depends_on"])


@pytest.mark.parametrize(
    ("project", "maker"),
    [("notebook-Vision", "SageMakerBuildRole-Vision"), ("notebook-sound", "SCLaunchRole-sound")],
)
def test_those_who_make_and_start_notebooks_grant_the_key(
    app: dict[str, WholeStack], project: str, maker: str
) -> None:
    policy = json.loads(app[project].at("Key/Resource").body["policy"])
    name = project.removeprefix("notebook-")
    ends = (
        {"SCEndUserRole-Vision", "Guest+1@x-Vision"}
        if name == "Vision"
        else {"SCEndUserRole-sound"}
    )
    assert role_names(policy) == {f"SageMakerExecutionRole-{name}", maker, *ends}


def test_the_builder_exists_only_where_it_builds(app: dict[str, WholeStack]) -> None:
    def builders(project: str) -> list[str]:
        return [each.path for each in app[project].all() if each.path.startswith("Builder")]

    assert "BuilderRole/Resource" in builders("notebook-Vision")
    assert builders("notebook-sound") == []


@pytest.mark.parametrize("project", PROJECTS)
def test_a_template_is_put_into_a_bucket_that_is_guarded_already(
    app: dict[str, WholeStack], project: str
) -> None:
    stack = app[project]
    templates = stack.all("aws_s3_object")
    assert templates
    for template in templates:
        guards = {"Policy", "Encryption", "Versioning", "PublicAccessBlock", "OwnershipControls"}
        assert {f"CatalogBucket/{each}" for each in guards} <= stack.waits_for(template.path)
