"""From facts to the chain of links. Pure: no call, no clock.

A link that makes no sense after a red one, or cannot be told without an unknown one, is unknown
because of it; all others are judged by themselves.
"""

from __future__ import annotations

from scripts.lib.doctor.facts import (
    AccountFacts,
    Facts,
    Member,
    MemberKind,
    Refused,
    effective_role,
)
from scripts.lib.doctor.mend import Mender
from scripts.lib.doctor.model import Diagnosis, Link, Status, because, blocked
from scripts.lib.doctor.role_links import association_link, role_links
from scripts.lib.errors import one_line
from scripts.lib.jumpstart.model import IN_SERVICE, PROVIDER_NAME, Domain

UNDER_WAY = frozenset({"Pending", "Updating", "Deleting"})
"""States that end by themselves; all others but InService need somebody to look."""

SIGN_IN = {"IAM": "IAM", "SSO": "SSO (IAM Identity Center)"}
SERVICE_ROLE_PATH = "service-role"


def diagnose(facts: Facts, mender: Mender) -> Diagnosis:
    """Return the whole chain of one user or shared space."""
    account, domain, member = facts.account, facts.domain, facts.member
    role_arn = effective_role(domain, member)
    enabled = enabled_link(account, mender)
    portfolio = portfolio_link(account, enabled, mender)
    first = domain_link(domain, member.domain_id, mender)
    profile = member_link(member, mender)
    role = role_link(domain, member, first, profile, mender)
    exists, trust, policies = role_links(facts.role, role, member, mender)
    association = association_link(
        account.portfolios,
        role_arn,
        needs=(role,),
        follows=(enabled, portfolio, exists),
        mender=mender,
    )
    links = (first, enabled, portfolio, profile, role, exists, trust, policies, association)
    return Diagnosis(
        kind=member.kind,
        name=member.name,
        domain_id=member.domain_id,
        domain_name=None if isinstance(domain, Refused) else domain.name,
        role_arn=role_arn,
        links=(*links, service_roles_link(account, mender)),
    )


def account_links(account: AccountFacts, mender: Mender) -> tuple[Link, ...]:
    """Return the links that all users have in common."""
    enabled = enabled_link(account, mender)
    portfolio = portfolio_link(account, enabled, mender)
    return enabled, portfolio, service_roles_link(account, mender)


def domain_link(domain: Domain | Refused, domain_id: str, mender: Mender) -> Link:
    """The Domain is in service; either way to sign in is fine."""
    name = "Domain"
    if isinstance(domain, Refused):
        return Link(name, Status.UNKNOWN, domain.reason)
    sign_in = SIGN_IN.get(domain.auth_mode, domain.auth_mode)
    detail = f"{domain.status}, sign-in by {sign_in}"
    if domain.status == IN_SERVICE:
        return Link(name, Status.GREEN, detail)
    passing = domain.status in UNDER_WAY
    mend = mender.look_again(None, domain_id) if passing else mender.why_domain(domain_id)
    return Link(name, Status.RED, f"{detail}; JumpStart needs {IN_SERVICE}", mend)


def enabled_link(account: AccountFacts, mender: Mender) -> Link:
    """SageMaker's portfolio is enabled in the account and Region."""
    name, where = "JumpStart enabled", f"account {account.account.account_id}"
    where = f"{where}, {account.account.region}"
    if isinstance(account.enabled, Refused):
        return Link(name, Status.UNKNOWN, account.enabled.reason)
    if account.enabled:
        return Link(name, Status.GREEN, f"SageMaker's portfolio is enabled in {where}")
    detail = f"SageMaker's portfolio is not enabled in {where}"
    return Link(name, Status.RED, detail, mender.enable())


def portfolio_link(account: AccountFacts, enabled: Link, mender: Mender) -> Link:
    """SageMaker's portfolio, or several of them, were imported."""
    name, imported, portfolios = "Portfolio imported", account.imported, account.portfolios
    if unknown := blocked(name, follows=(enabled,)):
        return unknown
    if isinstance(imported, Refused):
        return Link(name, Status.UNKNOWN, imported.reason)
    if not imported:
        detail = f"no accepted share of provider {PROVIDER_NAME}"
        return Link(name, Status.RED, detail, mender.enable_again())
    if isinstance(portfolios, Refused):
        return Link(name, Status.GREEN, f"at least one of provider {PROVIDER_NAME}")
    return Link(name, Status.GREEN, ", ".join(map(str, portfolios)))


def member_link(member: Member, mender: Mender) -> Link:
    """The user profile, or the shared space, is in service."""
    name = "User profile" if member.kind is MemberKind.USER else "Shared space"
    if isinstance(member.status, Refused):
        return Link(name, Status.UNKNOWN, member.status.reason)
    detail = f"{member.name} is {member.status}"
    if member.status == IN_SERVICE:
        return Link(name, Status.GREEN, detail)
    passing = member.status in UNDER_WAY
    mend = mender.look_again(member, member.domain_id) if passing else mender.why_member(member)
    return Link(name, Status.RED, f"{detail}; JumpStart needs {IN_SERVICE}", mend)


def role_link(
    domain: Domain | Refused, member: Member, domain_is: Link, profile: Link, mender: Mender
) -> Link:
    """There is a role to work with: the profile's own, else the Domain's."""
    name = "Execution role"
    if isinstance(member.status, Refused):
        return because(name, profile)
    if member.own_role:
        return Link(name, Status.GREEN, f"{member.own_role}, the profile's own")
    if isinstance(domain, Refused):
        return because(name, domain_is)
    of_space = member.kind is MemberKind.SPACE
    settings = "default space settings" if of_space else "default user settings"
    role = effective_role(domain, member)
    if role:
        return Link(name, Status.GREEN, f"{role}, from the Domain's {settings}")
    none = f"the Domain's {settings} name none"
    detail = none if of_space else f"the profile names none, and {none}"
    return Link(name, Status.RED, detail, mender.give_role(member))


def service_roles_link(account: AccountFacts, mender: Mender) -> Link:
    """The roles that launch what is in SageMaker's portfolio exist, at the path that it needs."""
    name, roles = "Service roles", account.service_roles
    missing = [role.name for role in roles if role.found is None]
    elsewhere = [
        role
        for role in roles
        if isinstance(role.found, str)
        and not role.found.endswith(f":role/{SERVICE_ROLE_PATH}/{role.name}")
    ]
    faults = [f"{each} does not exist" for each in missing]
    faults += [f"{role.found} is not at path /{SERVICE_ROLE_PATH}/" for role in elsewhere]
    if faults:
        wrong = mender.remove_role(elsewhere[0].name) if elsewhere else None
        return Link(name, Status.RED, "; ".join(faults), wrong or mender.deploy_service_roles())
    refused = [
        f"{each.name}: {each.found.reason}" for each in roles if isinstance(each.found, Refused)
    ]
    if refused:
        return Link(name, Status.UNKNOWN, one_line("; ".join(refused)))
    return Link(name, Status.GREEN, ", ".join(role.name for role in roles))
