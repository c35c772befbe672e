"""Allowed or refused: the order in which AWS asks the policies that apply to a request.

A pure function of the request and of policy documents. The rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.sandbox.policies import (
    ACCOUNT_OF_CALLER,
    ALLOW,
    DENY,
    EVERYBODY,
    Match,
    Request,
    matching,
)


class Kind(StrEnum):
    """A kind of policy, in the words of AWS's messages."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"
    ENDPOINT = "VPC endpoint policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document, by the ARN or the name that people know it by."""

    name: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy that applies to one request.

    Attributes:
        identity: of the user and its groups, or of the role.
        boundary: permissions boundary of the user or the role.
        session: passed when the session was made; None if none was.
        resource: of what is asked for; a key's grants count among them.
        endpoint: of the VPC endpoint that the request came through.
        resource_kind: TRUST for a role's.
        resource_must_allow: as for keys and roles, which nobody reaches by identity policies alone.
        same_account: whether the caller is of the resource's account.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: tuple[Policy, ...] = ()
    endpoint: Policy | None = None
    resource_kind: Kind = Kind.RESOURCE
    resource_must_allow: bool = False
    same_account: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that spoke of a request: its policy's kind and name, and its Sid."""

    kind: Kind
    policy: str
    sid: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What came out.

    Attributes:
        allowed: the outcome.
        kind: for a refusal, the kind of policy that it comes from.
        explicit: whether a Deny refused, and not the want of an Allow.
        statements: those that allowed, or the Denies.
    """

    allowed: bool
    kind: Kind | None = None
    explicit: bool = False
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    statement: Statement
    match: Match


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide a request.

    Raises:
        PolicyError: a policy holds an operator that does not exist.
    """
    asked = _asked(policies)
    found = {kind: list(_find(kind, given, request)) for kind, given in asked.items()}
    for kind, matches in found.items():
        denies = tuple(each.statement for each in matches if each.match.effect == DENY)
        if denies:
            return Decision(False, kind, explicit=True, statements=denies)
    missing = _missing(request, policies, found)
    if missing:
        return Decision(False, missing)
    allows = (each.statement for matches in found.values() for each in matches)
    return Decision(True, statements=tuple(allows))


def _asked(policies: Policies) -> dict[Kind, Iterable[Policy]]:
    """Every kind of policy that there is, in the order in which a refusal is explained."""
    asked: dict[Kind, Iterable[Policy]] = {}
    if policies.endpoint:
        asked[Kind.ENDPOINT] = (policies.endpoint,)
    asked[policies.resource_kind] = policies.resource
    asked[Kind.IDENTITY] = policies.identity
    if policies.boundary:
        asked[Kind.BOUNDARY] = (policies.boundary,)
    if policies.session is not None:
        asked[Kind.SESSION] = policies.session
    return asked


def _find(kind: Kind, policies: Iterable[Policy], request: Request) -> Iterable[_Found]:
    for policy in policies:
        for match in matching(policy.document, request):
            yield _Found(Statement(kind, policy.name, match.sid), match)


def _missing(
    request: Request, policies: Policies, found: Mapping[Kind, list[_Found]]
) -> Kind | None:
    """The kind of policy whose Allow is wanting; nothing if the request is allowed."""
    if policies.endpoint and not found[Kind.ENDPOINT]:
        return Kind.ENDPOINT
    named = _closest(found[policies.resource_kind])
    needs_resource = policies.resource_must_allow or not policies.same_account
    if named is None and (needs_resource or not _has_identity(request)):
        return policies.resource_kind
    enough = named is not None and policies.same_account
    if not _has_identity(request) or (enough and _grants_directly(named)):
        return None
    if not found[Kind.IDENTITY] and not (enough and named != ACCOUNT_OF_CALLER):
        return Kind.IDENTITY
    return next((kind for kind in (Kind.BOUNDARY, Kind.SESSION) if found.get(kind) == []), None)


def _closest(matches: list[_Found]) -> str | None:
    """How the resource's policy names the caller, the widest effect first."""
    names = {each.match.named for each in matches if each.match.effect == ALLOW}
    direct = [name for name in names if _grants_directly(name)]
    roles = [name for name in names if name != ACCOUNT_OF_CALLER]
    return next(iter([*direct, *roles, *names]), None)


def _grants_directly(named: str | None) -> bool:
    """Whether an Allow that names the caller so stands whatever its own policies lack.

    It does for a user, for a session and for everybody; a role's is limited by boundary and
    session policy, and the account's only leaves the decision to the account.
    """
    if named == EVERYBODY:
        return True
    return named is not None and (":user/" in named or ":assumed-role/" in named)


def _has_identity(request: Request) -> bool:
    """Anonymous callers and AWS services have no policies of their own."""
    return any(principal.startswith("arn:") for principal in request.principals)
