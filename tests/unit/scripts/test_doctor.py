"""The real command, in a process of its own, against the sandbox."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.doctor.iam import SERVICE_ROLES
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Deny, Expire, Forge, Refuse
from tests.unit.scripts.commands import ROOT
from tests.unit.scripts.doctored import BEN, FULL_ACCESS, ROLE, Doctored, run
from tests.unit.scripts.lib.doctor.builders import trust_of
from tests.unit.scripts.lib.jumpstart.test_policies import allow, policy

GOLDEN = ROOT / "tests" / "golden" / "doctor"
LAUNCH, USE = SERVICE_ROLES
NOBODY = trust_of("lambda.amazonaws.com")
FOREIGN = "arn:aws:iam::210987654321:role/CustomRoleBen"


@pytest.fixture(scope="session")
def cured(seeded: Sandbox) -> Iterator[Doctored]:
    """The account in which all users but nothing else is well: not to be written to."""
    with seeded.fork() as sandbox:
        yield Doctored.cure(sandbox)


@pytest.fixture
def patient(cured: Doctored) -> Iterator[Doctored]:
    """A copy of it, to be broken; its journal begins empty."""
    with cured.sandbox.fork() as sandbox:
        sandbox.clear_journal()
        yield cured.at(sandbox)


def stable(text: str, ids: dict[str, str]) -> str:
    for name, identifier in ids.items():
        text = text.replace(identifier, name.ljust(len(identifier), "0"))
    return re.sub(r"\S*python\S* -m", "python -m", text)


def assert_golden(name: str, text: str, patient: Doctored) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    domains = patient.client("sagemaker").list_domains()["Domains"]
    ids = {f"d-{item['DomainName'].replace('-', '')}": item["DomainId"] for item in domains}
    found = stable(text, ids | {"port-": patient.portfolio})
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(found)
    assert found == file.read_text()


def test_user_to_whom_nothing_is_wrong(patient: Doctored) -> None:
    result = patient.ask("--domain", patient.domain, "--user", "ben")

    assert (result.returncode, result.stderr) == (0, "")
    assert_golden("green.txt", result.stdout, patient)


def test_user_to_whom_something_is(patient: Doctored) -> None:
    patient.client("iam").detach_role_policy(RoleName="CustomRoleBen", PolicyArn=FULL_ACCESS)
    patient.client("servicecatalog").disassociate_principal_from_portfolio(
        PortfolioId=patient.portfolio, PrincipalARN=BEN
    )
    arguments = ("--domain", patient.domain, "--user", "ben", "--region", "eu-west-1")

    result = patient.ask(*arguments)
    document = patient.ask(*arguments, "--format", "json")

    assert (result.returncode, result.stderr) == (2, "")
    assert (document.returncode, document.stderr) == (2, "")
    assert_golden("red.txt", result.stdout, patient)
    assert_golden("red.json", document.stdout, patient)


def test_all_users_in_one_table(patient: Doctored) -> None:
    patient.delete_role("CustomRoleCleo")
    patient.client("iam").update_assume_role_policy(RoleName="CustomRoleEve", PolicyDocument=NOBODY)
    result = patient.ask()

    assert (result.returncode, result.stderr) == (2, "")
    assert_golden("all.txt", result.stdout, patient)


def test_nothing_is_written(patient: Doctored) -> None:
    for arguments in ((), ("--domain", patient.domain, "--user", "ben")):
        assert patient.ask(*arguments).returncode == 0

    reads = ("Get", "List", "Describe")
    assert [
        each for each in patient.sandbox.journal() if not each.operation.startswith(reads)
    ] == []


def disable(patient: Doctored) -> None:
    patient.client("sagemaker").disable_sagemaker_servicecatalog_portfolio()


def reject(patient: Doctored) -> None:
    patient.client("servicecatalog").reject_portfolio_share(PortfolioId=patient.portfolio)


def delete(patient: Doctored) -> None:
    patient.delete_role("CustomRoleBen")


def move(patient: Doctored) -> None:
    patient.delete_role("CustomRoleBen")
    iam = patient.client("iam")
    trust = iam.get_role(RoleName="CustomRoleCleo")["Role"]["AssumeRolePolicyDocument"]
    iam.create_role(
        RoleName="CustomRoleBen", Path="/team/", AssumeRolePolicyDocument=json.dumps(trust)
    )


def estrange(patient: Doctored) -> None:
    patient.client("sagemaker").update_user_profile(
        DomainId=patient.domain, UserProfileName="ben", UserSettings={"ExecutionRole": FOREIGN}
    )


def distrust(patient: Doctored) -> None:
    patient.client("iam").update_assume_role_policy(RoleName="CustomRoleBen", PolicyDocument=NOBODY)


def detach(patient: Doctored) -> None:
    patient.client("iam").detach_role_policy(RoleName="CustomRoleBen", PolicyArn=FULL_ACCESS)


def disassociate(patient: Doctored) -> None:
    patient.client("servicecatalog").disassociate_principal_from_portfolio(
        PortfolioId=patient.portfolio, PrincipalARN=BEN
    )


def undeploy(patient: Doctored) -> None:
    patient.delete_role(USE)


BREAKS: list[tuple[Callable[[Doctored], None], str]] = [
    (disable, "JumpStart enabled"),
    (reject, "Portfolio imported"),
    (delete, "Role exists"),
    (move, "Role exists"),
    (estrange, "Role exists"),
    (distrust, "Trust"),
    (detach, "Policies"),
    (disassociate, "Association"),
    (undeploy, "Service roles"),
]


@pytest.mark.parametrize(("breaks", "link"), BREAKS, ids=[each[0].__name__ for each in BREAKS])
def test_what_is_broken_is_named_and_nobody_else_is_blamed(
    patient: Doctored, breaks: Callable[[Doctored], None], link: str
) -> None:
    breaks(patient)

    found = patient.ask_about("ben")

    assert (found["exit_code"], found["first_red"]) == (2, link)
    assert [each["link"] for each in found["links"] if each["status"] == "red"] == [link]
    of_the_account = link in {"JumpStart enabled", "Portfolio imported", "Service roles"}
    assert patient.ask_about("cleo")["first_red"] == (link if of_the_account else None)


@pytest.mark.parametrize(
    ("breaks", "links"),
    [
        ([disable], ["JumpStart enabled"]),
        # A portfolio shows at the second look, and losing it takes the principals away.
        ([reject], ["Portfolio imported", "Portfolio imported", "Association"]),
        ([delete], ["Role exists", "Policies"]),
        (
            [disable, delete],
            ["JumpStart enabled", "Portfolio imported", "Role exists", "Policies", "Association"],
        ),
        ([move], ["Role exists", "Policies", "Association"]),
        ([distrust], ["Trust"]),
        ([detach], ["Policies"]),
        ([disassociate], ["Association"]),
        ([undeploy], ["Service roles"]),
        (
            [disable, distrust, detach, undeploy],
            ["JumpStart enabled", "Trust", "Policies", "Service roles"],
        ),
    ],
)
def test_following_the_mends_makes_it_green(
    patient: Doctored, tmp_path: Path, breaks: list[Callable[[Doctored], None]], links: list[str]
) -> None:
    for each in breaks:
        each(patient)

    mended = []
    while (found := patient.ask_about("ben"))["exit_code"] == 2:
        red = next(link for link in found["links"] if link["link"] == found["first_red"])
        mended.append(red["link"])
        assert len(mended) <= len(links)
        patient.carry_out(red["mend"]["command"], tmp_path)

    assert (found["exit_code"], mended) == (0, links)


def test_pattern_is_told_from_the_roles_own_name(patient: Doctored) -> None:
    disassociate(patient)
    patient.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=patient.portfolio,
        PrincipalARN="arn:aws:iam:::role/Custom*",
        PrincipalType="IAM_PATTERN",
    )

    details = {link["link"]: link["detail"] for link in patient.ask_about("ben")["links"]}

    assert details["Association"] == (
        f"{patient.portfolio} by IAM_PATTERN arn:aws:iam:::role/Custom*"
    )


def test_shared_space_can_be_asked_about(patient: Doctored) -> None:
    result = patient.ask("--domain", patient.domain, "--space", "team-space")

    assert (result.returncode, result.stderr) == (0, "")
    assert f"{ROLE}DataScienceDomainRole, from the Domain's default space settings" in result.stdout


@pytest.mark.parametrize(
    ("operation", "name", "status", "link"),
    [
        ("DescribeDomain", "DomainName", "Update_Failed", "Domain"),
        ("DescribeUserProfile", "UserProfileName", "Deleting", "User profile"),
    ],
)
def test_what_is_not_in_service_is_red(
    patient: Doctored, operation: str, name: str, status: str, link: str
) -> None:
    body: dict[str, Any] = {name: "x", "Status": status, "AuthMode": "SSO"}
    body |= {"UserSettings": {"ExecutionRole": BEN}} if link == "User profile" else {}
    with patient.sandbox.faults(Forge(operation, body)) as proxy:
        asked = ("--domain", patient.domain, "--user", "ben", "--format", "json")
        result = run(proxy.process_environment(), *asked)

    assert result.returncode == 2
    assert json.loads(result.stdout)["diagnoses"][0]["first_red"] == link


@pytest.mark.parametrize(
    ("operation", "links"),
    [
        ("DescribeDomain", ["Domain"]),
        ("GetSagemakerServicecatalogPortfolioStatus", ["JumpStart enabled"]),
        ("ListAcceptedPortfolioShares", ["Portfolio imported", "Association"]),
        (
            "DescribeUserProfile",
            ["User profile", "Execution role", "Role exists", "Trust", "Policies", "Association"],
        ),
        ("GetRole", ["Role exists", "Trust", "Service roles"]),
        ("ListAttachedRolePolicies", ["Policies"]),
        ("ListPrincipalsForPortfolio", ["Association"]),
    ],
)
def test_what_may_not_be_asked_is_unknown_and_exit_code_1(
    patient: Doctored, operation: str, links: list[str]
) -> None:
    with patient.sandbox.faults(Deny((operation,))) as proxy:
        asked = ("--domain", patient.domain, "--user", "ben", "--format", "json")
        result = run(proxy.process_environment(), *asked)

    document = json.loads(result.stdout)
    (found,) = document["diagnoses"]
    assert (result.returncode, document["exit_code"], found["verdict"]) == (1, 1, "unknown")
    unknown = [link for link in found["links"] if link["status"] == "unknown"]
    assert [link["link"] for link in unknown] == links
    assert (
        unknown[0]["detail"].partition(": ")[0].endswith(operation) or links[-1] == "Service roles"
    )
    assert result.stderr.startswith(f'error: could not be answered: "{links[0]}" is unknown: ')
    assert f"{operation}: AccessDenied" in result.stderr
    assert result.stderr.count("\n") == 1


READ = (
    "sagemaker:DescribeDomain",
    "sagemaker:DescribeUserProfile",
    "sagemaker:GetSagemakerServicecatalogPortfolioStatus",
    "sagemaker:ListDomains",
    "sagemaker:ListUserProfiles",
    "servicecatalog:ListAcceptedPortfolioShares",
    "servicecatalog:ListPrincipalsForPortfolio",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:GetRolePolicy",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
)
"""What the README says that the caller needs."""


def as_helpdesk(patient: Doctored, *actions: str) -> dict[str, str]:
    """The environment of a user who may do only this; from now on policies are in force."""
    iam = patient.client("iam")
    iam.create_user(UserName="helpdesk")
    key = iam.create_access_key(UserName="helpdesk")["AccessKey"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    iam.put_user_policy(
        UserName="helpdesk",
        PolicyName="look",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    patient.sandbox.enforce(True)
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    return patient.sandbox.process_environment() | own


def grant_as_much(patient: Doctored) -> None:
    """Give ben's role by an inline policy, and one of the account's own, what it needs."""
    detach(patient)
    iam = patient.client("iam")
    iam.put_role_policy(
        RoleName="CustomRoleBen",
        PolicyName="most",
        PolicyDocument=policy(allow(["sagemaker:*", "servicecatalog:*"])),
    )
    own = iam.create_policy(PolicyName="rest", PolicyDocument=policy(allow("iam:PassRole")))
    iam.attach_role_policy(RoleName="CustomRoleBen", PolicyArn=own["Policy"]["Arn"])


def test_rights_that_the_readme_names_suffice(patient: Doctored) -> None:
    grant_as_much(patient)
    environment = as_helpdesk(patient, *READ)

    alone = run(environment, "--domain", patient.domain, "--user", "ben")
    everybody = run(environment)

    assert (alone.returncode, alone.stderr) == (0, "")
    assert (everybody.returncode, everybody.stderr) == (0, "")
    assert "  as much as needed by rest, most\n" in alone.stdout


@pytest.mark.parametrize("missing", [right for right in READ if "List" not in right])
def test_each_right_that_is_missing_is_named(patient: Doctored, missing: str) -> None:
    grant_as_much(patient)
    environment = as_helpdesk(patient, *(right for right in READ if right != missing))

    result = run(environment, "--domain", patient.domain, "--user", "ben")

    assert result.returncode == 1
    assert result.stderr.startswith("error: could not be answered: ")
    assert f"{missing.partition(':')[2]}: AccessDenied" in result.stderr


def test_red_outweighs_what_is_unknown(patient: Doctored) -> None:
    distrust(patient)
    with patient.sandbox.faults(Deny(("DescribeDomain",))) as proxy:
        asked = ("--domain", patient.domain, "--user", "ben")
        result = run(proxy.process_environment(), *asked)

    assert (result.returncode, result.stderr) == (2, "")


def test_credentials_that_run_out_leave_the_rest_unknown(patient: Doctored) -> None:
    with patient.sandbox.faults(Expire(6)) as proxy:
        asked = ("--domain", patient.domain, "--user", "ben")
        result = run(proxy.process_environment(), *asked)

    assert result.returncode == 1
    assert result.stderr.startswith("error: could not be answered: ")
    assert "ExpiredToken" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("operation", ["ListDomains", "ListUserProfiles"])
def test_users_who_may_not_be_listed_are_an_error(patient: Doctored, operation: str) -> None:
    with patient.sandbox.faults(Refuse(operation, "AccessDeniedException")) as proxy:
        result = run(proxy.process_environment())

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {operation}: AccessDeniedException: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--domain", "d-none"], "no Domain 'd-none' here; there are: d-"),
        (["--domain", "d-none", "--user", "ben"], "no Domain 'd-none' here; there are: d-"),
        (["--domain", "data-science", "--user", "ben"], "no Domain 'data-science' here; "),
        (["--domain", ""], "no Domain '' here; there are: d-"),
        (["--domain", "DOMAIN", "--user", "zoe"], "no user profile 'zoe' in Domain d-"),
        (["--domain", "DOMAIN", "--user", "eve"], "no user profile 'eve' in Domain d-"),
        (["--domain", "DOMAIN", "--user", ""], "no user profile '' in Domain d-"),
        (["--domain", "DOMAIN", "--space", "none"], "no space 'none' in Domain d-"),
        (["--user", "ben"], "--user needs the --domain that it is in: names are a Domain's own"),
        (["--space", "team-space"], "--space needs the --domain that it is in: "),
        (
            ["--domain", "DOMAIN", "--user", "ben", "--space", "team-space"],
            "give --user or --space, not both",
        ),
        (["--profile", "none"], "The config profile (none) could not be found"),
        (["--region", "not a region"], "Provided region_name 'not a region' doesn't match"),
        (["--assume-role", "nobody"], "'nobody' is not the ARN of a role: expected arn:"),
        (["--format", "xml"], "Invalid value for '--format': "),
        (["--apply"], "No such option: --apply"),
        (["ben"], "Got unexpected extra argument(s) (ben)"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(
    cured: Doctored, arguments: list[str], line: str
) -> None:
    given = [cured.domain if word == "DOMAIN" else word for word in arguments]

    result = cured.ask(*given)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {line}")
    assert result.stderr.count("\n") == 1


def test_aws_that_cannot_be_reached_is_one_line(cured: Doctored) -> None:
    environment = cured.sandbox.process_environment() | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    result = run(environment, "--domain", cured.domain, "--user", "ben")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("error: AWS cannot be reached: Could not connect")
    assert result.stderr.count("\n") == 1


def test_secrets_of_the_environment_are_never_printed(cured: Doctored) -> None:
    secret = cured.sandbox.environment()["AWS_SECRET_ACCESS_KEY"]

    for arguments in ([], ["--format", "json"], ["--domain", "d-none"]):
        result = cured.ask(*arguments)
        assert secret not in result.stdout + result.stderr
