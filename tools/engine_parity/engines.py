"""The two engines: what they are called, how they are pinned, and how their outputs may differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.engine_parity.compare import Expected


@dataclass(frozen=True)
class Package:
    """A package of the other engine: its pin, and what it stands in for."""

    name: str
    version: str
    sha256: str
    """Of the wheel; there is one for all machines."""
    instead_of: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


CORE = Package(
    "cdktn",
    "0.24.0",
    "e1f25ac47258d37dc77a3538c04564549cf95e5899637fe0c46b536d4c70f01d",
    instead_of="cdktf",
)
PROVIDER = Package(
    "cdktn-provider-aws",
    "25.8.1",  # of AWS provider 6.69.1
    "2ffa579cb88b063cb3a9937e43c519391e876845768f51638a848bdf2ce9f354",
    instead_of="cdktf-cdktf-provider-aws",
)
CONSTRUCTS = Package(
    "constructs",
    "10.7.2",  # the engine wants 10.6 at least, cdktf is pinned with an older one
    "9067cbc6315d92e47550d0a9be6e508366b5765990c8eeb25892cb070612f599",
    instead_of="constructs",
)
OTHER = (CORE, PROVIDER, CONSTRUCTS)

IMPORT_NAMES = {"cdktf": "cdktn", "cdktf_cdktf_provider_aws": "cdktn_provider_aws"}
"""The packages that are imported under other names; ``constructs`` keeps its own."""


class LockError(ValueError):
    """A Pipfile.lock does not have what the other engine is to stand in for."""


def pinned_version(lock: Mapping[str, Any], package: str) -> str:
    """Return the version of a package in a parsed Pipfile.lock.

    Raises:
        LockError: the package is not among the default ones, or has no version.
    """
    try:
        return str(lock["default"][package]["version"]).removeprefix("==")
    except KeyError as error:
        raise LockError(f"Pipfile.lock pins no {package}") from error


def requirements(lock: Mapping[str, Any]) -> str:
    """Return what pip is to install: the packages of a Pipfile.lock, the other engine among them.

    Every line has a version and hashes, so that nothing but what is pinned gets in.

    Raises:
        LockError: a package that the other engine stands in for is not in the lock.
    """
    replaced = {package.instead_of for package in OTHER}
    for name in replaced:
        pinned_version(lock, name)
    lines = [
        _requirement(name, pin) for name, pin in lock["default"].items() if name not in replaced
    ]
    return "\n".join([*lines, *(package.requirement for package in OTHER), ""])


def expected_differences(pinned: str, other: str = CORE.version) -> tuple[Expected, ...]:
    """Return what is to differ between outputs of these versions of the two engines.

    The provider's source and version constraint are not in here: the stacks write their own,
    which both engines leave alone.
    """
    return (
        Expected(
            "manifest.json",
            ("version",),
            pinned,
            other,
            "the engine writes its own version; Terraform does not read the manifest",
        ),
        Expected(
            "stacks/*/cdk.tf.json",
            ("//", "metadata", "version"),
            pinned,
            other,
            'the engine writes its own version; to Terraform, "//" is a comment',
        ),
    )


def _requirement(name: str, pin: Mapping[str, Any]) -> str:
    marker = f" ; {pin['markers']}" if "markers" in pin else ""
    hashes = "".join(f" --hash={digest}" for digest in pin["hashes"])
    return f"{name}{pin['version']}{marker}{hashes}"
