from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader

from scripts.lib.clients import Account, Clients, client_config, open_session
from scripts.lib.errors import NO_CREDENTIALS, NO_REGION, AwsError, InputError
from scripts.sandbox import Sandbox

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
