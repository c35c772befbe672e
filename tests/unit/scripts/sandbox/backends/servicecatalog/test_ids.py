"""Identifiers."""

import re

from scripts.sandbox.backends.servicecatalog.ids import new_id, stable_id


def test_an_id_looks_like_service_catalogs() -> None:
    assert re.fullmatch(r"port-[a-z0-9]{13}", new_id("port"))


def test_new_ids_differ() -> None:
    assert len({new_id("prod") for _ in range(100)}) == 100


def test_a_stable_id_depends_on_every_part() -> None:
    assert stable_id("lpv3", "a", "b") == stable_id("lpv3", "a", "b")
    assert stable_id("lpv3", "a", "b") != stable_id("lpv3", "b", "a")
