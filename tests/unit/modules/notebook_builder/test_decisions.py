from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from modules.notebook_builder.decisions import DOUBTS, next_step
from modules.notebook_builder.request import Owner
from modules.notebook_builder.situation import (
    AskStack,
    Change,
    Create,
    Doubt,
    Fail,
    FindPlace,
    Notebook,
    Place,
    Stack,
    Start,
    Step,
    Stop,
    Succeed,
    Wait,
    Write,
)
from tests.unit.modules.notebook_builder.situations import (
    BUILDING,
    CLEANING,
    CREATE,
    EARLIER,
    OWNER,
    PASSING,
    PLACE,
    STRANGERS,
    WANTED,
    seen,
    situation,
)
from tests.unit.modules.notebook_builder.world import AMY


class TestCreate:
    def test_creates_what_is_not_there(self) -> None:
        assert next_step(situation("Create", None)) == CREATE

    def test_waits_for_what_it_has_just_created(self) -> None:
        assert next_step(situation("Create", None, Create)) == Wait()

    def test_takes_what_it_has_created_for_its_own_before_the_tags_show(self) -> None:
        untagged = seen("Pending", owner=None, environment_name=None, tagged=False)
        assert next_step(situation("Create", untagged, Create)) == Wait()
        assert next_step(situation("Update", untagged, Create)) == Wait()

    @pytest.mark.parametrize("owner", [*STRANGERS, EARLIER])
    @pytest.mark.parametrize("status", [*PASSING, "InService", "Stopped", "Failed", "Deleting"])
    def test_fails_on_what_another_request_made(self, owner: Owner | None, status: str) -> None:
        step = next_step(situation("Create", seen(status, owner)))
        assert isinstance(step, Fail)
        assert "exists already" in step.reason

    @pytest.mark.parametrize("status", PASSING)
    def test_waits_out_what_passes(self, status: str) -> None:
        assert next_step(situation("Create", seen(status), Create)) == Wait()

    def test_succeeds_in_service(self) -> None:
        assert next_step(situation("Create", seen())) == Succeed("notebook n is in service")

    def test_fails_with_the_reason_that_sagemaker_gives(self) -> None:
        failed = seen("Failed", failure_reason="script took too long")
        expected = Fail("notebook n failed: script took too long")
        assert next_step(situation("Create", failed)) == expected

    def test_a_retry_starts_what_was_stopped_meanwhile_once(self) -> None:
        assert next_step(situation("Create", seen("Stopped"))) == Start()
        assert next_step(situation("Create", seen("Stopped"), Start)) == Wait()

    def test_fails_while_its_notebook_is_being_deleted(self) -> None:
        step = next_step(situation("Create", seen("Deleting")))
        assert step == Fail("notebook n is being deleted")


