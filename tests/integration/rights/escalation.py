"""Attempts to become somebody else, or to make somebody else do it."""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial

from tests.integration.rights.matrix import Attempt, Outcome
from tests.integration.rights.world import PERSON, PROJECT, Who, World, end_user_role, role_arn

ONLY_DEPLOYER = frozenset({Who.DEPLOYER})
BUILDER = f"SageMakerBuild-{PROJECT}"
LAUNCH_ROLE = role_arn(f"SCLaunchRole-{PROJECT}")
BUILDER_ROLE = role_arn(f"SageMakerBuildRole-{PROJECT}")
EXECUTION_ROLE = role_arn(f"SageMakerExecutionRole-{PROJECT}")


def become(world: World, who: Who, role: str) -> None:
    world.client(who, "sts", as_user=True).assume_role(RoleArn=role, RoleSessionName=PERSON)


def invoke(world: World, who: Who) -> None:
    world.client(who, "lambda").invoke(
        FunctionName=BUILDER, InvocationType="Event", Payload=b'{"RequestType": "Create"}'
    )


def replace_code(world: World, who: Who) -> None:
    world.client(who, "lambda").update_function_code(FunctionName=BUILDER, ZipFile=_zip())


def make_function(world: World, who: Who, role: str) -> None:
    world.client(who, "lambda").create_function(
        FunctionName="own",
        Runtime="python3.13",
        Role=role,
        Handler="own.handler",
        Code={"ZipFile": _zip()},
    )


def widen_own_role(world: World, who: Who) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    world.client(who, "iam").put_role_policy(
        RoleName=f"SCEndUserRole-{PROJECT}",
        PolicyName="more",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("own.py", "def handler(event, context): pass\n")
    return buffer.getvalue()


ATTEMPTS = (
    Attempt(
        "take on the launch role",
        partial(become, role=LAUNCH_ROLE),
        otherwise=Outcome.TRUST,
    ),
    Attempt(
        "take on the builder's role",
        partial(become, role=BUILDER_ROLE),
        otherwise=Outcome.TRUST,
    ),
    Attempt(
        "take on the notebook's role",
        partial(become, role=EXECUTION_ROLE),
        otherwise=Outcome.TRUST,
    ),
    Attempt(
        "take on the end-user role under the end user's name",
        partial(become, role=end_user_role(PROJECT)),
        frozenset({Who.DEPLOYER, Who.END_USER}),
        changes=False,
    ),
    Attempt("invoke the builder", invoke, frozenset({Who.DEPLOYER, Who.LAUNCH})),
    Attempt("replace the builder's code", replace_code, ONLY_DEPLOYER),
    Attempt(
        "make a function that runs with the builder's role",
        partial(make_function, role=BUILDER_ROLE),
        ONLY_DEPLOYER,
    ),
    Attempt(
        "make a function that runs with the launch role",
        partial(make_function, role=LAUNCH_ROLE),
        refused={Who.DEPLOYER: Outcome.TRUST},
    ),
    Attempt("widen the end-user role", widen_own_role, ONLY_DEPLOYER),
)
