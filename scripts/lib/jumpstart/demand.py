"""Which roles are needed, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scripts.lib.errors import InputError
from scripts.lib.jumpstart.model import Domain, Selection

ASKED_FOR = "asked for by ARN"


@dataclass(frozen=True)
class WantedRole:
    """A role that should see JumpStart, and why."""

    arn: str
    reasons: tuple[str, ...]


def select_domains(domains: Iterable[Domain], selection: Selection) -> tuple[Domain, ...]:
    """Return the Domains that ``selection`` means, by name.

    Raises InputError if one that it names is not there.
    """
    found = {domain.id: domain for domain in domains}
    for wanted in selection.domains:
        if wanted not in found:
            known = ", ".join(f"{item.id} ({item.name})" for item in found.values())
            raise InputError(f"no Domain {wanted!r} here; there are: {known or 'none'}")
    chosen = [found[key] for key in found if not selection.domains or key in selection.domains]
    return tuple(sorted(chosen, key=lambda domain: (domain.name, domain.id)))


def wanted_roles(domains: Iterable[Domain], selection: Selection) -> tuple[WantedRole, ...]:
    """Return every role that ``selection`` wants, once, with all reasons, by ARN.

    Without a selection these are the roles of all users and spaces, and each Domain's own role:
    SageMaker associates that one only if JumpStart was switched on in the console. Raises
    InputError if a user that is named is in none of the Domains.
    """
    domains = tuple(domains)
    if selection.role_arns is not None:
        return tuple(WantedRole(arn, (ASKED_FOR,)) for arn in sorted(set(selection.role_arns)))
    _check_users(domains, selection)
    reasons: dict[str, list[str]] = {}
    for domain in sorted(domains, key=lambda domain: (domain.name, domain.id)):
        if not selection.left_out(domain.status):
            for arn, reason in _uses(domain, selection):
                reasons.setdefault(arn, []).append(f"{reason}, {domain.name} ({domain.id})")
    return tuple(WantedRole(arn, tuple(reasons[arn])) for arn in sorted(reasons))


def _uses(domain: Domain, selection: Selection) -> Iterator[tuple[str, str]]:
    if domain.user_role and not selection.users:
        yield domain.user_role, "own role of the Domain"
    for user in sorted(domain.users, key=lambda user: user.name):
        role = domain.role_of_user(user)
        if role and (not selection.users or user.name in selection.users):
            kind = "user" if role == domain.user_role else "custom role of user"
            yield role, f"{kind} {user.name}"
    for space in sorted(domain.spaces, key=lambda space: space.name):
        role = domain.role_of_space(space)
        if role and (not selection.users or space.owner in selection.users):
            owner = f"of user {space.owner}" if space.owner else "(shared)"
            yield role, f"space {space.name} {owner}"


def _check_users(domains: tuple[Domain, ...], selection: Selection) -> None:
    known = {user.name for domain in domains for user in domain.users}
    for name in selection.users:
        if name not in known:
            where = ", ".join(map(str, domains)) or "there is no Domain"
            raise InputError(f"no user profile {name!r} here; looked in: {where}")
