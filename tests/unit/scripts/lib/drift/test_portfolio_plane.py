"""The ledger against an account: what was done behind its back is found, and nothing is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients, open_session
from scripts.lib.drift.model import Checked
from scripts.lib.drift.portfolio_plane import check_portfolio
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import LedgerFile
from scripts.sandbox import Sandbox
from tests.unit.scripts.doctored import BEN, ROLE, Doctored

OWN = (f"{ROLE}CustomRoleCleo", BEN, f"{ROLE}CustomRoleEve", f"{ROLE}DataScienceDomainRole")


@pytest.fixture(scope="module")
def agreed(seeded: Sandbox) -> Any:
    with seeded.fork() as sandbox:
        yield Doctored.cure(sandbox)


@pytest.fixture
def cured(agreed: Doctored, monkeypatch: pytest.MonkeyPatch) -> Any:
    with agreed.sandbox.fork() as sandbox:
        sandbox.clear_journal()
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        yield agreed.at(sandbox)


def check(cured: Doctored, directory: Path, *arns: str, **options: Any) -> Checked:
    """Check with a ledger that agrees on the roles given."""
    clients = Clients(open_session())
    file = LedgerFile(directory, clients.account)
    if arns:
        file.write(Ledger.of(Entry(cured.portfolio, arn, Stage.MADE, "") for arn in arns))
    return check_portfolio(clients, directory, **options)


def subjects(checked: Checked) -> set[str]:
    assert checked.failures == ()
    return {drift.subject for drift in checked.drifts}


def test_an_account_as_agreed_has_no_drift_and_is_only_read(
    cured: Doctored, tmp_path: Path
) -> None:
    checked = check(cured, tmp_path, *OWN)
    assert (checked.drifts, checked.noise, checked.failures) == ((), (), ())
    operations = {call.operation for call in cured.sandbox.journal()}
    assert operations == {
        "GetCallerIdentity",
        "GetRole",
        "GetSagemakerServicecatalogPortfolioStatus",
        "ListAcceptedPortfolioShares",
        "ListPrincipalsForPortfolio",
    }


def test_principals_added_and_taken_away_and_roles_deleted(cured: Doctored, tmp_path: Path) -> None:
    catalog = cured.client("servicecatalog")
    for number in range(25):  # more than a page holds
        arn = f"arn:aws:iam:::role/pattern-{number}*" if number < 5 else f"{ROLE}hand-{number}"
        if number >= 5:
            cured.client("iam").create_role(
                RoleName=f"hand-{number}", AssumeRolePolicyDocument='{"Statement": []}'
            )
        catalog.associate_principal_with_portfolio(
            PortfolioId=cured.portfolio,
            PrincipalARN=arn,
            PrincipalType="IAM_PATTERN" if number < 5 else "IAM",
        )
    catalog.disassociate_principal_from_portfolio(
        PortfolioId=cured.portfolio, PrincipalARN=BEN, PrincipalType="IAM"
    )
    iam = cured.client("iam")
    eve = OWN[2]
    for policy in iam.list_attached_role_policies(RoleName="CustomRoleEve")["AttachedPolicies"]:
        iam.detach_role_policy(RoleName="CustomRoleEve", PolicyArn=policy["PolicyArn"])
    for name in iam.list_role_policies(RoleName="CustomRoleEve")["PolicyNames"]:
        iam.delete_role_policy(RoleName="CustomRoleEve", PolicyName=name)
    iam.delete_role(RoleName="CustomRoleEve")
    found = check(cured, tmp_path, *OWN)
    assert len(found.drifts) == 27
    assert {BEN, eve, f"{ROLE}hand-24", "arn:aws:iam:::role/pattern-0*"} <= subjects(found)
    (of_eve,) = [drift for drift in found.drifts if drift.subject == eve]
    assert of_eve.what.startswith("The role is gone")


def test_a_disabled_portfolio_is_one_drift(cured: Doctored, tmp_path: Path) -> None:
    cured.client("sagemaker").disable_sagemaker_servicecatalog_portfolio()
    (drift,) = check(cured, tmp_path, *OWN).drifts
    assert "disabled" in drift.what


def test_without_a_ledger_nothing_is_agreed_on_and_that_is_said(
    cured: Doctored, tmp_path: Path
) -> None:
    checked = check(cured, tmp_path, required=False)
    (noise,) = checked.noise
    assert (checked.drifts, checked.failures) == ((), ())
    assert "has written no ledger" in noise.reason
    assert len(noise.places) == 4


def test_a_ledger_that_was_asked_for_and_is_not_there_is_a_failure(
    cured: Doctored, tmp_path: Path
) -> None:
    (failure,) = check(cured, tmp_path / "elsewhere").failures
    assert "there is no ledger" in failure.reason
    assert "see --ledger" in failure.reason


def test_a_broken_ledger_is_a_failure_and_no_drift(cured: Doctored, tmp_path: Path) -> None:
    (tmp_path / "123456789012-eu-west-1.json").write_text(json.dumps({"format": 1}))
    checked = check(cured, tmp_path)
    assert checked.drifts == ()
    assert "ledger" in checked.failures[0].reason


def test_what_aws_refuses_is_a_failure_and_no_drift(
    cured: Doctored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXPIRED000000000")
    cured.sandbox.enforce(True)
    checked = check_portfolio(Clients(open_session()), tmp_path)
    assert checked.drifts == ()
    assert len(checked.failures) == 1


def test_roles_that_iam_may_not_be_asked_of_are_no_drift(
    cured: Doctored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        answer = {"Error": {"Code": "AccessDenied", "Message": "no"}}
        raise ClientError(answer, "GetRole")  # type: ignore[arg-type]

    clients = Clients(open_session())
    file = LedgerFile(tmp_path, clients.account)
    file.write(Ledger.of(Entry(cured.portfolio, arn, Stage.MADE, "") for arn in OWN))
    monkeypatch.setattr(clients.iam, "get_role", refused)
    checked = check_portfolio(clients, tmp_path)
    assert checked.drifts == ()
    assert checked.noise[0].places == tuple(sorted(OWN))
