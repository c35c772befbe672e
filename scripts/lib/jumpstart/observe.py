"""What is, read from AWS: describe and list calls only, every list to its last page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.concurrency import Item, Result, map_concurrently
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
    roles_of,
)
from scripts.lib.jumpstart.quota import observe_quota
from scripts.lib.jumpstart.roles import read_roles
from scripts.lib.progress_bar import progress_bar
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import SpaceDetailsTypeDef, UserProfileDetailsTypeDef
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
    for arn in selection.role_arns or ():
        check_role_arn(clients, arn)
    domains = observe_domains(clients, selection)
    wanted = wanted_roles(domains, selection)
    return State(
        account=clients.account,
        enabled=is_enabled(clients),
        domains=domains,
        portfolios=observe_portfolios(clients),
        roles=read_roles(clients, (role.arn for role in wanted)),
        quota=observe_quota(clients),
    )


def observe_associations(clients: Clients, selection: Selection) -> State:
    """Return what is, with every role that a portfolio names instead of those that need one;
    raise as ``observe`` does."""
    portfolios = observe_portfolios(clients)
    return State(
        account=clients.account,
        enabled=is_enabled(clients),
        domains=observe_domains(clients, selection),
        portfolios=portfolios,
        roles=read_roles(clients, roles_of(portfolios)),
        quota=observe_quota(clients),
    )


def check_role_arn(clients: Clients, arn: str) -> None:
    """Raise InputError unless ``arn`` is that of a role of this account, be it there or not."""
    account = clients.account
    if not RoleArn.parse(arn).is_of(account.partition, account.account_id):
        raise InputError(
            f"{arn!r} is not a role of this account: "
            f"expected arn:{account.partition}:iam::{account.account_id}:role/..."
        )


def is_enabled(clients: Clients) -> bool:
    """Tell whether SageMaker's portfolio is switched on in this account and Region."""
    return clients.sagemaker.get_sagemaker_servicecatalog_portfolio_status()["Status"] == "Enabled"


def observe_domains(clients: Clients, selection: Selection) -> tuple[Domain, ...]:
    """Return the Domains that ``selection`` means, with users and spaces.

    Users and spaces are left out if the selection names roles: nothing depends on them then.
    They are described side by side, as many at a time as ``clients.workers`` says.
    """
    pages = clients.sagemaker.get_paginator("list_domains").paginate(
        PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    ids = [domain["DomainId"] for page in pages for domain in page["Domains"]]
    found = _all(clients, _read_domain, ids, "Reading Domains")
    chosen = select_domains((domain for domain in found if domain), selection)
    if selection.role_arns is not None:
        return chosen
    return _with_members(clients, chosen, selection)


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
        return describe_domain(clients, domain_id)
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def describe_domain(clients: Clients, domain_id: str) -> Domain:
    """Return the Domain, without its users and spaces; raise ClientError if there is none."""
    found = clients.sagemaker.describe_domain(DomainId=domain_id)
    return Domain(
        id=domain_id,
        name=found["DomainName"],
        status=found["Status"],
        auth_mode=found["AuthMode"],
        user_role=found.get("DefaultUserSettings", {}).get("ExecutionRole"),
        space_role=found.get("DefaultSpaceSettings", {}).get("ExecutionRole"),
    )


def _with_members(
    clients: Clients, domains: tuple[Domain, ...], selection: Selection
) -> tuple[Domain, ...]:
    """Return the Domains with users and spaces. All users are read as one list, whatever their
    Domains: many small Domains take no longer than one big one."""
    asked = [domain for domain in domains if not selection.left_out(domain.status)]
    listed_users = {domain.id: _list_users(clients, domain.id) for domain in asked}
    listed_spaces = {domain.id: _list_spaces(clients, domain.id) for domain in asked}
    users = _all(
        clients,
        lambda lane, each: (each[0], _read_user(lane, *each)),
        [
            (domain_id, profile["UserProfileName"])
            for domain_id, profiles in listed_users.items()
            for profile in profiles
            if not selection.left_out(profile.get("Status"))
        ],
        "Reading users",
    )
    spaces = _all(
        clients,
        lambda lane, each: (each[0], _read_space(lane, *each)),
        [
            (domain_id, space)
            for domain_id, summaries in listed_spaces.items()
            for space in summaries
            if not selection.left_out(space.get("Status"))
        ],
        "Reading spaces",
    )
    members: dict[str, tuple[list[UserProfile], list[Space]]] = {
        domain.id: ([], []) for domain in asked
    }
    for domain_id, user in users:
        members[domain_id][0].extend([user] if user else [])
    for domain_id, space in spaces:
        members[domain_id][1].extend([space] if space else [])
    return tuple(
        replace(
            domain,
            users=tuple(members[domain.id][0]),
            spaces=tuple(members[domain.id][1]),
            leaving=_leaving(listed_users[domain.id], listed_spaces[domain.id]),
        )
        if domain.id in members
        else domain
        for domain in domains
    )


def _all(
    clients: Clients, read: Callable[[Clients, Item], Result], items: Iterable[Item], title: str
) -> list[Result]:
    items = list(items)
    asked = zip(cycle(clients.lanes(len(items))), items, strict=False)
    with progress_bar(title, len(items)) as done:
        return map_concurrently(lambda each: read(*each), asked, workers=clients.workers, done=done)


def _leaving(
    users: list[UserProfileDetailsTypeDef], spaces: list[SpaceDetailsTypeDef]
) -> tuple[str, ...]:
    return (
        *(
            f"user {user['UserProfileName']} ({user['Status']})"
            for user in users
            if user.get("Status") in LEAVING
        ),
        *(
            f"space {space['SpaceName']} ({space['Status']})"
            for space in spaces
            if space.get("Status") in LEAVING
        ),
    )


def _list_users(clients: Clients, domain_id: str) -> list[UserProfileDetailsTypeDef]:
    pages = clients.sagemaker.get_paginator("list_user_profiles").paginate(
        DomainIdEquals=domain_id, PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    return [profile for page in pages for profile in page["UserProfiles"]]


def _list_spaces(clients: Clients, domain_id: str) -> list[SpaceDetailsTypeDef]:
    pages = clients.sagemaker.get_paginator("list_spaces").paginate(
        DomainIdEquals=domain_id, PaginationConfig={"PageSize": SAGEMAKER_PAGE}
    )
    return [space for page in pages for space in page["Spaces"]]


def _read_user(clients: Clients, domain_id: str, name: str) -> UserProfile | None:
    """Return the profile, or None if it was deleted since. The list does not hold the role."""
    try:
        found = clients.sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name)
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise
    return UserProfile(name, found.get("UserSettings", {}).get("ExecutionRole"))


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
