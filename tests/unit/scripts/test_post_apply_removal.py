"""Prune and offboard, by the real command."""

import json
from pathlib import Path

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Hold, Refuse
from tests.unit.scripts.post_apply_command import (
    ASSOCIATE,
    ROLE,
    ROLES,
    entries,
    ledger,
    principals,
    run,
    start,
    writes,
)

BEN = ROLE + "CustomRoleBen"
EVE = ROLE + "CustomRoleEve"
DISASSOCIATE = "DisassociatePrincipalFromPortfolio"


@pytest.fixture
def associated(account: Sandbox) -> Sandbox:
    """An account in which the tool has associated every role."""
    assert run(account, "apply").returncode == 0
    assert principals(account) == ROLES
    account.clear_journal()
    return account


def portfolio(account: Sandbox) -> str:
    shares = account.client("servicecatalog").list_accepted_portfolio_shares()
    (found,) = shares["PortfolioDetails"]
    return str(found["Id"])


def associate(account: Sandbox, arn: str, kind: str = "IAM") -> None:
    """As somebody else would, past the tool."""
    account.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=portfolio(account), PrincipalARN=arn, PrincipalType=kind
    )


def drop_user(account: Sandbox, name: str) -> None:
    sagemaker = account.client("sagemaker")
    for profile in sagemaker.list_user_profiles()["UserProfiles"]:
        if profile["UserProfileName"] == name:
            sagemaker.delete_user_profile(DomainId=profile["DomainId"], UserProfileName=name)


def drop_role(account: Sandbox, name: str) -> None:
    iam = account.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def test_what_is_of_use_is_left_alone(associated: Sandbox) -> None:
    result = run(associated, "prune", "--apply")

    assert (result.returncode, writes(associated)) == (0, [])
    assert principals(associated) == ROLES
    assert {entry["stage"] for entry in entries(associated)} == {"made"}


def test_a_role_without_users_is_shown_and_removed_only_when_told_to(associated: Sandbox) -> None:
    drop_user(associated, "ben")
    associated.clear_journal()

    shown = run(associated, "prune")
    assert (shown.returncode, writes(associated)) == (2, [])
    assert f"disassociate  {BEN}" in shown.stdout
    assert "no user or space has it" in shown.stdout
    assert "Nothing has been written: run again with --apply." in shown.stdout

    removed = run(associated, "prune", "--apply")
    assert (removed.returncode, writes(associated)) == (0, [DISASSOCIATE])
    assert principals(associated) == ROLES - {BEN}
    assert BEN not in {entry["role_arn"] for entry in entries(associated)}

    associated.clear_journal()
    assert run(associated, "prune", "--apply").returncode == 0
    assert writes(associated) == []


def test_a_role_that_is_gone_is_removed_though_users_have_it(associated: Sandbox) -> None:
    drop_role(associated, "CustomRoleEve")

    result = run(associated, "prune", "--apply")

    assert result.returncode == 0
    assert "the role does not exist" in result.stdout
    assert principals(associated) == ROLES - {EVE}


def test_what_somebody_else_made_is_told_of_and_taken_over_only_when_told_to(
    associated: Sandbox,
) -> None:
    associated.client("iam").create_role(RoleName="Elsewhere", AssumeRolePolicyDocument="{}")
    associate(associated, ROLE + "Elsewhere")
    associated.clear_journal()

    told = run(associated, "prune", "--apply")
    assert (told.returncode, writes(associated)) == (0, [])
    assert "was not made by this tool" in told.stdout
    assert ROLE + "Elsewhere" in principals(associated)

    adopted = run(associated, "prune", "--adopt", "--apply")
    assert (adopted.returncode, writes(associated)) == (0, [DISASSOCIATE])
    assert principals(associated) == ROLES


def test_without_its_ledger_it_removes_nothing(associated: Sandbox, tmp_path: Path) -> None:
    drop_user(associated, "ben")
    associated.clear_journal()

    result = run(associated, "prune", "--apply", "--ledger", str(tmp_path / "none"))

    assert (result.returncode, writes(associated)) == (0, [])
    assert principals(associated) == ROLES


def test_a_role_asked_for_by_arn_is_kept_until_it_is_offboarded(account: Sandbox) -> None:
    account.client("iam").create_role(RoleName="Newcomer", AssumeRolePolicyDocument="{}")
    newcomer = ROLE + "Newcomer"
    assert run(account, "apply", "--role", newcomer).returncode == 0

    pruned = run(account, "prune", "--apply")
    assert pruned.returncode == 0
    assert "offboard removes it" in pruned.stdout
    assert principals(account) == {newcomer}

    shown = run(account, "offboard", newcomer)
    assert (shown.returncode, principals(account)) == (2, {newcomer})
    assert run(account, "offboard", newcomer, "--apply").returncode == 0
    assert principals(account) == set()
    assert run(account, "offboard", newcomer, "--apply").returncode == 0


