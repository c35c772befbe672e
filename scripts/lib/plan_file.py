"""A plan in a file: what a person approved, so that just that is applied.

The file names its account and Region and carries a fingerprint of all it says. To apply it, the
account is observed and planned for anew: what is still to be done must be in the approved plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from scripts.lib.changes import Change
from scripts.lib.clients import Account
from scripts.lib.errors import InputError, one_line
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.outputs import Version
from scripts.lib.product_versions import UpdateVersion

FORMAT: Literal[1] = 1

_FORBID = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class _Enable:
    __pydantic_config__: ClassVar[ConfigDict] = _FORBID
    reasons: tuple[str, ...]
    action: Literal["enable-portfolio"] = "enable-portfolio"


@dataclass(frozen=True)
class _Await:
    __pydantic_config__: ClassVar[ConfigDict] = _FORBID
    reasons: tuple[str, ...]
    action: Literal["await-portfolio"] = "await-portfolio"


@dataclass(frozen=True)
class _Associate:
    __pydantic_config__: ClassVar[ConfigDict] = _FORBID
    reasons: tuple[str, ...]
    role_arn: str
    portfolio_id: str | None
    action: Literal["associate-role"] = "associate-role"


@dataclass(frozen=True)
class _Update:
    __pydantic_config__: ClassVar[ConfigDict] = _FORBID
    reasons: tuple[str, ...]
    product_id: str
    product_name: str
    version_id: str
    version: Version
    action: Literal["update-version"] = "update-version"


_Stored = Annotated[_Enable | _Await | _Associate | _Update, Field(discriminator="action")]


@dataclass(frozen=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    format: Literal[1]
    account_id: str
    region: str
    changes: tuple[_Stored, ...]
    fingerprint: str


_JSON = TypeAdapter(_File)


def write_plan(path: Path, account: Account, changes: Iterable[Change]) -> str:
    """Write the changes into a file and return its fingerprint.

    Raises InputError if the file cannot be written.
    """
    unsigned = _File(FORMAT, account.account_id, account.region, tuple(map(_store, changes)), "")
    document = {**_JSON.dump_python(unsigned, mode="json")}
    document["fingerprint"] = fingerprint(document)
    try:
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except OSError as exc:
        raise InputError(f"plan file {path} cannot be written: {exc.strerror}") from exc
    return str(document["fingerprint"])


@dataclass(frozen=True)
class PlanFile:
    """What a plan file says."""

    account_id: str
    region: str
    fingerprint: str
    changes: tuple[Change, ...]


def read_plan(path: Path, account: Account) -> tuple[Change, ...]:
    """Return the changes of a plan file that is of ``account``.

    Raises InputError as ``read_plan_file`` does, or if it is of another account or Region.
    """
    plan = read_plan_file(path)
    if (plan.account_id, plan.region) != (account.account_id, account.region):
        there = one_line(f"account {plan.account_id}, {plan.region}")
        raise InputError(
            f"plan file {path} is of {there}, not of {account.account_id}, {account.region}"
        )
    return plan.changes


def read_plan_file(path: Path) -> PlanFile:
    """Return what a plan file says, of whatever account.

    Raises InputError if it cannot be read, is no plan, or was changed since it was written.
    """
    try:
        content = path.read_bytes()
        if not content.strip():
            raise InputError(f"plan file {path} is empty")
        plan = _JSON.validate_json(content)
        document = json.loads(content)
    except OSError as exc:
        raise InputError(f"plan file {path} cannot be read: {exc.strerror}") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        message = one_line(f"{where}: {first['msg']}")
        raise InputError(f"plan file {path}: {message}") from exc
    if plan.fingerprint != fingerprint(document):
        raise InputError(f"plan file {path} was changed since it was written: plan again")
    changes = tuple(_restore(change, plan) for change in plan.changes)
    return PlanFile(plan.account_id, plan.region, plan.fingerprint, changes)


def fingerprint(document: dict[str, object]) -> str:
    """Return the SHA-256 of all that a plan file says, whatever its layout."""
    said = {key: value for key, value in document.items() if key != "fingerprint"}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _store(change: Change) -> _Enable | _Await | _Associate | _Update:
    match change:
        case EnablePortfolio():
            return _Enable(change.reasons)
        case AwaitPortfolio():
            return _Await(change.reasons)
        case AssociateRole(role_arn=role_arn, portfolio_id=portfolio_id):
            return _Associate(change.reasons, role_arn, portfolio_id)
        case UpdateVersion():
            return _Update(
                change.reasons,
                change.product_id,
                change.product_name,
                change.version_id,
                change.version,
            )
        case _:
            raise TypeError(f"no way to store {change!r}")


def _restore(stored: _Enable | _Await | _Associate | _Update, plan: _File) -> Change:
    match stored:
        case _Enable():
            return EnablePortfolio(
                account_id=plan.account_id, region=plan.region, reasons=stored.reasons
            )
        case _Await():
            return AwaitPortfolio(reasons=stored.reasons)
        case _Associate():
            return AssociateRole(
                role_arn=stored.role_arn,
                portfolio_id=stored.portfolio_id,
                reasons=stored.reasons,
            )
        case _Update():
            return UpdateVersion(
                product_id=stored.product_id,
                product_name=stored.product_name,
                version_id=stored.version_id,
                version=stored.version,
                reasons=stored.reasons,
            )
