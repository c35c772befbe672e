"""Decisions on a Delete."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modules.notebook_builder.decisions import DOUBTS, next_step
from modules.notebook_builder.request import Owner
from modules.notebook_builder.situation import (
    AskStack,
    Delete,
    Doubt,
    Notebook,
    Stack,
    Step,
    Stop,
    Succeed,
    Turn,
    Wait,
    Write,
)
from tests.unit.modules.notebook_builder.situations import (
    CLEANING,
    EARLIER,
    OWNER,
    PASSING,
    STRANGERS,
    seen,
    situation,
)


class TestDelete:
    @staticmethod
    def step(notebook: Notebook | None, *done: type[Write]) -> Step:
        return next_step(situation("Delete", notebook, *done, stack=CLEANING))

    @pytest.mark.parametrize("owner", STRANGERS)
    @pytest.mark.parametrize("status", [*PASSING, "InService", "Stopped", "Failed", "Deleting"])
    def test_never_touches_a_strangers(self, owner: Owner | None, status: str) -> None:
        assert isinstance(self.step(seen(status, owner)), Succeed)

    @pytest.mark.parametrize("owner", [OWNER, EARLIER])
    def test_stops_then_deletes_then_waits_until_it_is_gone(self, owner: Owner) -> None:
        assert self.step(seen("InService", owner)) == Stop()
        assert self.step(seen("InService", owner), Stop) == Wait()
        assert self.step(seen("Stopped", owner), Stop) == Delete()
        assert self.step(seen("Failed", owner)) == Delete()
        assert self.step(seen("Stopped", owner), Delete) == Wait()
        assert self.step(seen("Deleting", owner), Delete) == Wait()
        assert isinstance(self.step(None, Delete), Succeed)

    @pytest.mark.parametrize("status", [*PASSING, "Deleting"])
    def test_waits_out_what_passes(self, status: str) -> None:
        assert self.step(seen(status)) == Wait()

    @pytest.mark.parametrize("status", ["InService", "Stopped", "Failed"])
    @pytest.mark.parametrize(
        "stack",
        ["CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"],
    )
    def test_a_late_repetition_leaves_a_living_stack_its_notebook(
        self, status: str, stack: str
    ) -> None:
        late = situation("Delete", seen(status), stack=Stack(stack))
        assert next_step(replace(late, stack=None)) == AskStack()
        assert next_step(replace(late, doubts=DOUBTS - 1)) == Doubt()
        assert isinstance(next_step(replace(late, doubts=DOUBTS)), Succeed)

    @pytest.mark.parametrize(
        "stack",
        [
            "ROLLBACK_IN_PROGRESS",
            "DELETE_IN_PROGRESS",
            "DELETE_FAILED",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "UNHEARD_OF",
        ],
    )
    def test_in_any_other_status_it_is_obeyed(self, stack: str) -> None:
        assert next_step(situation("Delete", seen("Stopped"), stack=Stack(stack))) == Delete()


class TestDeleteWithoutAnAnsweredId:
    """CloudFormation invents a physical id for a Create that was never answered."""

    def at(self, status: str | None, notebook: Notebook | None = None) -> Step:
        now = situation("Delete", notebook, stack=Stack(status) if status else None)
        return next_step(replace(now, request=replace(now.request, fallback_name="named")))

    @pytest.mark.parametrize("notebook", [None, seen(owner=STRANGERS[1])])
    @pytest.mark.parametrize("status", ["ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"])
    def test_turns_to_the_notebook_that_the_properties_name(
        self, status: str, notebook: Notebook | None
    ) -> None:
        assert self.at(None, notebook) == AskStack()
        assert self.at(status, notebook) == Turn("named")

    @pytest.mark.parametrize(
        "status", ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"]
    )
    def test_leaves_it_alone_where_the_stack_lives_on(self, status: str) -> None:
        assert isinstance(self.at(status), Succeed)

    def test_deletes_the_one_of_its_physical_id_first(self) -> None:
        assert self.at("DELETE_IN_PROGRESS", seen("Stopped")) == Delete()
