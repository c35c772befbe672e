from collections.abc import Callable
from dataclasses import replace

import pytest

from scripts.lib.changes import Severity
from scripts.lib.launch.model import Found, Named, Parameter, Product, Record
from scripts.lib.launch.plan import (
    End,
    Launch,
    Plan,
    UnderWay,
    Update,
    plan_again,
    plan_end,
    plan_follow,
    plan_launch,
    plan_update,
)
from tests.unit.scripts.lib.launch.samples import (
    NAME,
    NEW,
    OLD,
    PRODUCT,
    SECRET,
    SIZE,
    SUBNET,
    TYPE,
    VALUES,
    found,
    record,
    wanted,
)

BUSY = record("IN_PROGRESS")
UPDATING = record("IN_PROGRESS", "UPDATE_PROVISIONED_PRODUCT")
ENDING = record("IN_PROGRESS", "TERMINATE_PROVISIONED_PRODUCT")
FAILED = record("FAILED", errors=("ResourceError: no capacity",))
FAILED_UPDATE = record("FAILED", "UPDATE_PROVISIONED_PRODUCT", errors=("no capacity",))
FAILED_END = record("FAILED", "TERMINATE_PROVISIONED_PRODUCT", errors=("stuck",))


def errors(plan: Plan) -> list[str]:
    return [
        f"{item.subject}: {item.message}"
        for item in plan.findings
        if item.severity is Severity.ERROR
    ]


def again(seen: Found, version: str | None = None, **given: str) -> Plan:
    return plan_again(seen, PRODUCT, version, given)


def test_launch_is_planned_for_values_that_fit() -> None:
    plan = plan_launch(wanted())

    assert isinstance(plan.change, Launch)
    assert str(plan.change) == "launch dana (Notebook, version 2)"
    assert plan.findings == ()


def test_nothing_is_launched_with_a_fault_and_each_is_told() -> None:
    plan = plan_launch(wanted(given={"Size": "1"}))

    assert plan.change is None
    assert [line.partition(":")[0] for line in errors(plan)] == ["Size", "NotebookInstanceName"]


@pytest.mark.parametrize("version", [None, "2", "pa-2"])
def test_launch_that_is_as_asked_for_leaves_nothing_to_do(version: str | None) -> None:
    assert again(found(), version, NotebookInstanceName="dana", Size="20") == Plan()


def test_launch_of_an_older_version_stays_what_it_is_unless_the_version_is_asked_for() -> None:
    older = replace(found(version_id="pa-1"), version=OLD)

    assert again(older) == Plan()
    assert errors(again(older, "2")) == [
        "dana: is launched already, and version is 1, not 2: use update"
    ]


def test_refuses_a_launch_that_is_there_with_other_values() -> None:
    assert errors(again(found(), Size="50", Type="small", Other="x")) == [
        "dana: is launched already, and Size is 20, not 50; Other is not set, not x: use update"
    ]


def test_values_that_cannot_be_seen_are_not_taken_for_the_same() -> None:
    secret = again(found(), Secret="new", Size="20")
    hidden = again(found(values=None), Size="50")

    assert (secret.change, errors(secret)) == (None, [])
    assert "new" not in str(secret)
    assert secret.findings[0].message == (
        "could not be compared with what is launched: Secret (CloudFormation hides their values)"
    )
    assert hidden.findings[0].message == (
        "could not be compared with what is launched: Size (DescribeStacks: AccessDenied: no)"
    )


def test_launch_under_way_is_followed_and_not_asked_for_again() -> None:
    plan = again(found(BUSY, last_launched_id="", status="UNDER_CHANGE"), Size="50")

    assert plan == Plan(UnderWay(name="dana", place="Notebook (prod-1)", record=BUSY))
    assert plan.change is not None
    assert plan.change.action == "launch"


@pytest.mark.parametrize(("last", "verb"), [(UPDATING, "update"), (ENDING, "end")])
def test_refuses_to_launch_what_is_under_another_change(last: Record, verb: str) -> None:
    assert errors(again(found(last))) == [
        f"dana: is under change ({verb}): follow it until that has ended"
    ]


def test_refuses_to_launch_under_the_name_of_another_product() -> None:
    other = Product("prod-9", "Topic")

    assert errors(plan_again(found(BUSY), other, None, {})) == [
        "dana: is a provisioned product of Notebook (prod-1): choose another name"
    ]


