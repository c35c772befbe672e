"""The hub's account with the example's roles, policies in force."""

import json
from collections.abc import Iterator

import pytest

from scripts.sandbox import Sandbox
from tests.unit.examples.many_accounts.material import NAMES, policy


def _make_role(sandbox: Sandbox, name: str, document: str) -> None:
    iam = sandbox.client("iam")
    trust = json.dumps(policy(f"{document}_trust"))
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    allowed = policy(document)
    for statement in allowed["Statement"]:
        # The sandbox is in no Organization.
        if statement["Sid"] == "WorkInMemberAccounts":
            del statement["Condition"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(allowed))


@pytest.fixture(scope="session")
def prepared(pristine: Sandbox) -> Iterator[Sandbox]:
    """The account with both roles: not to be written to."""
    with pristine.fork() as sandbox:
        sandbox.pace_notebooks(0)
        _make_role(sandbox, NAMES["build_role"], "build")
        _make_role(sandbox, NAMES["member_role"], "member")
        yield sandbox


@pytest.fixture
def hub(prepared: Sandbox) -> Iterator[Sandbox]:
    """A copy to be written to."""
    with prepared.fork() as copy:
        copy.clear_journal()
        copy.enforce(True)
        yield copy
