"""The AWS provider, started once for many Terraform commands instead of thrice for each.

It is the provider's own way for debugging: it serves until it is ended, and Terraform is told
where by TF_REATTACH_PROVIDERS. Starting it and asking for its schema is half of what a plan costs.
https://developer.hashicorp.com/terraform/plugin/debugging#running-terraform-with-a-provider-in-debug-mode
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BINARIES = ".terraform/providers/registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*"
VARIABLE = "TF_REATTACH_PROVIDERS"


def installed_provider(directory: Path) -> Path:
    """Return the provider that ``terraform init`` installed for a stack."""
    return next(directory.glob(BINARIES))


@contextmanager
def running_provider(binary: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield ``environment`` with the way to a provider that has it as well.

    Commands that use it run one after the other: each configures the provider anew.
    """
    with subprocess.Popen(  # noqa: S603 - the provider that Terraform would start
        [binary, "-debug"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as provider:
        try:
            assert provider.stdout is not None
            line = next(line for line in provider.stdout if f"{VARIABLE}=" in line)
            yield {**environment, VARIABLE: line.split("=", 1)[1].strip().strip("'")}
        finally:
            provider.kill()
