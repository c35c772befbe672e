"""The words of plan review: what a plan holds, and what a review says of it.

All is frozen data. Strings come from other people's names and values and are as Terraform has
them; each writer makes them safe for its own form. Values of attributes are the exception: they
are made printable, and secrets taken out, when they are read (``values``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

Path = tuple[str | int, ...]
"""Where in a resource an attribute is: ``("rule", 0, "port")``."""


class Action(StrEnum):
    """What Terraform does with one resource; the order is that of a report."""

    DESTROY = "destroy"
    REPLACE = "replace"
    FORGET = "forget"
    UPDATE = "update"
    CREATE = "create"
    MOVE = "move"
    IMPORT = "import"
    READ = "read"
    NOTHING = "no-op"


class Risk(IntEnum):
    """How bad it would be if nobody looked. ``--fail-on`` names one; greater is worse."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule is called, why it is there, and how bad its findings usually are."""

    id: str
    title: str
    why: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Source:
    """The line of Python that made a construct; ``path`` is relative to the project, with /."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute before and after, printable. None: it was not, or will not be, there.

    Attributes:
        path: for people, such as ``rule[0].port``.
        sensitive: the values are hidden, by Terraform's mark or because they look secret.
        unknown: the value after is known only when it is applied.
        forces_replacement: it is (one of) the reasons for a replacement.
    """

    path: str
    before: str | None
    after: str | None
    sensitive: bool = False
    unknown: bool = False
    forces_replacement: bool = False


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource of the plan and what is done with it.

    Attributes:
        address: with module and key, as Terraform writes it.
        mode: ``managed`` or ``data``.
        module: address of the module, or "".
        provider: full name, such as ``registry.terraform.io/hashicorp/aws``.
        create_before_destroy: of a replacement: the new one comes first.
        previous_address: of a resource that is moved.
        import_id: of one that is imported; "" if only known when it is applied.
        deposed: key of a deposed object that is destroyed.
        keeps_old: of a replacement: the old object is not destroyed, Terraform forgets it.
        reason: Terraform's ``action_reason``, such as ``replace_because_cannot_update``.
        replace_paths: the attributes that force a replacement.
        before, after: Terraform's values, raw. Never to be printed: ``attributes`` are.
        after_unknown, before_sensitive, after_sensitive: Terraform's marks, of the same shape.
    """

    stack: str
    address: str
    mode: str
    type: str
    name: str
    module: str
    provider: str
    action: Action
    create_before_destroy: bool = False
    previous_address: str | None = None
    import_id: str | None = None
    deposed: str | None = None
    reason: str | None = None
    replace_paths: tuple[Path, ...] = ()
    before: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    after: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    after_unknown: Any = field(default=False, repr=False, hash=False)
    before_sensitive: Any = field(default=False, repr=False, hash=False)
    after_sensitive: Any = field(default=False, repr=False, hash=False)
    keeps_old: bool = False


@dataclass(frozen=True, slots=True)
class OutputChange:
    """An output; the values are printable, see AttributeChange."""

    name: str
    action: Action
    change: AttributeChange


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check, precondition or postcondition. ``status``: pass, fail, error or unknown."""

    address: str
    kind: str
    status: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deferred:
    """A resource that Terraform will plan only in a later run, and why."""

    address: str
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One stack's plan.

    Attributes:
        stack: its name; the only thing that Terraform does not say.
        changes: all resources but no-ops, in the order of Action, then by address.
        unchanged: how many no-ops there are.
        drift: changes that were made outside Terraform, as its refresh saw them.
        warnings: what the reader could not make sense of, one line each.
        complete: False if a further run will be needed after this one is applied.
        errored: planning failed halfway; what is there is only a part.
        dependencies: what a changed resource needs, and which others need one that changes:
            address -> addresses. Data sources, variables and outputs of modules are seen through.
        fingerprint: ``sha256:`` and the digest of what would be done; see ``fingerprint``.
    """

    stack: str
    terraform_version: str
    format_version: str
    changes: tuple[ResourceChange, ...] = ()
    unchanged: int = 0
    drift: tuple[ResourceChange, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    warnings: tuple[str, ...] = ()
    complete: bool = True
    errored: bool = False
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A finding that somebody has accepted, with the reason; past ``expires`` it counts again."""

    rule: str
    reason: str
    expires: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say of one change.

    Attributes:
        rule: id of the rule.
        risk: of this finding; the same rule may find what is worse or less bad.
        address: of the resource, output or check.
        message: one sentence: what it means.
        mend: the way out, or "".
        acknowledged: by whom and why; None if nobody did.
    """

    rule: str
    risk: Risk
    address: str
    message: str
    mend: str = ""
    acknowledged: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What a policy change means, as sentences; none in either: the meaning stays.

    Attributes:
        policy: whose or which policy: ``assume_role_policy`` of the resource.
        gained, lost: one sentence each.
        unreadable: why it could not be compared ("known only when it is applied"), or "".
    """

    policy: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedChange:
    """A resource change with all that is said of it.

    Attributes:
        attributes: what differs; policies that ``rights`` tell are left out.
        construct: path in the construct tree, or "".
        source: the line that made it, innermost first, then who called that.
    """

    change: ResourceChange
    attributes: Sequence[AttributeChange] = ()
    rights: tuple[Rights, ...] = ()
    findings: tuple[Finding, ...] = ()
    construct: str = ""
    source: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class StackReview:
    """A plan, reviewed.

    Attributes:
        drift: what was changed outside Terraform and means something.
        meaningless: how many differences were seen besides that mean nothing, or only mirror it.
        findings: those of no resource: failed checks, warnings.
    """

    plan: Plan
    changes: tuple[ReviewedChange, ...] = ()
    drift: tuple[ReviewedChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    meaningless: int = 0


@dataclass(frozen=True, slots=True)
class ScriptChange:
    """A change that the post-apply script would make."""

    action: str
    subject: str
    target: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScriptPlan:
    """A post-apply plan: what the script would do that Terraform cannot hold."""

    account_id: str
    region: str
    fingerprint: str
    changes: tuple[ScriptChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Where things can be looked up; "" if it is not known.

    Attributes:
        blob: of a source file at the commit: ``https://host/owner/name/blob/<commit>/``.
        details: where the whole review is, if it does not fit.
    """

    blob: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """All that is said in one comment."""

    stacks: tuple[StackReview, ...]
    script: ScriptPlan | None = None
    links: Links = Links()
    fingerprint: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return every finding, the worst first; those acknowledged last."""
        found = [
            finding
            for stack in self.stacks
            for part in ((stack,), stack.changes, stack.drift)
            for item in part
            for finding in item.findings
        ]
        return tuple(
            sorted(found, key=lambda item: (item.acknowledged is not None, -item.risk, item.rule))
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do at all."""
        return not (
            any(stack.plan.changes or stack.plan.outputs for stack in self.stacks)
            or any(stack.plan.deferred or stack.findings for stack in self.stacks)
            or (self.script and self.script.changes)
        )