def test_launch_that_failed_has_to_be_ended_first() -> None:
    failed = found(FAILED, last_launched_id="", status="ERROR")
    line = (
        "dana: its launch failed, end it before the name can be used again: "
        "ResourceError: no capacity"
    )

    assert errors(again(failed)) == [line]
    assert errors(plan_update(failed, wanted(given={"Size": "50"}))) == [line]
    assert isinstance(plan_end(failed, "dana").change, End)


def test_failed_update_is_a_warning_where_the_old_state_goes_on() -> None:
    tainted = found(FAILED_UPDATE, status="TAINTED")
    broken = found(FAILED_UPDATE, status="ERROR")

    assert [item.severity for item in again(tainted).findings] == [Severity.WARNING]
    assert errors(again(broken)) == ["dana: its last update failed: no capacity"]
    assert errors(plan_follow(found(FAILED_END, status="TAINTED"))) == [
        "dana: its last end failed: stuck"
    ]


def test_reason_is_the_products_message_where_the_record_has_none() -> None:
    silent = record("FAILED", "TERMINATE_PROVISIONED_PRODUCT")

    assert errors(plan_follow(found(silent, message="gone"))) == ["dana: its last end failed: gone"]
    assert errors(plan_follow(found(silent))) == ["dana: its last end failed: AWS gives no reason"]


def test_update_changes_what_is_given_and_keeps_the_rest() -> None:
    plan = plan_update(found(), wanted(given={"Size": "50", "Type": "small"}))

    assert isinstance(plan.change, Update)
    assert plan.change.reasons == ("Size: 20 -> 50",)
    assert plan.change.kept == ("NotebookInstanceName", "Subnet", "Secret")
    assert str(plan.change) == "update dana (Notebook, version 2)"


def test_new_name_of_a_notebook_is_warned_of_since_the_volume_is_lost() -> None:
    renamed = plan_update(found(), wanted(given={"NotebookInstanceName": "other"}))
    named = plan_update(found(), wanted(given={"NotebookInstanceName": "dana", "Size": "50"}))

    assert isinstance(renamed.change, Update)
    assert [(item.severity, item.subject, item.message) for item in renamed.findings] == [
        (
            Severity.WARNING,
            "other",
            "becomes a new notebook: dana is deleted with all that is on its volume",
        )
    ]
    assert named.findings == ()


def test_update_to_what_is_so_already_is_none() -> None:
    assert plan_update(found(), wanted(given={"Size": "20"})) == Plan()
    assert plan_update(found(), wanted(given={}, version_given=True)) == Plan()


def test_update_to_another_version_needs_no_value() -> None:
    older = replace(found(version_id="pa-1"), version=OLD)
    plan = plan_update(older, wanted(given={}, version_given=True))

    assert plan.change is not None
    assert plan.change.reasons == ("version: 1 -> 2",)


def test_new_value_of_a_secret_is_an_update_and_is_not_told() -> None:
    plan = plan_update(found(), wanted(given={"Secret": "hunter2"}))
    unset = plan_update(
        found(values={k: v for k, v in VALUES.items() if k != "Secret"}),
        wanted(given={"Secret": "hunter2"}),
    )

    for each in (plan, unset):
        assert each.change is not None
        assert each.change.reasons == ("Secret: a new value",)
        assert "hunter2" not in repr(each)


def test_secret_that_cannot_be_seen_is_kept_whatever_it_must_look_like() -> None:
    strict = replace(SECRET, min_length="12", allowed_pattern="[a-z]+")
    plan = plan_update(found(), wanted(parameters=(SIZE, strict), given={"Size": "50"}))

    assert isinstance(plan.change, Update)
    assert plan.change.kept == ("Secret",)


def test_value_that_the_version_fixes_otherwise_becomes_the_versions_own() -> None:
    plan = plan_update(found(values=VALUES | {"Subnet": "net-old"}), wanted(given={}))

    assert isinstance(plan.change, Update)
    assert plan.change.reasons == ("Subnet: net-old -> net-a",)
    assert "Subnet" not in plan.change.kept


