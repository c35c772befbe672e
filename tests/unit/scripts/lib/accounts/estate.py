"""Further accounts in the sandbox, each with a Domain of its own, made through AWS's own API."""

import json
from dataclasses import dataclass
from typing import Any

from scripts.lib.accounts.model import Target
from scripts.lib.changes import Change, Executor, Finding, Outcome, Status
from scripts.lib.clients import Account, Clients
from scripts.lib.job import Job
from scripts.lib.report import Report, Section
from scripts.sandbox import Sandbox

ROLE_NAME = "JumpStartPostApply"
FIRST, SECOND, THIRD = "111111111111", "222222222222", "333333333333"
HUB = "123456789012"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True, kw_only=True)
class Step(Change):
    """A change that stands for any."""

    action = "associate"
    subject = "role-a"
    target = "port-1"


def role_arn(account_id: str, name: str = ROLE_NAME) -> str:
    return f"arn:aws:iam::{account_id}:role/{name}"


def target(account_id: str, name: str = "", region: str | None = None) -> Target:
    return Target(account_id, name, role_arn(account_id), region)


def settle(sandbox: Sandbox, account_id: str) -> None:
    """Give an account a Domain with one user whose role JumpStart does not know."""
    assumed = sandbox.client("sts").assume_role(
        RoleArn=role_arn(account_id), RoleSessionName="settler"
    )
    keys = assumed["Credentials"]
    iam = sandbox.client("iam", credentials=keys)
    for name in ("DomainRole", "UserRole"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.attach_role_policy(
            RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        )
    sagemaker = sandbox.client("sagemaker", credentials=keys)
    domain = sagemaker.create_domain(
        DomainName="team",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": role_arn(account_id, "DomainRole")},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
    )["DomainId"]
    sagemaker.create_user_profile(
        DomainId=domain,
        UserProfileName="zoe",
        UserSettings={"ExecutionRole": role_arn(account_id, "UserRole")},
    )


@dataclass(frozen=True, kw_only=True)
class Show(Change):
    """Let a role see SageMaker's portfolio."""

    action = "associate"
    role: str

    @property
    def subject(self) -> str:
        return self.role

    @property
    def target(self) -> str:
        return "SageMaker's portfolio"


class Writer(Executor):
    """Associates for real."""

    success = Status.DONE

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def perform(self, change: Change) -> str:
        self._clients.sagemaker.enable_sagemaker_servicecatalog_portfolio()
        portfolios: list[str] = []
        while not portfolios:
            portfolios = _portfolios(self._clients.servicecatalog)
        self._clients.servicecatalog.associate_principal_with_portfolio(
            PortfolioId=portfolios[0], PrincipalARN=change.subject, PrincipalType="IAM"
        )
        return portfolios[0]


def show(clients: Clients) -> Report:
    """A job as it is run in many accounts: only shown."""
    return _job(clients, apply=False)


def apply(clients: Clients) -> Report:
    """The same, made so."""
    return _job(clients, apply=True)


def _job(clients: Clients, *, apply: bool) -> Report:
    described = (
        clients.sagemaker.describe_domain(DomainId=domain["DomainId"])
        for domain in clients.sagemaker.list_domains()["Domains"]
    )
    roles = {domain["DefaultUserSettings"]["ExecutionRole"] for domain in described}
    changes = tuple(Show(role=role) for role in sorted(roles - _admitted(clients.servicecatalog)))
    job = Job("JumpStart", facts=(), findings=(), changes=changes, writer=Writer(clients))
    return Report(clients.account, applied=apply, sections=(job.run(apply=apply),))


def _portfolios(catalog: Any) -> list[str]:
    return [each["Id"] for each in catalog.list_accepted_portfolio_shares()["PortfolioDetails"]]


def _admitted(catalog: Any) -> set[str]:
    return {
        principal["PrincipalARN"]
        for portfolio in _portfolios(catalog)
        for principal in catalog.list_principals_for_portfolio(PortfolioId=portfolio)["Principals"]
    }


def principals(sandbox: Sandbox, account_id: str) -> set[str]:
    """Who of an account sees SageMaker's portfolio."""
    assumed = sandbox.client("sts").assume_role(
        RoleArn=role_arn(account_id), RoleSessionName="looker"
    )
    return _admitted(sandbox.client("servicecatalog", credentials=assumed["Credentials"]))


def report_of(
    account_id: str,
    *,
    outcomes: tuple[Outcome, ...] = (),
    findings: tuple[Finding, ...] = (),
    region: str = "eu-west-1",
) -> Report:
    section = Section("JumpStart", findings=findings, outcomes=outcomes)
    return Report(Account(account_id, "aws", region), False, (section,))
