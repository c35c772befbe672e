"""Reviews to write: one as a pull request brings it, and parts to make others of."""

from __future__ import annotations

from typing import Any

from scripts.lib.plan_review.model import (
    Acknowledgement,
    Action,
    AttributeChange,
    CheckResult,
    Deferred,
    Finding,
    Links,
    OutputChange,
    Plan,
    ResourceChange,
    Review,
    ReviewedChange,
    Rights,
    Risk,
    Rule,
    ScriptChange,
    ScriptPlan,
    Source,
    StackReview,
)

FINGERPRINT = "sha256:" + "0123456789abcdef" * 4
LINKS = Links(
    blob="https://github.com/acme/ml-platform/blob/4f2c9d1/",
    details="https://github.com/acme/ml-platform/actions/runs/42",
)

RULES = {
    rule.id: rule
    for rule in (
        Rule("key-destroyed", "Key destroyed", "Data under a key is lost with it.", Risk.HIGH),
        Rule("trust-widened", "Trust widened", "Whoever is trusted has all its rights.", Risk.HIGH),
        Rule(
            "tls-dropped", "TLS not required", "Data would cross the network in clear.", Risk.HIGH
        ),
        Rule("new-wildcard", "New wildcard", "A star grants what nobody thought of.", Risk.MEDIUM),
        Rule("log-retention", "Logs kept shorter", "Evidence is gone when it is needed.", Risk.LOW),
    )
}


def change(address: str, action: Action = Action.UPDATE, **more: Any) -> ResourceChange:
    kind, _, name = address.rpartition(".")
    return ResourceChange(
        stack=more.pop("stack", "governed"),
        address=address,
        mode="data" if action is Action.READ else "managed",
        type=kind,
        name=name,
        module="",
        provider="registry.terraform.io/hashicorp/aws",
        action=action,
        **more,
    )


def reviewed(address: str, action: Action = Action.UPDATE, **more: Any) -> ReviewedChange:
    said = {key: more.pop(key) for key in tuple(more) if key in ReviewedChange.__slots__}
    return ReviewedChange(change=change(address, action, **more), **said)


def stack_review(*changes: ReviewedChange, stack: str = "governed", **more: Any) -> StackReview:
    said = {key: more.pop(key) for key in tuple(more) if key in ("drift", "findings")}
    plan = Plan(
        stack=stack,
        terraform_version="1.9.8",
        format_version="1.2",
        changes=tuple(item.change for item in changes),
        drift=tuple(item.change for item in said.get("drift", ())),
        fingerprint=more.pop("fingerprint", FINGERPRINT),
        **more,
    )
    return StackReview(plan=plan, changes=changes, **said)


def review(*changes: ReviewedChange, **more: Any) -> Review:
    return Review(stacks=(stack_review(*changes, **more),), fingerprint=FINGERPRINT)


def finding(
    rule: str = "trust-widened", risk: Risk = Risk.HIGH, address: str = "a.b", **more: Any
) -> Finding:
    return Finding(rule, risk, address, **{"message": "It may do more.", **more})


