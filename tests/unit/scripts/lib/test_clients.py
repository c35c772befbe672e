from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import JSONFileLoader

from scripts.lib.clients import (
    FEW_CALLS,
    FIRST_CALL_ATTEMPTS,
    LANES,
    MAX_ATTEMPTS,
    Account,
    Calls,
    Clients,
    client_config,
    open_session,
)
from scripts.lib.errors import NO_CREDENTIALS, NO_REGION, AwsError, InputError
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule, Fail, FaultProxy, Refusal
from scripts.sandbox.faults.answers import DENIED, FAILED, THROTTLED

ROLE = "arn:aws:iam::123456789012:role/CustomRoleBen"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, seeded: Sandbox) -> pytest.MonkeyPatch:
    for name, value in seeded.environment().items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_account_is_what_aws_says_of_the_credentials() -> None:
    assert Clients(open_session()).account == Account("123456789012", "aws", "eu-west-1")


@pytest.mark.usefixtures("environment")
def test_region_given_wins_over_the_environments() -> None:
    clients = Clients(open_session(region="us-gov-west-1"))

    assert clients.account.region == "us-gov-west-1"
    assert clients.sagemaker.meta.region_name == "us-gov-west-1"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("region", [None, "eu-central-1"])
def test_role_to_assume_signs_every_call(seeded: Sandbox, region: str | None) -> None:
    clients = Clients(open_session(assume_role=ROLE, region=region))
    clients.sagemaker.list_domains()

    call = seeded.journal()[-1]
    assert (call.operation, call.principal) == (
        "ListDomains",
        "arn:aws:sts::123456789012:assumed-role/CustomRoleBen/sagemaker-governed-toolkit",
    )
    assert clients.account.region == (region or "eu-west-1")


@pytest.mark.usefixtures("environment")
def test_session_of_a_role_may_be_named(seeded: Sandbox) -> None:
    clients = Clients(open_session(assume_role=ROLE, session_name="dana"))
    before = len(seeded.journal())

    assert clients.account.account_id == "123456789012"
    assert clients.caller_arn == "arn:aws:sts::123456789012:assumed-role/CustomRoleBen/dana"
    # Who they are is asked once.
    operations = [call.operation for call in seeded.journal()[before:]]
    assert operations == ["AssumeRole", "GetCallerIdentity"]


