"""Facts of a user to whom nothing is wrong, to be broken one by one."""

import json
from dataclasses import replace
from typing import Any

from scripts.lib.doctor.facts import AccountFacts, Facts, Member, MemberKind, Policies, Role
from scripts.lib.doctor.facts import ServiceRole as ServiceRoleFacts
from scripts.lib.doctor.iam import SERVICE_ROLES
from scripts.lib.doctor.mend import Mender
from scripts.lib.doctor.model import Link
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, domain, portfolio, role

ARN = role("Ben")
MENDER = Mender(ACCOUNT, choice=("--role", ARN))
SERVICE_PATH = "arn:aws:iam::123456789012:role/service-role/"


def trust_of(*services: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def healthy_role(arn: str = ARN) -> Role:
    return Role(arn, found=arn, trust=trust_of("sagemaker.amazonaws.com"), policies=Policies(True))


def healthy_account() -> AccountFacts:
    return AccountFacts(
        account=ACCOUNT,
        enabled=True,
        imported=True,
        portfolios=(portfolio("port-a", "Ben", "Own", "Shared"),),
        service_roles=tuple(ServiceRoleFacts(name, SERVICE_PATH + name) for name in SERVICE_ROLES),
    )


def healthy(**changes: Any) -> Facts:
    facts = Facts(
        account=healthy_account(),
        domain=domain(),
        member=Member(MemberKind.USER, "d-lab", "ben", "InService", ARN),
        role=healthy_role(),
    )
    return replace(facts, **changes)


def account_with(**changes: Any) -> Facts:
    return healthy(account=replace(healthy_account(), **changes))


def member_with(**changes: Any) -> Facts:
    return healthy(member=replace(healthy().member, **changes))


def role_with(**changes: Any) -> Facts:
    return healthy(role=replace(healthy_role(), **changes))


def named(links: tuple[Link, ...], name: str) -> Link:
    (found,) = [link for link in links if link.name == name]
    return found
