"""Whole documents kept under ``tests/golden/policies``: what grants a right shows in a diff."""

from __future__ import annotations

import json
import os
from pathlib import Path

from modules.policies.document import Document

GOLDEN = Path(__file__).resolve().parents[3] / "golden/policies"


def assert_golden(name: str, policy: Document) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
    assert policy == json.loads(path.read_text(encoding="utf-8"))
