"""Sessions in which a launch belongs to a person, also when several share a role."""

from __future__ import annotations

from scripts.lib.clients import Clients, open_session
from scripts.lib.launch.names import session_name


def open_clients(
    *, region: str | None = None, profile: str | None = None, assume_role: str | None = None
) -> Clients:
    """Return clients for the command line's choices.

    A session of ``assume_role`` is called after the person who assumes it: Service Catalog tells
    by it whose a provisioned product is. Raises InputError and AwsError as ``open_session`` and
    ``Clients.account`` do.
    """
    clients = Clients(open_session(region=region, profile=profile))
    if not assume_role:
        return clients
    return Clients(
        open_session(
            region=region,
            profile=profile,
            assume_role=assume_role,
            session_name=session_name(clients.caller_arn),
        )
    )
