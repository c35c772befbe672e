"""How to mend what drifted from Terraform, the best way first."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from scripts.lib.drift.causes import CODE, CONTENT, TAGS, noun
from scripts.lib.drift.mirrors import INLINE, Element
from scripts.lib.drift.model import Mend, Remedy
from scripts.lib.drift.shell import Shell
from scripts.lib.drift.world import World
from scripts.lib.plan_review.model import ResourceChange

NEW_ID = "NEW-ID"
"""Stands in a command for what only a person can know."""

_ADOPT = Remedy(Mend.ADOPT, "If it was right: write it into the settings, then deploy.")

_ANEW = frozenset(
    {
        "aws_kms_key",
        "aws_security_group",
        "aws_servicecatalog_constraint",
        "aws_servicecatalog_portfolio",
        "aws_servicecatalog_product",
        "aws_vpc_endpoint",
    }
)
"""Types whose id AWS chooses: what was made anew by hand has another."""

_LEFT_ALONE: Mapping[str, frozenset[str]] = {
    "aws_iam_policy": frozenset({"attachment_count"}),
    "aws_kms_key": frozenset({"description", "multi_region", "policy", "rotation_period_in_days"}),
    "aws_lambda_function": frozenset({"architectures"}),
    "aws_s3_bucket": frozenset(
        {
            "acceleration_status", "acl", "cors_rule", "grant", "lifecycle_rule", "logging",
            "object_lock_configuration", "policy", "replication_configuration", "request_payer",
            "server_side_encryption_configuration", "versioning", "website",
        }
    ),
    "aws_security_group": frozenset({"egress", "ingress"}),
    "aws_servicecatalog_portfolio": frozenset({"description"}),
    "aws_servicecatalog_product": frozenset(
        {"description", "distributor", "support_description", "support_email", "support_url"}
    ),
    "aws_vpc_endpoint": frozenset(
        {
            "ip_address_type", "policy", "private_dns_enabled", "route_table_ids",
            "security_group_ids", "subnet_ids",
        }
    ),
}  # fmt: skip
"""Attributes that the provider leaves as they are unless the configuration sets them: they are
``optional`` and ``computed`` in ``terraform providers schema -json``, or blocks that it keeps for
older configurations. All others it puts back, set or not."""

_BUCKET_DELETIONS: Mapping[str, str] = {
    "cors_rule": "delete-bucket-cors",
    "lifecycle_rule": "delete-bucket-lifecycle",
    "policy": "delete-bucket-policy",
    "replication_configuration": "delete-bucket-replication",
    "website": "delete-bucket-website",
}


def of_deleted(change: ResourceChange, shell: Shell) -> tuple[Remedy, ...]:
    """Return how to mend that a resource is gone."""
    remedies = []
    identifier = str((change.before or {}).get("id", ""))
    if change.type == "aws_kms_key" and identifier:
        remedies.append(
            Remedy(
                Mend.REMOVE,
                "At once, while it is pending: take back the deletion, then enable the key.",
                f"{shell.aws('kms', 'cancel-key-deletion', '--key-id', identifier)} && "
                f"{shell.aws('kms', 'enable-key', '--key-id', identifier)}",
            )
        )
    remedies.append(Remedy(Mend.APPLY, "Let Terraform make it anew.", deploy_command(change.stack)))
    if change.type in _ANEW:
        remedies.append(
            Remedy(
                Mend.IMPORT,
                f"If somebody made the {noun(change.type)} anew by hand: take that one in.",
                terraform_command(change.stack, "import", change.address, NEW_ID),
            )
        )
    remedies.append(
        Remedy(Mend.ADOPT, "If it was right: take it out of the settings, then deploy.")
    )
    return tuple(remedies)


def of_changed(
    change: ResourceChange, name: str, attributes: tuple[str, ...], world: World, shell: Shell
) -> tuple[Remedy, ...]:
    """Return how to mend that attributes, the group ``name``, are others."""
    is_left = any(world.is_left(change.address, each) for each in attributes)
    # Of code, the provider compares the package with what it uploaded last, not with what is there.
    if name == CODE and (package := (change.after or {}).get("filename")):
        path = f"fileb://cdktf.out/stacks/{change.stack}/{package}"
        function = str((change.after or {}).get("function_name", ""))
        words = ("update-function-code", "--function-name", function, "--zip-file", path)
        text = "A plain apply does not see it: upload the code again."
        return (Remedy(Mend.APPLY, text, shell.aws("lambda", *words)), _ADOPT)
    if name == CODE or (name == CONTENT and is_left):
        replace = terraform_command(change.stack, "apply", f"-replace={change.address}")
        text = "A plain apply does not put it back: let Terraform replace it."
        return (Remedy(Mend.APPLY, text, replace), _ADOPT)
    if is_left and name != TAGS:
        text = "The configuration tells Terraform to leave it (ignore_changes): mend it by hand."
        return (Remedy(Mend.REMOVE, text), _ADOPT)
    left_alone = _LEFT_ALONE.get(change.type, frozenset())
    if name == TAGS or any(
        each not in left_alone or world.sets(change.address, each) for each in attributes
    ):
        return (
            Remedy(Mend.APPLY, "Let Terraform put it back.", deploy_command(change.stack)),
            _ADOPT,
        )
    text = "Terraform does not set it, so an apply leaves it: take it away by hand."
    return (Remedy(Mend.REMOVE, text, _removal(change, attributes, shell)), _ADOPT)


def of_element(change: ResourceChange, element: Element, shell: Shell) -> tuple[Remedy, ...]:
    """Return how to mend that a role has, or lost, a policy which Terraform does not give it."""
    if element.after is None:
        return (Remedy(Mend.ADOPT, "Terraform did not give it: nothing is left to do, or add it."),)
    role = str((change.after or {}).get("name", ""))
    if element.attribute == INLINE:
        verb, option = "delete-role-policy", "--policy-name"
    else:
        verb, option = "detach-role-policy", "--policy-arn"
    command = shell.aws("iam", verb, "--role-name", role, option, element.name)
    return (
        Remedy(Mend.REMOVE, "Take it away: no apply does.", command),
        Remedy(Mend.ADOPT, "If it was right: add it to the constructs, import it, deploy."),
    )


def of_principal(portfolio: str, principal: str, shell: Shell) -> tuple[Remedy, ...]:
    """Return how to mend that a portfolio has a principal which Terraform does not give it."""
    command = shell.aws(
        "servicecatalog", "disassociate-principal-from-portfolio",
        "--portfolio-id", portfolio, "--principal-arn", principal,
    )  # fmt: skip
    return (
        Remedy(Mend.REMOVE, "Take its access away: no apply does.", command),
        Remedy(Mend.ADOPT, "If it was right: add the role to end_user_roles, then deploy."),
    )


def deploy_command(stack: str) -> str:
    """Return what applies one stack."""
    return shlex.join(["npx", "cdktf", "deploy", stack])


def terraform_command(stack: str, *words: str) -> str:
    """Return a command of Terraform in a stack's directory."""
    return shlex.join(["terraform", f"-chdir=cdktf.out/stacks/{stack}", *words])


def _removal(change: ResourceChange, attributes: tuple[str, ...], shell: Shell) -> str:
    bucket = str((change.after or {}).get("bucket", ""))
    for attribute in attributes:
        if change.type == "aws_s3_bucket" and attribute in _BUCKET_DELETIONS and bucket:
            return shell.aws("s3api", _BUCKET_DELETIONS[attribute], "--bucket", bucket)
    return ""
