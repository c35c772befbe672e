"""What holds for every stack, and for all of them together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from cdktf import App, TerraformStack
from cdktf import Testing as CdktfTesting
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.naming import LENGTH_LIMITS
from modules.settings import parse
from modules.settings.rules import REGION as ANY_REGION
from modules.stacks import build_app
from tests.unit.modules.stacks.samples import BOUNDARY, END_USERS, FULL, LEAST, REGION, TOPIC
from tests.unit.modules.stacks.whole_app import WholeStack, reduced, stacks_of, synthesise

ROOT = Path(__file__).parents[4]
SCOPED = {
    "aws_iam_role_policy": "role",
    "aws_security_group": "vpc_id",
    "aws_servicecatalog_provisioning_artifact": "product_id",
}
"""Types whose names need be unique only within something else."""


def test_there_is_a_stack_for_each_network_and_project_and_two_by_choice(
    app: dict[str, WholeStack], least: dict[str, WholeStack]
) -> None:
    assert set(app) == {
        "network-main",
        "network-other",
        "notebook-Vision",
        "notebook-sound",
        "notebook-text",
        "jumpstart",
        "audit",
    }
    assert set(least) == {"network-main", "notebook-vision"}


def test_settings_of_nothing_make_no_stack() -> None:
    assert stacks_of(networks=(), projects=()) == {}


def test_a_project_is_deployed_after_its_own_network_and_waits_for_no_other(
    manifest: dict[str, Any],
) -> None:
    assert {name: stack["dependencies"] for name, stack in manifest.items()} == {
        "network-main": [],
        "network-other": [],
        "notebook-Vision": ["network-main"],
        "notebook-sound": ["network-main"],
        "notebook-text": ["network-other"],
        "jumpstart": [],
        "audit": [],
    }


def test_no_stack_reads_anothers_state(app: dict[str, WholeStack]) -> None:
    for stack in app.values():
        assert "terraform_remote_state" not in stack.text


def test_no_two_stacks_share_a_state(app: dict[str, WholeStack]) -> None:
    paths = [stack.json["terraform"]["backend"]["local"]["path"] for stack in app.values()]
    assert len({path.casefold() for path in paths}) == len(app)


def test_every_role_has_the_permissions_boundary(app: dict[str, WholeStack]) -> None:
    roles = [role for stack in app.values() for role in stack.all("aws_iam_role")]
    assert len(roles) == 11 + 1 + (3 + 2) + 3 + 4
    for role in roles:
        assert role.body["permissions_boundary"] == BOUNDARY, role.path


def test_without_one_in_the_settings_no_role_has_a_boundary() -> None:
    stacks = stacks_of(jumpstart={}, audit={}, projects=FULL["projects"][:1]).values()
    roles = [role for stack in stacks for role in stack.all("aws_iam_role")]
    assert len(roles) == 11 + 1 + 5
    assert not any("permissions_boundary" in role.body for role in roles)


def physical_names(stack: WholeStack) -> list[tuple[str, ...]]:
    """Return what AWS must find unique in the account: type, name and what scopes the name."""
    return [
        (each.type, reduced(each.body[key]).casefold(), str(each.body.get(SCOPED.get(each.type))))
        for each in stack.all()
        for key in ("name", "bucket", "function_name", "alarm_name")
        if key in each.body and "${aws_" not in each.body[key]
    ]


def test_no_two_stacks_give_anything_the_same_name(app: dict[str, WholeStack]) -> None:
    """Several projects stand in one account, two of them in one VPC; case tells nothing apart."""
    names = Counter(
        name
        for stack in app.values()
        for name in {
            (kind, name, f"{stack.name} {scope}" if kind in SCOPED else "")
            for kind, name, scope in physical_names(stack)
        }
    )
    kinds = {kind for kind, *_ in names}
    assert {"aws_iam_role", "aws_s3_bucket", "aws_lambda_function", "aws_kms_alias"} <= kinds
    assert [name for name, count in names.items() if count > 1] == []


def test_within_a_stack_no_two_things_have_the_same_name(app: dict[str, WholeStack]) -> None:
    for stack in app.values():
        names = physical_names(stack)
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_neither_partition_nor_region_is_written_out(app: dict[str, WholeStack]) -> None:
    """But for the provider's Region and what the settings name by ARN."""
    for stack in app.values():
        text = stack.text
        assert "arn:aws:" not in text
        for given in (f'"region": "{REGION}"', TOPIC):
            text = text.replace(given, "")
        assert re.findall(ANY_REGION, text) == [], stack.name


