"""The whole function, on a Delete: an event in, one answer at a real HTTP server out."""

from __future__ import annotations

import pytest

from modules.notebook_builder.handler import handle
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    ENVIRONMENT,
    World,
    client_error,
    event,
    owner_tags,
    run,
)


@pytest.mark.parametrize(
    ("status", "writes"),
    [
        ("InService", ["stop", "delete"]),
        ("Stopped", ["delete"]),
        ("Failed", ["delete"]),
    ],
)
def test_stops_deletes_and_waits_until_it_is_gone(
    answers: Answers, status: str, writes: list[str]
) -> None:
    world = World()
    world.sagemaker.add(status, owner=owner_tags("request-0"))
    run(world, event("Delete", url=answers.url, request="r2"))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.writes() == writes
    assert world.sagemaker.notebooks == {}


@pytest.mark.parametrize("status", ["Pending", "Updating", "Stopping", "Deleting"])
def test_waits_out_what_passes_by_itself(answers: Answers, status: str) -> None:
    world = World()
    world.sagemaker.add(status, owner=owner_tags("request-0"))
    follows = "gone" if status == "Deleting" else "Stopped"
    world.sagemaker.notebooks["amys-notebook"].coming = [(100, follows)]
    run(world, event("Delete", url=answers.url, request="r2"))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.notebooks == {}
    assert world.clock.now >= 100


def test_succeeds_when_there_is_none(answers: Answers) -> None:
    run(World(), event("Delete", url=answers.url))
    assert answers.only["Status"] == "SUCCESS"
    assert answers.only["PhysicalResourceId"] == "amys-notebook"


def test_does_not_take_being_refused_for_being_gone(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.sagemaker.faults["describe"] = [client_error("AccessDeniedException", "no")]
    run(world, event("Delete", url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert "AccessDeniedException" in answers.only["Reason"]


def test_works_whatever_the_properties(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    sent = event("Delete", url=answers.url, VolumeSizeInGB="a lot", ProjectName="other")
    run(world, sent)
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.notebooks == {}


@pytest.mark.parametrize("physical_id", ["no_notebook", "2024/04/30/[$LATEST]ab", "-x", "a" * 64])
def test_succeeds_without_asking_for_what_no_notebook_can_be_named(
    answers: Answers, physical_id: str
) -> None:
    world = World()
    sent = event("Delete", url=answers.url, physical_id=physical_id, NotebookInstanceName="-x")
    run(world, sent)
    assert answers.only["Status"] == "SUCCESS"
    assert answers.only["PhysicalResourceId"] == physical_id
    assert world.sagemaker.calls == []


def test_answers_failed_when_the_notebook_never_goes(answers: Answers) -> None:
    world = World(seconds=5000)
    world.sagemaker.add(owner=owner_tags("request-0"))
    run(world, event("Delete", url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert "Stopping" in answers.only["Reason"]


def test_finds_what_a_create_made_that_was_never_answered(answers: Answers) -> None:
    """CloudFormation then deletes by a physical id of its own making."""
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.cloudformation.status = "ROLLBACK_IN_PROGRESS"
    run(world, event("Delete", url=answers.url, physical_id="SC-1-Notebook-1ABC2DEF"))
    assert answers.only["Status"] == "SUCCESS"
    assert answers.only["PhysicalResourceId"] == "SC-1-Notebook-1ABC2DEF"
    assert world.sagemaker.notebooks == {}


def test_deletes_both_when_the_whole_stack_ends(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.sagemaker.add("Stopped", owner=owner_tags("request-0"), NotebookInstanceName="second")
    run(world, event("Delete", url=answers.url, physical_id="second"))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.notebooks == {}


def test_a_late_repetition_leaves_a_living_stack_its_notebook(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.cloudformation.status = "UPDATE_COMPLETE"
    run(world, event("Delete", url=answers.url))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.writes() == []
    assert 50 < world.clock.now < 70


def test_believes_a_stack_that_ends_a_moment_later(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.cloudformation.status = "UPDATE_IN_PROGRESS"
    sleep = world.clock.sleep

    def cleaning_after_20_seconds(seconds: float) -> None:
        sleep(seconds)
        if world.clock.now >= 20:
            world.cloudformation.status = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"

    handle(
        event("Delete", url=answers.url),
        world.clock,
        connect=world.connect(),
        environment=ENVIRONMENT,
        sleep=cleaning_after_20_seconds,
    )
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.notebooks == {}
