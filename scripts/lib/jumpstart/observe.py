"""What is, read from AWS: describe and list calls only, every list to its last page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.errors import NOT_FOUND, InputError, error_code
from scripts.lib.jumpstart.demand import select_domains, wanted_roles
from scripts.lib.jumpstart.model import (
    LEAVING,
    PROVIDER_NAME,
    Domain,
    Portfolio,
    Principal,
    PrincipalType,
    Selection,
    Space,
    State,
    UserProfile,
)
from scripts.lib.jumpstart.roles import read_role
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import SpaceDetailsTypeDef
    from mypy_boto3_servicecatalog.literals import PortfolioShareTypeType

    from scripts.lib.clients import Clients

SAGEMAKER_PAGE = 100
PRINCIPALS_PAGE = 20
"""Most that one page of these lists holds."""

DEFAULT_SHARE_TYPE: PortfolioShareTypeType = "IMPORTED"
OTHER_SHARE_TYPES: tuple[PortfolioShareTypeType, ...] = ("AWS_SERVICECATALOG", "AWS_ORGANIZATIONS")
"""Not every account may ask for these; SageMaker's share is of the default type today."""

SHARE_TYPE_REFUSED = frozenset({"InvalidParametersException", "OperationNotSupportedException"})


def observe(clients: Clients, selection: Selection) -> State:
    """Return what is, as far as ``selection`` needs it.

    Raises InputError if the selection names a role of another account, a Domain or a user that
    does not exist, and botocore's errors if AWS refuses or cannot be reached.
    """
    account = clients.account
    for arn in selection.role_arns or ():
        if not RoleArn.parse(arn).is_of(account.partition, account.account_id):
            raise InputError(
                f"{arn!r} is not a role of this account: "
                f"expected arn:{account.partition}:iam::{account.account_id}:role/..."
            )
    domains = observe_domains(clients, selection)
    wanted = wanted_roles(domains, selection)
    status = clients.sagemaker.get_sagemaker_servicecatalog_portfolio_status()["Status"]
    return State(
        account=account,
        enabled=status == "Enabled",
        domains=domains,
        portfolios=observe_portfolios(clients),
        roles=tuple(read_role(clients, role.arn) for role in wanted),
    )


def observe_domains(clients: Clients, selection: Selection) -> tuple[Domain, ...]:
    """Return the Domains that ``selection`` means, with users and spaces.

    Users and spaces are left out if the selection names roles: nothing depends on them then.
    """
    pages = clients.sagemaker.get_paginator("list_domains").paginate(
        PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    ids = [domain["DomainId"] for page in pages for domain in page["Domains"]]
    found = [domain for domain in (_read_domain(clients, each) for each in ids) if domain]
    chosen = select_domains(found, selection)
    if selection.role_arns is not None:
        return chosen
    return tuple(_with_members(clients, domain) for domain in chosen)


def observe_portfolios(clients: Clients) -> tuple[Portfolio, ...]:
    """Return every portfolio of SageMaker's that the account has imported, by id."""
    names: dict[str, str] = {}
    for share_type in (DEFAULT_SHARE_TYPE, *OTHER_SHARE_TYPES):
        try:
            names.update(_list_portfolios(clients, share_type))
        except ClientError as exc:
            if share_type == DEFAULT_SHARE_TYPE or error_code(exc) not in SHARE_TYPE_REFUSED:
                raise
    return tuple(Portfolio(key, names[key], _principals(clients, key)) for key in sorted(names))


def _list_portfolios(clients: Clients, share_type: PortfolioShareTypeType) -> dict[str, str]:
    pages = clients.servicecatalog.get_paginator("list_accepted_portfolio_shares").paginate(
        PortfolioShareType=share_type
    )
    return {
        detail["Id"]: detail.get("DisplayName", "")
        for page in pages
        for detail in page["PortfolioDetails"]
        if detail.get("ProviderName") == PROVIDER_NAME
    }


def _principals(clients: Clients, portfolio_id: str) -> frozenset[Principal]:
    pages = clients.servicecatalog.get_paginator("list_principals_for_portfolio").paginate(
        PortfolioId=portfolio_id, PaginationConfig={"PageSize": PRINCIPALS_PAGE}
    )
    return frozenset(
        Principal(principal["PrincipalARN"], PrincipalType(principal["PrincipalType"]))
        for page in pages
        for principal in page["Principals"]
    )


def _read_domain(clients: Clients, domain_id: str) -> Domain | None:
    """Return the Domain, or None if it was deleted since it was listed."""
    try:
        found = clients.sagemaker.describe_domain(DomainId=domain_id)
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise
    return Domain(
        id=domain_id,
        name=found["DomainName"],
        status=found["Status"],
        auth_mode=found["AuthMode"],
        user_role=found.get("DefaultUserSettings", {}).get("ExecutionRole"),
        space_role=found.get("DefaultSpaceSettings", {}).get("ExecutionRole"),
    )


def _with_members(clients: Clients, domain: Domain) -> Domain:
    if domain.status in LEAVING:
        return domain
    return replace(
        domain,
        users=_observe_users(clients, domain.id),
        spaces=_observe_spaces(clients, domain.id),
    )


def _observe_users(clients: Clients, domain_id: str) -> tuple[UserProfile, ...]:
    pages = clients.sagemaker.get_paginator("list_user_profiles").paginate(
        DomainIdEquals=domain_id, PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    names = [
        profile["UserProfileName"]
        for page in pages
        for profile in page["UserProfiles"]
        if profile.get("Status") not in LEAVING
    ]
    users = (_read_user(clients, domain_id, name) for name in names)
    return tuple(user for user in users if user)


def _read_user(clients: Clients, domain_id: str, name: str) -> UserProfile | None:
    """Return the profile, or None if it was deleted since. The list does not hold the role."""
    try:
        found = clients.sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name)
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise
    return UserProfile(name, found.get("UserSettings", {}).get("ExecutionRole"))


def _observe_spaces(clients: Clients, domain_id: str) -> tuple[Space, ...]:
    pages = clients.sagemaker.get_paginator("list_spaces").paginate(
        DomainIdEquals=domain_id, PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    listed = [
        space for page in pages for space in page["Spaces"] if space.get("Status") not in LEAVING
    ]
    spaces = (_read_space(clients, domain_id, summary) for summary in listed)
    return tuple(space for space in spaces if space)


def _read_space(clients: Clients, domain_id: str, summary: SpaceDetailsTypeDef) -> Space | None:
    """Return the space, or None if it was deleted since. Described only if the list left out
    whether it is shared: spaces older than private ones are, and say nothing."""
    name = summary["SpaceName"]
    sharing = summary.get("SpaceSharingSettingsSummary", {}).get("SharingType")
    owner = summary.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName")
    if sharing is None or (sharing == "Private" and owner is None):
        try:
            found = clients.sagemaker.describe_space(DomainId=domain_id, SpaceName=name)
        except ClientError as exc:
            if error_code(exc) in NOT_FOUND:
                return None
            raise
        sharing = found.get("SpaceSharingSettings", {}).get("SharingType")
        owner = found.get("OwnershipSettings", {}).get("OwnerUserProfileName")
    return Space(name, owner if sharing == "Private" else None)
