"""Rights that come by a resource which is no policy: attachments, grants, permissions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scripts.lib.plan_review.ending import Ending
from scripts.lib.plan_review.model import Action, ResourceChange, Rights
from scripts.lib.plan_review.printable import excerpt
from scripts.lib.plan_review.shown_values import UNKNOWN_NAME, is_marked, text_at, values_at

_COMPARED = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DESTROY})
_SENSITIVE = "it is marked as sensitive"
_LIMIT = 200


@dataclass(frozen=True, slots=True)
class _Side:
    """A resource before or after, with what is not known of it."""

    values: Mapping[str, Any]
    unknown: object = False

    def text(self, *attributes: str) -> str:
        """Return the first of the attributes that there is."""
        given = (text_at(self.values, self.unknown, attribute) for attribute in attributes)
        return next(filter(None, given), "(no name)")

    def has(self, attribute: str) -> bool:
        return bool(text_at(self.values, self.unknown, attribute))

    def all(self, attribute: str) -> list[str]:
        """Return the texts in a list; words for a list that is not known."""
        if is_marked(self.unknown, attribute):
            return [UNKNOWN_NAME]
        found = values_at(self.values, attribute)
        return sorted({excerpt(item, limit=_LIMIT) for item in found if isinstance(item, str)})


@dataclass(frozen=True, slots=True)
class _Right:
    gained: str
    lost: str


_Reader = Callable[[_Side], Iterator[_Right]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the rights of a type of resource are called and read.

    Attributes:
        owner: the attribute that names who has them, of which type: lost with it, they are no
            loss.
    """

    title: str
    read: _Reader
    owner: tuple[str, str] = ("", "")


def attachment_rights(change: ResourceChange, ending: Ending = frozenset()) -> tuple[Rights, ...]:
    """Return what is gained and lost by a resource that gives rights and is no policy.

    Args:
        ending: what the whole plan destroys; what it had is not told as lost.
    """
    kind = _KINDS.get(change.type)
    skipped = change.action not in _COMPARED or change.mode != "managed" or change.deposed
    if kind is None or skipped:
        return ()
    if change.action is Action.DESTROY and _ends_with_owner(change, kind, ending):
        return ()
    before = _rights(kind, change.before, False)
    after = _rights(kind, change.after, change.after_unknown)
    if before == after:
        return ()
    if is_marked(change.before_sensitive) or is_marked(change.after_sensitive):
        return (Rights(kind.title, unreadable=_SENSITIVE),)
    gained = tuple(right.gained for right in after if right not in before)
    lost = tuple(right.lost for right in before if right not in after)
    return (Rights(kind.title, gained, lost),)


def new_managed_policies(change: ResourceChange) -> tuple[str, ...]:
    """Return the ARNs of managed policies that a change attaches and that were not before."""
    sides = [
        {
            arn
            for attribute in _ARNS.get(change.type, ())
            for arn in values_at(side, attribute)
            if isinstance(arn, str)
        }
        for side in (change.before, change.after)
    ]
    return tuple(sorted(sides[1] - sides[0]))


def _rights(kind: _Kind, values: Mapping[str, Any] | None, unknown: object) -> tuple[_Right, ...]:
    return tuple(dict.fromkeys(kind.read(_Side(values, unknown)))) if values is not None else ()


def _ends_with_owner(change: ResourceChange, kind: _Kind, ending: Ending) -> bool:
    of, attribute = kind.owner
    if not attribute:
        return bool(of)
    name = (change.before or {}).get(attribute)
    return isinstance(name, str) and (of, name) in ending


def _attached(owner: str) -> _Reader:
    def read(side: _Side) -> Iterator[_Right]:
        yield _managed(f"{owner} {side.text(owner)}", side.text("policy_arn"))

    return read


def _managed(who: str, policy: str) -> _Right:
    return _Right(f"{who} gets all that {policy} allows", f"{who} loses what {policy} allows")


def _attached_to_all(side: _Side) -> Iterator[_Right]:
    for owner in ("role", "user", "group"):
        for name in side.all(f"{owner}s"):
            yield _managed(f"{owner} {name}", side.text("policy_arn"))


def _of_role(side: _Side) -> Iterator[_Right]:
    # Left out of the configuration the list is computed: then nothing is known to come.
    if not is_marked(side.unknown, "managed_policy_arns"):
        for policy in side.all("managed_policy_arns"):
            yield _managed(f"role {side.text('name', 'name_prefix')}", policy)


def _of_permission_set(side: _Side) -> Iterator[_Right]:
    who = f"permission set {side.text('permission_set_arn')}"
    yield _managed(who, side.text("managed_policy_arn"))


