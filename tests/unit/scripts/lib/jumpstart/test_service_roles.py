import pytest
from botocore.exceptions import ClientError

from scripts.lib.changes import DryRun, Finding, Severity
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import InputError
from scripts.lib.job import Job
from scripts.lib.jumpstart.service_roles import MEND, prepare
from scripts.sandbox import Sandbox
from scripts.sandbox.account import SAGEMAKER_TRUST
from scripts.sandbox.faults import Deny, Fail, Rule
from tests.unit.scripts.lib.jumpstart.builders import role

PREFIX = "service-role/AmazonSageMakerServiceCatalogProducts"


def make(account: Sandbox, *names: str, path: str = "/service-role/") -> dict[str, str]:
    """Make service roles and return their ARNs by the stack's name for them."""
    iam = account.client("iam")
    for name in names:
        iam.create_role(
            RoleName=f"AmazonSageMakerServiceCatalogProducts{name}Role",
            AssumeRolePolicyDocument=SAGEMAKER_TRUST,
            Path=path,
        )
    return {name.lower(): role(f"{PREFIX}{name}Role") for name in names}


def rows(job: Job) -> tuple[tuple[object, ...], ...]:
    (table,) = job.facts
    return table.rows


def missing(name: str, arn: str) -> Finding:
    message = f"the jumpstart stack's {name} does not exist; {MEND}"
    return Finding(Severity.ERROR, arn, message)


def test_roles_that_are_there_are_told_and_nothing_is_found(
    account: Sandbox, clients: Clients
) -> None:
    arns = make(account, "Use", "Launch")

    job = prepare(clients, arns)

    assert rows(job) == (("launch", arns["launch"], True), ("use", arns["use"], True))
    assert (job.findings, job.changes) == ((), ())
    assert isinstance(job.writer, DryRun)


def test_role_that_is_gone_is_an_error_that_says_how_to_mend_it(
    account: Sandbox, clients: Clients
) -> None:
    arns = make(account, "Use") | {"glue": role(f"{PREFIX}GlueRole")}

    job = prepare(clients, arns)

    assert rows(job) == (("glue", arns["glue"], False), ("use", arns["use"], True))
    assert job.findings == (missing("glue", arns["glue"]),)


@pytest.mark.parametrize(
    "arn",
    [
        role("AmazonSageMakerServiceCatalogProductsUseRole"),
        role("other/AmazonSageMakerServiceCatalogProductsUseRole"),
        "arn:aws:iam::210987654321:role/service-role/AmazonSageMakerServiceCatalogProductsUseRole",
    ],
)
def test_role_of_that_name_elsewhere_is_not_it(
    account: Sandbox, clients: Clients, arn: str
) -> None:
    make(account, "Use")

    job = prepare(clients, {"use": arn})

    assert rows(job) == (("use", arn, False),)
    assert job.findings == (missing("use", arn),)


def test_findings_come_by_the_stacks_names(clients: Clients) -> None:
    arns = {name: role(f"{PREFIX}{name}") for name in ("use", "api", "launch", "glue", "events")}

    job = prepare(clients, arns)

    assert job.findings == tuple(missing(name, arns[name]) for name in sorted(arns))


def test_no_roles_are_no_calls(account: Sandbox, clients: Clients) -> None:
    job = prepare(clients, {})

    assert (rows(job), job.findings) == ((), ())
    assert account.journal() == []


def test_roles_are_only_read(account: Sandbox, clients: Clients) -> None:
    arns = make(account, "Use", "Launch")
    account.clear_journal()

    prepare(clients, arns).run(apply=True)

    assert [call.operation for call in account.journal()] == ["GetRole", "GetRole"]


@pytest.mark.parametrize("arn", ["", "use", "arn:aws:iam::123456789012:user/amy"])
def test_fails_when_an_output_is_not_the_arn_of_a_role(clients: Clients, arn: str) -> None:
    with pytest.raises(InputError, match=r"^'.*' is not the ARN of a role: expected arn:"):
        prepare(clients, {"use": arn})


def through(account: Sandbox, monkeypatch: pytest.MonkeyPatch, rule: Rule) -> Job:
    arns = make(account, "Use")
    with account.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        return prepare(Clients(open_session()), arns)


@pytest.mark.usefixtures("clients")
def test_role_that_may_not_be_read_is_not_taken_for_missing(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = through(account, monkeypatch, Deny(("GetRole",)))

    arn = role(f"{PREFIX}UseRole")
    assert rows(job) == (("use", arn, None),)
    (finding,) = job.findings
    assert (finding.severity, finding.subject) == (Severity.WARNING, arn)
    assert finding.message.startswith("could not be checked: GetRole: AccessDenied: ")


@pytest.mark.usefixtures("clients")
def test_failure_of_aws_is_raised(account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClientError, match="InternalFailure"):
        through(account, monkeypatch, Fail(1, ("GetRole",)))
