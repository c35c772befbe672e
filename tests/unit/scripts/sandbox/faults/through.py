"""Clients whose calls go through a proxy."""

from typing import Any

from scripts.sandbox.clients import create_client
from scripts.sandbox.faults import FaultProxy


def client(proxy: FaultProxy, service: str) -> Any:
    """A client of the deployer that tries each call once."""
    environment = proxy.environment()
    return create_client(
        proxy.endpoint,
        service,
        region=environment["AWS_REGION"],
        access_key=environment["AWS_ACCESS_KEY_ID"],
        secret_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
