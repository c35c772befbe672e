"""Changes behind the back of the catalog: on SageMaker's portfolio, and on what was launched.

README's table has them beside those of Terraform's plane, tests/integration/drift/changes.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scripts.lib.drift.model import Mend, Plane
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.doctored import BEN, ROLE
from tests.unit.scripts.launchable import ACCOUNT
from tests.unit.scripts.lib.drift.catalog_hands import (
    Catalog,
    add_role,
    add_role_and_delete_it,
    add_user,
    delete_role_and_association,
    delete_stack,
    fail_at_start,
    fail_launch,
    fail_update,
    made,
    other_group,
    other_subnet,
    replaced,
    stop,
    updated,
)

OTHER_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
PROJECT_ID, OTHER_ID = {"ProjectID": "QuickStart007"}, {"ProjectID": "Vision001"}
METADATA_1 = {"MinimumInstanceMetadataServiceVersion": "1"}
BY_HAND = (
    "A notebook with the project's tags was made outside the catalog, and breaks what all "
    "promise: direct internet access, the version of the instance metadata service."
)
PRODUCT = "provisioned product "
LAST_FAILED = "The last change of the product failed: ..."


@dataclass(frozen=True)
class CatalogChange:
    """A change by hand, and the one line that has to come of it.

    Attributes:
        did: what somebody did; a row of the table.
        subject: the finding's; of a product without its id.
        what: the finding's sentence as ``sentence`` gives it; "" if it must not alarm.
        means: why it does not alarm.
        launched: the notebook that has to be launched before, "" if none.
        apart: it hides or changes what others show, and gets an account of its own.
    """

    did: str
    plane: Plane
    act: Callable[[Catalog], object]
    subject: str
    what: str
    mend: Mend
    risk: Risk = Risk.MEDIUM
    means: str = ""
    launched: str = ""
    apart: bool = False


def sentence(what: str) -> str:
    """Return a finding's sentence without the ids that AWS gives, and without its own words."""
    known = re.sub(r"pp-\w+", "pp-...", what)
    return re.sub(r"(?<=of the product failed: ).*", "...", known)


def on_portfolio(
    did: str,
    act: Callable[[Catalog], object],
    subject: str,
    what: str,
    mend: Mend,
    *,
    risk: Risk = Risk.MEDIUM,
    apart: bool = False,
) -> CatalogChange:
    return CatalogChange(did, Plane.PORTFOLIO, act, subject, what, mend, risk, apart=apart)


def on_notebook(
    did: str,
    name: str,
    act: Callable[[Catalog, str], object],
    what: str,
    risk: Risk = Risk.MEDIUM,
    *,
    mend: Mend = Mend.RELAUNCH,
    subject: str = "notebook ",
    means: str = "",
    launched: bool = True,
) -> CatalogChange:
    return CatalogChange(
        did,
        Plane.LAUNCHED,
        lambda catalog: act(catalog, name),
        subject + name,
        what,
        mend,
        risk,
        means,
        launched=name if launched else "",
    )


def breaks(words: str) -> str:
    return f"The notebook is not as its version promises, in {words}."


