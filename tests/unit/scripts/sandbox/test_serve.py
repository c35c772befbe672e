"""The entry of the server's process."""

import gc
import sys
from types import ModuleType
from typing import Any

import pytest

from scripts.sandbox import serve, server


def test_the_server_starts_with_the_collector_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(server, "main", lambda given: started.append((given, gc.isenabled())))
    try:
        serve.main(["--port=0", "--ready-fd=3"])
    finally:
        gc.enable()
    assert started == [(["--port=0", "--ready-fd=3"], False)]


def test_nothing_that_takes_long_is_imported_before_that() -> None:
    imported = [value for value in vars(serve).values() if isinstance(value, ModuleType)]
    assert imported == [gc, sys]
