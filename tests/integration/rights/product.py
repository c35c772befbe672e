"""Attempts on the product: launching, following, ending, and the stack behind it."""

from __future__ import annotations

import json
from functools import partial

from tests.integration.rights.matrix import Attempt, Outcome, RefusedByProductError
from tests.integration.rights.world import (
    PERSON,
    PROJECT,
    Who,
    World,
    await_record,
    launch,
    notebook_name,
    role_arn,
)

OWN_TEMPLATE = json.dumps(
    {"Resources": {"Own": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
)
SAME_ROLE = frozenset({Who.END_USER, Who.COLLEAGUE})


def see(world: World, who: Who) -> None:
    world.client(who, "servicecatalog").describe_product(Id=world.output("product_id"))


def launch_with(world: World, who: Who, **parameters: str) -> None:
    """Launch, and wait for what comes of it."""
    catalog = world.client(who, "servicecatalog")
    name = "-".join([who.name.lower().replace("_", "-"), *parameters])
    seen = await_record(catalog, launch(catalog, PROJECT, name, **parameters))
    detail = seen["RecordDetail"]
    if detail["Status"] == "SUCCEEDED":
        assert (
            world.sandbox.client("sagemaker").describe_notebook_instance(NotebookInstanceName=name)[
                "NotebookInstanceStatus"
            ]
            == "InService"
        )
        return
    reasons = "; ".join(error["Description"] for error in detail["RecordErrors"])
    assert all(f"Parameter '{key}' must be one of AllowedValues" in reasons for key in parameters)
    raise RefusedByProductError(reasons)


def follow(world: World, who: Who) -> None:
    world.client(who, "servicecatalog").describe_record(Id=world.record)


def end(world: World, who: Who) -> None:
    catalog = world.client(who, "servicecatalog")
    detail = catalog.terminate_provisioned_product(ProvisionedProductName=notebook_name(PERSON))
    record = detail["RecordDetail"]["RecordId"]
    seen = await_record(catalog, record)["RecordDetail"]
    assert seen["Status"] == "SUCCEEDED", seen


def delete_stack(world: World, who: Who) -> None:
    world.client(who, "cloudformation").delete_stack(StackName=world.stack)


def make_stack(world: World, who: Who, name: str, **more: str) -> None:
    world.client(who, "cloudformation").create_stack(
        StackName=name, TemplateBody=OWN_TEMPLATE, **more
    )


def change_version(world: World, who: Who) -> None:
    world.client(who, "servicecatalog").update_provisioning_artifact(
        ProductId=world.output("product_id"),
        ProvisioningArtifactId=world.version,
        Guidance="DEPRECATED",
    )


def admit(world: World, who: Who) -> None:
    world.client(who, "servicecatalog").associate_principal_with_portfolio(
        PortfolioId=world.output("portfolio_id"),
        PrincipalARN=role_arn("CustomRoleBen"),
        PrincipalType="IAM",
    )


def lift_constraint(world: World, who: Who) -> None:
    """Without it, launches would run with their users' own rights."""
    found = world.sandbox.client("servicecatalog").list_constraints_for_portfolio(
        PortfolioId=world.output("portfolio_id")
    )
    (constraint,) = found["ConstraintDetails"]
    world.client(who, "servicecatalog").delete_constraint(Id=constraint["ConstraintId"])


NO_ACCESS = {Who.DEPLOYER: Outcome.PORTFOLIO}
REFUSED_VALUE = NO_ACCESS | dict.fromkeys(SAME_ROLE, Outcome.PRODUCT)
ATTEMPTS = (
    Attempt("see it in the catalog", see, SAME_ROLE, NO_ACCESS, changes=False),
    Attempt("launch it", launch_with, SAME_ROLE, NO_ACCESS),
    Attempt(
        "launch it with direct internet access",
        partial(launch_with, DirectInternetAccess="Enabled"),
        refused=REFUSED_VALUE,
    ),
    Attempt(
        "launch it in another subnet",
        partial(launch_with, SubnetName="ProSM-ResourceSubnet-2"),
        refused=REFUSED_VALUE,
    ),
    Attempt(
        "launch it with a builder function of one's own",
        partial(launch_with, SageMakerBuildFunctionARN="arn:aws:lambda:eu-west-1:1:function:own"),
        refused=REFUSED_VALUE,
    ),
    Attempt(
        "launch it in the name of another project",
        partial(launch_with, ProjectName="vision"),
        refused=REFUSED_VALUE,
    ),
    Attempt(
        "follow the end user's launch",
        follow,
        frozenset({Who.DEPLOYER, Who.END_USER}),
        changes=False,
    ),
    Attempt("end what the end user launched", end, frozenset({Who.DEPLOYER, Who.END_USER})),
    Attempt("delete its stack", delete_stack, frozenset({Who.DEPLOYER, Who.LAUNCH})),
    Attempt(
        "make a stack named as Service Catalog's are",
        partial(make_stack, name="SC-own"),
        frozenset({Who.DEPLOYER, Who.LAUNCH}),
    ),
    Attempt(
        "make a stack that runs with the launch role",
        partial(make_stack, name="SC-own", RoleARN=role_arn(f"SCLaunchRole-{PROJECT}")),
        refused={Who.DEPLOYER: Outcome.TRUST},
    ),
    Attempt("change a version of the product", change_version, frozenset({Who.DEPLOYER})),
    Attempt("give a role access to the portfolio", admit, frozenset({Who.DEPLOYER})),
    Attempt("lift the launch constraint", lift_constraint, frozenset({Who.DEPLOYER})),
)