CATALOG_CHANGES = (
    on_portfolio(
        "an association of post_apply's taken away",
        lambda c: c.disassociate(BEN),
        BEN,
        "The role's association was taken away: JumpStart does not work with it.",
        Mend.POST_APPLY,
    ),
    on_portfolio(
        "a role added to SageMaker's portfolio",
        add_role,
        f"{ROLE}Analyst",
        "A role was added to the portfolio by hand.",
        Mend.REMOVE,
    ),
    on_portfolio(
        "a user added to SageMaker's portfolio",
        add_user,
        f"arn:aws:iam::{ACCOUNT}:user/sam",
        "A user was added to the portfolio by hand.",
        Mend.REMOVE,
    ),
    on_portfolio(
        "a pattern of roles added to it",
        lambda c: c.associate("arn:aws:iam:::role/Intern*", "IAM_PATTERN"),
        "arn:aws:iam:::role/Intern*",
        "A pattern was added to the portfolio by hand: every role that fits it sees the portfolio.",
        Mend.REMOVE,
    ),
    on_portfolio(
        "a pattern of all roles added to it",
        lambda c: c.associate("arn:aws:iam:::role/*", "IAM_PATTERN"),
        "arn:aws:iam:::role/*",
        "A pattern was added to the portfolio by hand: every role that fits it sees the portfolio.",
        Mend.REMOVE,
        risk=Risk.HIGH,
        apart=True,
    ),
    on_portfolio(
        "an associated role deleted",
        lambda c: c.delete_role("CustomRoleEve"),
        f"{ROLE}CustomRoleEve",
        "The role is gone, its association is not: a new role of its name would see the portfolio.",
        Mend.POST_APPLY,
        risk=Risk.LOW,
    ),
    on_portfolio(
        "an associated role deleted, with its association",
        delete_role_and_association,
        f"{ROLE}CustomRoleCleo",
        "The role is gone, and so is its association; the ledger alone has it.",
        Mend.POST_APPLY,
        risk=Risk.LOW,
    ),
    on_portfolio(
        "a role added to the portfolio, and deleted",
        add_role_and_delete_it,
        f"{ROLE}Trainee",
        "The role is gone, its association is not: a new role of its name would see the portfolio.",
        Mend.POST_APPLY,
        risk=Risk.LOW,
    ),
    on_portfolio(
        "SageMaker's portfolio disabled",
        lambda c: c.client("sagemaker").disable_sagemaker_servicecatalog_portfolio(),
        "SageMaker's portfolio",
        "SageMaker's portfolio was disabled: JumpStart works for nobody.",
        Mend.POST_APPLY,
        risk=Risk.HIGH,
        apart=True,
    ),
    on_notebook(
        "a notebook replaced by one with internet",
        "internet",
        replaced(DirectInternetAccess="Enabled"),
        breaks("direct internet access"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook's user made root",
        "root",
        updated(RootAccess="Enabled"),
        breaks("root access"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook replaced by one under another key",
        "key",
        replaced(KmsKeyId=OTHER_KEY),
        breaks("the key"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook given another role",
        "role",
        updated(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/Launch"),
        breaks("the role"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook replaced by one in another subnet",
        "subnet",
        other_subnet,
        breaks("the subnet"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook replaced by one with another security group",
        "group",
        other_group,
        breaks("the security groups"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook's lifecycle configuration taken away",
        "script",
        updated(DisassociateLifecycleConfig=True),
        breaks("the lifecycle configuration"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook given another lifecycle configuration",
        "other-script",
        updated(LifecycleConfigName="with-code"),
        breaks("the lifecycle configuration"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook's metadata service opened to version 1",
        "metadata",
        updated(InstanceMetadataServiceConfiguration=METADATA_1),
        breaks("the version of the instance metadata service"),
    ),
    on_notebook(
        "a notebook replaced by one of another platform",
        "platform",
        replaced(PlatformIdentifier="notebook-al2-v3"),
        breaks("the platform"),
    ),
    on_notebook(
        "a notebook's instance type changed",
        "type",
        updated(InstanceType="ml.t3.large"),
        breaks("the instance type"),
        Risk.LOW,
    ),
    on_notebook(
        "a notebook's volume enlarged",
        "volume",
        updated(VolumeSizeInGB=50),
        breaks("the volume's size"),
        Risk.LOW,
    ),
    on_notebook(
        "several of these at once",
        "several",
        updated(RootAccess="Enabled", InstanceType="ml.t3.large"),
        breaks("root access, the instance type"),
        Risk.HIGH,
    ),
    on_notebook(
        "a notebook stopped",
        "stopped",
        stop,
        "",
        means="people stop their notebooks",
    ),
    on_notebook(
        "a notebook started that then failed",
        "failed",
        fail_at_start,
        "The notebook failed: no capacity.",
    ),
    on_notebook(
        "a notebook deleted outside the catalog",
        "deleted",
        Catalog.delete_notebook,
        "The notebook was deleted; the provisioned product deleted (pp-...) still stands for it.",
    ),
    on_notebook(
        "a notebook made by hand with the project's tag",
        "by-id",
        made(PROJECT_ID),
        BY_HAND,
        Risk.HIGH,
        mend=Mend.REMOVE,
        launched=False,
    ),
    on_notebook(
        "a notebook made by hand with the project's name",
        "by-name",
        made({"ProjectName": "alpha"}),
        BY_HAND,
        Risk.HIGH,
        mend=Mend.REMOVE,
        launched=False,
    ),
    on_notebook(
        "a notebook made by hand with another project's tag",
        "of-others",
        made(OTHER_ID),
        "",
        means="it is none of the project's",
        launched=False,
    ),
    on_notebook(
        "a launch that failed",
        "no-room",
        fail_launch,
        LAST_FAILED,
        Risk.LOW,
        subject=PRODUCT,
        launched=False,
    ),
    on_notebook(
        "an update of a product that failed",
        "tainted",
        fail_update,
        LAST_FAILED,
        subject=PRODUCT,
    ),
    on_notebook(
        "a product's stack deleted outside the catalog",
        "no-stack",
        delete_stack,
        "The CloudFormation stack behind the product was deleted outside the catalog.",
        subject=PRODUCT,
    ),
)
"""All but those apart are made in one account at once: no two of them are the same cause."""
