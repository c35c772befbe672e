"""The links of a role: it exists, is trusted, may do enough, and sees the portfolios. Pure."""

from __future__ import annotations

import json

from scripts.lib.doctor.facts import Member, Policies, Refused, Role
from scripts.lib.doctor.mend import Mender
from scripts.lib.doctor.model import Link, Status, because, blocked
from scripts.lib.errors import one_line
from scripts.lib.jumpstart.model import FULL_ACCESS, SAGEMAKER, Portfolio
from scripts.lib.jumpstart.policies import grants
from scripts.lib.jumpstart.roles import trusts
from scripts.lib.role_arn import RoleArn

SHOWN = 3
"""Actions that a line names; the others are counted."""


def role_links(role: Role | None, chosen: Link, member: Member, mender: Mender) -> tuple[Link, ...]:
    """Return whether the role exists, its trust and its policies; ``chosen`` is the link that
    found the role."""
    if role is None:
        return tuple(because(name, chosen) for name in ("Role exists", "Trust", "Policies"))
    exists = _exists(role, member, mender)
    return exists, _trust(role, exists, mender), _policies(role, exists, mender)


def _exists(role: Role, member: Member, mender: Mender) -> Link:
    name = "Role exists"
    if role.foreign:
        detail = f"{role.arn} is not a role of account {mender.account.account_id}"
        return Link(name, Status.RED, detail, mender.replace_role(member))
    if isinstance(role.found, Refused):
        return Link(name, Status.UNKNOWN, role.found.reason)
    if role.found is None:
        detail = "IAM does not know it: it was deleted, or never was"
        return Link(name, Status.RED, detail, mender.make_role(RoleArn.parse(role.arn)))
    if role.found != role.arn:
        detail = f"its path is another: there is {role.found}"
        return Link(name, Status.RED, detail, mender.replace_role(member, role.found))
    return Link(name, Status.GREEN, "in this account, by this ARN")


def _trust(role: Role, exists: Link, mender: Mender) -> Link:
    name = "Trust"
    if unknown := blocked(name, needs=(exists,)):
        return unknown
    if trusts(json.loads(role.trust), SAGEMAKER):
        return Link(name, Status.GREEN, f"trusts {SAGEMAKER}")
    mend = mender.trust_sagemaker(RoleArn.parse(role.arn), role.trust)
    return Link(name, Status.RED, f"does not trust {SAGEMAKER}", mend)


def _policies(role: Role, exists: Link, mender: Mender) -> Link:
    """Policies are asked for by the role's name, whether its description was refused or not."""
    name, policies = "Policies", role.policies
    if unknown := blocked(name, follows=(exists,)):
        return unknown
    if policies.full_access:
        return Link(name, Status.GREEN, f"{FULL_ACCESS} is attached")
    granted = grants(document.text for document in policies.documents)
    if policies.unread and (granted.missing or granted.in_part):
        reasons = "; ".join(refused.reason for refused in policies.unread)
        return Link(name, Status.UNKNOWN, one_line(reasons))
    if granted.missing:
        detail = f"{FULL_ACCESS} is not attached, and nothing grants {_some(granted.missing)}"
        mend = mender.attach_full_access(RoleArn.parse(role.arn))
        return Link(name, Status.RED, detail, mend)
    if granted.in_part:
        return Link(name, Status.UNKNOWN, _in_part(policies, granted.in_part))
    return Link(name, Status.GREEN, f"as much as needed by {_names(policies)}")


def association_link(
    portfolios: tuple[Portfolio, ...] | Refused,
    role_arn: str | None,
    *,
    needs: tuple[Link, ...],
    follows: tuple[Link, ...],
    mender: Mender,
) -> Link:
    """The role may see every portfolio: by its own name, or by a pattern."""
    name = "Association"
    unknown = blocked(name, needs=needs, follows=follows)
    if unknown or role_arn is None:
        return unknown or Link(name, Status.UNKNOWN, "there is no role to look for")
    if isinstance(portfolios, Refused):
        return Link(name, Status.UNKNOWN, portfolios.reason)
    without = [portfolio.id for portfolio in portfolios if not portfolio.admits(role_arn)]
    if without:
        detail = f"the role does not see {', '.join(without)}"
        return Link(name, Status.RED, detail, mender.associate())
    return Link(name, Status.GREEN, "; ".join(_by_whom(each, role_arn) for each in portfolios))


def _by_whom(portfolio: Portfolio, role_arn: str) -> str:
    """A role may be covered more than once: its own name goes before patterns."""
    covering = [principal for principal in portfolio.principals if principal.covers(role_arn)]
    principal = min(covering, key=lambda each: (each.type, each.arn))
    return f"{portfolio.id} by {principal.type} {principal.arn}"


def _in_part(policies: Policies, actions: tuple[str, ...]) -> str:
    return (
        f"{FULL_ACCESS} is not attached, and {_names(policies)} grants {_some(actions)} "
        "on some resources or under conditions only: whether that is enough cannot be read"
    )


def _names(policies: Policies) -> str:
    return ", ".join(document.name for document in policies.documents)


def _some(actions: tuple[str, ...]) -> str:
    more = f" and {len(actions) - SHOWN} more" if len(actions) > SHOWN else ""
    return ", ".join(actions[:SHOWN]) + more
