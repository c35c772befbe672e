"""The real command, in a process of its own, against the sandbox."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule, Forge, Hold, Refuse
from tests.unit.scripts.post_apply_command import (
    ASSOCIATE,
    ENABLE,
    ROLE,
    ROLES,
    ROOT,
    principals,
    run,
    start,
    writes,
)
from tests.unit.scripts.products import make_product, write_outputs

GOLDEN = ROOT / "tests" / "golden" / "post_apply"


def stable(text: str) -> str:
    """``text`` with the ids that AWS assigns numbered as they come, in their own length, and
    without how often it was asked, which depends on how soon the portfolio shows."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        prefix, rest = match.groups()
        found = seen.setdefault(match[0], str(len(seen) + 1))
        return str(prefix + found.rjust(len(rest), "0"))

    text = re.sub(r"Calls of AWS: \d+", "Calls of AWS: N", text)
    return re.sub(r"\b(d-|port-|prod-|pa-)([a-z0-9]{12,13})\b", number, text)


def assert_golden(name: str, text: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(stable(text))
    assert stable(text) == file.read_text()


def test_report_of_dry_run_apply_and_second_run(account: Sandbox) -> None:
    planned = run(account, "plan")
    assert (planned.returncode, planned.stderr, writes(account)) == (2, "", [])
    assert_golden("dry_run.txt", planned.stdout)

    applied = run(account, "apply")
    assert applied.returncode == 0
    assert principals(account) == ROLES
    assert_golden("apply.txt", applied.stdout)
    assert_golden("apply.stderr.txt", applied.stderr)

    account.clear_journal()
    again = run(account, "apply")
    assert (again.returncode, again.stderr, writes(account)) == (0, "", [])
    assert_golden("second_run.txt", again.stdout)


def test_json_report_is_one_document_on_stdout(account: Sandbox) -> None:
    planned = run(account, "plan", "--format", "json")

    assert (planned.returncode, planned.stderr) == (2, "")
    assert_golden("dry_run.json", planned.stdout)
    assert json.loads(planned.stdout)["exit_code"] == 2


def test_one_role_is_associated_and_no_other(account: Sandbox) -> None:
    role = ROLE + "CustomRoleBen"

    first = run(account, "apply", "--role", role)
    account.clear_journal()
    second = run(account, "apply", "--role", role)

    assert (first.returncode, second.returncode) == (0, 0)
    assert principals(account) == {role}
    assert writes(account) == []


def test_roles_that_a_pattern_covers_are_named_and_not_associated(account: Sandbox) -> None:
    assert run(account, "apply", "--user", "amy").returncode == 0
    catalog = account.client("servicecatalog")
    (portfolio,) = catalog.list_accepted_portfolio_shares()["PortfolioDetails"]
    pattern = "arn:aws:iam:::role/CustomRole*"
    catalog.associate_principal_with_portfolio(
        PortfolioId=portfolio["Id"], PrincipalARN=pattern, PrincipalType="IAM_PATTERN"
    )

    result = run(account, "apply")

    assert result.returncode == 0
    assert principals(account) == {
        pattern,
        ROLE + "DataScienceDomainRole",
        ROLE + "ResearchDomainRole",
    }
    told = [line.split() for line in result.stdout.splitlines() if pattern in line]
    assert told == [
        [ROLE + name, "1", "yes", pattern]
        for name in ("CustomRoleBen", "CustomRoleCleo", "CustomRoleEve")
    ]


def test_users_and_domains_can_be_chosen(account: Sandbox) -> None:
    domains = account.client("sagemaker").list_domains()["Domains"]
    (research,) = [item["DomainId"] for item in domains if item["DomainName"] == "research"]

    assert run(account, "apply", "--user", "ben", "--user", "cleo").returncode == 0
    assert principals(account) == {ROLE + "CustomRoleBen", ROLE + "CustomRoleCleo"}

    assert run(account, "apply", "--domain", research).returncode == 0
    assert principals(account) == ROLES - {ROLE + "DataScienceDomainRole"}


def test_role_that_does_not_exist_is_reported_and_the_others_are_associated(
    account: Sandbox,
) -> None:
    account.client("iam").detach_role_policy(
        RoleName="CustomRoleEve", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    iam = account.client("iam")
    iam.detach_role_policy(
        RoleName="CustomRoleCleo", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    iam.delete_role(RoleName="CustomRoleCleo")

    result = run(account, "apply")

    assert result.returncode == 1
    assert principals(account) == ROLES - {ROLE + "CustomRoleCleo"}
    assert_golden("findings.txt", result.stdout)


def test_first_version_is_set_as_the_outputs_want_it(account: Sandbox, tmp_path: Path) -> None:
    product = make_product(account)
    file = write_outputs(tmp_path / "outputs.json", product, guidance="DEPRECATED")
    arguments = ("--role", ROLE + "CustomRoleBen", "--outputs", str(file))
    assert run(account, "apply", *arguments[:2]).returncode == 0

    planned = run(account, "plan", *arguments)
    applied = run(account, "apply", *arguments)
    account.clear_journal()
    again = run(account, "apply", *arguments)

    assert [item.returncode for item in (planned, applied, again)] == [2, 0, 0]
    assert_golden("product_version.txt", planned.stdout)
    assert writes(account) == []


def through(account: Sandbox, rule: AnyRule, *arguments: str) -> "subprocess.CompletedProcess[str]":
    with account.faults(rule) as proxy:
        return run(account, *arguments, AWS_ENDPOINT_URL=proxy.endpoint)


def test_partial_failure_says_what_was_done_and_what_not(account: Sandbox) -> None:
    result = through(account, Refuse(ASSOCIATE, "LimitExceededException", call=2), "apply")

    assert result.returncode == 1
    assert principals(account) == ROLES - {ROLE + "CustomRoleCleo"}
    assert_golden("partial_failure.txt", result.stdout)
    assert run(account, "apply").returncode == 0
    assert principals(account) == ROLES


def test_role_that_may_not_be_assumed_is_one_line_and_exit_code_1(account: Sandbox) -> None:
    rule = Refuse("AssumeRole", "AccessDenied")

    result = through(account, rule, "apply", "--assume-role", ROLE + "CustomRoleBen")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: AssumeRole: AccessDenied: refused by the test\n"
    assert writes(account) == []


def test_nothing_is_half_done_when_the_quota_does_not_hold_all(account: Sandbox) -> None:
    rule = Forge("GetServiceQuota", {"Quota": {"Value": len(ROLES) - 1}})

    result = through(account, rule, "apply")

    assert (result.returncode, writes(account)) == (1, [])
    told = "0 principals and 5 more are needed, 5 in all; the limit is 4 (Service Quotas servicecat"
    assert told in result.stdout
    assert "L-E8959660" in result.stdout
    enough = Forge("GetServiceQuota", {"Quota": {"Value": len(ROLES)}})
    assert through(account, enough, "apply").returncode == 0
    assert principals(account) == ROLES


def test_outputs_of_the_jumpstart_stack_name_service_roles(
    account: Sandbox, tmp_path: Path
) -> None:
    outputs = tmp_path / "jumpstart.json"
    roles = {"LaunchRole": f"{ROLE}Launch", "UseRole": f"{ROLE}CustomRoleBen"}
    outputs.write_text(json.dumps({"service_role_arns": {"value": roles}}))

    result = run(account, "plan", "--outputs", str(outputs))

    assert result.returncode == 1
    assert "the jumpstart stack's LaunchRole does not exist; run: cdktf deploy" in result.stdout
    assert "the jumpstart stack's UseRole" not in result.stdout


def test_nothing_is_attempted_when_enabling_is_refused(account: Sandbox) -> None:
    result = through(account, Refuse(ENABLE, "AccessDeniedException"), "apply")

    assert result.returncode == 1
    assert writes(account) == []
    assert "failed: EnableSagemakerServicecatalogPortfolio: AccessDeniedException" in result.stdout
    assert "Changes: 1 failed, 6 not attempted." in result.stdout


def test_portfolio_that_does_not_appear_ends_the_run_in_time(account: Sandbox) -> None:
    def hidden(name: str, _: int) -> Answer | None:
        return {"PortfolioDetails": []} if name == "ListAcceptedPortfolioShares" else None

    result = through(account, hidden, "apply", "--wait", "1")

    assert result.returncode == 1
    assert "failed: has not appeared within 1 s: run again later" in result.stdout
    assert "Changes: 1 done, 1 failed, 5 not attempted." in result.stdout
    assert run(account, "apply").returncode == 0
    assert principals(account) == ROLES


@pytest.mark.parametrize(
    ("operation", "call", "forwards"),
    [
        (ENABLE, 1, True),
        ("ListPrincipalsForPortfolio", 1, False),
        (ASSOCIATE, 1, False),
        (ASSOCIATE, 3, True),
    ],
    ids=["enabled", "waiting", "before-the-first-role", "after-the-third-role"],
)
def test_killed_in_the_middle_the_next_run_finishes(
    account: Sandbox, operation: str, call: int, forwards: bool
) -> None:
    hold = Hold(forwards)

    def rule(name: str, count: int) -> Answer | None:
        return hold if (name, count) == (operation, call) else None

    with account.faults(rule) as proxy:
        process = start(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(30)
        process.kill()
        process.communicate(timeout=30)
        hold.release.set()

    assert process.returncode == -9
    assert principals(account) < ROLES
    assert run(account, "apply").returncode == 0
    assert principals(account) == ROLES


def test_interrupted_by_a_person_it_says_so(account: Sandbox) -> None:
    hold = Hold(forwards=False)
    with account.faults(lambda name, _: hold if name == ASSOCIATE else None) as proxy:
        process = start(account, "apply", AWS_ENDPOINT_URL=proxy.endpoint)
        assert hold.reached.wait(30)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        hold.release.set()

    assert process.returncode == 1
    assert err.splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in err


def test_two_at_once_both_succeed_and_leave_the_same(account: Sandbox) -> None:
    both = [start(account, "apply") for _ in range(2)]
    for process in both:
        process.communicate(timeout=60)

    assert [process.returncode for process in both] == [0, 0]
    assert principals(account) == ROLES
    assert run(account, "plan").returncode == 0


@pytest.fixture
def untouched(seeded: Sandbox) -> Iterator[Sandbox]:
    """The seeded account, for runs that must not write to it."""
    before = len(writes(seeded))
    yield seeded
    assert len(writes(seeded)) == before


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--role", "CustomRoleBen"],
            (
                "'CustomRoleBen' is not the ARN of a role: "
                "expected arn:<partition>:iam::<12 digits>:role/<path/><name>"
            ),
        ),
        (["--role", ""], "'' is not the ARN of a role: expected arn:<partition>:iam::"),
        (
            ["--role", "arn:aws:iam::210987654321:role/R"],
            (
                "'arn:aws:iam::210987654321:role/R' is not a role of this account: "
                "expected arn:aws:iam::123456789012:role/..."
            ),
        ),
        (["--domain", "d-none"], "no Domain 'd-none' here; there are: d-"),
        (["--user", "zoe"], "no user profile 'zoe' here; looked in: Domain data-science (d-"),
        (["--user", "ben", "--role", ROLE + "CustomRoleBen"], "give roles or users, not both: "),
        (["--outputs", "none.json"], "outputs file none.json: No such file or directory"),
        (["--outputs", "Pipfile"], "outputs file Pipfile: not JSON: Expecting value: line 1"),
        (
            ["--outputs", "package.json"],
            (
                "outputs file package.json: name has no value, "
                "expected the object that `terraform output -json` prints"
            ),
        ),
        (["--profile", "none"], "The config profile (none) could not be found"),
        (["--region", "not a region"], "Provided region_name 'not a region' doesn't match"),
        (["--assume-role", "nobody"], "'nobody' is not the ARN of a role: expected arn:"),
        (["--format", "xml"], "Invalid value for '--format': "),
        (["--wait", "0"], "Invalid value for '--wait': "),
        (["--wait", "soon"], "Invalid value for '--wait': "),
        (["--applyy"], "No such option: --applyy"),
        (["none.json"], "plan file none.json cannot be read: No such file or directory"),
        (["a", "b"], "Got unexpected extra argument(s) (b)"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(
    untouched: Sandbox, arguments: list[str], line: str
) -> None:
    result = run(untouched, "apply", *arguments)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {line}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""},
            "no Region: give --region, or set AWS_REGION or the profile's region",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            (
                "no AWS credentials: give --profile, or set AWS_PROFILE or "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ),
        ),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS cannot be reached: Could not connect"),
    ],
)
def test_missing_access_is_one_line_and_exit_code_1(
    untouched: Sandbox, environment: dict[str, str], line: str
) -> None:
    result = run(untouched, "apply", **environment)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {line}")
    assert result.stderr.count("\n") == 1


def test_secrets_of_the_environment_are_never_printed(untouched: Sandbox) -> None:
    secret = untouched.environment()["AWS_SECRET_ACCESS_KEY"]

    for arguments in ([], ["--format", "json"], ["--user", "zoe"]):
        result = run(untouched, "plan", *arguments)
        assert secret not in result.stdout + result.stderr


def test_reader_that_leaves_early_gets_no_traceback(untouched: Sandbox) -> None:
    process = start(untouched, "plan")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None

    assert process.stderr.read() == ""
    assert process.wait(60) == 1
