"""What the commands import, loaded before they are forked. The commands themselves are not."""

import boto3
import boto3.session
import pydantic
import rich.console
import rich.table
import typer.main

import scripts.lib.doctor.examine
import scripts.lib.launch.operations
import scripts.lib.post_apply

__all__ = ["boto3", "pydantic", "rich", "scripts", "typer"]
