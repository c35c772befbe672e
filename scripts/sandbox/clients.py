"""Clients that can reach one endpoint on this machine and nothing else."""

import os
import threading
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import botocore.session
from botocore.config import Config

from scripts.sandbox.guard import ENDPOINT, require_sandbox

# What of a request's way here access control must be told, as everything comes over loopback.
VPC_ENDPOINT_HEADER = "X-Sandbox-Vpc-Endpoint"
INSECURE_HEADER = "X-Sandbox-Without-Tls"
SOURCE_IP_HEADER = "X-Sandbox-Source-Ip"
# Services that call on with their caller's rights (`cloudformation`), the first one first.
CALLED_VIA_HEADER = "X-Sandbox-Called-Via"
# A session makes clients for one thread at a time.
_making = threading.Lock()


def create_client(
    endpoint: str,
    service: str,
    *,
    region: str,
    access_key: str,
    secret_key: str,
    session_token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """A boto3-style client that reads neither the user's profile, files nor proxies.

    Args:
        endpoint: a sandbox's.
        service: botocore's name of the service.
        region: where to work.
        access_key: whose calls they are.
        secret_key: the key's secret.
        session_token: of a session.
        headers: sent with every call.

    Raises:
        GuardError: `endpoint` is not on this machine.
    """
    require_sandbox({ENDPOINT: endpoint})
    # An empty mapping means no proxy; nothing at all would mean the environment's.
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    with _making:
        client = _session().create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=session_token,
            config=config,
        )
    for name, value in (headers or {}).items():
        client.meta.events.register(
            "before-sign", partial(_add_header, name=name, value=value), unique_id=name
        )
    return client


def _add_header(request: Any, *, name: str, value: str, **_: Any) -> None:
    request.headers[name] = value


@cache
def _session() -> botocore.session.Session:
    """One session for all clients: reading the services' models is what takes long."""
    return botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
