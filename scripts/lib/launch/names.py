"""Names: of provisioned products, and of the sessions that own them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scripts.lib.errors import InputError
from scripts.lib.launch.model import NOTEBOOK_OUTPUT, Named

NAME_LIMIT = 128
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}")
"""botocore's model of ProvisionProduct."""

SESSION_LIMIT = 64
_NOT_IN_SESSION = re.compile(r"[^\w+=,.@-]", re.ASCII)
"""botocore's model of AssumeRole's RoleSessionName."""

_PASSING_SESSION = re.compile(r"(botocore|aws)-[a-z0-9-]*\d{9,}")
"""Names that SDKs make up from the time, where a profile names a role and no session."""


def check_name(name: str) -> str:
    """Return ``name``; raise InputError if no provisioned product may be called so."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of a provisioned product: 1 to {NAME_LIMIT} letters, "
            "digits, '.', '_' and '-', beginning with a letter or digit"
        )
    return name


def default_name(product: Named, given: Mapping[str, str]) -> str:
    """Return the name of a launch that was given none: the product's and the notebook's.

    Notebooks' names are unique in an account and Region, so it clashes with nobody else's; and
    the same command means the same launch when it is run again. Raises InputError where no
    notebook's name is given: then nothing tells one launch from another.
    """
    notebook = given.get(NOTEBOOK_OUTPUT)
    if not notebook:
        raise InputError(
            f"the launch of {product.name} has no name: give it one, or give {NOTEBOOK_OUTPUT}, "
            "of which its name is made"
        )
    # The product's name gives way: it is the notebook's that is unique.
    prefix = re.sub(r"[^a-zA-Z0-9._-]+", "-", product.name).lstrip("._-")
    prefix = prefix[: max(NAME_LIMIT - len(notebook) - 1, 0)]
    return check_name(f"{prefix}-{notebook}" if prefix else notebook)


def session_name(caller_arn: str) -> str:
    """Return what a session of the same person under another role is called."""
    return _NOT_IN_SESSION.sub("-", caller_arn.rpartition("/")[2])[:SESSION_LIMIT].ljust(2, "-")


def is_passing_session(caller_arn: str) -> bool:
    """Tell whether the session's name is made up anew each time, so that what it launches is
    not its owner's at the next one."""
    _, separator, session = caller_arn.rpartition("/")
    is_role = ":assumed-role/" in caller_arn
    return bool(separator) and is_role and _PASSING_SESSION.fullmatch(session) is not None
