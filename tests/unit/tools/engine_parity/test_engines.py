"""The pins of the other engine, and what is installed besides."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tools.engine_parity.compare import Difference
from tools.engine_parity.engines import (
    CORE,
    IMPORT_NAMES,
    OTHER,
    LockError,
    expected_differences,
    pinned_version,
    requirements,
)

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def lock() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "Pipfile.lock").read_text(encoding="utf-8"))
    return content


def required(lines: str) -> dict[str, str]:
    pairs = (line.split(" ")[0].split("==") for line in lines.splitlines())
    return dict(pairs)  # type: ignore[arg-type]  # fails at run time if there is no version


def test_all_that_is_locked_is_required_but_for_the_engine(lock: dict[str, Any]) -> None:
    wanted = required(requirements(lock))

    assert wanted.keys() == (
        lock["default"].keys() - {"cdktf", "cdktf-cdktf-provider-aws", "constructs"}
    ) | {"cdktn", "cdktn-provider-aws", "constructs"}
    for name in ("pydantic", "python-hcl2", "jsii"):
        assert f"=={wanted[name]}" == lock["default"][name]["version"]
    assert wanted["constructs"] != pinned_version(lock, "constructs")


def test_every_requirement_has_a_version_and_hashes(lock: dict[str, Any]) -> None:
    for line in requirements(lock).splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+", line), (
            line
        )


def test_markers_and_every_hash_of_the_lock_are_kept() -> None:
    lock = {
        "default": {
            **{package.instead_of: {"version": "==1", "hashes": []} for package in OTHER},
            "x": {
                "version": "==2.0",
                "hashes": ["sha256:a", "sha256:b"],
                "markers": "python_version >= '3.9'",
            },
        }
    }

    first, *_ = requirements(lock).splitlines()

    assert first == "x==2.0 ; python_version >= '3.9' --hash=sha256:a --hash=sha256:b"


@pytest.mark.parametrize("name", [package.instead_of for package in OTHER])
def test_refuses_a_lock_without_what_is_to_be_replaced(lock: dict[str, Any], name: str) -> None:
    del lock["default"][name]

    with pytest.raises(LockError, match=f"Pipfile.lock pins no {name}"):
        requirements(lock)


def test_refuses_a_lock_of_another_form() -> None:
    with pytest.raises(LockError):
        pinned_version({}, "cdktf")


def test_packages_are_imported_by_the_names_that_they_are_installed_by() -> None:
    normal = {name.replace("-", "_") for package in OTHER for name in (package.instead_of,)}

    assert IMPORT_NAMES.keys() == normal - {"constructs"}
    assert set(IMPORT_NAMES.values()) == {
        package.name.replace("-", "_") for package in OTHER if package.name != "constructs"
    }


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("manifest.json", ("version",)),
        ("stacks/audit/cdk.tf.json", ("//", "metadata", "version")),
        ("stacks/notebook-vision/cdk.tf.json", ("//", "metadata", "version")),
    ],
)
def test_only_the_engines_own_versions_may_differ(file: str, path: tuple[str, ...]) -> None:
    expected = expected_differences("0.21.0")

    difference = Difference(file, path, "0.21.0", CORE.version)
    assert sum(known.explains(difference) for known in expected) == 1
    other = Difference(file, path, "0.21.0", "9.9.9")
    assert not any(known.explains(other) for known in expected)


@pytest.mark.parametrize(
    "path",
    [
        ("terraform", "required_providers", "aws", "version"),
        ("terraform", "required_providers", "aws", "source"),
        ("terraform", "backend", "local", "path"),
        ("//", "metadata", "stackName"),
        ("//", "outputs", "audit", "trail_arn"),
    ],
)
def test_nothing_else_of_a_stack_may_differ(path: tuple[str, ...]) -> None:
    difference = Difference("stacks/audit/cdk.tf.json", path, "0.21.0", CORE.version)

    assert not any(known.explains(difference) for known in expected_differences("0.21.0"))


def test_every_expected_difference_has_a_reason() -> None:
    for known in expected_differences("0.21.0"):
        assert len(known.reason.split()) > 3


def test_the_readme_names_the_pins(lock: dict[str, Any]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for package in OTHER:
        row = (
            f"| `{package.instead_of}` {pinned_version(lock, package.instead_of)}"
            f" | `{package.name}` {package.version} |"
        )
        assert row in readme