class TestUpdate:
    BIGGER = seen(owner=EARLIER, instance_type="ml.t2.medium")

    @pytest.mark.parametrize("owner", STRANGERS)
    def test_fails_on_what_is_not_the_resources(self, owner: Owner | None) -> None:
        assert isinstance(next_step(situation("Update", seen(owner=owner))), Fail)

    def test_makes_a_notebook_that_is_gone_or_has_a_new_name(self) -> None:
        assert next_step(situation("Update", None)) == CREATE

    def test_stops_changes_and_starts_in_that_order(self) -> None:
        change = Change({"InstanceType": "ml.t3.medium"})
        assert next_step(situation("Update", self.BIGGER)) == Stop()
        assert next_step(situation("Update", self.BIGGER, Stop)) == Wait()
        stopping = replace(self.BIGGER, status="Stopping")
        assert next_step(situation("Update", stopping, Stop)) == Wait()
        stopped = replace(self.BIGGER, status="Stopped")
        assert next_step(situation("Update", stopped, Stop)) == change
        changed = seen("Stopped", EARLIER)
        assert next_step(situation("Update", changed, Stop, Change)) == Start()
        assert next_step(situation("Update", changed, Stop, Change, Start)) == Wait()
        running = seen("InService", EARLIER)
        assert isinstance(next_step(situation("Update", running, Stop, Change, Start)), Succeed)

    def test_does_not_change_twice_when_what_is_seen_lags(self) -> None:
        stale = replace(self.BIGGER, status="Stopped")
        assert next_step(situation("Update", stale, Stop, Change)) == Start()

    def test_does_not_take_a_notebook_that_runs_unchanged_for_changed(self) -> None:
        running = situation("Update", self.BIGGER, Stop, Change, Start)
        assert next_step(running) == Doubt()
        assert next_step(replace(running, doubts=DOUBTS)) == Fail(
            "notebook n is in service without InstanceType changed"
        )

    @pytest.mark.parametrize(
        ("was", "change"),
        [
            ({"instance_type": "ml.m5.xlarge"}, {"InstanceType": "ml.t3.medium"}),
            ({"volume_gb": 5}, {"VolumeSizeInGB": 20}),
            ({"root_access": "Enabled"}, {"RootAccess": "Disabled"}),
            ({"lifecycle_config": "old"}, {"LifecycleConfigName": "lc"}),
            ({"lifecycle_config": None}, {"LifecycleConfigName": "lc"}),
        ],
    )
    def test_changes_each_that_differs(self, was: dict[str, Any], change: dict[str, Any]) -> None:
        step = next_step(situation("Update", seen("Stopped", EARLIER, **was)))
        assert step == Change(change)

    def test_takes_away_a_lifecycle_configuration_that_is_no_longer_wanted(self) -> None:
        now = situation("Update", seen("Stopped", EARLIER))
        without = replace(WANTED, lifecycle_config=None)
        now = replace(now, request=replace(now.request, wanted=without))
        assert next_step(now) == Change({"DisassociateLifecycleConfig": True})

    @pytest.mark.parametrize(
        ("was", "reason"),
        [
            ({"place": Place("subnet-2", "sg-1")}, "subnet subnet-2 cannot become subnet-1"),
            ({"place": Place("subnet-1", "sg-2")}, "security group sg-2 cannot become sg-1"),
            ({"volume_gb": 21}, "a volume of 21 GB cannot shrink to 20 GB"),
            ({"environment_name": "Prod"}, "environment Prod cannot become Dev"),
        ],
    )
    def test_fails_on_what_takes_a_new_notebook(self, was: dict[str, Any], reason: str) -> None:
        step = next_step(situation("Update", seen(owner=EARLIER, **was)))
        assert step == Fail(
            f"{reason}: this takes a new notebook, give it another NotebookInstanceName"
        )

    def test_keeps_the_larger_disk_in_a_rollback_only(self) -> None:
        grown = seen(owner=EARLIER, volume_gb=50)
        assert isinstance(next_step(situation("Update", grown)), Fail)
        rolling_back = Stack("UPDATE_ROLLBACK_IN_PROGRESS", AMY)
        assert isinstance(next_step(situation("Update", grown, stack=rolling_back)), Succeed)
        assert next_step(situation("Update", grown, stack=None)) == AskStack()

    def test_a_failed_notebook_gets_one_start(self) -> None:
        failed = seen("Failed", EARLIER, failure_reason="no capacity")
        assert next_step(situation("Update", failed)) == Start()
        assert next_step(situation("Update", failed, Start)) == Fail(
            "notebook n failed: no capacity"
        )
        assert next_step(situation("Update", failed, Create)) == Fail(
            "notebook n failed: no capacity"
        )

    def test_finds_the_place_only_when_it_may_be_another(self) -> None:
        unknown = replace(situation("Update", seen(owner=EARLIER)), place=None)
        assert next_step(unknown) == FindPlace()
        unmoved = replace(unknown, request=replace(unknown.request, moved=False))
        assert isinstance(next_step(unmoved), Succeed)

    def test_waits_for_the_end_of_a_deletion_by_hand_to_make_it_anew(self) -> None:
        assert next_step(situation("Update", seen("Deleting", EARLIER))) == Wait()
        made = seen("Deleting", OWNER)
        assert isinstance(next_step(situation("Update", made, Create)), Fail)

    def test_is_not_decided_without_knowing_what_is_wanted(self) -> None:
        now = situation("Update", seen(owner=EARLIER))
        now = replace(now, request=replace(now.request, wanted=None))
        with pytest.raises(ValueError, match="decided on what is wanted"):
            next_step(now)