def test_fails_when_no_region_is_known(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_REGION")
    environment.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(InputError) as caught:
        open_session()

    assert str(caught.value) == NO_REGION


def test_fails_when_there_are_no_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(InputError) as caught:
        open_session()

    assert str(caught.value) == NO_CREDENTIALS


def test_fails_when_credentials_are_half_there(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(AwsError) as caught:
        open_session()

    assert str(caught.value) == NO_CREDENTIALS


@pytest.mark.usefixtures("environment")
def test_fails_when_the_profile_does_not_exist() -> None:
    with pytest.raises(InputError, match=r"^The config profile \(none\) could not be found$"):
        open_session(profile="none")


def test_profile_gives_region_and_credentials(
    environment: pytest.MonkeyPatch, tmp_path: Path, seeded: Sandbox
) -> None:
    given = seeded.environment()
    file = tmp_path / "config"
    file.write_text(
        "[profile team]\nregion = eu-north-1\n"
        f"aws_access_key_id = {given['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {given['AWS_SECRET_ACCESS_KEY']}\n"
    )
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "DEFAULT_REGION"):
        environment.delenv(f"AWS_{name}")
    environment.setenv("AWS_CONFIG_FILE", str(file))

    assert Clients(open_session(profile="team")).account.region == "eu-north-1"


def test_fails_when_aws_cannot_be_reached(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(AwsError, match=r"^AWS cannot be reached: .*http://127\.0\.0\.1:9"):
        _ = Clients(open_session()).account


@pytest.mark.parametrize(("given", "attempts"), [("1", 1), ("", 12), ("many", 12), ("9", 9)])
def test_retries_are_bounded_and_the_environment_may_bound_them(
    monkeypatch: pytest.MonkeyPatch, given: str, attempts: int
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", given)

    assert client_config().retries == {"mode": "adaptive", "total_max_attempts": attempts}


def test_retries_are_bounded_without_a_word_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS", raising=False)

    assert client_config().retries == {"mode": "adaptive", "total_max_attempts": 12}


@pytest.mark.usefixtures("environment")
def test_models_of_services_are_read_once_for_all_sessions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load, read = JSONFileLoader.load_file, list[str]()

    def load_file(loader: JSONFileLoader, path: str) -> object:
        read.append(path)
        return load(loader, path)

    first = Clients(open_session(assume_role=ROLE))
    assert first.sagemaker.meta.region_name == "eu-west-1"
    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)

    second = Clients(open_session(assume_role=ROLE, region="us-east-1"))
    assert second.sagemaker.meta.region_name == "us-east-1"
    assert second.sagemaker is not first.sagemaker
    assert read == []


def through(
    environment: pytest.MonkeyPatch, proxy: FaultProxy, attempts: int | None = None
) -> Clients:
    """Clients by way of the proxy that try as often as the scripts do, unless told otherwise."""
    environment.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    environment.delenv("AWS_MAX_ATTEMPTS")
    if attempts:
        environment.setenv("AWS_MAX_ATTEMPTS", str(attempts))
    # What follows a refusal is not slept through; how long it would be is botocore's affair.
    environment.setattr("botocore.endpoint.time.sleep", lambda _: None)
    return Clients(open_session())


def refused(operation: str, times: int, refusal: Refusal = FAILED) -> AnyRule:
    def rule(name: str, count: int) -> Answer | None:
        return refusal if name == operation and count <= times else None

    return rule


@pytest.mark.usefixtures("environment")
def test_calls_are_counted_by_operation_and_told_by_name() -> None:
    clients = Clients(open_session())
    assert (clients.calls.by_operation(), clients.calls.retries) == ({}, 0)

    for _ in range(3):
        clients.sagemaker.list_domains()
    clients.iam.list_roles()
    assert clients.account

    assert list(clients.calls.by_operation().items()) == [
        ("GetCallerIdentity", 1),
        ("ListDomains", 3),
        ("ListRoles", 1),
    ]
    assert clients.calls.retries == 0


@pytest.mark.usefixtures("environment")
def test_each_page_is_a_call() -> None:
    clients = Clients(open_session())
    pages = clients.iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1})

    count = len(list(pages))

    assert count > 1
    assert clients.calls.by_operation() == {"ListRoles": count}


@pytest.mark.usefixtures("environment")
def test_calls_of_others_are_not_counted() -> None:
    one, other = Clients(open_session()), Clients(open_session())

    one.sagemaker.list_domains()

    assert other.calls.by_operation() == {}


@pytest.mark.usefixtures("environment")
def test_call_that_is_refused_or_never_sent_is_told_as_it_was() -> None:
    clients = Clients(open_session())

    with pytest.raises(ClientError):
        clients.iam.get_role(RoleName="Nobody")
    with pytest.raises(ParamValidationError):
        clients.iam.get_role()  # type: ignore[call-arg]

    assert clients.calls.by_operation() == {"GetRole": 1}
    assert clients.calls.retries == 0


@pytest.mark.parametrize("refusal", [FAILED, THROTTLED], ids=["failed", "throttled"])
def test_retries_are_counted_apart_from_calls(
    environment: pytest.MonkeyPatch, seeded: Sandbox, refusal: Refusal
) -> None:
    with seeded.faults(refused("ListDomains", 2, refusal)) as proxy:
        clients = through(environment, proxy)
        clients.sagemaker.list_domains()
        clients.sagemaker.list_domains()

        assert proxy.counts.asked == {"ListDomains": 4}

    assert clients.calls.by_operation() == {"ListDomains": 2}
    assert clients.calls.retries == 2


