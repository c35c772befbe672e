import logging
import signal
import threading
from collections.abc import Callable, Iterator
from threading import Barrier, Event

import pytest

from scripts.lib.accounts.model import AccountResult, AccountStatus, Target
from scripts.lib.accounts.run import LEFT, MOST_PARALLEL, opener, run_each
from scripts.lib.clients import Clients
from scripts.lib.errors import InputError, ToolError
from scripts.lib.report import Report
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule, Refusal, Refuse
from tests.unit.scripts.lib.accounts.estate import (
    FIRST,
    HUB,
    ROLE_NAME,
    SECOND,
    THIRD,
    TRUST,
    apply,
    principals,
    report_of,
    role_arn,
    show,
    target,
)

BOTH = (target(SECOND, "two"), target(FIRST, "one"))
LIMIT = 30


def run(
    *accounts: str, work: Callable[[Clients], Report] = show, parallel: int = 1
) -> tuple[AccountResult, ...]:
    targets = [target(each) for each in accounts]
    return run_each(targets, work, open_clients=opener(), parallel=parallel)


def test_shows_and_then_makes_each_accounts_own_changes(estate: Sandbox) -> None:
    shown = run_each(BOTH, show, open_clients=opener(), parallel=2)
    assert [each.status for each in shown] == [AccountStatus.CHANGES] * 2
    assert principals(estate, FIRST) == set()

    made = run_each(BOTH, apply, open_clients=opener(), parallel=2)
    assert [(each.target.account_id, each.status) for each in made] == [
        (SECOND, AccountStatus.OK),
        (FIRST, AccountStatus.OK),
    ]
    for account_id in (FIRST, SECOND):
        assert principals(estate, account_id) == {role_arn(account_id, "DomainRole")}

    again = run_each(BOTH, show, open_clients=opener(), parallel=2)
    assert [each.status for each in again] == [AccountStatus.OK] * 2


def test_every_call_of_the_work_is_made_as_the_accounts_role(estate: Sandbox) -> None:
    results = run(FIRST, HUB, work=lambda clients: report_of(clients.caller_arn.split(":")[4]))

    assert [each.report and each.report.account.account_id for each in results] == [FIRST, HUB]
    operations = [call.operation for call in estate.journal()]
    assert operations == ["AssumeRole", "GetCallerIdentity"] * 2


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize(("parallel", "workers"), [(1, 32), (4, 8), (31, 1), (32, 1)])
def test_accounts_share_the_calls_that_go_side_by_side(parallel: int, workers: int) -> None:
    assert opener(parallel=parallel)(target(FIRST)).workers == workers


@pytest.mark.usefixtures("estate")
def test_region_is_the_targets_or_the_command_lines() -> None:
    targets = [target(FIRST, region="us-east-1"), target(FIRST)]

    results = run_each(targets, show, open_clients=opener(region="eu-central-1"), parallel=1)

    assert [each.report and each.report.account.region for each in results] == [
        "us-east-1",
        "eu-central-1",
    ]


def test_a_role_that_is_missing_or_does_not_trust_us_stops_nobody(estate: Sandbox) -> None:
    iam = estate.client("iam")
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(
        RoleName=ROLE_NAME, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    closed = TRUST.replace(HUB, THIRD)
    iam.create_role(RoleName="Closed", AssumeRolePolicyDocument=closed)
    targets = [
        target(THIRD),
        target(HUB),
        Target(HUB, "closed", role_arn(HUB, "Closed")),
        target(HUB, "again"),
    ]
    estate.enforce(True)

    results = run_each(targets, show, open_clients=opener(), parallel=2)

    assert [each.status for each in results] == [
        AccountStatus.FAILED,
        AccountStatus.CHANGES,
        AccountStatus.FAILED,
        AccountStatus.CHANGES,
    ]
    for result in (results[0], results[2]):
        assert result.error.startswith("AssumeRole: AccessDenied: ")
        assert result.target.role_arn in result.error


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Refuse("AssumeRole", "AccessDenied", call=2), "AssumeRole: AccessDenied: "),
        (Refuse("AssumeRole", "Throttling", call=2), "AssumeRole: Throttling: "),
        (Refuse("GetCallerIdentity", "ExpiredToken", call=2), "GetCallerIdentity: ExpiredToken: "),
        (
            lambda name, count: (
                Refusal("InternalFailure", status=500)
                if (name, count) == ("ListDomains", 2)
                else None
            ),
            "ListDomains: InternalFailure: ",
        ),
        (
            lambda name, count: {"Credentials": 7} if (name, count) == ("AssumeRole", 2) else None,
            "",
        ),
    ],
    ids=["denied", "throttled", "expired", "500", "garbage"],
)
def test_a_fault_of_awss_stays_in_its_account(
    estate: Sandbox, monkeypatch: pytest.MonkeyPatch, rule: AnyRule, told: str
) -> None:
    with estate.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        results = run(FIRST, SECOND, HUB)

    assert [each.status for each in results] == [
        AccountStatus.CHANGES,
        AccountStatus.FAILED,
        AccountStatus.CHANGES,
    ]
    assert results[1].error.startswith(told)
    assert results[1].error
    assert "\n" not in results[1].error


