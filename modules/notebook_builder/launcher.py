"""Who launched the product, written as IAM writes the same person's ``aws:userid`` later.

A policy can compare a notebook's tag with who is asking only by ``aws:userid``, which is
``<the role's unique id>:<session name>``. Service Catalog tags the stack with the ARN of the
session that launched it, in which the role is named instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PRINCIPAL_TAG = "aws:servicecatalog:provisioningPrincipalArn"
"""The stack's tag. Nobody but AWS can set a tag that begins with ``aws:``."""
LAUNCHER_TAG = "LaunchedBy"
"""The notebook's tag."""

SESSION = re.compile(r"arn:[^:]+:sts::[0-9]{12}:assumed-role/(?P<role>[^/]+)/(?P<session>[^/]+)")
TAG_VALUE = re.compile(r"[\w.:/=+@-]{1,256}")


class UnknownSessionError(Exception):
    """The session's name cannot be put into a tag; the message is for the data scientist."""


def launcher_id(principal_arn: str | None, role_ids: Mapping[str, str]) -> str | None:
    """Return the ``aws:userid`` of the session that ``principal_arn`` names.

    ``role_ids`` are the project's end-user roles: unique id by name. None for anybody else:
    an administrator's launch belongs to nobody. Raises UnknownSessionError for a name with a
    comma, which IAM takes in a session's name and no service in a tag: its launcher could
    never open the notebook.
    """
    session = SESSION.fullmatch(principal_arn or "")
    if session is None or session["role"] not in role_ids:
        return None
    userid = f"{role_ids[session['role']]}:{session['session']}"
    if not TAG_VALUE.fullmatch(userid):
        raise UnknownSessionError(
            f"the session is named {session['session']!r}, allowed for the notebook's tag "
            f"{LAUNCHER_TAG}: letters, digits and _ . : / = + @ -"
        )
    return userid
