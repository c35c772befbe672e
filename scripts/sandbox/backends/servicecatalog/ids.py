"""Identifiers as Service Catalog makes them: `port-`, `prod-`, `pa-`... and 13 characters."""

import base64
import hashlib
import uuid

LENGTH = 13


def new_id(prefix: str) -> str:
    """A fresh identifier."""
    return stable_id(prefix, uuid.uuid4().hex)


def stable_id(prefix: str, *parts: str) -> str:
    """The same identifier for the same parts, always."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return f"{prefix}-{base64.b32encode(digest).decode().lower()[:LENGTH]}"
