"""The plane of SageMaker's portfolio: reads, and only reads, what the ledger is compared with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.concurrency import map_concurrently
from scripts.lib.drift.associations import Seen, association_drifts
from scripts.lib.drift.model import Checked, Failure, Noise, Plane
from scripts.lib.drift.shell import Shell
from scripts.lib.errors import (
    ACCESS_DENIED,
    NOT_FOUND,
    InputError,
    ToolError,
    describe,
    error_code,
)
from scripts.lib.jumpstart.ledger import Ledger
from scripts.lib.jumpstart.ledger_file import LedgerFile
from scripts.lib.jumpstart.model import Portfolio, roles_of
from scripts.lib.jumpstart.observe import is_enabled, observe_portfolios
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.lib.clients import Clients


def check_portfolio(
    clients: Clients, ledger: Path, shell: Shell | None = None, *, required: bool = True
) -> Checked:
    """Compare the ledger of the clients' account with SageMaker's portfolios.

    Without a ledger nothing is agreed on and nothing can differ: that is told, with who sees the
    portfolios, as noise.

    Args:
        ledger: the directory of ledgers.
        required: no ledger is a failure. A ledger that was asked for by name and is not there is
            looked for in the wrong place.
    """
    begin = time.monotonic()
    try:
        file = LedgerFile(ledger, clients.account)
        if file.path.exists():
            checked = _compared(clients, file.read(), shell or Shell())
        elif required:
            checked = _failed(f"there is no ledger {file.path}: see --ledger")
        else:
            checked = Checked(Plane.PORTFOLIO, "", noise=_without(clients, file.path))
    except (BotoCoreError, ClientError) as exc:
        checked = _failed(describe(exc))
    except ToolError as exc:
        checked = _failed(str(exc))
    return Checked(
        Plane.PORTFOLIO,
        "",
        checked.drifts,
        checked.noise,
        checked.failures,
        time.monotonic() - begin,
    )


def _compared(clients: Clients, ledger: Ledger, shell: Shell) -> Checked:
    enabled = is_enabled(clients)
    portfolios = observe_portfolios(clients) if enabled else ()
    arns = {*roles_of(portfolios), *(entry.role_arn for entry in ledger.entries.values())}
    seen = Seen(enabled, portfolios, _roles(clients, arns if enabled else ()))
    unknown = tuple(sorted(arn for arn, there in seen.roles.items() if there is None))
    noise = (Noise("", "IAM did not tell whether these roles exist", unknown),) if unknown else ()
    return Checked(Plane.PORTFOLIO, "", association_drifts(ledger, seen, shell), noise)


def _without(clients: Clients, path: Path) -> tuple[Noise, ...]:
    """Say what was not compared; an account without JumpStart has nothing to be said."""
    portfolios: tuple[Portfolio, ...] = observe_portfolios(clients) if is_enabled(clients) else ()
    seen = tuple(
        f"{principal.arn} on {portfolio}"
        for portfolio in portfolios
        for principal in sorted(portfolio.principals, key=lambda each: (each.arn, each.type))
    )
    reason = f"post_apply has written no ledger {path}: who may see the portfolio is not agreed on"
    return (Noise("", reason, seen),) if seen else ()


def _roles(clients: Clients, arns: Iterable[str]) -> dict[str, bool | None]:
    wanted = sorted(arns)
    there = map_concurrently(partial(_is_there, clients), wanted, workers=clients.workers)
    return dict(zip(wanted, there, strict=True))


def _is_there(clients: Clients, arn: str) -> bool | None:
    """Tell whether a role is there; None if it is another account's, or IAM may not be asked."""
    try:
        role = RoleArn.parse(arn)
        if role.account_id != clients.account.account_id:
            return None
        return clients.iam.get_role(RoleName=role.name)["Role"]["Arn"] == arn
    except InputError:
        return None
    except ClientError as exc:
        if error_code(exc) in NOT_FOUND:
            return False
        if error_code(exc) in ACCESS_DENIED:
            return None
        raise


def _failed(reason: str) -> Checked:
    return Checked(Plane.PORTFOLIO, "", failures=(Failure(Plane.PORTFOLIO, "", reason),))
