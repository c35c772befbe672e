"""Plans, read."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import InputError
from scripts.lib.plan_review.model import Action, CheckResult, Deferred, Plan
from scripts.lib.plan_review.read import BinaryPlan, load_plan, read_plan, stack_name
from scripts.lib.plan_review.values import attribute_changes

from .plans import JSON_VALUES, NAMES, PLANS, document, entry, places, plan_document, read

EXPECTED: dict[str, dict[str, str]] = {
    "deposed": {"terraform_data.server": "destroy"},
    "destroyed": {"terraform_data.kept": "destroy"},
    "empty": {},
    "errored": {"terraform_data.planned": "create"},
    "everyday": {
        'module.shop["large"].terraform_data.part': "destroy",
        "terraform_data.counted[2]": "destroy",
        "terraform_data.removed": "destroy",
        "terraform_data.new_first": "replace",
        "terraform_data.replaced": "replace",
        "terraform_data.triggered": "replace",
        "terraform_data.forgotten": "forget",
        'module.shop["a.b"].terraform_data.part': "update",
        "terraform_data.counted[1]": "update",
        "terraform_data.updated": "update",
        'module.shop["new"].terraform_data.part': "create",
        "terraform_data.created": "create",
        "terraform_data.new_name": "move",
        "data.terraform_remote_state.other": "read",
    },
    "imported": {
        "terraform_data.changed": "update",
        "terraform_data.adopted": "import",
        'terraform_data.each["a"]': "import",
        'terraform_data.each["b"]': "import",
    },
    "nothing": {},
    "targeted": {
        "terraform_data.requested": "replace",
        "terraform_data.tainted": "replace",
        "terraform_data.one": "update",
    },
    "written-azurerm-1.0": {
        "azurerm_storage_account.logs": "update",
        "azurerm_app_service.web": "create",
    },
    "written-google-1.1": {
        "google_storage_bucket.data": "replace",
        "google_project_iam_binding.owner": "update",
        "data.google_client_config.now": "read",
    },
    "written-kubernetes-1.2": {
        'kubernetes_deployment.web["a"]': "update",
        "kubernetes_manifest.secret": "create",
    },
    "written-opentofu-1.2": {
        "aws_s3_bucket.first": "replace",
        "aws_s3_bucket.kept": "replace",
        "aws_s3_bucket.gone": "forget",
    },
    "written-terraform-1.14": {"aws_s3_bucket.later": "create", "aws_s3_bucket.adopted": "import"},
}
SECRETS = ("battery-staple", "hunter2", "is nowhere in the plan")


def plan(name: str) -> Plan:
    return read_plan(document(name), "web")


@pytest.mark.parametrize("name", NAMES)
def test_every_change_of_a_fixture_is_told_in_the_order_of_a_report(name: str) -> None:
    read = plan(name)
    assert [(item.address, str(item.action)) for item in read.changes] == [*EXPECTED[name].items()]
    assert read.stack == "web"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_odd_is_seen_in_a_fixture(name: str) -> None:
    odd = [line for line in plan(name).warnings if "whose effects it does not tell" not in line]
    assert odd == []


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_of_a_fixture_can_be_printed(name: str) -> None:
    read = plan(name)
    attributes = [attribute_changes(item) for item in (*read.changes, *read.drift)]
    shown = repr((read, attributes))
    assert [secret for secret in SECRETS if secret in shown] == []


def test_what_is_unchanged_is_counted() -> None:
    counts = {name: plan(name).unchanged for name in ("everyday", "nothing", "deposed", "empty")}
    assert counts == {"everyday": 2, "nothing": 1, "deposed": 1, "empty": 0}


def test_versions_are_told() -> None:
    read = plan("written-google-1.1")
    assert (read.terraform_version, read.format_version) == ("1.2.9", "1.1")


def test_a_plan_may_be_a_part_only() -> None:
    assert (plan("errored").errored, plan("errored").complete) == (True, False)
    assert (plan("targeted").errored, plan("targeted").complete) == (False, False)
    assert (plan("everyday").errored, plan("everyday").complete) == (False, True)
    assert read(plan_document()).complete
    deferred = {"resource_change": entry(), "reason": "absent_prereq"}
    assert not read(plan_document(deferred_changes=[deferred])).complete


def test_outputs_that_change_are_told() -> None:
    outputs = {item.name: item for item in plan("everyday").outputs}
    assert {name: str(item.action) for name, item in outputs.items()} == {
        "gone": "destroy",
        "later": "create",
        "name": "update",
        "password": "update",
    }
    assert (outputs["name"].change.before, outputs["name"].change.after) == ("before", "after")
    assert outputs["password"].change.sensitive
    assert "(known after apply)" in (outputs["later"].change.after or "")


def test_an_output_may_be_one_level_deeper() -> None:
    # As https://developer.hashicorp.com/terraform/internals/json-format has it.
    deep = {"change": {"actions": ["update"], "before": 1, "after": 2}}
    (output,) = read(plan_document(output_changes={"x": deep})).outputs
    assert (output.change.before, output.change.after) == ("1", "2")


def test_checks_are_told_and_whose_they_are() -> None:
    assert plan("everyday").checks == (
        CheckResult("check.kept", "check", "fail", ("What is kept should go.",)),
        CheckResult("check.later", "check", "unknown"),
        CheckResult("terraform_data.updated", "resource", "unknown"),
    )
    assert plan("written-terraform-1.14").checks == (
        CheckResult("module.a.var.size", "var", "error", ("Invalid function argument",)),
    )


def test_conditions_of_an_older_terraform_are_checks() -> None:
    assert plan("written-google-1.1").checks == (
        CheckResult("google_storage_bucket.data", "ResourcePostcondition", "unknown"),
        CheckResult("output.region", "OutputPrecondition", "fail", ("The region is not allowed.",)),
    )


def test_a_secret_in_the_message_of_a_check_is_taken_out() -> None:
    instance = {"address": {}, "status": "fail", "problems": [{"message": "password=hunter2"}]}
    check = {"address": {"to_display": "check.a"}, "status": "fail", "instances": [instance]}
    assert read(plan_document(checks=[check])).checks[0].problems == ("password=[hidden]",)
    old = {"address": "a", "result": False, "error_message": "token: abcdef"}
    assert read(plan_document(condition_results=[old])).checks[0].problems == ("token: [hidden]",)


def test_what_is_deferred_is_told_with_its_reason() -> None:
    assert plan("written-terraform-1.14").deferred == (
        Deferred("kubernetes_namespace.app", Action.CREATE, "provider_config_unknown"),
        Deferred('aws_subnet.each["*"]', Action.CREATE, "instance_count_unknown"),
    )


def test_actions_of_providers_are_a_warning() -> None:
    assert plan("written-terraform-1.14").warnings == (
        "the plan runs 1 action whose effects it does not tell: action.aws_lambda_invoke.warm",
    )
    actions = [{"address": f"action.a.{number}"} for number in range(9)]
    (line,) = read(plan_document(action_invocations=actions)).warnings
    assert line.startswith("the plan runs 9 actions whose effects it does not tell: action.a.0, ")
    assert line.endswith("action.a.4, …")


def test_drift_is_told_by_itself() -> None:
    read = plan("written-azurerm-1.0")
    assert [item.address for item in read.drift] == ["azurerm_storage_account.logs"]
    assert read.drift[0].after == {**(read.drift[0].after or {}), "tags": {"team": "a"}}


def test_a_move_is_told_once() -> None:
    moved = {**entry(actions=["no-op"]), "previous_address": "aws_x.old"}
    both = read(plan_document(moved, resource_drift=[moved, entry()]))
    assert [item.action for item in both.changes] == [Action.MOVE]
    assert [item.action for item in both.drift] == [Action.UPDATE]
    only = read(plan_document(resource_drift=[moved]))
    assert [item.action for item in only.drift] == [Action.MOVE]


def test_the_document_is_not_changed() -> None:
    given = document("everyday")
    before = copy.deepcopy(given)
    for change in read(given).changes:
        attribute_changes(change)
    assert given == before


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("web.json", "web"),
        ("web.tfplan.json", "web"),
        ("web/plan.json", "web"),
        ("web/tfplan.json", "web"),
        ("web/Plan.JSON", "web"),
        ("web/.json", "web"),
        ("stacks/web/planfile", "web"),
        ("/plan.json", "plan"),
    ],
)
def test_a_stack_is_called_like_its_file_or_folder(path: str, name: str) -> None:
    assert stack_name(Path(path)) == name


def test_a_file_is_loaded_and_named() -> None:
    path = PLANS / "nothing" / "plan.json"
    assert load_plan(path).stack == "nothing"
    assert load_plan(path, "web").stack == "web"


def test_fails_for_a_file_that_is_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(BinaryPlan):
        load_plan(path)
    path.write_text('{"format_version": "2.0", "resource_changes": []}')
    with pytest.raises(InputError) as caught:
        load_plan(path)
    assert str(caught.value) == f"plan {path}: format_version is '2.0', allowed: 1.x"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("depth", [100, 300, 900, 5000])
def test_fails_in_one_line_at_worst_for_deep_nesting(depth: int) -> None:
    deep, other = nested(depth), nested(depth)
    for hostile in (
        plan_document(entry(before={}, after=deep)),
        plan_document(entry(before=other, after=deep, after_sensitive=nested(depth))),
        plan_document(output_changes={"x": {"actions": ["update"], "after": deep}}),
        plan_document(configuration=deep),
    ):
        try:
            found = read(hostile)
        except InputError as exc:
            assert str(exc) == "the JSON is nested too deeply"  # noqa: PT017  it need not fail
        else:
            for change in found.changes:
                attribute_changes(change)


MEMBERS = (
    "resource_changes", "resource_drift", "output_changes", "checks", "condition_results",
    "deferred_changes", "configuration", "action_invocations", "deferred_action_invocations",
    "terraform_version", "complete", "errored", "variables", "planned_values", "prior_state",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    1.5,
    "x",
    [],
    {},
    [None],
    [1],
    ["x"],
    [[]],
    [{}],
    {"a": None},
    {"a": [1]},
)


@pytest.mark.parametrize("member", MEMBERS)
def test_members_of_any_type_are_passed_over(member: str) -> None:
    for odd in ODD:
        found = read({"format_version": "1.2", "planned_values": {}, member: odd})
        assert all("\n" not in line for line in found.warnings)
        repr([attribute_changes(change) for change in (*found.changes, *found.drift)])


def test_what_is_passed_over_is_said() -> None:
    assert read(plan_document(1, checks={})).warnings == (
        "resource_changes[0] is a number, expected: an object",
        "checks is an object, expected: a list",
    )
    assert read(plan_document()).warnings == ()


MUTATED = [name for name in NAMES if EXPECTED[name]]


@given(st.data())
@settings(max_examples=600, derandomize=True, deadline=None)
def test_no_mutation_of_a_plan_raises_anything_but_an_input_error(data: st.DataObject) -> None:
    mutant = document(data.draw(st.sampled_from(MUTATED)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([*places(mutant)]))
        parent: Any = mutant
        for step in path[:-1]:
            parent = parent[step]
        if data.draw(st.booleans()):
            del parent[path[-1]]
        else:
            parent[path[-1]] = data.draw(JSON_VALUES)
    try:
        found = read(mutant)
    except InputError as exc:
        assert "\n" not in str(exc)  # noqa: PT017  others would be raised
        return
    for change in (*found.changes, *found.drift):
        for item in attribute_changes(change):
            json.dumps([item.path, item.before, item.after]).encode()
    assert found.fingerprint.startswith("sha256:")
