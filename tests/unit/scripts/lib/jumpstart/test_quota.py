from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType
from scripts.lib.jumpstart.quota import DEFAULT_LIMIT, DEFAULT_QUOTA, Quota, observe_quota
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule, Forge, Refuse
from tests.unit.scripts.lib.jumpstart.builders import SOLUTIONS, portfolio, role

OPERATION = "GetServiceQuota"
WHERE = "Service Quotas servicecatalog L-E8959660"


def names(count: int, prefix: str = "R") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def arns(count: int, prefix: str = "R") -> list[str]:
    return [role(name) for name in names(count, prefix)]


@pytest.fixture
def observed(
    account: Sandbox, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> Callable[[AnyRule], Quota]:
    """Read the quota through a proxy that answers by a rule."""
    del clients  # The environment leads to the account since then.

    def by(rule: AnyRule) -> Quota:
        with account.faults(rule) as proxy:
            monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
            return observe_quota(Clients(open_session()))

    return by


def value(number: float | None) -> Forge:
    quota = {"QuotaCode": "L-E8959660"} | ({} if number is None else {"Value": number})
    return Forge(OPERATION, {"Quota": quota})


@pytest.mark.parametrize(("number", "limit"), [(100.0, 100), (250.0, 250), (1.0, 1)])
def test_value_that_service_quotas_tells_is_the_limit(
    observed: Callable[[AnyRule], Quota], number: float, limit: int
) -> None:
    assert observed(value(number)) == Quota(limit)
    assert Quota(limit).source == "read"


@pytest.mark.parametrize("code", ["AccessDeniedException", "AccessDenied"])
def test_default_is_assumed_where_the_quota_may_not_be_read(
    observed: Callable[[AnyRule], Quota], code: str
) -> None:
    quota = observed(Refuse(OPERATION, code))

    assert quota == Quota(DEFAULT_LIMIT, f"{OPERATION}: {code}: refused by the test")
    assert quota.source == f"AWS's default, as it could not be read: {quota.unread}"


def test_default_is_assumed_where_the_quota_is_not_known(
    observed: Callable[[AnyRule], Quota],
) -> None:
    quota = observed(Refuse(OPERATION, "NoSuchResourceException"))

    assert (quota.limit, quota.unread[:40]) == (100, f"{OPERATION}: NoSuchResourceException"[:40])


def test_default_is_assumed_where_no_value_is_told(observed: Callable[[AnyRule], Quota]) -> None:
    assert observed(value(None)) == Quota(100, "Service Quotas tells no value")


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ServiceException", "Other"])
def test_other_refusals_are_raised_and_not_taken_for_the_default(
    observed: Callable[[AnyRule], Quota], code: str
) -> None:
    with pytest.raises(ClientError, match=code):
        observed(Refuse(OPERATION, code))


def test_the_quota_of_the_portfolio_is_asked_for_and_nothing_is_written(
    account: Sandbox, clients: Clients
) -> None:
    observe_quota(clients)

    assert [call.operation for call in account.journal()] == [OPERATION]
    assert clients.calls.by_operation() == {OPERATION: 1}


@pytest.mark.parametrize(
    ("has", "wanted", "limit", "exceeds"),
    [
        (0, 100, 100, False),
        (0, 101, 100, True),
        (99, 1, 100, False),
        (100, 1, 100, True),
        (60, 40, 100, False),
        (60, 41, 100, True),
        (3, 2, 5, False),
        (3, 2, 4, True),
        (0, 0, 1, False),
    ],
)
def test_exactly_the_limit_is_fine_and_one_more_is_not(
    has: int, wanted: int, limit: int, exceeds: bool
) -> None:
    there = portfolio("port-a", *names(has, "Old"))

    told = list(Quota(limit).excess([there], arns(wanted)))

    assert bool(told) is exceeds


def test_excess_says_what_is_there_what_comes_and_what_the_limit_is() -> None:
    there = portfolio("port-a", *names(60, "Old"))

    (told,) = Quota(80).excess([there], arns(21))

    assert told == (
        f"portfolio port-a ({SOLUTIONS}) has 60 principals and 21 more are needed, 81 in all; "
        f"the limit is 80 ({WHERE}, read)"
    )


def test_excess_says_when_the_limit_is_only_assumed() -> None:
    (told,) = Quota(unread="GetServiceQuota: AccessDenied: no").excess([], arns(101))

    assert told == (
        "SageMaker's portfolio has 0 principals and 101 more are needed, 101 in all; the limit "
        f"is 100 ({WHERE}, AWS's default, as it could not be read: "
        "GetServiceQuota: AccessDenied: no)"
    )


def test_before_any_portfolio_is_imported_the_one_to_come_is_counted() -> None:
    assert list(DEFAULT_QUOTA.excess([], arns(100))) == []
    (told,) = DEFAULT_QUOTA.excess([], arns(101))
    assert told.startswith("SageMaker's portfolio has 0 principals and 101 more are needed")


def test_each_of_several_portfolios_has_a_limit_of_its_own() -> None:
    empty = portfolio("port-a")
    half = portfolio("port-b", *names(3, "Old"))
    full = portfolio("port-c", *names(5, "Old"))

    told = list(Quota(5).excess([empty, half, full], arns(3)))

    assert [text.split(" (")[0] for text in told] == ["portfolio port-b", "portfolio port-c"]


def test_roles_that_see_the_portfolio_already_do_not_count() -> None:
    full = portfolio("port-a", *names(5))

    assert list(Quota(5).excess([full], arns(5))) == []
    (told,) = Quota(5).excess([full], arns(6))
    assert "has 5 principals and 1 more are needed, 6 in all" in told


def test_roles_that_a_pattern_admits_do_not_count_but_the_pattern_does() -> None:
    pattern = Principal("arn:aws:iam:::role/R*", PrincipalType.IAM_PATTERN)
    there = Portfolio("port-a", SOLUTIONS, frozenset({pattern}))

    assert list(Quota(1).excess([there], arns(50))) == []
    (told,) = Quota(1).excess([there], arns(1, "Other"))
    assert "has 1 principals and 1 more are needed, 2 in all" in told


def test_portfolio_over_its_limit_is_nobodys_trouble_if_nothing_comes() -> None:
    crowded = portfolio("port-a", *names(9))

    assert list(Quota(5).excess([crowded], arns(3))) == []
    assert list(Quota(5).excess([crowded], [])) == []


def test_role_that_is_wanted_twice_counts_once() -> None:
    assert list(Quota(1).excess([], [role("A"), role("A")])) == []


@given(
    st.sets(st.integers(0, 30)),
    st.lists(st.integers(0, 30)),
    st.integers(min_value=1, max_value=40),
)
def test_excess_is_told_just_when_what_would_be_there_is_too_much(
    has: set[int], wanted: list[int], limit: int
) -> None:
    there = portfolio("port-a", *(f"R{number}" for number in has))

    told = list(Quota(limit).excess([there], (role(f"R{number}") for number in wanted)))

    union = has | set(wanted)
    assert bool(told) is (len(union) > limit and union != has)
