"""The main job from end to end, in the sandbox: ``python -m scripts.demo``.

Real settings, real ``cdktf deploy``, real Terraform and AWS provider, the real post-apply
script; only AWS is the embedded one. Ends by itself, leaves nothing running, and exits
non-zero if any step did not hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from scripts.lib.cli import command_line, run
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import ToolError, describe
from scripts.lib.jumpstart.model import Selection, State
from scripts.lib.jumpstart.observe import observe
from scripts.lib.terraform import Cdktf, Plan, project_directory, terraform_environment
from scripts.sandbox import Sandbox

SETTINGS = "examples/sandbox.tfvars"
PROJECT = "quickstart"
END_USER_ROLE = "SCEndUserRole-quickstart"
SERVICE_ROLE_PATH = "/service-role/AmazonSageMakerServiceCatalogProducts"

app = command_line()


@dataclass
class Step:
    """A step of the demo and what became of it."""

    title: str
    action: Callable[[], str]
    result: str = "not reached"
    held: bool = False
    seconds: float = 0.0


class Demo:
    """The steps, in order; each returns one line that says what it found."""

    def __init__(self, sandbox: Sandbox, directory: Path, console: Console) -> None:
        self.sandbox = sandbox
        self.console = console
        self.directory = directory
        project = project_directory()
        self.settings = project / SETTINGS
        self.environment = terraform_environment(os.environ, directory)
        self.cdktf = Cdktf(
            project, Path(sys.executable), self.settings, directory, self.environment
        )
        self.stacks: tuple[str, ...] = ()

    def steps(self) -> list[Step]:
        return [
            Step("The account as found", self.show_account),
            Step("Synthesis", self.synthesise),
            Step("cdktf deploy", self.deploy),
            Step("Post-apply script", self.post_apply),
            Step("What a data scientist sees", self.show_catalog),
            Step("Second plan", self.plan_again),
            Step("A change behind Terraform's back", self.find_drift),
            Step("Destroy", self.destroy),
        ]

    def show_account(self) -> str:
        without = self._show_users()
        _expect(without > 0, "some user is without JumpStart in the account as found")
        return f"{without} users without JumpStart"

    def synthesise(self) -> str:
        self.stacks = self.cdktf.synth()
        return f"{len(self.stacks)} stacks: {', '.join(self.stacks)}"

    def deploy(self) -> str:
        self.cdktf.deploy()
        counts = {name: len(self.cdktf.terraform(name).addresses()) for name in self.stacks}
        for name, count in counts.items():
            self._tell(f"{name}: {count} resources")
        return f"{sum(counts.values())} resources in {len(counts)} stacks"

    def post_apply(self) -> str:
        self._tell(self._script("scripts.post_apply", expected=2))
        self._script("scripts.post_apply", "--apply", expected=0)
        self._script("scripts.post_apply", expected=0)
        _expect(self._show_users() == 0, "every user has JumpStart")
        return "every user has JumpStart; a second run has nothing to do"

    def show_catalog(self) -> str:
        catalog = self._as_data_scientist("servicecatalog")
        products = list(_search_products(catalog))
        _expect(len(products) == 1, f"one product is visible, not {len(products)}")
        product = products[0]
        described = catalog.describe_product(Id=product["ProductId"])
        versions = described["ProvisioningArtifacts"]
        self._tell(f"product {product['Name']} by {product['Owner']}")
        self._tell(f"versions: {', '.join(version['Name'] for version in versions)}")
        parameters = catalog.describe_provisioning_parameters(
            ProductId=product["ProductId"], ProvisioningArtifactId=versions[-1]["Id"]
        )["ProvisioningArtifactParameters"]
        self.console.print(_parameter_table(parameters))
        return f"{product['Name']} with {len(parameters)} parameters, and nothing else"

    def plan_again(self) -> str:
        for name, plan in self._plans():
            _expect(plan.is_empty, f"the second plan of {name} is empty, not {_say(plan)}")
        return f"no changes in {len(self.stacks)} stacks"

    def find_drift(self) -> str:
        stack = f"notebook-{PROJECT}"
        bucket = self.cdktf.terraform(stack).outputs()["bucket_name"]["value"]
        self.sandbox.client("s3").delete_bucket_policy(Bucket=bucket)
        self._tell(f"somebody deletes the policy of bucket {bucket}")
        found = self.cdktf.terraform(stack).plan()
        self._tell(f"the plan of {stack}: {_say(found)}")
        policies = [c for c in found.changes if c.address.startswith("aws_s3_bucket_policy.")]
        _expect(len(policies) == 1, "the plan finds the change of the bucket's policy")
        self.cdktf.deploy(stack)
        _expect(self.cdktf.terraform(stack).plan().is_empty, "a deploy mends it")
        return "found by a plan, mended by a deploy"

    def destroy(self) -> str:
        releasing = self.cdktf.with_settings(self._releasing_settings())
        releasing.deploy("jumpstart")
        self._tell("the service roles are released from the state")
        releasing.destroy()
        left = {name: self.cdktf.terraform(name).addresses() for name in self.stacks}
        _expect(not any(left.values()), f"nothing is left in the state, not {left}")
        roles = self._service_roles()
        _expect(bool(roles), "the service roles are still standing")
        return f"nothing is left in the state; {len(roles)} service roles still stand"

    def _show_users(self) -> int:
        """Show every user of every Domain; return how many are without JumpStart."""
        state = observe(Clients(open_session()), Selection())
        self.console.print(_user_table(state))
        roles = [d.role_of_user(user) for d in state.domains for user in d.users]
        return sum(role is None or not state.admits(role) for role in roles)

    def _plans(self) -> Iterator[tuple[str, Plan]]:
        for name in self.stacks:
            yield name, self.cdktf.terraform(name).plan()

    def _releasing_settings(self) -> Path:
        text = self.settings.read_text(encoding="utf-8")
        changed = text.replace('retention = "protect"', 'retention = "release"')
        _expect(changed != text, f'{SETTINGS} says retention = "protect"')
        path = self.directory / "release.tfvars"
        path.write_text(changed, encoding="utf-8")
        return path

    def _service_roles(self) -> list[str]:
        pages = self.sandbox.client("iam").get_paginator("list_roles").paginate()
        roles = [role["Arn"] for page in pages for role in page["Roles"]]
        return [arn for arn in roles if SERVICE_ROLE_PATH in arn]

    def _as_data_scientist(self, service: str) -> Any:
        account = self.sandbox.account_id
        assumed = self.sandbox.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{END_USER_ROLE}", RoleSessionName="dana"
        )
        return self.sandbox.client(service, credentials=assumed["Credentials"])

    def _script(self, module: str, *arguments: str, expected: int) -> str:
        done = subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-m", module, *arguments],
            cwd=project_directory(),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        command = " ".join(["python -m", module, *arguments])
        if done.returncode != expected:
            raise ToolError(f"{command} ended with {done.returncode}: {done.stderr.strip()}")
        self._tell(f"$ {command}  (exit code {done.returncode})")
        return done.stdout

    def _tell(self, text: str) -> None:
        for line in text.rstrip().splitlines():
            self.console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def perform(steps: Sequence[Step], console: Console) -> bool:
    """Perform the steps until one does not hold; return whether all held."""
    for number, step in enumerate(steps, start=1):
        console.print(f"\n[bold]{number}/{len(steps)}  {step.title}[/]")
        with _timed(step), console.status("working"):
            try:
                step.result = step.action()
                step.held = True
            except ToolError as error:
                step.result = str(error)
            except (BotoCoreError, ClientError) as error:
                step.result = describe(error)
        console.print(f"  -> {step.result}  ({step.seconds:.1f} s)", markup=False, soft_wrap=True)
        if not step.held:
            return False
    return True


def summary(steps: Sequence[Step]) -> Table:
    """Return the closing table: what held, and how long it took."""
    table = Table(title="Summary", title_justify="left")
    table.add_column("Step")
    table.add_column("Held")
    table.add_column("Seconds", justify="right")
    table.add_column("Result", overflow="fold")
    for step in steps:
        first_line = step.result.splitlines()[0]
        table.add_row(step.title, "yes" if step.held else "NO", f"{step.seconds:.1f}", first_line)
    return table


@app.command()
def main() -> int:
    console = Console()
    cache = project_directory() / ".cache"
    cache.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="demo-", dir=cache))
    console.print("Starting the sandbox: an embedded AWS on this machine alone")
    with Sandbox.start() as sandbox:
        # From here on nothing in this process or its children can reach a real AWS.
        confined = sandbox.process_environment()
        os.environ.clear()
        os.environ.update(confined)
        steps = Demo(sandbox, directory, console).steps()
        held = perform(steps, console)
    console.print()
    console.print(summary(steps))
    console.print(f"Logs and Terraform JSON: {directory}", soft_wrap=True)
    return 0 if held else 1


def _search_products(catalog: Any) -> Iterator[dict[str, Any]]:
    page: dict[str, Any] = {"NextPageToken": ""}
    while (token := page.get("NextPageToken")) is not None:
        page = catalog.search_products(**({"PageToken": token} if token else {}))
        yield from page["ProductViewSummaries"]


def _user_table(state: State) -> Table:
    table = Table()
    for column in ("Domain", "User", "Role", "The Domain's own", "JumpStart"):
        table.add_column(column, overflow="fold")
    for domain in state.domains:
        for user in domain.users:
            role = domain.role_of_user(user) or ""
            table.add_row(
                domain.name,
                user.name,
                role.rpartition("/")[2],
                "yes" if role == domain.user_role else "no",
                "yes" if state.admits(role) else "NO",
            )
    return table


def _parameter_table(parameters: Sequence[dict[str, Any]]) -> Table:
    table = Table(title="  Parameters", title_justify="left")
    for column in ("Name", "Default", "Allowed"):
        table.add_column(column, overflow="fold")
    for parameter in parameters:
        allowed = parameter.get("ParameterConstraints", {}).get("AllowedValues", [])
        table.add_row(
            parameter["ParameterKey"], parameter.get("DefaultValue", ""), ", ".join(allowed)
        )
    return table


def _say(plan: Plan) -> str:
    changes = [f"{'/'.join(change.actions)} {change.address}" for change in plan.changes]
    outputs = [f"output {name}" for name in plan.changed_outputs]
    return "; ".join(changes + outputs) or "no changes"


def _expect(held: bool, expectation: str) -> None:
    if not held:
        raise ToolError(f"expected that {expectation}")


@contextmanager
def _timed(step: Step) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        step.seconds = time.monotonic() - start


if __name__ == "__main__":
    run(app)
