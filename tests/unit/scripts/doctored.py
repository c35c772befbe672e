"""Accounts in which all users see JumpStart, the doctor's command, and its mends carried out."""

import json
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore import xform_name

from scripts.lib.doctor.iam import SERVICE_ROLES
from scripts.sandbox import Sandbox
from tests.unit.scripts.commands import run_command

ROLE = "arn:aws:iam::123456789012:role/"
BEN = f"{ROLE}CustomRoleBen"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
ROLES = ("CustomRoleBen", "CustomRoleCleo", "CustomRoleEve", "DataScienceDomainRole")


def run(environment: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the doctor in a process of its own."""
    return run_command("scripts.doctor", arguments, environment)


def make_service_roles(account: Sandbox) -> None:
    """Do what `cdktf deploy jumpstart` does, as far as the doctor looks."""
    iam = account.client("iam")
    there = {role["RoleName"] for role in iam.list_roles()["Roles"]}
    for name in SERVICE_ROLES:
        if name not in there:
            iam.create_role(
                RoleName=name,
                Path="/service-role/",
                AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}',
            )


@dataclass(frozen=True)
class Doctored:
    """An account to be broken, with the ids that AWS assigned."""

    sandbox: Sandbox
    domain: str
    portfolio: str

    @classmethod
    def cure(cls, sandbox: Sandbox) -> "Doctored":
        """Let all users of the seeded account see JumpStart."""
        domains = sandbox.client("sagemaker").list_domains()["Domains"]
        (domain,) = [each["DomainId"] for each in domains if each["DomainName"] == "data-science"]
        sandbox.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
        catalog = sandbox.client("servicecatalog")
        while not (found := catalog.list_accepted_portfolio_shares()["PortfolioDetails"]):
            pass
        for name in ROLES:
            catalog.associate_principal_with_portfolio(
                PortfolioId=found[0]["Id"], PrincipalARN=ROLE + name, PrincipalType="IAM"
            )
        make_service_roles(sandbox)
        return cls(sandbox, domain, found[0]["Id"])

    def at(self, sandbox: Sandbox) -> "Doctored":
        return Doctored(sandbox, self.domain, self.portfolio)

    def client(self, service: str) -> Any:
        return self.sandbox.client(service)

    def ask(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run(self.sandbox.process_environment(), *arguments)

    def ask_about(self, user: str = "ben", *arguments: str) -> dict[str, Any]:
        """The diagnosis of one user, from the document; with `exit_code`."""
        asked = ("--domain", self.domain, "--user", user, "--format", "json", *arguments)
        result = self.ask(*asked)
        document = json.loads(result.stdout)
        assert document["exit_code"] == result.returncode
        (found,) = document["diagnoses"]
        return dict(found) | {"exit_code": result.returncode}

    def delete_role(self, name: str) -> None:
        iam = self.client("iam")
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=name)

    def carry_out(self, line: str, ledger: Path) -> None:
        """Do what the command `line` does when it is pasted."""
        words = shlex.split(line)
        if words == ["npx", "cdktf", "deploy", "jumpstart"]:
            make_service_roles(self.sandbox)
        elif words[0] == "aws":
            self._call(words[1], words[2], words[3:])
        else:
            assert words[1:4] == ["-m", "scripts.post_apply", "apply"]
            environment = self.sandbox.process_environment()
            environment |= {"POST_APPLY_LEDGER": str(ledger)}
            run_command("scripts.post_apply", tuple(words[3:]), environment).check_returncode()

    def _call(self, service: str, operation: str, options: list[str]) -> None:
        """As the AWS CLI reads its options: by the names of the operation's parameters."""
        client = self.client(service)
        method = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[method]
        ).input_shape
        names = {f"--{xform_name(name, '-')}": name for name in shape.members}
        arguments: dict[str, Any] = {}
        for option, value in zip(options[::2], options[1::2], strict=True):
            name = names[option]
            key, _, rest = value.partition("=")
            structure = shape.members[name].type_name == "structure"
            arguments[name] = {key: rest} if structure else value
        getattr(client, method)(**arguments)
