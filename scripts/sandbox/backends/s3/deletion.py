"""Asks access control about each key of a DeleteObjects.

moto matches conditions of bucket policies by `StringEquals` alone, ignores callers, and so takes a
TLS-only Deny for a Deny of everything. Its check is taken out; `scripts.sandbox.access` judges
every call before it comes here, and through `JUDGE` the keys that only moto finds in the body.
"""

from collections.abc import Callable
from contextvars import ContextVar

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

# The call that is being answered: whether it may not delete an object.
JUDGE: ContextVar[Callable[[str], bool]] = ContextVar("judge")


def register() -> None:
    """Take moto's own check of bucket policies out of its way."""

    def get_permission(_bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
        denied = action == "s3:DeleteObject" and JUDGE.get()(resource)
        return PermissionResult.DENIED if denied else PermissionResult.NEUTRAL

    FakeBucket.get_permission = get_permission  # type: ignore[assignment]  # moto has no hook
