"""Which accounts: the Organization's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.accounts.model import AccountEntry, SkippedAccount
from scripts.lib.clients import client_config
from scripts.lib.errors import ACCESS_DENIED, AwsError, describe, error_code, one_line

if TYPE_CHECKING:
    import boto3

ACTIVE = "ACTIVE"
NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


def list_organization(
    session: boto3.Session,
) -> tuple[tuple[AccountEntry, ...], tuple[SkippedAccount, ...]]:
    """Return the Organization's active accounts, and those that are not, both by id.

    Raises AwsError if the caller's account is in no Organization, is neither its management
    account nor a delegated administrator, or AWS cannot be asked.
    """
    # The type stubs of this one service are not among the project's.
    client: Any = session.client("organizations", config=client_config())
    try:
        pages = client.get_paginator("list_accounts").paginate()
        accounts = [account for page in pages for account in page["Accounts"]]
    except (BotoCoreError, ClientError) as exc:
        raise AwsError(_told(exc)) from exc
    entries, skipped = [], []
    for account in sorted(accounts, key=lambda each: str(each["Id"])):
        key, name = str(account["Id"]), one_line(account.get("Name", ""))
        # Older answers say it in Status alone, which AWS is taking out.
        state = str(account.get("State") or account.get("Status"))
        if state == ACTIVE:
            entries.append(AccountEntry(key, name))
        else:
            skipped.append(SkippedAccount(key, name, state))
    return tuple(entries), tuple(skipped)


def _told(exc: BotoCoreError | ClientError) -> str:
    code = error_code(exc)
    if code == NO_ORGANIZATION:
        return f"{describe(exc)}; list the accounts in a file: --accounts FILE"
    if code in ACCESS_DENIED:
        return (
            f"{describe(exc)}; only the Organization's management account and its delegated "
            "administrators may list accounts"
        )
    return describe(exc)