class TestPlace:
    def test_is_found_before_anything_is_created(self) -> None:
        now = replace(situation("Create", None), place=None, stack=None)
        assert next_step(now) == FindPlace()

    @pytest.mark.parametrize("kind", ["Create", "Update"])
    @pytest.mark.parametrize(
        ("place", "reason"),
        [
            (
                Place("subnet-2", "sg-1"),
                "subnet subnet-2 is not the one of project alpha, allowed: subnet-1",
            ),
            (
                Place("subnet-1", "sg-2"),
                "security group sg-2 is not the one of project alpha, allowed: sg-1",
            ),
        ],
    )
    def test_refuses_to_create_in_any_but_the_projects(
        self, kind: str, place: Place, reason: str
    ) -> None:
        assert next_step(replace(situation(kind, None), place=place)) == Fail(reason)

    def test_a_notebook_stays_where_it_is_after_the_project_has_moved(self) -> None:
        there = Place("subnet-0", "sg-0")
        stopped = seen("Stopped", EARLIER, place=there)
        assert next_step(replace(situation("Update", stopped), place=there)) == Start()


class TestStack:
    @pytest.mark.parametrize(
        ("kind", "notebook"),
        [
            ("Create", None),
            ("Create", seen("Stopped")),
            ("Update", seen("InService", EARLIER, instance_type="ml.t2.medium")),
            ("Update", seen("Stopped", EARLIER, instance_type="ml.t2.medium")),
        ],
    )
    @pytest.mark.parametrize(
        "status",
        ["ROLLBACK_IN_PROGRESS", "DELETE_COMPLETE", "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"],
    )
    def test_refuses_to_build_for_one_that_waits_for_nothing(
        self, kind: str, notebook: Notebook | None, status: str
    ) -> None:
        asked = situation(kind, notebook, stack=Stack(status))
        assert next_step(asked) == Fail(f"the stack is {status}: nothing is built for it any more")
        assert next_step(replace(asked, stack=None)) == AskStack()

    def test_a_create_is_never_part_of_a_rollback_and_an_update_may_be(self) -> None:
        rolling_back = Stack("UPDATE_ROLLBACK_IN_PROGRESS", AMY)
        assert isinstance(next_step(situation("Create", None, stack=rolling_back)), Fail)
        assert next_step(situation("Update", None, stack=rolling_back)) == CREATE

    def test_is_not_asked_where_nothing_is_written(self) -> None:
        assert isinstance(next_step(situation("Create", seen(), stack=None)), Succeed)
        assert next_step(situation("Create", seen("Pending"), stack=None)) == Wait()

    @pytest.mark.parametrize("launcher", [None, "arn:aws:iam::123456789012:user/admin"])
    def test_without_a_known_launcher_the_notebook_is_nobodys(self, launcher: str | None) -> None:
        stack = Stack("CREATE_IN_PROGRESS", launcher)
        assert next_step(situation("Create", None, stack=stack)) == Create(PLACE, None)

    def test_refuses_a_launcher_who_could_never_open_it(self) -> None:
        stack = Stack("CREATE_IN_PROGRESS", AMY.replace("amy", "amy,"))
        step = next_step(situation("Create", None, stack=stack))
        assert isinstance(step, Fail)
        assert "amy,@example.com" in step.reason


class TestTags:
    @pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
    @pytest.mark.parametrize("status", ["Pending", "InService", "Stopped", "Failed"])
    def test_a_notebook_without_any_is_looked_at_again_before_it_is_a_strangers(
        self, kind: str, status: str
    ) -> None:
        untagged = seen(status, owner=None, tagged=False)
        early = replace(situation(kind, untagged), doubts=DOUBTS - 1)
        assert next_step(early) == Doubt()
        late = replace(early, doubts=DOUBTS)
        assert isinstance(next_step(late), Succeed if kind == "Delete" else Fail)

    def test_once_they_show_a_strangers_notebook_is_not_taken_for_its_own(self) -> None:
        strangers = seen("Stopped", replace(OWNER, stack_id="other"))
        assert isinstance(next_step(situation("Create", strangers, Create)), Fail)


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
@pytest.mark.parametrize("write", get_args(Write))
def test_no_write_is_ever_made_twice(kind: str, write: type[Write]) -> None:
    statuses = (*PASSING, "InService", "Stopped", "Failed", "Deleting")
    notebooks = [
        None,
        *(seen(status, volume_gb=volume) for status in statuses for volume in (5, 20)),
    ]
    for notebook in notebooks:
        stack = CLEANING if kind == "Delete" else BUILDING
        step: Step = next_step(situation(kind, notebook, write, stack=stack))
        assert not isinstance(step, write), (notebook, step)