def test_each_is_asked_again_when_throttled(
    estate: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    with estate.faults(Refuse("ListDomains", "ThrottlingException")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        results = run(FIRST, SECOND)

    assert [each.status for each in results] == [AccountStatus.CHANGES] * 2


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ToolError("no such Domain"), "no such Domain"),
        (KeyError("Domains"), "unexpected KeyError: 'Domains'"),
        (ValueError("a\nb\x1b"), "unexpected ValueError: a b?"),
        (RecursionError(), "unexpected RecursionError:"),
        (SystemExit(3), "unexpected SystemExit: 3"),
    ],
)
def test_a_fault_of_the_work_stays_in_its_account(fault: BaseException, told: str) -> None:
    def work(clients: Clients) -> Report:
        if clients.account.account_id == FIRST:
            raise fault
        return report_of(clients.account.account_id)

    first, second = run(FIRST, SECOND, work=work)

    assert (first.status, first.error) == (AccountStatus.FAILED, told)
    assert second.status is AccountStatus.OK


@pytest.mark.usefixtures("estate")
def test_results_are_in_the_order_asked_for_whatever_ends_first() -> None:
    later = Event()

    def work(clients: Clients) -> Report:
        if clients.account.account_id == FIRST:
            assert later.wait(LIMIT)
        else:
            later.set()
        return report_of(clients.account.account_id)

    results = run(FIRST, SECOND, work=work, parallel=2)

    assert [each.report and each.report.account.account_id for each in results] == [FIRST, SECOND]


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("parallel", [1, 2, 3])
def test_so_many_at_a_time_and_no_more(parallel: int) -> None:
    together = Barrier(parallel)
    lock, running, most = threading.Lock(), 0, 0

    def work(clients: Clients) -> Report:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # Nobody passes before so many are here; one too many would come meanwhile.
        together.wait(LIMIT)
        Event().wait(0.5)
        with lock:
            running -= 1
        return report_of(clients.account.account_id)

    results = run(*[FIRST] * (2 * parallel), work=work, parallel=parallel)

    assert [each.status for each in results] == [AccountStatus.OK] * (2 * parallel)
    assert most == parallel


@pytest.mark.parametrize("parallel", [0, -1, MOST_PARALLEL + 1])
def test_fails_when_asked_for_too_many_at_a_time(parallel: int) -> None:
    with pytest.raises(InputError) as caught:
        run(FIRST, parallel=parallel)

    assert str(caught.value) == f"--parallel is {parallel}: expected 1 to 32"


@pytest.mark.usefixtures("estate")
def test_tells_of_each_account_as_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "scripts")

    def work(clients: Clients) -> Report:
        logging.getLogger("scripts.work").info("at work")
        if clients.account.account_id == FIRST:
            raise ToolError("no such Domain")
        return report_of(clients.account.account_id)

    run_each(BOTH, work, open_clients=opener(), parallel=1)

    assert sorted(caplog.messages) == [
        f"1 of 2: {SECOND} two: ok",
        f"{FIRST} one: at work",
        f"2 of 2: {FIRST} one: failed: no such Domain",
        f"{SECOND} two: at work",
    ]


def interrupt() -> None:
    """Ctrl-C, which Python hands to the main thread."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


@pytest.fixture
def noticed(caplog: pytest.LogCaptureFixture) -> Iterator[Event]:
    """Set once an interrupt is being waited out. What starts tests may have interrupts ignored."""
    caplog.set_level(logging.WARNING, "scripts")
    event = Event()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "waiting for 1 under way" in record.getMessage():
                event.set()

    listener, logger = Listener(), logging.getLogger("scripts.lib.accounts")
    logger.addHandler(listener)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield event
    signal.signal(signal.SIGINT, before)
    logger.removeHandler(listener)


@pytest.mark.usefixtures("estate")
def test_an_interrupt_starts_no_more_and_tells_what_was_done(noticed: Event) -> None:
    def work(clients: Clients) -> Report:
        account_id = clients.account.account_id
        if account_id == SECOND:
            interrupt()
            assert noticed.wait(LIMIT)
        return report_of(account_id)

    results = run(FIRST, SECOND, HUB, THIRD, work=work)

    assert [each.status for each in results] == [
        AccountStatus.OK,
        AccountStatus.OK,
        AccountStatus.NOT_STARTED,
        AccountStatus.NOT_STARTED,
    ]


@pytest.mark.usefixtures("estate")
def test_a_second_interrupt_waits_for_nobody(
    noticed: Event, caplog: pytest.LogCaptureFixture
) -> None:
    release = Event()

    def work(clients: Clients) -> Report:
        interrupt()
        assert noticed.wait(LIMIT)
        interrupt()
        release.wait(LIMIT)
        return report_of(clients.account.account_id)

    try:
        results = run(FIRST, SECOND, work=work)
    finally:
        release.set()

    assert results[1].status is AccountStatus.NOT_STARTED
    assert (results[0].status, results[0].error) == (AccountStatus.FAILED, LEFT)
    assert caplog.messages[-1] == "interrupted again: what is under way is not waited for"
