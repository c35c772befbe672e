"""The work in each account, a bounded number at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from itertools import zip_longest

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.accounts.model import AccountResult, Target
from scripts.lib.accounts.progress import named_lines, working_in
from scripts.lib.clients import WORKERS, Clients, open_session
from scripts.lib.errors import InputError, ToolError, describe, one_line
from scripts.lib.report import Report

DEFAULT_PARALLEL = 4
MOST_PARALLEL = 32

LEFT = "interrupted under way: what it did is not known; run again to finish"

Work = Callable[[Clients], Report]
Opener = Callable[[Target], Clients]
"""How to come to an account's clients. It raises as ``open_session`` does."""

log = logging.getLogger(__name__)


def opener(
    *, region: str | None = None, profile: str | None = None, parallel: int = DEFAULT_PARALLEL
) -> Opener:
    """Return what assumes each target's role, from the credentials of the command line.

    The accounts share the calls that may go side by side, as ``parallel`` of them do.
    """
    workers = max(1, WORKERS // parallel)

    def open_clients(target: Target) -> Clients:
        session = open_session(
            region=target.region or region, profile=profile, assume_role=target.role_arn
        )
        return Clients(session, workers=workers)

    return open_clients


def run_each(
    targets: Sequence[Target],
    work: Work,
    *,
    open_clients: Opener,
    parallel: int = DEFAULT_PARALLEL,
) -> tuple[AccountResult, ...]:
    """Do ``work`` in every account and return what came of each, in the order of ``targets``.

    A failure, of whatever kind, stays in its account. An interrupt starts no new account and
    waits for those under way; a second one does not wait. Both return what there is, but Python
    itself does not end before the threads of those under way have.

    Raises InputError if ``parallel`` is not 1 to 32.
    """
    if not 1 <= parallel <= MOST_PARALLEL:
        raise InputError(f"--parallel is {parallel}: expected 1 to {MOST_PARALLEL}")
    pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="account")
    futures: list[Future[AccountResult]] = []
    with named_lines():
        try:
            futures.extend(pool.submit(_run, target, work, open_clients) for target in targets)
            _follow(futures)
        except KeyboardInterrupt:
            _wind_up(pool, futures)
        else:
            pool.shutdown()
    return tuple(_result(target, future) for target, future in zip_longest(targets, futures))


def _run(target: Target, work: Work, open_clients: Opener) -> AccountResult:
    with working_in(target):
        try:
            clients = open_clients(target)
            # The first call: whether the role can be assumed.
            _ = clients.account
            return AccountResult(target, work(clients))
        except ToolError as exc:
            return AccountResult(target, error=one_line(exc))
        except (BotoCoreError, ClientError) as exc:
            return AccountResult(target, error=describe(exc))
        except (Exception, SystemExit) as exc:
            log.debug("unexpected", exc_info=True)
            text = f"unexpected {type(exc).__name__}: {exc}"
            return AccountResult(target, error=one_line(text))


def _follow(futures: Sequence[Future[AccountResult]]) -> None:
    """Tell of each account as it ends."""
    for number, future in enumerate(as_completed(futures), 1):
        result = future.result()
        told = f"{result.status}: {result.error}" if result.error else result.status.value
        log.info("%d of %d: %s: %s", number, len(futures), result.target, told)


def _wind_up(pool: ThreadPoolExecutor, futures: Sequence[Future[AccountResult]]) -> None:
    try:
        pool.shutdown(wait=False, cancel_futures=True)
        left = [future for future in futures if not future.done()]
        if left:
            log.warning("interrupted: waiting for %d under way; again to report now", len(left))
            wait(left)
    except KeyboardInterrupt:
        log.warning("interrupted again: what is under way is not waited for")


def _result(target: Target, future: Future[AccountResult] | None) -> AccountResult:
    if future is None or future.cancelled():
        return AccountResult(target, started=False)
    if not future.done():
        return AccountResult(target, error=LEFT)
    return future.result()
