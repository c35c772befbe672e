"""The real command ``post_apply``, run in processes of its own against a sandbox."""

import json
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from scripts.sandbox import Sandbox
from tests.unit.scripts.commands import ROOT, run_command

LEDGERS = tempfile.TemporaryDirectory(prefix="ledgers-")
ROLE = "arn:aws:iam::123456789012:role/"
ASSOCIATE = "AssociatePrincipalWithPortfolio"
ENABLE = "EnableSagemakerServicecatalogPortfolio"
ROLES = {
    ROLE + name
    for name in (
        "CustomRoleBen",
        "CustomRoleCleo",
        "CustomRoleEve",
        "DataScienceDomainRole",
        "ResearchDomainRole",
    )
}


@cache
def ledger(account: Sandbox) -> Path:
    """Return the directory of ledgers of a test's account."""
    return Path(tempfile.mkdtemp(dir=LEDGERS.name, prefix=f"{account.port}-"))


def environment_of(account: Sandbox) -> dict[str, str]:
    return account.process_environment() | {"POST_APPLY_LEDGER": str(ledger(account))}


def start(account: Sandbox, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Start the command by Python itself, to be watched, interrupted or killed."""
    return subprocess.Popen(  # noqa: S603 - the command under test
        [sys.executable, "-m", "scripts.post_apply", *arguments],
        cwd=ROOT,
        env=environment_of(account) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What starts the tests in the background has interrupts ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def run(
    account: Sandbox, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return run_command("scripts.post_apply", arguments, environment_of(account) | environment)


def writes(account: Sandbox) -> list[str]:
    reads = ("Get", "List", "Describe", "AssumeRole")
    return [call.operation for call in account.journal() if not call.operation.startswith(reads)]


def principals(account: Sandbox) -> set[str]:
    catalog = account.client("servicecatalog")
    return {
        principal["PrincipalARN"]
        for portfolio in catalog.list_accepted_portfolio_shares()["PortfolioDetails"]
        for principal in catalog.list_principals_for_portfolio(PortfolioId=portfolio["Id"])[
            "Principals"
        ]
    }


def entries(account: Sandbox) -> list[dict[str, Any]]:
    """Return what the ledger says; it is whole, whoever was killed."""
    (file,) = ledger(account).glob("*.json")
    found: list[dict[str, Any]] = json.loads(file.read_text())["associations"]
    return found
