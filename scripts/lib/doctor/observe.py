"""What is, read from AWS: describe and list calls only, every list to its last page.

What is asked about by name and not there is a fault of the input; what AWS refuses to tell about
what is there becomes a fact, ``Refused``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.doctor.facts import AccountFacts, Member, MemberKind, Refused, ask
from scripts.lib.doctor.iam import observe_service_roles
from scripts.lib.errors import NOT_FOUND, InputError, describe, error_code
from scripts.lib.jumpstart.model import Domain, Portfolio
from scripts.lib.jumpstart.observe import (
    SAGEMAKER_PAGE,
    describe_domain,
    is_enabled,
    observe_portfolios,
)

if TYPE_CHECKING:
    from scripts.lib.clients import Clients

LIST_PRINCIPALS = "ListPrincipalsForPortfolio"

NOT_THERE = NOT_FOUND | {"ValidationException"}
"""What cannot be a name is not there either."""


def observe_account(clients: Clients) -> AccountFacts:
    """Return what all users have in common; raise AwsError if AWS does not know the caller."""
    account = clients.account
    imported, portfolios = _observe_portfolios(clients)
    return AccountFacts(
        account=account,
        enabled=ask(is_enabled, clients),
        imported=imported,
        portfolios=portfolios,
        service_roles=observe_service_roles(clients),
    )


def observe_domain(clients: Clients, domain_id: str) -> Domain | Refused:
    """Return the Domain; raise InputError if there is none of this id."""
    found = ask(_describe_domain, clients, domain_id)
    if found is None:
        known = ask(list_domains, clients)
        if isinstance(known, Refused):
            there = known.reason
        else:
            there = ", ".join(f"{key} ({name})" for key, name in known.items())
        raise InputError(f"no Domain {domain_id!r} here; there are: {there or 'none'}")
    return found


def observe_user(clients: Clients, domain_id: str, name: str) -> Member:
    """Return the user profile; raise InputError if the Domain has none of this name."""
    found = look_for_user(clients, domain_id, name)
    if found is None:
        raise InputError(f"no user profile {name!r} in Domain {domain_id}")
    return found


def observe_space(clients: Clients, domain_id: str, name: str) -> Member:
    """Return the shared space; raise InputError if there is none of this name, or it is private:
    then its owner's role counts."""
    found = ask(_describe_space, clients, domain_id, name)
    if found is None:
        raise InputError(f"no space {name!r} in Domain {domain_id}")
    if isinstance(found, Refused):
        return Member(MemberKind.SPACE, domain_id, name, found)
    status, owner = found
    if owner is not None:
        raise InputError(f"space {name!r} is private: ask with --user {owner}")
    return Member(MemberKind.SPACE, domain_id, name, status)


def list_domains(clients: Clients) -> dict[str, str]:
    """Return the id and the name of every Domain, by name."""
    pages = clients.sagemaker.get_paginator("list_domains").paginate(
        PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    found = {each["DomainId"]: each["DomainName"] for page in pages for each in page["Domains"]}
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def list_users(clients: Clients, domain_id: str) -> tuple[str, ...]:
    """Return the names of all user profiles of a Domain, in order."""
    pages = clients.sagemaker.get_paginator("list_user_profiles").paginate(
        DomainIdEquals=domain_id, PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    return tuple(
        sorted(profile["UserProfileName"] for page in pages for profile in page["UserProfiles"])
    )


def look_for_domain(clients: Clients, domain_id: str) -> Domain | Refused | None:
    """Return the Domain, or None if it is gone."""
    return ask(_describe_domain, clients, domain_id)


def look_for_user(clients: Clients, domain_id: str, name: str) -> Member | None:
    """Return the user profile, or None if it is gone."""
    found = ask(_describe_user, clients, domain_id, name)
    if isinstance(found, Refused):
        return Member(MemberKind.USER, domain_id, name, found)
    return found


def _observe_portfolios(
    clients: Clients,
) -> tuple[bool | Refused, tuple[Portfolio, ...] | Refused]:
    portfolios = ask(_portfolios, clients)
    if not isinstance(portfolios, _PrincipalsRefused):
        return (portfolios if isinstance(portfolios, Refused) else bool(portfolios)), portfolios
    # Principals are asked for only where there is a portfolio.
    return True, portfolios


class _PrincipalsRefused(Refused):
    """The portfolios were listed, but not who may see them."""


def _portfolios(clients: Clients) -> tuple[Portfolio, ...] | _PrincipalsRefused:
    try:
        return observe_portfolios(clients)
    except ClientError as exc:
        if exc.operation_name == LIST_PRINCIPALS:
            return _PrincipalsRefused(describe(exc))
        raise


def _describe_domain(clients: Clients, domain_id: str) -> Domain | None:
    try:
        return describe_domain(clients, domain_id)
    except ClientError as exc:
        if error_code(exc) in NOT_THERE:
            return None
        raise


def _describe_user(clients: Clients, domain_id: str, name: str) -> Member | None:
    try:
        found = clients.sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name)
    except ClientError as exc:
        if error_code(exc) in NOT_THERE:
            return None
        raise
    own = found.get("UserSettings", {}).get("ExecutionRole")
    return Member(MemberKind.USER, domain_id, name, found["Status"], own)


def _describe_space(clients: Clients, domain_id: str, name: str) -> tuple[str, str | None] | None:
    """Return the space's status, and its owner if it is private."""
    try:
        found = clients.sagemaker.describe_space(DomainId=domain_id, SpaceName=name)
    except ClientError as exc:
        if error_code(exc) in NOT_THERE:
            return None
        raise
    private = found.get("SpaceSharingSettings", {}).get("SharingType") == "Private"
    owner = found.get("OwnershipSettings", {}).get("OwnerUserProfileName", "")
    return found["Status"], owner if private else None
