"""What every command line has in common: options, exit codes, errors as one line."""

from __future__ import annotations

import logging
import os
import signal
import sys
from enum import StrEnum
from typing import Annotated, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from typer.exceptions import Abort, TyperException

from scripts.lib.errors import ToolError, describe, one_line

EXIT_ERROR = 1
"""Bad usage too, for which command lines commonly take 2: here 2 means changes."""

INTERRUPTED = 130


class Format(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"


RegionOption = Annotated[
    str | None, typer.Option("--region", help="AWS Region. Default: the environment's.")
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="Profile of the AWS configuration.")
]
AssumeRoleOption = Annotated[
    str | None, typer.Option("--assume-role", metavar="ARN", help="Role to work as.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for machines.")]


def command_line() -> typer.Typer:
    """Return an application that leaves the printing of errors to ``run``."""
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


def run(app: typer.Typer) -> NoReturn:
    """Run ``app`` and exit with what its command returned: 0, 2 or, on any error, 1.

    An error is one line on stderr that begins with ``error:``. To be asked to end (SIGTERM, as a
    container or a cancelled workflow is) is to be interrupted: all that was started is ended.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.WARNING)
    logging.getLogger("scripts").setLevel(logging.INFO)
    # It logs a traceback when a role cannot be assumed, and raises the same error as well.
    logging.getLogger("botocore").setLevel(logging.ERROR)
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except TyperException as exc:
        _fail(_usage(exc))
    except (BotoCoreError, ClientError) as exc:
        _fail(describe(exc))
    except ToolError as exc:
        _fail(str(exc))
    except (KeyboardInterrupt, Abort):
        _fail("interrupted")
    except BrokenPipeError:
        # The reader of stdout left. Without this, Python complains once more while exiting.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_ERROR)
    if code == INTERRUPTED:
        _fail("interrupted")
    sys.exit(code or 0)


def _usage(exc: TyperException) -> str:
    message = exc.format_message()
    commands = getattr(getattr(getattr(exc, "ctx", None), "command", None), "commands", {})
    if message.startswith("Missing command") and commands:
        return f"no command given: expected one of {', '.join(commands)}"
    return message


def _fail(message: str) -> NoReturn:
    print(f"error: {one_line(message, limit=1000)}", file=sys.stderr)  # noqa: T201 - stderr
    sys.exit(EXIT_ERROR)