def full() -> Review:
    """Everything that a review can hold, as a reviewer of this project would see it."""
    key = reviewed(
        "aws_kms_key.Encryption_Resource_2E0B",
        Action.REPLACE,
        replace_paths=(("customer_master_key_spec",),),
        attributes=(
            AttributeChange(
                "customer_master_key_spec",
                '"SYMMETRIC_DEFAULT"',
                '"RSA_4096"',
                forces_replacement=True,
            ),
            AttributeChange(
                "arn", '"arn:aws:kms:eu-west-1:123456789012:key/1"', None, unknown=True
            ),
        ),
        findings=(
            finding(
                "key-destroyed",
                address="aws_kms_key.Encryption_Resource_2E0B",
                message="The old key is scheduled for deletion: what is encrypted under it in "
                "the bucket and on notebook volumes cannot be read any more.",
                mend="Make a second key, re-encrypt, and only then remove the first.",
            ),
        ),
        construct="governed/Encryption/Resource",
        source=(Source("modules/encryption.py", 48), Source("modules/stacks.py", 71)),
    )
    role = reviewed(
        "aws_iam_role.ExecutionRole_Resource_77C1",
        attributes=(AttributeChange("max_session_duration", "3600", "43200"),),
        rights=(
            Rights(
                "assume_role_policy",
                gained=(
                    "Anyone in account 210987654321 may sts:AssumeRole, with no condition.",
                    "The service codebuild.amazonaws.com may sts:AssumeRole.",
                ),
            ),
            Rights(
                "inline_policy[0].policy",
                gained=("May s3:PutObject* on arn:aws:s3:::ml-data-*/*.",),
                lost=("May no longer s3:DeleteObject on arn:aws:s3:::ml-data-*/*.",),
            ),
        ),
        findings=(
            finding(
                "trust-widened",
                address="aws_iam_role.ExecutionRole_Resource_77C1",
                message="Account 210987654321 is newly trusted without sts:ExternalId.",
                mend="Name the one role that needs it, or ask for sts:ExternalId.",
            ),
            finding(
                "new-wildcard",
                Risk.MEDIUM,
                "aws_iam_role.ExecutionRole_Resource_77C1",
                message="s3:PutObject* is a new wildcard: it grants s3:PutObjectAcl too.",
                mend="List the actions that are needed.",
            ),
        ),
        construct="governed/ExecutionRole/Resource",
        source=(Source("modules/execution_role.py", 33), Source("modules/stacks.py", 88)),
    )
    group = reviewed(
        "aws_cloudwatch_log_group.Audit_Logs_0A1C",
        attributes=(AttributeChange("retention_in_days", "365", "30"),),
        findings=(
            finding(
                "log-retention",
                Risk.LOW,
                "aws_cloudwatch_log_group.Audit_Logs_0A1C",
                message="Logs are kept for 30 days, 365 before.",
            ),
        ),
        source=(Source("modules/audit.py", 19),),
    )
    endpoint = reviewed(
        "aws_vpc_endpoint.Network_S3_9B2D",
        Action.DESTROY,
        reason="delete_because_no_resource_config",
        attributes=(AttributeChange("vpc_endpoint_type", '"Gateway"', None),),
    )
    bucket = reviewed(
        'aws_s3_bucket.Storage_Resource["data"]',
        attributes=(
            AttributeChange('tags["Owner"]', '"data"', '"ml"'),
            AttributeChange("password", "(hidden)", "(hidden)", sensitive=True),
        ),
        previous_address="aws_s3_bucket.Storage_Resource",
        source=(Source("modules/storage.py", 27),),
    )
    created = [
        reviewed(
            f"aws_ssm_parameter.Config_{name}",
            Action.CREATE,
            attributes=(
                AttributeChange("name", None, f'"/ml/{name}"'),
                AttributeChange("arn", None, None, unknown=True),
            ),
            source=(Source("modules/stacks.py", 110),),
        )
        for name in ("domain", "bucket", "key", "role", "portfolio", "product")
    ]
    adopted = reviewed("aws_iam_role.Legacy", Action.IMPORT, import_id="legacy-role")
    governed = stack_review(
        key,
        role,
        group,
        endpoint,
        bucket,
        adopted,
        *created,
        unchanged=41,
        outputs=(
            OutputChange(
                "key_arn",
                Action.UPDATE,
                AttributeChange("key_arn", '"arn:aws:kms:1"', None, unknown=True),
            ),
        ),
        checks=(
            CheckResult("check.health", "check", "fail", ("The endpoint does not answer.",)),
            CheckResult("aws_s3_bucket.Storage_Resource", "resource", "pass"),
            CheckResult("output.key_arn", "output_value", "unknown"),
        ),
        dependencies={
            "aws_iam_role.ExecutionRole_Resource_77C1": frozenset(
                {"aws_kms_key.Encryption_Resource_2E0B"}
            ),
            "aws_s3_bucket.Storage_Resource": frozenset({"aws_kms_key.Encryption_Resource_2E0B"}),
            "aws_ssm_parameter.Config_key": frozenset({"aws_kms_key.Encryption_Resource_2E0B"}),
            "aws_servicecatalog_product.Notebook": frozenset(
                {"aws_iam_role.ExecutionRole_Resource_77C1"}
            ),
        },
        drift=(
            reviewed(
                "aws_s3_bucket_policy.Storage_Policy",
                rights=(Rights("policy", lost=("No longer denied: s3:* without TLS.",)),),
                findings=(
                    finding(
                        "tls-dropped",
                        Risk.MEDIUM,
                        "aws_s3_bucket_policy.Storage_Policy",
                        message="Somebody removed the statement that requires TLS.",
                    ),
                ),
            ),
            reviewed(
                "aws_security_group.Notebook",
                attributes=(AttributeChange("description", '"a"', '"b"'),),
            ),
        ),
    )
    jumpstart = stack_review(
        reviewed(
            "aws_iam_role_policy.Launch",
            Action.CREATE,
            rights=(Rights("policy", gained=("May sagemaker:CreateEndpoint on *.",)),),
            findings=(
                finding(
                    "new-wildcard",
                    Risk.MEDIUM,
                    "aws_iam_role_policy.Launch",
                    message="Grants sagemaker:CreateEndpoint on everything.",
                    acknowledged=Acknowledgement(
                        "new-wildcard",
                        "JumpStart names endpoints itself; see the launch role's boundary.",
                        "2026-12-31",
                        "ml-platform",
                    ),
                ),
            ),
        ),
        stack="jumpstart",
        complete=False,
        deferred=(Deferred("aws_sagemaker_app.Later", Action.CREATE, "provider_config_unknown"),),
    )
    quiet = stack_review(stack="audit", unchanged=12)
    script = ScriptPlan(
        account_id="123456789012",
        region="eu-west-1",
        fingerprint=FINGERPRINT,
        changes=(
            ScriptChange(
                "associate",
                "role/ml-scientist",
                "port-abc123",
                ("A user profile has it as its execution role",),
            ),
        ),
    )
    return Review((governed, jumpstart, quiet), script, LINKS, FINGERPRINT)
