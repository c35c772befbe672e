"""Commands that mend a link, quoted for a shell, with the options that this one was given."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field

from scripts.lib.clients import Account
from scripts.lib.doctor.facts import Member, MemberKind
from scripts.lib.jumpstart.model import FULL_ACCESS, SAGEMAKER
from scripts.lib.launch.shell import Shell
from scripts.lib.report import Command
from scripts.lib.role_arn import RoleArn

TO_FILL_IN = "NAME-OF-ROLE"
"""Which role somebody should work with, only people know."""

ENABLE = "enable-sagemaker-servicecatalog-portfolio"

TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": SAGEMAKER},
    "Action": "sts:AssumeRole",
}


@dataclass(frozen=True)
class Mender:
    """Writes commands for one account, as somebody at ``shell`` would paste them.

    ``choice`` are post_apply's options for whom it is to work: without any it is for everybody,
    and None says that there is nobody whom it could do anything for.
    """

    account: Account
    shell: Shell = field(default_factory=Shell)
    choice: tuple[str, ...] | None = ()

    def enable(self) -> Command:
        """post_apply waits for the portfolio as well; it does nothing if there is no role."""
        if self.choice is None:
            return Command("enable it", self._sagemaker(ENABLE))
        return self._post_apply("enable it and associate who needs it")

    def enable_again(self) -> Command:
        """Harmless if the portfolio is only on its way; post_apply would wait, and not ask."""
        return Command("ask for it once more (it shows some time later)", self._sagemaker(ENABLE))

    def associate(self) -> Command:
        alone = self.choice and self.choice[0] == "--role"
        whom = "the role" if alone else "all roles that need it"
        return self._post_apply(f"associate {whom}")

    def look_again(self, member: Member | None, domain_id: str) -> Command:
        who = (f"--{member.kind.lower()}", member.name) if member else ()
        line = self._tool("scripts.doctor", "--domain", domain_id, *who)
        return Command("look again, once AWS is done", line)

    def why_domain(self, domain_id: str) -> Command:
        words = ("describe-domain", "--domain-id", domain_id)
        return Command(
            "see why, and put that right", self._sagemaker(*words, "--query", "FailureReason")
        )

    def why_member(self, member: Member) -> Command:
        kind = "user-profile" if member.kind is MemberKind.USER else "space"
        words = (f"describe-{kind}", "--domain-id", member.domain_id, f"--{kind}-name", member.name)
        return Command(
            "see why, and put that right", self._sagemaker(*words, "--query", "FailureReason")
        )

    def give_role(self, member: Member) -> Command:
        """Where there is none: the user gets one, or the shared spaces of its Domain do."""
        return self._set_role(member, None, of_domain=False)

    def replace_role(self, member: Member, role_arn: str | None = None) -> Command:
        """Put another role where the one that cannot be used is named: the profile or the Domain.
        Without an ARN it is of a name to be filled in."""
        return self._set_role(member, role_arn, of_domain=not member.own_role)

    def _set_role(self, member: Member, role_arn: str | None, *, of_domain: bool) -> Command:
        settings = f"ExecutionRole={role_arn or f'{self._iam}:role/{TO_FILL_IN}'}"
        domain = ("--domain-id", member.domain_id)
        words: tuple[str, ...]
        if member.kind is MemberKind.SPACE:
            whom = f"the shared spaces of Domain {member.domain_id}"
            words = ("update-domain", *domain, "--default-space-settings", settings)
        elif of_domain:
            whom = f"the users of Domain {member.domain_id}"
            words = ("update-domain", *domain, "--default-user-settings", settings)
        else:
            whom = f"user {member.name}"
            user = ("--user-profile-name", member.name)
            words = ("update-user-profile", *domain, *user, "--user-settings", settings)
        fill_in = "" if role_arn else f", its name in place of {TO_FILL_IN}"
        return Command(f"give {whom} a role of this account{fill_in}", self._sagemaker(*words))

    def make_role(self, role: RoleArn) -> Command:
        path = role.arn.partition(":role")[2].removesuffix(role.name)
        words = ["create-role", "--role-name", role.name]
        words += ["--path", path] if path != "/" else []
        return Command(
            f"make the role {role.name} again",
            self._aws("iam", *words, "--assume-role-policy-document", _trust()),
        )

    def trust_sagemaker(self, role: RoleArn, trust: str) -> Command:
        """The command replaces the whole policy: what it allows now stays."""
        words = ("update-assume-role-policy", "--role-name", role.name)
        return Command(
            f"let SageMaker assume the role {role.name}",
            self._aws("iam", *words, "--policy-document", _trust(trust)),
        )

    def attach_full_access(self, role: RoleArn) -> Command:
        arn = f"arn:{self.account.partition}:iam::aws:policy/{FULL_ACCESS}"
        words = ("attach-role-policy", "--role-name", role.name, "--policy-arn", arn)
        return Command(f"attach {FULL_ACCESS} to the role {role.name}", self._aws("iam", *words))

    def deploy_service_roles(self) -> Command:
        """The Region is the settings' own; cdktf takes no profile but the environment's."""
        profile = self.shell.profile
        line = shlex.join(["npx", "cdktf", "deploy", "jumpstart"])
        if profile:
            line = f"AWS_PROFILE={shlex.quote(profile)} {line}"
        return Command("make the service roles that are missing", line)

    def remove_role(self, name: str) -> Command:
        """A role's name is unique whatever its path, so the right one cannot be made beside it."""
        return Command(
            "remove the service role of the wrong path (detach its policies first)",
            self._aws("iam", "delete-role", "--role-name", name),
        )

    def _post_apply(self, purpose: str) -> Command:
        return Command(purpose, self._tool("scripts.post_apply", "apply", *self.choice or ()))

    @property
    def _iam(self) -> str:
        return f"arn:{self.account.partition}:iam::{self.account.account_id}"

    def _sagemaker(self, *words: str) -> str:
        return self._aws("sagemaker", *words)

    def _aws(self, *words: str) -> str:
        return shlex.join(["aws", *words, *self._options()])

    def _tool(self, module: str, *words: str) -> str:
        role = ("--assume-role", self.shell.assume_role) if self.shell.assume_role else ()
        return shlex.join([self.shell.python, "-m", module, *words, *self._options(), *role])

    def _options(self) -> list[str]:
        given = {"--region": self.shell.region, "--profile": self.shell.profile}
        return [word for option, value in given.items() if value for word in (option, value)]


def _trust(trust: str = "{}") -> str:
    """Return ``trust`` (JSON) with one statement more, for SageMaker."""
    document = json.loads(trust)
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return json.dumps({"Version": "2012-10-17", **document, "Statement": [*listed, TRUST]})
