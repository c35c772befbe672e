"""Links of the chain from a Domain to JumpStart, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scripts.lib.clients import Account
from scripts.lib.doctor.facts import MemberKind
from scripts.lib.report import EXIT_CHANGES, EXIT_ERROR, EXIT_NOTHING, Command


class Status(StrEnum):
    """Unknown is what AWS would not tell, or what makes no sense to ask after a red link."""

    GREEN = "green"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Link:
    """One precondition. A red link, and no other, has the command that mends it."""

    name: str
    status: Status
    detail: str
    mend: Command | None = None

    def __post_init__(self) -> None:
        if (self.status is Status.RED) != (self.mend is not None):
            raise ValueError(f"{self.name}: a red link needs a mend, a {self.status} one has none")


def blocked(name: str, *, needs: Iterable[Link] = (), follows: Iterable[Link] = ()) -> Link | None:
    """Return the link ``name`` as unknown if it cannot be judged, else None.

    It cannot without those that it ``needs`` green, nor if one that it ``follows`` is red.
    """
    cause = next((link for link in needs if link.status is not Status.GREEN), None)
    cause = cause or first(follows, Status.RED)
    return because(name, cause) if cause else None


def because(name: str, cause: Link) -> Link:
    """Return the link ``name`` as unknown, and which other link is to blame."""
    return Link(name, Status.UNKNOWN, f'because "{cause.name}" is {cause.status}')


def verdict(links: Iterable[Link]) -> Status:
    """Return red if one of ``links`` is red, else unknown if one is, else green."""
    found = {link.status for link in links}
    return next((each for each in (Status.RED, Status.UNKNOWN) if each in found), Status.GREEN)


def first(links: Iterable[Link], status: Status) -> Link | None:
    """Return the first of ``links`` that is in ``status``."""
    return next((link for link in links if link.status is status), None)


@dataclass(frozen=True)
class Diagnosis:
    """The whole chain of one user or shared space; ``domain_name`` is None if not told."""

    kind: MemberKind
    name: str
    domain_id: str
    domain_name: str | None
    role_arn: str | None
    links: tuple[Link, ...]

    def __str__(self) -> str:
        known = f"{self.domain_name} ({self.domain_id})" if self.domain_name else self.domain_id
        return f"{self.kind} {self.name} of Domain {known}"

    @property
    def verdict(self) -> Status:
        return verdict(self.links)

    @property
    def first_red(self) -> Link | None:
        return first(self.links, Status.RED)

    @property
    def first_unknown(self) -> Link | None:
        return first(self.links, Status.UNKNOWN)

    @property
    def mend(self) -> Command | None:
        """What mends the first red link; those after it may need more."""
        return self.first_red.mend if self.first_red else None


@dataclass(frozen=True)
class DomainLink:
    """The link of one Domain, for all of its users."""

    domain_id: str
    domain_name: str | None
    link: Link


@dataclass(frozen=True)
class Examination:
    """One user, or all of them, with the links that they have in common."""

    account: Account
    shared: tuple[Link, ...]
    domains: tuple[DomainLink, ...]
    diagnoses: tuple[Diagnosis, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link, in the order of the chains, then those in common for lack of a chain."""
        own = tuple(link for diagnosis in self.diagnoses for link in diagnosis.links)
        return own + tuple(domain.link for domain in self.domains) + self.shared

    @property
    def verdict(self) -> Status:
        return verdict(self.links)

    @property
    def first_unknown(self) -> Link | None:
        """The first link that could not be told, if any."""
        return first(self.links, Status.UNKNOWN)

    @property
    def mends(self) -> tuple[Command, ...]:
        """What mends the links in common and the first red one of each user, each command once."""
        common = (*self.shared, *(domain.link for domain in self.domains))
        firsts = (diagnosis.first_red for diagnosis in self.diagnoses)
        mends = (link.mend for link in (*common, *firsts) if link)
        return tuple(dict.fromkeys(mend for mend in mends if mend))

    @property
    def exit_code(self) -> int:
        """0: all green; 2: something is red; 1: nothing is red, but not all could be answered."""
        codes = {Status.GREEN: EXIT_NOTHING, Status.RED: EXIT_CHANGES, Status.UNKNOWN: EXIT_ERROR}
        return codes[self.verdict]
