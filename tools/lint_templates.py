"""cfn-lint on every form of the product's template: ``python -m tools.lint_templates``.

Informational findings count as well: a template that is copied to every project is to be clean.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace

from cfnlint import ManualArgs, lint  # type: ignore[import-untyped]  # ships no types

from modules.product_template import Template, product_template
from tools.sample_product import FACTS


def templates() -> dict[str, Template]:
    """The template by what sets its form: the way of building, and whether code is copied in."""
    without_code = replace(FACTS, code_bucket=None, lifecycle_config_s3=None)
    return {
        f"{build}, {code}": product_template(facts, build)
        for build in ("lambda", "cloudformation")
        for code, facts in (("code bucket", FACTS), ("no code bucket", without_code))
    }


def findings(template: Template) -> list[str]:
    """What cfn-lint finds, informational findings included, each as one line."""
    config = ManualArgs(regions=["eu-west-1"], include_checks=["I"])
    matches = lint(json.dumps(template, indent=1), config=config)
    return [f"{match.rule.id} {match.message} ({_path(match)})" for match in matches]


def main(linted: Mapping[str, Template]) -> int:
    """Print a line for each template and its findings below; return 1 if there are any."""
    found = {name: findings(template) for name, template in linted.items()}
    for name, lines in found.items():
        count = {0: "no findings", 1: "1 finding"}.get(len(lines), f"{len(lines)} findings")
        print(f"cfn-lint: {name}: {count}")
        for line in lines:
            print(f"  {line}")
    return int(any(found.values()))


def _path(match: object) -> str:
    return "/".join(str(part) for part in getattr(match, "path", None) or ["template"])


if __name__ == "__main__":
    sys.exit(main(templates()))