def _assigned(side: _Side) -> Iterator[_Right]:
    who = f"{side.text('principal_type').lower()} {side.text('principal_id')}"
    what = f"permission set {side.text('permission_set_arn')} in account {side.text('target_id')}"
    yield _Right(f"{who} gets {what}", f"{who} loses {what}")


def _memberships(side: _Side) -> Iterator[_Right]:
    users = side.all("users") if "users" in side.values else [side.text("user")]
    groups = side.all("groups") if "groups" in side.values else [side.text("group")]
    for user in users:
        for group in groups:
            yield _Right(
                f"user {user} gets all that group {group} may",
                f"user {user} loses what group {group} may",
            )


def _granted(side: _Side) -> Iterator[_Right]:
    who, key = side.text("grantee_principal"), side.text("key_id")
    what = f"{', '.join(side.all('operations')) or '(no operation)'} with key {key}"
    given = values_at(side.values, "constraints")
    bound = " under an encryption context" if any(isinstance(each, dict) for each in given) else ""
    yield _Right(
        f"{who} may now {what} by a grant{bound}", f"{who} may no longer {what} by a grant{bound}"
    )


def _invoked(side: _Side) -> Iterator[_Right]:
    who = "everyone (*)" if side.text("principal") == "*" else side.text("principal")
    what = f"{side.text('action')} on function {side.text('function_name')}"
    sources = ("source_arn", "source_account", "principal_org_id", "event_source_token")
    bound = " and ".join(
        f"{name} is {side.text(name) if name != 'event_source_token' else 'as given'}"
        for name in sources
        if side.has(name)
    )
    when = f" if {bound}" if bound else ""
    yield _Right(f"{who} may now {what}{when}", f"{who} may no longer {what}{when}")


def _catalog(side: _Side) -> Iterator[_Right]:
    who, portfolio = side.text("principal_arn"), side.text("portfolio_id")
    yield _Right(
        f"{who} may now see and launch what portfolio {portfolio} holds",
        f"{who} may no longer see and launch what portfolio {portfolio} holds",
    )


def _shared(side: _Side) -> Iterator[_Right]:
    who = f"{side.text('type').lower().replace('_', ' ')} {side.text('principal_id')}"
    portfolio = side.text("portfolio_id")
    yield _Right(
        f"{who} may now import portfolio {portfolio}",
        f"{who} may no longer use portfolio {portfolio}",
    )


def _profile(side: _Side) -> Iterator[_Right]:
    if side.has("role"):
        machines = f"instances with profile {side.text('name', 'name_prefix')}"
        role = f"role {side.text('role')}"
        yield _Right(f"{machines} get all that {role} may", f"{machines} lose what {role} may")


_MEMBERSHIPS = _Kind("group membership", _memberships)
_KINDS: Final[Mapping[str, _Kind]] = {
    "aws_iam_role_policy_attachment": _Kind(
        "managed policy", _attached("role"), ("aws_iam_role", "role")
    ),
    "aws_iam_user_policy_attachment": _Kind(
        "managed policy", _attached("user"), ("aws_iam_user", "user")
    ),
    "aws_iam_group_policy_attachment": _Kind(
        "managed policy", _attached("group"), ("aws_iam_group", "group")
    ),
    "aws_iam_policy_attachment": _Kind("managed policy", _attached_to_all),
    "aws_iam_role": _Kind("managed_policy_arns", _of_role, ("aws_iam_role", "")),
    "aws_ssoadmin_managed_policy_attachment": _Kind("managed policy", _of_permission_set),
    "aws_ssoadmin_account_assignment": _Kind("account assignment", _assigned),
    "aws_iam_group_membership": _MEMBERSHIPS,
    "aws_iam_user_group_membership": _MEMBERSHIPS,
    "aws_kms_grant": _Kind("grant", _granted, ("aws_kms_key", "key_id")),
    "aws_lambda_permission": _Kind(
        "permission", _invoked, ("aws_lambda_function", "function_name")
    ),
    "aws_servicecatalog_principal_portfolio_association": _Kind(
        "portfolio access", _catalog, ("aws_servicecatalog_portfolio", "portfolio_id")
    ),
    "aws_servicecatalog_portfolio_share": _Kind(
        "portfolio share", _shared, ("aws_servicecatalog_portfolio", "portfolio_id")
    ),
    "aws_iam_instance_profile": _Kind("instance profile", _profile),
}
_ARNS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_iam_role_policy_attachment": ("policy_arn",),
    "aws_iam_user_policy_attachment": ("policy_arn",),
    "aws_iam_group_policy_attachment": ("policy_arn",),
    "aws_iam_policy_attachment": ("policy_arn",),
    "aws_iam_role": ("managed_policy_arns",),
    "aws_iam_role_policy_attachments_exclusive": ("policy_arns",),
    "aws_ssoadmin_managed_policy_attachment": ("managed_policy_arn",),
}
MANAGED_TYPES = frozenset(_ARNS)
