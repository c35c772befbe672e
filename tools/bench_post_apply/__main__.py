"""The command: ``python -m tools.bench_post_apply``; what it does is told in the package."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from scripts.lib.cli import Format, FormatOption, command_line, run
from scripts.lib.errors import InputError
from scripts.sandbox import Crowd, Sandbox
from scripts.sandbox.faults import Delay, Fail, Throttle
from tools.bench_post_apply.least import crowd_of
from tools.bench_post_apply.report import Measured, print_text
from tools.bench_post_apply.run import run_post_apply

LATENCY = Delay(0.05)
FAULTS = (Throttle(0.3), Fail(0.05))
FAULTY_USERS = 300
FAULTY_PRINCIPALS = 40
"""Writes that are throttled so often take a second or two each."""
SMALLER_SHARE = 5
LEAST_USERS, MOST_USERS = 10, 20_000
EXIT_MET, EXIT_MISSED = 0, 2

app = command_line()


@app.command()
def main(
    *,
    users: Annotated[
        int, typer.Option(help=f"Users of the big account, {LEAST_USERS} to {MOST_USERS}.")
    ] = 5000,
    output: FormatOption = Format.TEXT,
) -> int:
    """Measure post_apply in a big account, beside one call after another.

    Exit codes: 0 every goal is met, 2 one is not, 1 an error.
    """
    if not LEAST_USERS <= users <= MOST_USERS:
        raise InputError(f"--users is {users}, allowed: {LEAST_USERS} to {MOST_USERS}")
    measured = measure(users, Console(stderr=True))
    if output is Format.JSON:
        typer.echo(json.dumps(measured.document(), indent=2))
    else:
        print_text(measured, Console())
    return EXIT_MET if all(measured.goals().values()) else EXIT_MISSED


def measure(users: int, console: Console) -> Measured:
    """Run all of it, one after the other; what is being run goes to `console`.

    Raises:
        RunError: a run failed.
        SandboxError: a sandbox did.
    """

    def begin(what: str) -> None:
        console.print(what, style="dim")

    crowd = crowd_of(users)
    smaller_users = max(1, users // SMALLER_SHARE)
    faulty_users = min(users, FAULTY_USERS)
    with Sandbox.start() as found:
        with _account(found, crowd) as account, account.fork() as other:
            begin(f"one call after another, {users} users")
            sequential = run_post_apply(other, LATENCY, workers=1)
            begin(f"post_apply, {users} users")
            ours = run_post_apply(account, LATENCY)
            begin("post_apply again")
            again = run_post_apply(account, LATENCY)
        with _account(found, crowd_of(smaller_users)) as account:
            begin(f"post_apply, {smaller_users} users")
            smaller = run_post_apply(account, LATENCY)
        with (
            _account(found, crowd_of(faulty_users, FAULTY_PRINCIPALS)) as account,
            account.fork() as other,
        ):
            begin(f"post_apply, {faulty_users} users")
            calm = run_post_apply(account, LATENCY)
            begin(f"post_apply, {faulty_users} users, 30 % throttled and 5 % failing")
            faulty = run_post_apply(other, LATENCY, *FAULTS)
    return Measured(
        crowd=crowd,
        sequential=sequential,
        ours=ours,
        again=again,
        smaller_users=smaller_users,
        smaller=smaller,
        faulty_users=faulty_users,
        calm=calm,
        faulty=faulty,
    )


@contextmanager
def _account(found: Sandbox, crowd: Crowd) -> Iterator[Sandbox]:
    """Give an account of its own to a crowd: a copy, which takes no start of a server."""
    with found.fork() as account:
        account.add_crowd(crowd)
        yield account


if __name__ == "__main__":
    run(app)
