import pytest

from scripts.lib.accounts.model import AccountEntry, SkippedAccount
from scripts.lib.accounts.organization import list_organization
from scripts.lib.clients import open_session
from scripts.lib.errors import AwsError
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule, Refuse
from tests.unit.scripts.lib.accounts.estate import HUB

LIST = "ListAccounts"


@pytest.fixture
def organization(estate: Sandbox) -> Sandbox:
    client = estate.client("organizations")
    client.create_organization(FeatureSet="ALL")
    for number in range(3):
        client.create_account(Email=f"{number}@example.com", AccountName=f"team {number}")
    estate.clear_journal()
    return estate


def ids(sandbox: Sandbox) -> dict[str, str]:
    listed = sandbox.client("organizations").list_accounts()["Accounts"]
    return {account["Name"]: account["Id"] for account in listed}


def test_lists_the_active_accounts_by_id(organization: Sandbox) -> None:
    entries, skipped = list_organization(open_session())

    expected = {AccountEntry(key, name) for name, key in ids(organization).items()}
    assert set(entries) == expected
    assert [entry.account_id for entry in entries] == sorted(ids(organization).values())
    assert HUB in {entry.account_id for entry in entries}
    assert skipped == ()


def test_a_suspended_account_is_named_and_left_out(organization: Sandbox) -> None:
    closed = ids(organization)["team 1"]
    organization.client("organizations").close_account(AccountId=closed)

    entries, skipped = list_organization(open_session())

    assert closed not in {entry.account_id for entry in entries}
    assert len(entries) == 3
    assert skipped == (SkippedAccount(closed, "team 1", "SUSPENDED"),)


def page(number: int, **fields: str) -> dict[str, object]:
    account = {"Id": f"{number:012}", "Name": f"a{number}", **fields}
    return {"Accounts": [account], **({"NextToken": str(number)} if number < 3 else {})}


def through(estate: Sandbox, rule: AnyRule, monkeypatch: pytest.MonkeyPatch) -> object:
    with estate.faults(rule) as proxy, monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        return list_organization(open_session())


def test_reads_every_page(estate: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    found = through(estate, lambda _, count: page(count, State="ACTIVE"), monkeypatch)

    assert found == (tuple(AccountEntry(f"{n:012}", f"a{n}") for n in (1, 2, 3)), ())


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"State": "PENDING_CLOSURE", "Status": "ACTIVE"}, "PENDING_CLOSURE"),
        ({"State": "PENDING_ACTIVATION"}, "PENDING_ACTIVATION"),
        ({"Status": "SUSPENDED"}, "SUSPENDED"),
    ],
)
def test_state_decides_and_status_only_where_there_is_none(
    estate: Sandbox, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str], state: str
) -> None:
    found = through(estate, lambda *_: page(3, **fields), monkeypatch)

    assert found == ((), (SkippedAccount("000000000003", "a3", state),))


def test_an_older_answer_of_an_active_account(
    estate: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = through(estate, lambda *_: page(3, Status="ACTIVE"), monkeypatch)

    assert found == ((AccountEntry("000000000003", "a3"),), ())


def test_asks_again_when_throttled(organization: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")

    found = through(organization, Refuse(LIST, "TooManyRequestsException"), monkeypatch)

    assert found == list_organization(open_session())


def test_fails_when_throttled_for_too_long(
    organization: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AwsError) as caught:
        through(organization, Refuse(LIST, "TooManyRequestsException"), monkeypatch)

    assert str(caught.value) == ("ListAccounts: TooManyRequestsException: refused by the test")


def test_fails_in_an_account_that_may_not_list(
    organization: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AwsError) as caught:
        through(organization, Refuse(LIST, "AccessDeniedException"), monkeypatch)

    assert str(caught.value) == (
        "ListAccounts: AccessDeniedException: refused by the test; only the Organization's "
        "management account and its delegated administrators may list accounts"
    )


def test_fails_in_an_account_without_organization(
    estate: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "AWSOrganizationsNotInUseException"
    with pytest.raises(AwsError) as caught:
        through(estate, Refuse(LIST, code), monkeypatch)

    assert str(caught.value) == (
        f"ListAccounts: {code}: refused by the test; list the accounts in a file: --accounts FILE"
    )


@pytest.mark.usefixtures("estate")
def test_fails_when_aws_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(AwsError, match=r"^AWS cannot be reached: "):
        list_organization(open_session())
