"""CloudWatch Logs: moto's, with a metric filter replaced when it is put again."""

from moto.logs.models import logs_backends

from .models import LogsBackend


def register() -> None:
    """Serve CloudWatch Logs from this package, in every account and Region."""
    logs_backends.backend = LogsBackend
    logs_backends.clear()
