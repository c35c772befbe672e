"""Changes to what synthesis made of a notebook stack, one of each kind that a review tells."""

from __future__ import annotations

import json
from typing import Any

SECRET = "hunter2-is-nobodys-business"
STRANGER = "999999999999"


class Edited:
    """The stack's Terraform JSON, to be changed and written back."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def one(self, kind: str, beginning: str) -> tuple[str, dict[str, Any]]:
        """Return the resource of a type whose name begins so; there must be just one."""
        found = {
            name: body
            for name, body in self.document["resource"][kind].items()
            if name.startswith(beginning)
        }
        assert len(found) == 1, (kind, beginning, list(found))
        return next(iter(found.items()))

    def statements(self, kind: str, beginning: str, attribute: str) -> list[dict[str, Any]]:
        """Return the statements of a policy, to be written back by ``keep``."""
        statements: list[dict[str, Any]] = json.loads(self.one(kind, beginning)[1][attribute])[
            "Statement"
        ]
        return statements

    def keep(self, kind: str, beginning: str, attribute: str, statements: object) -> None:
        policy = {"Statement": statements, "Version": "2012-10-17"}
        self.one(kind, beginning)[1][attribute] = json.dumps(policy, indent=1)

    def take(self, kind: str, beginning: str) -> tuple[str, dict[str, Any]]:
        """Take a resource out of the configuration and return it."""
        name, body = self.one(kind, beginning)
        del self.document["resource"][kind][name]
        if not self.document["resource"][kind]:
            del self.document["resource"][kind]
        for bodies in self.document["resource"].values():
            for other in bodies.values():
                if f"{kind}.{name}" in other.get("depends_on", ()):
                    other["depends_on"].remove(f"{kind}.{name}")
        return name, body


def edit_rights(stack: Edited) -> None:
    """Widen a trust and a PassRole; drop the TLS rule; say the rest in other words."""
    trust = stack.statements("aws_iam_role", "LaunchRole_", "assume_role_policy")
    del trust[0]["Condition"]
    stack.keep("aws_iam_role", "LaunchRole_", "assume_role_policy", trust)

    builder = stack.statements("aws_iam_role_policy", "BuilderRole_Policy", "policy")
    for statement in builder:
        if "iam:PassRole" in statement["Action"]:
            statement["Resource"] = "*"
    stack.keep("aws_iam_role_policy", "BuilderRole_Policy", "policy", builder)

    execution = stack.statements("aws_iam_policy", "ExecutionRole_Policy", "policy")
    stack.keep("aws_iam_policy", "ExecutionRole_Policy", "policy", execution[::-1])

    for name, body in stack.document["data"]["aws_iam_policy_document"].items():
        if name.startswith("Bucket_PolicyDocument"):
            body["statement"] = [
                item for item in body["statement"] if item["sid"] != "DenyInsecureTransport"
            ]


def edit_resources(stack: Edited) -> None:
    """Replace, destroy, move, import and forget; weaken; hide a secret; and break a check."""
    stack.one("aws_s3_bucket_public_access_block", "Bucket_")[1]["block_public_policy"] = False
    stack.one("aws_s3_bucket", "CatalogBucket_")[1]["bucket"] = "another-name-of-the-catalog"
    stack.take("aws_lambda_function_event_invoke_config", "Builder_")
    variables = {"variables": {"DB_PASSWORD": SECRET, "LOG_LEVEL": "`debug` | <b>"}}
    stack.one("aws_lambda_function", "Builder_")[1]["environment"] = variables

    alias, body = stack.take("aws_kms_alias", "Key_Alias")
    stack.document["resource"]["aws_kms_alias"] = {"Renamed": body}
    moved = {"from": f"aws_kms_alias.{alias}", "to": "aws_kms_alias.Renamed"}
    forgotten, _ = stack.take("aws_s3_bucket_ownership_controls", "Bucket_")
    address = f"aws_s3_bucket_ownership_controls.{forgotten}"
    stack.document["resource"]["aws_cloudwatch_log_group"]["Adopted"] = {"name": "/adopted"}
    key, _ = stack.one("aws_kms_key", "Key_")
    condition = f"${{aws_kms_key.{key}.deletion_window_in_days < 1}}"
    stack.document |= {
        "moved": [moved],
        "removed": [{"from": address, "lifecycle": {"destroy": False}}],
        "import": [{"to": "aws_cloudwatch_log_group.Adopted", "id": "/adopted"}],
        "check": {"budget": {"assert": {"condition": condition, "error_message": "Too dear."}}},
    }


def edit_key(stack: Edited) -> None:
    """Let another account use the key, and rotate it no longer."""
    stack.one("aws_kms_key", "Key_")[1]["enable_key_rotation"] = False
    statements = stack.statements("aws_kms_key", "Key_", "policy")
    root = f"arn:aws:iam::{STRANGER}:root"
    stranger = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:Decrypt"}
    stack.keep("aws_kms_key", "Key_", "policy", [*statements, stranger | {"Resource": "*"}])


def edit_outputs(stack: Edited) -> None:
    """One is new and secret, one is known only later, one goes."""
    outputs = stack.document["output"]
    del outputs["project_id"]
    outputs["token"] = {"value": SECRET, "sensitive": True}
    bucket, _ = stack.one("aws_s3_bucket", "CatalogBucket_")
    outputs["later"] = {"value": f"${{aws_s3_bucket.{bucket}.arn}}"}