def test_no_output_is_sensitive(app: dict[str, WholeStack]) -> None:
    for stack in app.values():
        for name, output in stack.json["output"].items():
            assert list(output) == ["value"], name


def test_policies_are_attached_to_single_roles(app: dict[str, WholeStack]) -> None:
    """``aws_iam_policy_attachment`` would take a policy away from everybody else."""
    assert not any(stack.all("aws_iam_policy_attachment") for stack in app.values())


def test_nothing_in_a_stack_refers_to_what_is_not_there(app: dict[str, WholeStack]) -> None:
    for stack in app.values():
        addresses = stack.direct(stack.json)
        addresses |= {address for each in stack.elements for address in stack.direct(each.body)}
        assert addresses
        for address in addresses:
            assert stack.target(address) is not None


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_the_same_settings_give_the_same_bytes(
    app: dict[str, WholeStack], directory: Path, tmp_path: Path
) -> None:
    synthesise(FULL, tmp_path)
    assert len(files(directory)) >= len(app) + 1
    assert files(tmp_path) == files(directory)


def test_what_the_settings_let_through_can_be_built() -> None:
    """At the limits of the settings, no construct has a narrower one."""
    longest = {
        kind: ("n" * limit)[: -len("-v")]
        for kind, limit in LENGTH_LIMITS.items()
        if kind != "end_user_role"
    }
    distinct = {
        "execution_role": "x" * 62,
        "builder_role": "y" * 62,
        "lifecycle_config_s3": "z" * 61,
    }
    project = {
        "name": "v",
        "id": "i" * 64,
        "environment": "e" * 64,
        "code_bucket": "c" * 63,
        "end_user_roles": ({"name": "u" * 62, **END_USERS[0]},),
        "notebook": {"max_volume_size_gb": 16384, "volume_size_gb": 5, "root_access": True},
        "versions": tuple(
            {"name": letter * 64, "description": "d" * 2000} for letter in ("a", "b")
        ),
    }
    given = LEAST | {
        "projects": (project, project | {"name": "w", "build": "cloudformation"}),
        "names": longest | distinct,
        "catalog": {
            "owner": "o" * 50,
            "description": "d" * 2000,
            "distributor": "d" * 200,
            "support_email": f"{'m' * 242}@example.com",
            "support_url": f"https://{'u' * 2075}",
        },
        "tags": {f"{n:02}{'k' * 126}": "v" * 256 for n in range(17)},
        "audit": {"log_retention_days": 3653},
        "jumpstart": {},
    }
    stacks = stacks_of(**given)
    names = {role.body["name"] for role in stacks["notebook-v"].all("aws_iam_role")}
    assert max(map(len, names)) == 64
    assert len(names) == 4


def stack_validations(app: App) -> dict[str, list[str]]:
    """Return what cdktf has to say of each stack, which ``skip_validation`` leaves unsaid.

    Of its other checks there is one alone, for resources that are imported: it runs
    ``terraform version``. The stacks demand a version themselves, in ``required_version``.
    """
    stacks = [each for each in app.node.children if isinstance(each, TerraformStack)]
    return {stack.node.id: stack.node.validate() for stack in stacks}


def test_every_stack_has_the_providers_of_its_resources(
    app: dict[str, WholeStack], tmp_path: Path
) -> None:
    found = stack_validations(build_app(parse(FULL), App(outdir=str(tmp_path))))
    assert found == {name: [] for name in app}


def test_fails_on_a_stack_without_the_provider_of_a_resource() -> None:
    app = CdktfTesting.app()
    SqsQueue(TerraformStack(app, "bare"), "Queue")
    ((message,),) = stack_validations(app).values()
    assert "Found resources without a matching provider construct" in message


def test_synthesis_runs_no_terraform(tmp_path: Path) -> None:
    """The example imports resources, for which cdktf would ask the version."""
    programs = tmp_path / "programs"
    programs.mkdir()
    mark = tmp_path / "terraform-was-run"
    (programs / "terraform").write_text(f"#!/bin/sh\ntouch {mark}\necho Terraform v1.11.4\n")
    (programs / "terraform").chmod(0o755)
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    assert shutil.which("terraform", path=environment["PATH"]) == str(programs / "terraform")
    subprocess.run(  # noqa: S603 (the program under test)
        [sys.executable, str(ROOT / "main.py"), str(ROOT / "examples/settings.tfvars")],
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert '"import"' in (tmp_path / "cdktf.out/stacks/jumpstart/cdk.tf.json").read_text()
    assert not mark.exists()
