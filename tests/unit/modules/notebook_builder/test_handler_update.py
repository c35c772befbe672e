"""The whole function, on an Update: an event in, one answer at a real HTTP server out."""

from __future__ import annotations

from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import (
    PROPERTIES,
    STACK,
    World,
    client_error,
    event,
    owner_tags,
    run,
)

OTHER_STACK = STACK.replace("SC-1", "SC-2")


def test_changes_in_place_what_can_be_changed(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    run(
        world,
        event(
            "Update",
            url=answers.url,
            NotebookInstanceType="ml.m5.xlarge",
            VolumeSizeInGB="50",
            RootAccess="Enabled",
            LifecycleConfigName="Provisioned-LC-S3-alpha",
        ),
    )
    assert answers.only["Status"] == "SUCCESS"
    assert answers.only["PhysicalResourceId"] == "amys-notebook"
    assert world.sagemaker.writes() == ["stop", "update", "start"]
    assert world.sagemaker.arguments == [
        {
            "InstanceType": "ml.m5.xlarge",
            "VolumeSizeInGB": 50,
            "RootAccess": "Enabled",
            "LifecycleConfigName": "Provisioned-LC-S3-alpha",
        }
    ]
    assert world.sagemaker.status() == "InService"


def test_does_nothing_to_a_notebook_that_is_as_wanted(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    run(world, event("Update", url=answers.url))
    assert world.sagemaker.writes() == []
    assert answers.only["Status"] == "SUCCESS"


def test_replaces_under_a_new_name_and_the_old_one_is_deleted_after(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    run(world, event("Update", url=answers.url, NotebookInstanceName="second"))
    assert answers.only["PhysicalResourceId"] == "second"
    assert sorted(world.sagemaker.notebooks) == ["amys-notebook", "second"]
    run(world, event("Delete", url=answers.url, request="r3"))
    assert list(world.sagemaker.notebooks) == ["second"]


def test_fails_when_the_disk_would_shrink_and_touches_nothing(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"), VolumeSizeInGB=50)
    run(world, event("Update", url=answers.url))
    assert answers.only["Status"] == "FAILED"
    assert answers.only["Reason"] == (
        "a volume of 50 GB cannot shrink to 20 GB: this takes a new notebook, "
        "give it another NotebookInstanceName"
    )
    assert world.sagemaker.writes() == []


def test_a_rollback_of_a_grown_disk_does_not_strand_the_stack(answers: Answers) -> None:
    world = World()
    world.sagemaker.add("Failed", owner=owner_tags("request-0"), VolumeSizeInGB=50)
    world.cloudformation.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    run(world, event("Update", url=answers.url))
    assert answers.only["Status"] == "SUCCESS"
    assert world.sagemaker.writes() == ["start"]


def test_fails_on_a_notebook_of_another_stack(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0", OTHER_STACK))
    run(world, event("Update", url=answers.url, NotebookInstanceType="ml.m5.xlarge"))
    assert answers.only["Status"] == "FAILED"
    assert world.sagemaker.writes() == []


def test_a_retry_goes_on_where_the_first_attempt_was_cut_off(answers: Answers) -> None:
    world = World(limit=900)
    world.sagemaker.add("Stopped", owner=owner_tags("request-0"))
    run(world, event("Update", url=answers.url, NotebookInstanceType="ml.m5.xlarge"))
    assert world.sagemaker.writes() == ["update", "start"]
    assert answers.only["Status"] == "SUCCESS"


def test_undoes_a_replacement_that_was_never_answered(answers: Answers) -> None:
    """CloudFormation then knows of no second notebook, and would never delete it."""
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    world.sagemaker.add(owner=owner_tags("request-1"), NotebookInstanceName="second")
    world.cloudformation.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    before = PROPERTIES | {"NotebookInstanceName": "second"}
    run(world, event("Update", url=answers.url, request="r2", before=before))
    assert answers.only["Status"] == "SUCCESS"
    assert answers.only["PhysicalResourceId"] == "amys-notebook"
    assert list(world.sagemaker.notebooks) == ["amys-notebook"]
    assert world.sagemaker.writes() == ["stop", "delete"]


def test_fails_to_undo_while_the_second_notebook_cannot_be_deleted(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"), InstanceType="ml.m5.xlarge")
    world.sagemaker.add(owner=owner_tags("request-1"), NotebookInstanceName="second")
    world.sagemaker.faults["stop"] = [client_error("AccessDeniedException", "no")]
    world.cloudformation.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    before = PROPERTIES | {"NotebookInstanceName": "second"}
    run(world, event("Update", url=answers.url, request="r2", before=before))
    assert answers.only["Status"] == "FAILED"
    assert world.sagemaker.writes() == ["stop"]


def test_a_rename_deletes_nothing_by_itself(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"))
    sent = event("Update", url=answers.url, before=PROPERTIES, NotebookInstanceName="second")
    run(world, sent)
    assert world.sagemaker.writes() == ["create"]
    assert world.sagemaker.status() == "InService"


def test_is_not_stranded_by_a_subnet_whose_name_went_elsewhere(answers: Answers) -> None:
    world = World()
    world.sagemaker.add(owner=owner_tags("request-0"), SubnetId="subnet-0")
    sent = event("Update", url=answers.url, before=PROPERTIES, NotebookInstanceType="ml.m5.xlarge")
    run(world, sent)
    assert answers.only["Status"] == "SUCCESS"
    assert world.ec2.filters == []
