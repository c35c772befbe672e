"""Services that moto lacks, or answers differently from AWS, laid out as moto lays out its own."""

from importlib import import_module
from importlib.util import find_spec

SERVICES = ("sagemaker",)


def register() -> None:
    """Put these backends in the place of moto's, before the first request."""
    for service in SERVICES:
        if find_spec(f"{__name__}.{service}"):
            import_module(f"{__name__}.{service}").register()
