"""A job in many AWS accounts, a bounded number at a time.

- ``sources``: which accounts, from a file; ``organization``: from the Organization's list.
- ``model``: accounts, the role to assume in each, what came of each, as frozen data.
- ``run``: assumes the role and does the work; one account's failure does not stop the others.
- ``report``: one report over all of them, for people or for machines.
"""

from scripts.lib.accounts.model import (
    AccountEntry,
    AccountResult,
    AccountsReport,
    AccountStatus,
    SkippedAccount,
    Target,
    targets_of,
)
from scripts.lib.accounts.organization import list_organization
from scripts.lib.accounts.report import write_accounts_json, write_accounts_text
from scripts.lib.accounts.run import DEFAULT_PARALLEL, MOST_PARALLEL, run_each
from scripts.lib.accounts.sources import read_accounts

__all__ = [
    "DEFAULT_PARALLEL",
    "MOST_PARALLEL",
    "AccountEntry",
    "AccountResult",
    "AccountStatus",
    "AccountsReport",
    "SkippedAccount",
    "Target",
    "list_organization",
    "read_accounts",
    "run_each",
    "targets_of",
    "write_accounts_json",
    "write_accounts_text",
]
