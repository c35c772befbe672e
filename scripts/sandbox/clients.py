"""Clients that can reach one endpoint on this machine and nothing else."""

import os
import threading
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from scripts.sandbox.guard import ENDPOINT, require_sandbox

VPC_ENDPOINT_HEADER = "X-Sandbox-Vpc-Endpoint"
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
) -> Any:
    """A boto3-style client that reads neither the user's profile, files nor proxies.

    Raises:
        GuardError: `endpoint` is not on this machine.
    """
    require_sandbox({ENDPOINT: endpoint})
    # An empty mapping means no proxy; nothing at all would mean the environment's.
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    with _making:
        return _session().create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=session_token,
            config=config,
        )


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
