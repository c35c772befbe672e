"""All of it in one call: ask AWS once for what is in common, then follow each chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from scripts.lib.clients import Clients
from scripts.lib.concurrency import Item, Result, map_concurrently
from scripts.lib.doctor import chain
from scripts.lib.doctor.facts import Facts, Member, Refused, Role, effective_role
from scripts.lib.doctor.iam import observe_role
from scripts.lib.doctor.mend import Mender
from scripts.lib.doctor.model import Diagnosis, DomainLink, Examination
from scripts.lib.doctor.observe import (
    list_domains,
    list_users,
    look_for_domain,
    look_for_user,
    observe_account,
    observe_domain,
    observe_space,
    observe_user,
)
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.model import Domain
from scripts.lib.launch.shell import Shell
from scripts.lib.progress_bar import progress_bar

HERE = Shell()
"""Commands are written for a shell without options, unless told otherwise."""


def diagnose(
    clients: Clients,
    *,
    domain: str,
    user: str | None = None,
    space: str | None = None,
    shell: Shell = HERE,
) -> Diagnosis:
    """Return the chain of one user, or of one shared space: give one of them.

    ``domain`` is an id. What AWS refuses to tell is an unknown link. Raises InputError if there
    is no such Domain, user or shared space, AwsError if AWS does not know the caller.
    """
    (found,) = diagnose_one(clients, domain=domain, user=user, space=space, shell=shell).diagnoses
    return found


def diagnose_one(
    clients: Clients, *, domain: str, user: str | None, space: str | None, shell: Shell = HERE
) -> Examination:
    """As ``diagnose``, with the links that are not the user's alone on their own as well."""
    if (user is None) == (space is None):
        raise InputError("give a user or a space, and not both")
    account = observe_account(clients)
    found = observe_domain(clients, domain)
    if user is not None:
        member = observe_user(clients, domain, user)
    else:
        member = observe_space(clients, domain, space or "")
    arn = effective_role(found, member)
    role = observe_role(clients, arn) if arn else None
    choice = ("--role", role.arn) if role and role.is_usable else None
    mender = Mender(account.account, shell, choice)
    return Examination(
        account=account.account,
        shared=chain.account_links(account, mender),
        domains=(_domain_link(domain, found, mender),),
        diagnoses=(chain.diagnose(Facts(account, found, member, role), mender),),
    )


def diagnose_all(
    clients: Clients, *, domain: str | None = None, shell: Shell = HERE
) -> Examination:
    """Return the chains of all users, of one Domain or of all of them.

    The account is asked about once, and so is each role, whoever shares it; users and roles are
    asked about side by side. Who is deleted meanwhile is left out. Raises as ``diagnose`` does,
    and botocore's errors if Domains or users cannot be listed.
    """
    account = observe_account(clients)
    domains = _domains(clients, domain)
    members = _members(clients, domains)
    arns = {member: effective_role(domains[member.domain_id], member) for member in members}
    roles = _roles(clients, {arn for arn in arns.values() if arn})
    choice = ("--domain", domain) if domain else ()
    anybody = any(role.is_usable for role in roles.values())
    mender = Mender(account.account, shell, choice if anybody else None)
    return Examination(
        account=account.account,
        shared=chain.account_links(account, mender),
        domains=tuple(_domain_link(key, found, mender) for key, found in domains.items()),
        diagnoses=tuple(
            chain.diagnose(
                Facts(account, domains[member.domain_id], member, roles.get(arns[member] or "")),
                mender,
            )
            for member in members
        ),
    )


def _domains(clients: Clients, domain: str | None) -> dict[str, Domain | Refused]:
    if domain is not None:
        return {domain: observe_domain(clients, domain)}
    ids = list(list_domains(clients))
    found = _all(clients, partial(look_for_domain, clients), ids, "Reading Domains")
    return {key: each for key, each in zip(ids, found, strict=True) if each is not None}


def _members(clients: Clients, domains: Iterable[str]) -> tuple[Member, ...]:
    """Return all users, by Domain and name."""
    names = [(domain, name) for domain in domains for name in list_users(clients, domain)]

    def look(item: tuple[str, str]) -> Member | None:
        return look_for_user(clients, *item)

    found = _all(clients, look, names, "Reading users")
    return tuple(member for member in found if member)


def _roles(clients: Clients, arns: Iterable[str]) -> dict[str, Role]:
    found = _all(clients, partial(observe_role, clients), sorted(arns), "Reading roles")
    return {role.arn: role for role in found}


def _all(
    clients: Clients, read: Callable[[Item], Result], items: Sequence[Item], title: str
) -> list[Result]:
    with progress_bar(title, len(items)) as done:
        return map_concurrently(read, items, workers=clients.workers, done=done)


def _domain_link(domain_id: str, found: Domain | Refused, mender: Mender) -> DomainLink:
    name = None if isinstance(found, Refused) else found.name
    return DomainLink(domain_id, name, chain.domain_link(found, domain_id, mender))
