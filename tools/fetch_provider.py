"""Gets the AWS provider while a registry can be reached: ``python -m tools.fetch_provider``.

What runs against the sandbox reaches nothing but this machine, so Terraform must find its
provider here. Does nothing where the machine has a provider mirror.
"""

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.lib.process import CommandError, run
from scripts.lib.terraform import (
    INSTALLED_PROVIDERS,
    MIRROR_ROOTS,
    MIRROR_VARIABLE,
    find_provider_mirror,
    own_configuration,
    says_how_to_install,
)

VERSION = "5.100.0"
"""The version of the provider that the bindings are made from."""


def is_needed(environment: Mapping[str, str], roots: Sequence[Path] = MIRROR_ROOTS) -> bool:
    """Whether Terraform would ask a registry for the provider, the user's own included."""
    mirror = find_provider_mirror(environment, roots)
    if mirror is None:
        return True
    asks_elsewhere = says_how_to_install(own_configuration(environment))
    return asks_elsewhere and mirror != INSTALLED_PROVIDERS.resolve()


def fetch(environment: Mapping[str, str], target: Path) -> None:
    """Have Terraform put the provider into ``target``, laid out as a mirror.

    Raises CommandError that says how to do without a registry.
    """
    scratch = target.with_name(f"{target.name}.fetch")
    shutil.rmtree(scratch, ignore_errors=True)
    for directory in (scratch, target):
        directory.mkdir(parents=True, exist_ok=True)
    wanted = {"aws": {"source": "hashicorp/aws", "version": VERSION}}
    document = {"terraform": {"required_providers": wanted}}
    (scratch / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
    command = ["terraform", "init", "-input=false", "-no-color"]
    caching = {**environment, "TF_PLUGIN_CACHE_DIR": str(target), "CHECKPOINT_DISABLE": "1"}
    try:
        run(command, scratch, caching, target.with_name("provider.log"))
    except CommandError as error:
        raise CommandError(
            f"{error}\nThe AWS provider cannot be fetched. Put it into a provider mirror"
            f" (terraform providers mirror DIRECTORY) and name it: {MIRROR_VARIABLE}=DIRECTORY"
        ) from error
    finally:
        shutil.rmtree(scratch)


def main() -> int:
    try:
        if is_needed(os.environ):
            print(f"Fetching the AWS provider {VERSION} for Terraform into {INSTALLED_PROVIDERS}")
            fetch(os.environ, INSTALLED_PROVIDERS)
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
