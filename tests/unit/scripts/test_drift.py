"""The real command against an account, but for Terraform, which its own plane's tests run."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.lib.clients import Account
from scripts.lib.drift.run import LEDGER
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import LedgerFile
from scripts.post_apply import LEDGER as OF_POST_APPLY
from scripts.sandbox import Sandbox
from tests.unit.scripts.commands import run_command, started_command
from tests.unit.scripts.doctored import BEN, Doctored
from tests.unit.scripts.lib.drift.terraform_stub import Stub
from tests.unit.scripts.products import make_product, write_outputs

PORTFOLIO = ("--plane", "portfolio")


@pytest.fixture(scope="module")
def agreed(seeded: Sandbox) -> Iterator[Doctored]:
    """An account in which all is associated; not to be written to."""
    with seeded.fork() as sandbox:
        yield Doctored.cure(sandbox)


def ledger(directory: Path, portfolio: str, *arns: str) -> Path:
    file = LedgerFile(directory, Account("123456789012", "aws", "eu-west-1"))
    directory.mkdir(exist_ok=True)
    file.write(Ledger.of(Entry(portfolio, arn, Stage.MADE, "") for arn in arns))
    return directory


def drift(
    sandbox: Sandbox, *arguments: object, **environment: str
) -> "subprocess.CompletedProcess[str]":
    given = sandbox.process_environment() | environment
    return run_command("scripts.drift", tuple(map(str, arguments)), given)


def principals(cured: Doctored) -> list[str]:
    found = cured.client("servicecatalog").list_principals_for_portfolio(
        PortfolioId=cured.portfolio
    )["Principals"]
    return [each["PrincipalARN"] for each in found]


def test_the_ledger_is_where_post_apply_keeps_it() -> None:
    assert LEDGER == OF_POST_APPLY


def test_nothing_that_drifted_is_0_and_drift_is_2(agreed: Doctored, tmp_path: Path) -> None:
    directory = ledger(tmp_path / "ledger", agreed.portfolio, *principals(agreed))
    clean = drift(agreed.sandbox, *PORTFOLIO, "--ledger", directory)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert "Nothing drifted." in clean.stdout
    ledger(directory, agreed.portfolio, *(arn for arn in principals(agreed) if arn != BEN))
    found = drift(agreed.sandbox, *PORTFOLIO, "--ledger", directory)
    assert (found.returncode, found.stderr) == (2, "")
    assert f"medium: {BEN}" in found.stdout
    assert "--region eu-west-1" in found.stdout


def test_what_is_ignored_does_not_alarm_until_it_expires(agreed: Doctored, tmp_path: Path) -> None:
    arns = [arn for arn in principals(agreed) if arn != BEN]
    directory = ledger(tmp_path / "ledger", agreed.portfolio, *arns)
    file = tmp_path / "ignore.toml"
    entry = '[[ignore]]\nsubject = "*Ben"\nreason = "by hand"\nowner = "Ana"\nexpires = {}\n'
    file.write_text(entry.format("2999-01-01"))
    asked = (*PORTFOLIO, "--ledger", directory, "--ignore", file)
    assert drift(agreed.sandbox, *asked).returncode == 0
    file.write_text(entry.format("2020-01-01"))
    found = drift(agreed.sandbox, *asked)
    assert found.returncode == 2
    assert "It was ignored until 2020-01-01, by Ana: by hand" in " ".join(found.stdout.split())


def test_a_check_that_failed_is_1_and_told_in_every_form(agreed: Doctored, tmp_path: Path) -> None:
    files = [tmp_path / "new" / f"report{suffix}" for suffix in (".txt", ".md", ".json", ".html")]
    out = [word for file in files for word in ("--out", file)]
    found = drift(agreed.sandbox, *PORTFOLIO, "--ledger", tmp_path / "nowhere", *out)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("error: not all could be checked: portfolio: there is no ledger")
    for file in files:
        assert "there is no ledger" in file.read_text().replace("`", "")
    assert json.loads(files[2].read_text())["exit_code"] == 1


def test_credentials_that_aws_refuses_are_failures_of_every_check(
    seeded: Sandbox, tmp_path: Path
) -> None:
    stacks = {"main": {"workingDirectory": "stacks/main"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    with seeded.fork() as sandbox:
        sandbox.enforce(True)
        found = drift(
            sandbox,
            *("--all", "--directory", tmp_path, "--format", "json"),
            AWS_ACCESS_KEY_ID="AKIAEXPIRED000000000",
        )
    assert found.returncode == 1
    checks = json.loads(found.stdout)["checks"]
    assert [(each["plane"], each["stack"]) for each in checks] == [
        ("terraform", "main"),
        ("portfolio", ""),
        ("launched", ""),
    ]
    assert all("InvalidClientTokenId" in each["failures"][0]["reason"] for each in checks)
    assert not any(each["drifts"] for each in checks)


def test_the_launched_plane_is_about_the_products_of_the_outputs(
    account: Sandbox, tmp_path: Path
) -> None:
    outputs = write_outputs(tmp_path / "outputs.json", make_product(account))
    account.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="by-hand",
        InstanceType="ml.t3.medium",
        RoleArn=f"arn:aws:iam::{account.account_id}:role/DataScienceDomainRole",
        Tags=[{"Key": "ProjectName", "Value": "alpha"}],
    )
    history = tmp_path / "history"
    found = drift(
        account,
        *("--plane", "launched", "--outputs", outputs, "--history", history),
        *("--out", history / "1.json", "--out", tmp_path / "page.html"),
    )
    assert found.returncode == 2, found.stderr
    (check,) = json.loads((history / "1.json").read_text())["checks"]
    assert [each["subject"] for each in check["drifts"]] == ["notebook by-hand"]
    assert check["drifts"][0]["stack"] == "notebook-alpha"
    assert "How it went" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no stack given: name stacks, or give --all"),
        (("--plane", "launched"), "no project given: name stacks, or give --all or --outputs"),
        (("--all", "--directory", "nowhere"), "run: npx cdktf synth"),
        (("a", "--all"), "give stacks or --all, not both"),
        (("--plane", "moon"), "moon"),
        (("--out", "report.pdf", "--all"), ".txt, .md, .json, .html"),
        (("--ignore", "nowhere.toml", "--all"), "nowhere.toml: cannot be read"),
    ],
)
def test_fails_in_one_line_for_bad_usage(
    seeded: Sandbox, arguments: tuple[str, ...], message: str
) -> None:
    found = drift(seeded, *arguments)
    assert (found.returncode, found.stdout) == (1, "")
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_fails_for_a_stack_that_is_not_there(seeded: Sandbox, tmp_path: Path) -> None:
    stacks = {"main": {"workingDirectory": "stacks/main"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    found = drift(seeded, "mian", "--directory", tmp_path)
    assert (found.returncode, found.stderr) == (
        1,
        "error: no stack 'mian'; there are: main\n",
    )


def test_asked_to_end_it_leaves_neither_terraform_nor_its_plan(
    seeded: Sandbox, tmp_path: Path
) -> None:
    stub = Stub(tmp_path / "stub")
    stub.body('echo half of a plan > "${7#-out=}"; echo $$ > "$R/pid"; exec sleep 300')
    manifest = {"stacks": {"web": {"workingDirectory": "web"}}}
    (stub.root / "manifest.json").write_text(json.dumps(manifest))
    private = tmp_path / "private"
    private.mkdir()
    environment = seeded.process_environment() | stub.environment | {"TMPDIR": str(private)}
    given = ("web", "--plane", "terraform", "--directory", str(stub.root))
    with started_command("scripts.drift", given, environment) as command:
        terraform = stub.root / "pid"
        deadline = time.monotonic() + 30
        while not (terraform.exists() and terraform.read_text().strip()):
            assert time.monotonic() < deadline, command.err.read_text()
            time.sleep(0.02)
        plans = list(private.glob("drift-*/plan"))
        os.kill(command.pid, signal.SIGTERM)
        done = command.ended()
    assert len(plans) == 1
    assert (done.returncode, done.stderr) == (1, "error: interrupted\n")
    assert list(private.iterdir()) == []
    assert not Path(f"/proc/{terraform.read_text().strip()}").exists()
