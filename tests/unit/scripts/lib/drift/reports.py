"""Drift reports to be written down: a full one, and weeks of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scripts.lib.drift.model import (
    Author,
    Checked,
    Drift,
    DriftReport,
    Failure,
    Ignored,
    Mend,
    Noise,
    Plane,
    Remedy,
)
from scripts.lib.plan_review.model import AttributeChange, Rights, Risk

WHEN = "2026-03-31T04:00:00Z"

KEY = Drift(
    Plane.TERRAFORM,
    "notebook-vision",
    "aws_kms_key.Key_Resource_1A2B",
    "Rotation was switched off.",
    "enable_key_rotation true",
    "enable_key_rotation false",
    Risk.HIGH,
    attributes=(AttributeChange("enable_key_rotation", "true", "false"),),
    remedies=(
        Remedy(Mend.APPLY, "Let Terraform put it back.", "cdktf deploy notebook-vision"),
        Remedy(Mend.IGNORE, "Accept it in the ignore file, with a reason, an owner and a date."),
    ),
    author=Author(
        "arn:aws:iam::123456789012:user/eve", "2026-03-30T17:12:09Z", "DisableKeyRotation"
    ),
)
POLICY = Drift(
    Plane.TERRAFORM,
    "notebook-vision",
    "aws_iam_role.ExecutionRole_Resource_77",
    "An inline policy was widened.",
    "the policy of the configuration",
    "a policy that allows more",
    Risk.MEDIUM,
    rights=(Rights("inline_policy extra", gained=("role data-scientist may delete any bucket",)),),
    folded=("aws_iam_role_policy.Extra", "aws_iam_role.ExecutionRole_Resource_77.inline_policy"),
)
NOTEBOOK = Drift(
    Plane.LAUNCHED,
    "notebook-alpha",
    "notebook by-hand",
    "A notebook with the project's tags was made outside the catalog.",
    "every notebook of the project comes from its product",
    "InService, of no provisioned product",
    Risk.HIGH,
    remedies=(Remedy(Mend.REMOVE, "Stop and delete it.", "aws sagemaker stop-notebook-instance"),),
)
PRINCIPAL = Drift(
    Plane.PORTFOLIO,
    "",
    "arn:aws:iam::123456789012:role/Hand",
    "A role was added to the portfolio by hand.",
    "not associated: the ledger does not have it",
    "associated with port-1 (Amazon SageMaker)",
    Risk.LOW,
)
TAGS = Drift(
    Plane.TERRAFORM,
    "network-main",
    "aws_vpc_endpoint.S3",
    "A tag was added.",
    "no tag CostCenter",
    "CostCenter 42",
    Risk.LOW,
    ignored=Ignored("the cost team tags by hand", "platform team", "2027-01-31"),
)
FAILURE = Failure(Plane.TERRAFORM, "audit", "the state is locked by eve@laptop since 03:58")
NOISE = Noise("notebook-vision", "the provider writes null as an empty list", ("a.b", "c.d"))

FULL = DriftReport(
    WHEN,
    "123456789012",
    "eu-west-1",
    (
        Checked(Plane.TERRAFORM, "notebook-vision", (KEY, POLICY), (NOISE,), seconds=9.4),
        Checked(Plane.TERRAFORM, "notebook-alpha", seconds=8.1),
        Checked(Plane.TERRAFORM, "network-main", (TAGS,), seconds=4.0),
        Checked(Plane.TERRAFORM, "audit", failures=(FAILURE,), seconds=1.2),
        Checked(Plane.PORTFOLIO, "", (PRINCIPAL,), seconds=0.6),
        Checked(Plane.LAUNCHED, "", (NOTEBOOK,), seconds=1.9),
    ),
    ("The entry for aws_x of the ignore file, by Ana, is about nothing any more: remove it.",),
)
CLEAN = DriftReport(
    WHEN,
    "123456789012",
    "eu-west-1",
    tuple(replace(check, drifts=(), noise=(), failures=()) for check in FULL.checks),
)


def weeks(days: int = 40) -> tuple[DriftReport, ...]:
    """A report a day, the last one being ``FULL``."""
    last = datetime(2026, 3, 31, 4, tzinfo=UTC)
    reports = []
    for number in range(days - 1):
        at = (last - timedelta(days=days - 1 - number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        checks = [
            check
            if number % 9 == 3 or (number > days - 6 and check.plane is not Plane.PORTFOLIO)
            else replace(check, drifts=check.drifts[1:] if number % 7 > 4 else (), failures=())
            for check in FULL.checks
        ]
        if number % 11 == 4:
            checks = checks[1:]
        reports.append(replace(FULL, when=at, checks=tuple(checks), notes=()))
    return (*reports, FULL)
