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

ROOT = Path(__file__).resolve().parents[3]
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


def start(account: Sandbox, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - the command under test
        [sys.executable, "-m", "scripts.post_apply", *arguments],
        cwd=ROOT,
        env=account.process_environment()
        | {"POST_APPLY_LEDGER": str(ledger(account))}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What starts the tests in the background has interrupts ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def run(
    account: Sandbox, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    process = start(account, *arguments, **environment)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


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