def test_refuses_to_choose_for_the_caller_where_the_old_value_is_not_allowed_any_more() -> None:
    seen = found(values=VALUES | {"Type": "huge"})

    assert errors(plan_update(seen, wanted(given={}))) == [
        (
            "Type: got 'huge'; allowed is one of small, large; it was so until now: "
            "give another value"
        )
    ]
    assert plan_update(seen, wanted(given={"Type": "large"})).change is not None


def test_parameter_that_is_new_takes_its_default_or_must_be_given() -> None:
    with_default = Parameter("Fresh", default="x")
    required = Parameter("Needed")
    parameters = (NAME, TYPE, SIZE, SUBNET, SECRET, with_default, required)

    plan = plan_update(found(), wanted(parameters=parameters, given={"Size": "50"}))
    fixed = plan_update(found(), wanted(parameters=parameters, given={"Size": "50", "Needed": "y"}))

    assert errors(plan) == ["Needed: must be given"]
    assert isinstance(fixed.change, Update)
    assert "Fresh" not in fixed.change.kept
    assert fixed.change.reasons == ("Size: 20 -> 50", "Needed: not set -> y")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"Size": "1"}, "Size: got '1'; must be a number, 5 to 100"),
        ({"Sise": "10"}, "Sise: is no parameter of this version; did you mean Size?"),
    ],
)
def test_refuses_to_update_to_a_value_that_is_not_allowed(given: dict[str, str], line: str) -> None:
    plan = plan_update(found(), wanted(given=given))

    assert (plan.change, errors(plan)) == (None, [line])


def test_refuses_to_update_what_cannot_be_read() -> None:
    assert errors(plan_update(found(values=None), wanted())) == [
        "dana: cannot be updated: DescribeStacks: AccessDenied: no"
    ]


def test_update_under_way_is_followed_if_it_is_the_one_asked_for() -> None:
    same = plan_update(
        found(UPDATING, values=VALUES | {"Size": "50"}), wanted(given={"Size": "50"})
    )
    other = plan_update(found(UPDATING), wanted(given={"Size": "50"}))

    assert isinstance(same.change, UnderWay)
    assert errors(other) == ["dana: is under change (update): follow it until that has ended"]


@pytest.mark.parametrize(("last", "verb"), [(BUSY, "launch"), (ENDING, "end")])
def test_refuses_to_update_what_is_under_another_change(last: Record, verb: str) -> None:
    assert errors(plan_update(found(last), wanted(given={}))) == [
        f"dana: is under change ({verb}): follow it until that has ended"
    ]


def test_ending_what_is_not_there_leaves_nothing_to_do_and_says_so() -> None:
    plan = plan_end(None, "dana")

    assert plan.change is None
    assert [item.severity for item in plan.findings] == [Severity.WARNING]


def test_end_is_planned_and_one_under_way_is_followed() -> None:
    assert isinstance(plan_end(found(), "dana").change, End)
    assert plan_end(found(ENDING), "dana").change == UnderWay(
        name="dana", place="Notebook (prod-1)", record=ENDING
    )


@pytest.mark.parametrize(("last", "verb"), [(BUSY, "launch"), (UPDATING, "update")])
def test_refuses_to_end_what_is_under_change(last: Record, verb: str) -> None:
    assert errors(plan_end(found(last), "dana")) == [
        f"dana: is under change ({verb}): follow it until that has ended"
    ]


@pytest.mark.parametrize("last", [BUSY, UPDATING, ENDING])
def test_whatever_is_under_way_can_be_followed(last: Record) -> None:
    plan = plan_follow(found(last))

    assert isinstance(plan.change, UnderWay)
    assert plan.findings == ()


@pytest.mark.parametrize(
    "planned",
    [
        lambda: plan_launch(wanted()),
        lambda: plan_update(found(), wanted(given={"Secret": "x"})),
        lambda: plan_end(found(), "dana"),
    ],
)
def test_plan_may_be_compared_and_hashed(planned: Callable[[], Plan]) -> None:
    assert hash(planned()) == hash(planned())
    assert planned() == planned()


def test_target_names_product_and_version() -> None:
    named = wanted(product=Named("prod-1", "Notebook"), version=NEW)
    change = plan_launch(named).change

    assert change is not None
    assert (change.subject, change.target) == ("dana", "Notebook, version 2")