def test_offboarding_tells_who_still_uses_the_role_and_which_pattern_covers_it(
    associated: Sandbox,
) -> None:
    associate(associated, "arn:aws:iam:::role/CustomRole*", "IAM_PATTERN")

    result = run(associated, "offboard", BEN, "--apply")

    assert result.returncode == 0
    assert "is still in use, so that apply associates it again" in result.stdout
    assert "by the pattern arn:aws:iam:::role/CustomRole* all the same" in result.stdout
    assert BEN not in principals(associated)


def test_offboarding_of_what_is_not_its_own_takes_adopt(account: Sandbox) -> None:
    assert run(account, "apply", "--role", EVE).returncode == 0
    associate(account, BEN)

    refused = run(account, "offboard", BEN, "--apply")
    assert refused.returncode == 1
    assert "give --adopt to take it over" in refused.stdout
    assert principals(account) == {BEN, EVE}

    assert run(account, "offboard", BEN, "--adopt", "--apply").returncode == 0
    assert principals(account) == {EVE}


def test_what_is_gone_when_its_turn_comes_is_gone(associated: Sandbox) -> None:
    drop_user(associated, "ben")
    with associated.faults(Refuse(DISASSOCIATE, "ResourceNotFoundException")) as proxy:
        result = run(associated, "prune", "--apply", AWS_ENDPOINT_URL=proxy.endpoint)

    assert result.returncode == 0
    assert "was gone already" in result.stdout
    assert BEN not in {entry["role_arn"] for entry in entries(associated)}


@pytest.mark.parametrize("forwards", [False, True])
def test_an_association_made_by_a_run_that_was_killed_is_its_own(
    account: Sandbox, forwards: bool
) -> None:
    hold = Hold(forwards)
    with account.faults(lambda name, _: hold if name == ASSOCIATE else None) as proxy:
        process = start(account, "apply", "--role", BEN, AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(30)
        process.kill()
        process.communicate(timeout=30)
        hold.release.set()
    assert [entry["stage"] for entry in entries(account)] == ["intended"]

    assert run(account, "apply", "--role", BEN).returncode == 0
    assert principals(account) == {BEN}
    assert run(account, "offboard", BEN, "--apply").returncode == 0
    assert principals(account) == set()


def test_a_refused_association_is_not_written_down(account: Sandbox) -> None:
    rule = Refuse(ASSOCIATE, "LimitExceededException")
    with account.faults(rule) as proxy:
        result = run(account, "apply", "--role", BEN, AWS_ENDPOINT_URL=proxy.endpoint)

    assert result.returncode == 1
    assert entries(account) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file: Invalid JSON"),
        ("{", "the file: Invalid JSON"),
        ("[]", "the file: Input should be an object"),
        (json.dumps({"format": 1}), "account_id: Field required"),
        (
            json.dumps(
                {"format": 1, "account_id": "210987654321", "region": "x", "associations": []}
            ),
            "is of account 210987654321, x, not of 123456789012, eu-west-1",
        ),
        (
            json.dumps(
                {"format": 9, "account_id": "123456789012", "region": "x", "associations": []}
            ),
            "has format 9, this tool reads format 1",
        ),
    ],
)
def test_an_unreadable_ledger_is_one_line_and_nothing_is_written(
    account: Sandbox, content: str, said: str
) -> None:
    file = ledger(account) / "123456789012-eu-west-1.json"
    file.write_text(content)

    result = run(account, "prune", "--apply")

    assert (result.returncode, result.stdout, writes(account)) == (1, "", [])
    assert result.stderr.startswith(f"error: ledger {file}")
    assert said in result.stderr
    assert file.read_text() == content


@pytest.mark.parametrize("verb", [["apply"], ["offboard", BEN, "--apply"]])
def test_a_torn_ledger_stops_whatever_writes(account: Sandbox, verb: list[str]) -> None:
    file = ledger(account) / "123456789012-eu-west-1.json"
    file.write_text('{"format": 1, "acc')

    result = run(account, *verb)

    assert (result.returncode, result.stdout, writes(account)) == (1, "", [])
    assert "Invalid JSON" in result.stderr
