from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from scripts.lib.accounts import read_accounts
from tests.unit.examples.many_accounts.interpreter import Builds, Run, interpreted
from tests.unit.examples.many_accounts.material import FOLDER, NAMES, filled

MACHINE = "state_machine.asl.json"
ACCOUNTS = [{"account_id": f"{number:012}", "name": f"a{number}"} for number in range(1, 9)]


def definition() -> Any:
    """The state machine, with retries that do not wait."""
    machine = filled(MACHINE)
    build = machine["States"]["EachAccount"]["ItemProcessor"]["States"]["Build"]
    build["Retry"][0] |= {"IntervalSeconds": 1, "BackoffRate": 1.0}
    return machine


def run(
    patch: pytest.MonkeyPatch, given: Any, accounts: Any = ACCOUNTS, builds: Builds | None = None
) -> Run:
    with interpreted(definition(), accounts, builds or Builds(), patch) as go:
        return go(given)


@pytest.mark.parametrize("mode", ["plan", "apply"])
def test_builds_once_for_each_account(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    builds = Builds()

    done = run(monkeypatch, {"mode": mode}, builds=builds)

    assert done.status == "SUCCEEDED"
    assert done.states == ("CheckMode", "EachAccount", "Count", "DidAnyFail", "AllDone")
    assert sorted(variables["ACCOUNT_ID"] for _, variables in builds.asked) == [
        each["account_id"] for each in ACCOUNTS
    ]
    for project, variables in builds.asked:
        assert project == NAMES["project"]
        account = variables["ACCOUNT_ID"]
        assert variables == {
            "MODE": mode,
            "ACCOUNT_ID": account,
            "ROLE_ARN": f"arn:aws:iam::{account}:role/{NAMES['member_role']}",
        }


def test_no_more_builds_at_a_time_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = [{"account_id": f"{number:012}"} for number in range(45)]
    builds = Builds(seconds=0.5)

    assert run(monkeypatch, {"mode": "plan"}, accounts, builds).status == "SUCCEEDED"
    assert len(builds.asked) == 45
    assert builds.most == filled(MACHINE)["States"]["EachAccount"]["MaxConcurrency"]


def test_a_build_that_fails_for_good_fails_the_run_and_no_other_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = ACCOUNTS[2]["account_id"]
    builds = Builds(ended=lambda variables: variables["ACCOUNT_ID"] != bad)

    done = run(monkeypatch, {"mode": "apply"}, builds=builds)

    assert (done.status, done.error) == ("FAILED", "AccountsFailed")
    assert done.cause == "1 of 8 accounts failed: see the map run"
    assert done.states[-2:] == ("DidAnyFail", "SomeFailed")
    counts = done.map_run["itemCounts"]
    assert (counts["succeeded"], counts["failed"]) == (7, 1)
    asked = Counter(variables["ACCOUNT_ID"] for _, variables in builds.asked)
    assert asked == {each["account_id"]: 1 for each in ACCOUNTS} | {bad: 3}


def test_a_build_that_fails_once_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: Counter[str] = Counter()

    def ended(variables: Mapping[str, str]) -> bool:
        tries[variables["ACCOUNT_ID"]] += 1
        return tries[variables["ACCOUNT_ID"]] > 1

    done = run(monkeypatch, {"mode": "apply"}, ACCOUNTS[:2], Builds(ended=ended))

    assert done.status == "SUCCEEDED"
    assert set(tries.values()) == {2}


@pytest.mark.parametrize(
    "given", [{}, {"mode": "destroy"}, {"mode": "Plan"}, {"mode": 1}, {"mode": None}, {"mode": []}]
)
def test_fails_before_any_build_when_the_mode_is_none(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, object]
) -> None:
    builds = Builds()

    done = run(monkeypatch, given, builds=builds)

    assert (done.status, done.error) == ("FAILED", "BadInput")
    assert builds.asked == []


@pytest.mark.parametrize("accounts", [{"account_id": "1"}, [{"id": "111111111111"}]])
def test_fails_without_a_build_when_the_list_is_none(
    monkeypatch: pytest.MonkeyPatch, accounts: object
) -> None:
    builds = Builds()

    assert run(monkeypatch, {"mode": "apply"}, accounts, builds).status == "FAILED"
    assert builds.asked == []


def test_the_example_list_is_one_for_the_command_line_as_well() -> None:
    ids = [entry.account_id for entry in read_accounts(FOLDER / "accounts.json")]

    assert [each["account_id"] for each in filled("accounts.json")] == ids


def next_states(state: Mapping[str, Any]) -> Iterator[str]:
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for branch in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield branch["Next"]


@pytest.mark.parametrize("path", [(), ("States", "EachAccount", "ItemProcessor")])
def test_every_state_is_reached_and_every_way_leads_somewhere(path: tuple[str, ...]) -> None:
    machine = filled(MACHINE)
    for key in path:
        machine = machine[key]
    states = machine["States"]
    reached, ahead = set[str](), [machine["StartAt"]]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(next_states(states[name]))
    assert reached == set(states)
    for state in states.values():
        ends = state["Type"] in ("Succeed", "Fail") or state.get("End") is True
        assert ends != bool(list(next_states(state)))


def test_every_wait_is_bounded() -> None:
    machine = filled(MACHINE)
    each = machine["States"]["EachAccount"]

    assert machine["TimeoutSeconds"] <= 86_400
    assert each["ItemProcessor"]["States"]["Build"]["TimeoutSeconds"] <= 3600
    assert 1 <= each["MaxConcurrency"] <= 20
    assert 0 < each["ToleratedFailurePercentage"] <= 50
