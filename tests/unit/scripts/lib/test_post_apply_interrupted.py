"""What follows a deployment when AWS refuses or does not answer, or the run is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.ledger import Stage
from scripts.lib.jumpstart.model import Selection
from scripts.lib.post_apply import Ask, make, offboard
from scripts.lib.report import Report
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule, Cut, Deny, Hold, Refuse
from tests.unit.scripts.lib.jumpstart.test_observe import enable
from tests.unit.scripts.lib.test_post_apply import (
    ASSOCIATE,
    BEN,
    ROLES,
    errors,
    ledger,
    principals,
    served,
    stages,
)

ROOT = Path(__file__).resolve().parents[4]
DISASSOCIATE = "DisassociatePrincipalFromPortfolio"

__all__ = ["ledger", "served"]


Through = Callable[..., Report]


@pytest.fixture
def through(
    account: Sandbox, clients: Clients, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> Through:
    """Apply for one role in an account that has the portfolio, by way of a proxy with rules."""
    enable(account)
    del clients  # The environment leads to the account since then.

    def run(*rules: AnyRule) -> Report:
        with account.faults(*rules) as proxy, monkeypatch.context() as environment:
            environment.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
            ask = Ask(Selection(role_arns=(BEN,)), ledger=ledger)
            return make(Clients(open_session()), ask, apply=True)

    return run


def test_association_that_aws_refused_is_not_own(
    clients: Clients, ledger: Path, through: Through
) -> None:
    for rule in (Refuse(ASSOCIATE, "LimitExceededException"), Deny((ASSOCIATE,))):
        assert through(rule).exit_code == 1
        assert stages(clients, ledger) == {}


@pytest.mark.parametrize("arrived", [True, False])
def test_association_that_got_no_answer_may_be_own_and_the_next_run_knows(
    clients: Clients, ledger: Path, through: Through, arrived: bool
) -> None:
    report = through(lambda name, _: Cut(arrived) if name == ASSOCIATE else None)
    assert report.exit_code == 1
    assert stages(clients, ledger) == {BEN: Stage.INTENDED}

    assert through().exit_code == 0
    assert principals(clients) == {BEN}
    assert offboard(clients, BEN, ledger, adopt=False, apply=True).exit_code == 0
    assert principals(clients) == set()


APPLY = """
import sys
from pathlib import Path
from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.model import Selection
from scripts.lib.post_apply import Ask, make

ask = Ask(Selection(role_arns=(sys.argv[1],)), ledger=Path(sys.argv[2]))
make(Clients(open_session()), ask, apply=True)
"""


@pytest.mark.parametrize("associated", [False, True], ids=["before", "after"])
def test_killed_about_an_association_the_next_run_owns_it(
    account: Sandbox, clients: Clients, ledger: Path, associated: bool
) -> None:
    """Killed between the intention and the association, or between that and its entry."""
    enable(account)
    hold = Hold(forwards=associated)

    def rule(name: str, _: int) -> Answer | None:
        return hold if name == ASSOCIATE else None

    with account.faults(rule) as proxy:
        process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-c", APPLY, BEN, str(ledger)],
            cwd=ROOT,
            env=proxy.process_environment(os.environ),
        )
        assert hold.reached.wait(30)
        process.kill()
        assert process.wait(30) == -signal.SIGKILL
        hold.release.set()
    assert stages(clients, ledger) == {BEN: Stage.INTENDED}
    assert (BEN in principals(clients)) is associated

    report = make(clients, Ask(Selection(role_arns=(BEN,)), ledger=ledger), apply=True)

    assert report.exit_code == 0
    assert principals(clients) == {BEN}
    removed = offboard(clients, BEN, ledger, adopt=False, apply=True)
    assert (removed.exit_code, principals(clients), errors(removed)) == (0, set(), [])


def test_removal_that_got_no_answer_is_finished_by_the_next_run(
    clients: Clients, served: Path, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rule(name: str, _: int) -> Answer | None:
        return Cut(forwards=True) if name == DISASSOCIATE else None

    with account.faults(rule) as proxy, monkeypatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        report = offboard(Clients(open_session()), BEN, served, adopt=False, apply=True)
    assert report.exit_code == 1
    assert stages(clients, served)[BEN] is Stage.MADE, "kept until it is known to be gone"

    assert offboard(clients, BEN, served, adopt=False, apply=True).exit_code == 0
    assert principals(clients) == ROLES - {BEN}