def test_call_that_cannot_be_signed_is_not_a_retry_less(
    environment: pytest.MonkeyPatch, seeded: Sandbox
) -> None:
    with seeded.faults(refused("AssumeRole", 100, DENIED)) as proxy:
        environment.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        clients = Clients(open_session(assume_role=ROLE))
        with pytest.raises(AwsError, match="AssumeRole: AccessDenied"):
            _ = clients.account

    assert clients.calls.retries == 0


def test_counts_hold_for_many_threads(environment: pytest.MonkeyPatch, seeded: Sandbox) -> None:
    with seeded.faults(Fail(0.3, ("ListDomains",))) as proxy:
        clients = through(environment, proxy)
        calls = [clients.sagemaker.list_domains, clients.iam.list_roles] * 40
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda call: call(), calls))
        asked = proxy.counts

    assert clients.calls.by_operation() == {"ListDomains": 40, "ListRoles": 40}
    assert clients.calls.retries == asked.total - 80 == asked.refused["ListDomains"] > 0


def test_counting_loses_nothing_between_threads() -> None:
    calls, events = Calls(), HierarchicalEmitter()
    calls.watch(SimpleNamespace(meta=SimpleNamespace(events=events)))
    model = SimpleNamespace(name="ListDomains")

    def call(_: int) -> None:
        for _ in range(500):
            events.emit("before-call.sagemaker.ListDomains", model=model)
            for attempt in (1, 2):
                request = AWSRequest()
                request.context = {"retries": {"attempt": attempt}}
                events.emit("request-created.sagemaker.ListDomains", request=request)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, range(4)))

    assert calls.by_operation() == {"ListDomains": 2000}
    assert calls.retries == 2000


def test_first_call_is_given_up_soon_and_others_are_not(
    environment: pytest.MonkeyPatch, seeded: Sandbox
) -> None:
    with seeded.faults(Fail(1)) as proxy:
        clients = through(environment, proxy)
        with pytest.raises(AwsError, match="GetCallerIdentity: InternalFailure"):
            _ = clients.account
        with pytest.raises(ClientError, match="InternalFailure"):
            clients.sagemaker.list_domains()

        assert proxy.counts.asked == {
            "GetCallerIdentity": FIRST_CALL_ATTEMPTS,
            "ListDomains": MAX_ATTEMPTS,
        }
    assert clients.calls.retries == FIRST_CALL_ATTEMPTS + MAX_ATTEMPTS - 2


def test_first_call_gets_through_as_long_as_one_attempt_is_left(
    environment: pytest.MonkeyPatch, seeded: Sandbox
) -> None:
    with seeded.faults(refused("GetCallerIdentity", FIRST_CALL_ATTEMPTS - 1)) as proxy:
        clients = through(environment, proxy)

        assert clients.account.account_id == "123456789012"
    assert clients.calls.retries == FIRST_CALL_ATTEMPTS - 1


def test_attempts_of_the_environment_hold_for_the_first_call_too(
    environment: pytest.MonkeyPatch, seeded: Sandbox
) -> None:
    with seeded.faults(Fail(1)) as proxy:
        clients = through(environment, proxy, attempts=2)
        with pytest.raises(AwsError):
            _ = clients.account

        assert proxy.counts.asked == {"GetCallerIdentity": 2}


@pytest.mark.usefixtures("environment")
def test_few_calls_have_no_clients_of_their_own_and_many_share_some() -> None:
    clients = Clients(open_session())

    assert clients.lanes(0) == clients.lanes(FEW_CALLS - 1) == (clients,)
    lanes = clients.lanes(FEW_CALLS)

    assert len({id(lane.sagemaker) for lane in lanes}) == LANES
    assert clients.lanes(10 * FEW_CALLS) is lanes, "made once"


@pytest.mark.usefixtures("environment")
def test_calls_of_all_lanes_are_counted_as_one() -> None:
    clients = Clients(open_session())

    for lane in clients.lanes(FEW_CALLS):
        lane.sagemaker.list_domains()

    assert clients.calls.by_operation() == {"ListDomains": LANES}
