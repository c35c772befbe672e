"""Attempts on notebooks, past the product."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.integration.rights.matrix import Attempt, Outcome
from tests.integration.rights.world import (
    OTHER_PERSON,
    OTHER_PROJECT,
    PERSON,
    PROJECT,
    PROJECT_IDS,
    Way,
    Who,
    World,
    notebook_name,
    role_arn,
)

NAME = notebook_name(PERSON)
ADMINISTRATORS = frozenset({Who.DEPLOYER, Who.ORDINARY})
"""Whom IAM gives all of SageMaker: notebooks have no policy of their own to say no."""
EXECUTION_ROLE = f"SageMakerExecutionRole-{PROJECT}"


def make(world: World, who: Who, *, role: str = EXECUTION_ROLE, **more: Any) -> None:
    """Make a notebook with the project's tags, on no network of ours and under no key of ours."""
    tags = {"ProjectName": PROJECT, "ProjectID": PROJECT_IDS[PROJECT]}
    world.client(who, "sagemaker").create_notebook_instance(
        NotebookInstanceName="own",
        InstanceType="ml.t3.medium",
        RoleArn=role_arn(role),
        InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        **more,
    )


def make_private(world: World, who: Who, *, role: str = EXECUTION_ROLE) -> None:
    """Make a notebook just as the builder does."""
    place = {
        "SubnetId": world.place.subnet,
        "SecurityGroupIds": [world.place.security_group],
        "DirectInternetAccess": "Disabled",
    }
    make(world, who, role=role, KmsKeyId=world.output("key_arn"), **place)


def open_(world: World, who: Who, name: str, way: Way = Way.OUTSIDE) -> None:
    world.client(who, "sagemaker", way).create_presigned_notebook_instance_url(
        NotebookInstanceName=name
    )


def stop(world: World, who: Who) -> None:
    world.client(who, "sagemaker").stop_notebook_instance(NotebookInstanceName=NAME)


def at_rest(world: World) -> None:
    sagemaker = world.sandbox.client("sagemaker")
    seen = sagemaker.describe_notebook_instance(NotebookInstanceName=NAME)
    if seen["NotebookInstanceStatus"] == "InService":
        sagemaker.stop_notebook_instance(NotebookInstanceName=NAME)


def start(world: World, who: Who) -> None:
    at_rest(world)
    world.sandbox.clear_decisions()
    world.client(who, "sagemaker").start_notebook_instance(NotebookInstanceName=NAME)


def change(world: World, who: Who) -> None:
    at_rest(world)
    world.sandbox.clear_decisions()
    world.client(who, "sagemaker").update_notebook_instance(
        NotebookInstanceName=NAME, RootAccess="Enabled"
    )


def delete(world: World, who: Who) -> None:
    at_rest(world)
    world.sandbox.clear_decisions()
    world.client(who, "sagemaker").delete_notebook_instance(NotebookInstanceName=NAME)


def take_over(world: World, who: Who) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/{NAME}"
    world.client(who, "sagemaker").add_tags(
        ResourceArn=arn, Tags=[{"Key": "LaunchedBy", "Value": "me"}]
    )


BUILDERS = frozenset({Who.DEPLOYER, Who.BUILDER})
ATTEMPTS = (
    Attempt(
        "make one as the product does, without the product",
        make_private,
        frozenset({Who.BUILDER}),
        {Who.DEPLOYER: Outcome.KEY},
    ),
    Attempt(
        "make one with direct internet access",
        partial(make, DirectInternetAccess="Enabled"),
        frozenset({Who.DEPLOYER}),
    ),
    Attempt(
        "make one that runs with another role",
        partial(make, role="CustomRoleBen"),
        frozenset({Who.DEPLOYER}),
    ),
    Attempt(
        "make a private one that runs with another role",
        partial(make_private, role="CustomRoleBen"),
        refused={Who.DEPLOYER: Outcome.KEY},
    ),
    Attempt(
        "make one that runs with the launch role",
        partial(make, role=f"SCLaunchRole-{PROJECT}"),
        refused={Who.DEPLOYER: Outcome.TRUST},
    ),
    Attempt(
        "open the end user's",
        partial(open_, name=NAME),
        ADMINISTRATORS | {Who.END_USER},
        changes=False,
    ),
    Attempt(
        "open the end user's, from inside the VPC",
        partial(open_, name=NAME, way=Way.INSIDE),
        ADMINISTRATORS | {Who.END_USER},
        changes=False,
    ),
    Attempt(
        f"open one of project {OTHER_PROJECT}",
        partial(open_, name=notebook_name(OTHER_PERSON)),
        ADMINISTRATORS | {Who.OTHER},
        changes=False,
    ),
    Attempt("stop the end user's", stop, BUILDERS | {Who.ORDINARY, Who.END_USER}),
    Attempt(
        "start the end user's",
        start,
        frozenset({Who.BUILDER, Who.END_USER}),
        {Who.DEPLOYER: Outcome.KEY},
    ),
    Attempt("change the end user's", change, BUILDERS),
    Attempt("delete the end user's", delete, BUILDERS),
    Attempt("take the end user's over by its tag", take_over, ADMINISTRATORS),
)
