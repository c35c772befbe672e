"""`python -m scripts.sandbox`: run the sandbox in the foreground, for a person's own Terraform.

Lines to export go to stdout, so that another shell can read them from a file; all else to stderr.
"""

import os
import shlex
import signal
import sys
import threading
from contextlib import ExitStack
from types import FrameType
from typing import Annotated

import typer

from scripts.lib.cli import command_line, run
from scripts.lib.terraform import project_directory, terraform_environment
from scripts.sandbox.errors import SandboxError
from scripts.sandbox.faults.options import Options
from scripts.sandbox.guard import ENDPOINT
from scripts.sandbox.handle import Sandbox
from scripts.sandbox.journal import Call

HIGHEST_PORT = 65_535
POLL = 0.5
ATTEMPTS = 12
"""How often clients try a call where calls are made to fail; without, the first failure counts."""

FOR_TERRAFORM = (
    "CHECKPOINT_DISABLE",
    "DISABLE_VERSION_CHECK",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
    "TF_CLI_CONFIG_FILE",
)
"""What a person's own Terraform and cdktf need as well: nothing that they ask can leave."""

app = command_line()


def _port(given: str | int) -> int:
    text = str(given)
    if text.isdecimal() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise typer.BadParameter(f"{text!r} is not a port: 0 to {HIGHEST_PORT} is allowed")


@app.command()
def main(
    *,
    port: Annotated[
        int, typer.Option(parser=_port, help="Port on 127.0.0.1; 0 picks a free one.")
    ] = 0,
    journal: Annotated[
        bool, typer.Option("--journal", help="Show each call as it is answered, on stderr.")
    ] = False,
    enforce: Annotated[
        bool, typer.Option("--enforce", help="Put the account's IAM policies in force.")
    ] = False,
    delay: Annotated[float, typer.Option(help="Seconds added to each answer.")] = 0,
    slow: Annotated[
        list[str] | None,
        typer.Option(metavar="OPERATION=SECONDS", help="Seconds added to one's answers."),
    ] = None,
    throttle: Annotated[float, typer.Option(help="Share of calls throttled, 0 to 1.")] = 0,
    fail: Annotated[float, typer.Option(help="Share of calls that fail with a 500.")] = 0,
    drop: Annotated[float, typer.Option(help="Share of calls cut off before their effect.")] = 0,
    drop_after: Annotated[float, typer.Option(help="Share of calls cut off after it.")] = 0,
    expire: Annotated[
        int, typer.Option(help="Call from which on credentials have expired; 0 for never.")
    ] = 0,
    deny: Annotated[
        list[str] | None, typer.Option(metavar="OPERATION", help="Denied to everybody.")
    ] = None,
    seed: Annotated[int, typer.Option(help="With another seed, other calls are hit.")] = 0,
) -> None:
    """Run an embedded AWS on this machine, until Ctrl-C.

    With an option that lets things go wrong, what is exported leads to a proxy before it.
    """
    options = Options(
        delay=delay,
        slow=slow or (),
        throttle=throttle,
        fail=fail,
        drop=drop,
        drop_after=drop_after,
        expire=expire,
        deny=deny or (),
        seed=seed,
    )
    rules = options.rules()
    done = threading.Event()

    def finish(_number: int, _frame: FrameType | None) -> None:
        done.set()

    signal.signal(signal.SIGINT, finish)
    signal.signal(signal.SIGTERM, finish)
    try:
        with ExitStack() as stack:
            start = Sandbox.start(port=0 if rules else port, enforce=enforce)
            sandbox = stack.enter_context(start)
            exported = sandbox.environment()
            if rules:
                proxy = stack.enter_context(sandbox.faults(*rules, port=port))
                exported = proxy.environment(attempts=ATTEMPTS)
            for name, value in (_terraform() | exported).items():
                typer.echo(f"export {name}={shlex.quote(value)}")
            sys.stdout.flush()
            typer.echo(f"# listening on {exported[ENDPOINT]}; Ctrl-C stops it", err=True)
            _wait(sandbox, done, journal=journal)
    except SandboxError as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(1) from None


def _terraform() -> dict[str, str]:
    environment = terraform_environment(os.environ, project_directory() / ".cache/sandbox")
    return {name: environment[name] for name in FOR_TERRAFORM if name in environment}


def _wait(sandbox: Sandbox, done: threading.Event, *, journal: bool) -> None:
    shown = 0
    while not done.wait(POLL):
        if journal:
            calls = sandbox.journal()
            for call in calls[shown:]:
                typer.echo(_line(call), err=True)
            shown = len(calls)


def _line(call: Call) -> str:
    who = call.principal or call.access_key or "-"
    outcome = f"{call.status} {call.error}".rstrip()
    return f"{call.service or '-'}:{call.operation or '-'} {outcome} {who}"


if __name__ == "__main__":
    run(app)
