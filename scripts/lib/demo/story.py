"""What the demo does: the main job from end to end, step by step."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from scripts.lib.clients import Clients, open_session
from scripts.lib.demo.launching import Launching
from scripts.lib.demo.step import Step
from scripts.lib.demo.tables import change_table, parameter_table, statement_table, user_table
from scripts.lib.errors import ToolError
from scripts.lib.jumpstart.model import Selection
from scripts.lib.jumpstart.observe import observe
from scripts.lib.process import end_processes, run_text
from scripts.lib.terraform import Cdktf, Plan, Terraform, project_directory, terraform_environment
from scripts.sandbox import Sandbox

SETTINGS = "examples/sandbox.tfvars"
PROJECT = "quickstart"
END_USER_ROLE = "SCEndUserRole-quickstart"
SERVICE_ROLE_PATH = "/service-role/AmazonSageMakerServiceCatalogProducts"
AT_ONCE = 2
"""Terraform commands that run at the same time; each takes about 600 MB."""

T = TypeVar("T")


class Story:
    """The steps, in order. Each raises ToolError if it does not hold."""

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
        launching = Launching(self.sandbox, self.console, self.environment, self.cdktf.log)
        return [
            Step("The account as found", self.show_account),
            Step("Synthesis", self.synthesise),
            Step("cdktf deploy", self.deploy),
            Step("Post-apply script", self.post_apply),
            Step("A data scientist's view", self.show_catalog),
            Step("A launch", launching.launch),
            Step("Around the catalog", launching.try_around),
            Step("Second plan", self.plan_again),
            Step("Drift, found and mended", self.find_drift),
            Step("The end of the launch", launching.end),
            Step("Destroy", self.destroy),
        ]

    def show_account(self) -> str:
        without = self._show_users()
        _expect(without > 0, "some user is without JumpStart in the account as found")
        return f"{without} users without JumpStart"

    def synthesise(self) -> str:
        self._tell(f"$ python main.py {SETTINGS}")
        self.stacks = self.cdktf.synth()
        self._tell(*(f"  {name}" for name in self.stacks))
        return f"{len(self.stacks)} stacks"

    def deploy(self) -> str:
        self._tell("$ cdktf deploy '*'   (takes a minute or two)")
        self.cdktf.deploy(skip_synth=True)
        counts = {name: len(found) for name, found in self._each(Terraform.addresses)}
        self._tell(*(f"  {name:<24}{count:>4} resources" for name, count in counts.items()))
        return f"{sum(counts.values())} resources"

    def post_apply(self) -> str:
        outputs = [f"--outputs={path}" for path in self._write_outputs()]
        self._tell("$ python -m scripts.post_apply plan --outputs ...")
        planned = self._post_apply("plan", *outputs, expected=2)
        self.console.print(change_table(planned))
        ledger = f"--ledger={self.directory / 'ledger'}"
        self._tell("$ python -m scripts.post_apply apply --outputs ...")
        self._post_apply("apply", ledger, *outputs, expected=0)
        self._tell("$ python -m scripts.post_apply plan --outputs ...", "  nothing left to do")
        self._post_apply("plan", *outputs, expected=0)
        _expect(self._show_users() == 0, "every user has JumpStart")
        return "every user has JumpStart"

    def show_catalog(self) -> str:
        catalog = self._as_end_user("servicecatalog")
        products = list(_search_products(catalog))
        _expect(len(products) == 1, f"one product is visible, not {len(products)}")
        product = products[0]
        versions = catalog.describe_product(Id=product["ProductId"])["ProvisioningArtifacts"]
        names = ", ".join(version["Name"] for version in versions)
        self._tell(
            f"{END_USER_ROLE} sees {product['Name']} by {product['Owner']}", f"versions: {names}"
        )
        parameters = catalog.describe_provisioning_parameters(
            ProductId=product["ProductId"], ProvisioningArtifactId=versions[-1]["Id"]
        )["ProvisioningArtifactParameters"]
        self.console.print(parameter_table(parameters))
        return f"one product, {len(parameters)} parameters"

    def plan_again(self) -> str:
        for name, plan in self._each(Terraform.plan):
            self._tell(f"  {name:<24}{_say(plan)}")
            _expect(plan.is_empty, f"the second plan of {name} is empty, not: {_say(plan)}")
        return f"no changes in {len(self.stacks)} stacks"

    def find_drift(self) -> str:
        terraform = self.cdktf.terraform(f"notebook-{PROJECT}")
        bucket = terraform.outputs()["bucket_name"]["value"]
        s3 = self.sandbox.client("s3")
        before = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        s3.delete_bucket_policy(Bucket=bucket)
        self._tell("somebody deletes the policy of the bucket", f"  {bucket}", "the plan finds it:")
        plan = terraform.plan()
        self._tell(*(f"  {'/'.join(c.actions)} {c.address}" for c in plan.changes))
        policies = [c for c in plan.changes if c.address.startswith("aws_s3_bucket_policy.")]
        _expect(
            policies == list(plan.changes) and len(policies) == 1,
            f"the plan changes the bucket's policy alone, not: {_say(plan)}",
        )
        self.console.print(statement_table(_planned_policy(plan, policies[0].address)))
        self.cdktf.deploy(f"notebook-{PROJECT}", skip_synth=True)
        after = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        _expect(after == before, "a deploy puts the same policy back")
        self._tell("a deploy puts the same policy back")
        return "plan found it, deploy mended it"

    def destroy(self) -> str:
        releasing = self.cdktf.with_settings(self._releasing_settings())
        self._tell('jumpstart.retention = "release": the state lets go of the service roles')
        releasing.synth()
        releasing.deploy("jumpstart", skip_synth=True)
        self._tell("$ cdktf destroy '*'")
        releasing.destroy(skip_synth=True)
        left = {name: found for name, found in self._each(Terraform.addresses) if found}
        _expect(not left, f"nothing is left in the state, not: {left}")
        roles = self._service_roles()
        _expect(bool(roles), "the service roles are still standing")
        self._tell(*(f"  {role}" for role in roles))
        return f"state empty, {len(roles)} roles stand"

    def _show_users(self) -> int:
        """Show every user of every Domain; return how many are without JumpStart."""
        state = observe(Clients(open_session()), Selection())
        self.console.print(user_table(state))
        roles = [d.role_of_user(user) for d in state.domains for user in d.users]
        return sum(role is None or not state.admits(role) for role in roles)

    def _each(self, ask: Callable[[Terraform], T]) -> Iterator[tuple[str, T]]:
        """Ask Terraform in every stack, a few at a time; yield the answers in order."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                answers = list(pool.map(ask, map(self.cdktf.terraform, self.stacks)))
            except KeyboardInterrupt:
                # The threads wait for their commands, and the pool for its threads.
                end_processes(os.getpid())
                raise
        yield from zip(self.stacks, answers, strict=True)

    def _write_outputs(self) -> Iterator[Path]:
        for name, outputs in self._each(Terraform.outputs):
            if name.startswith("notebook-"):
                path = self.directory / f"{name}.outputs.json"
                path.write_text(json.dumps(outputs), encoding="utf-8")
                yield path

    def _post_apply(self, *arguments: str, expected: int) -> dict[str, Any]:
        command = [sys.executable, "-m", "scripts.post_apply", *arguments, "--format=json"]
        project = project_directory()
        printed = run_text(command, project, self.environment, self.cdktf.log, expected=expected)
        report: dict[str, Any] = json.loads(printed)
        return report

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
        return [arn.rpartition("/")[2] for arn in roles if SERVICE_ROLE_PATH in arn]

    def _as_end_user(self, service: str) -> Any:
        account = self.sandbox.account_id
        assumed = self.sandbox.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{END_USER_ROLE}", RoleSessionName="dana"
        )
        return self.sandbox.client(service, credentials=assumed["Credentials"])

    def _tell(self, *lines: str) -> None:
        for line in lines:
            self.console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _search_products(catalog: Any) -> Iterator[dict[str, Any]]:
    page: dict[str, Any] = {"NextPageToken": ""}
    while (token := page.get("NextPageToken")) is not None:
        page = catalog.search_products(**({"PageToken": token} if token else {}))
        yield from page["ProductViewSummaries"]


def _planned_policy(plan: Plan, address: str) -> dict[str, Any]:
    """Return the policy document that the change of ``address`` would put in place."""
    changes = {c["address"]: c["change"]["after"] for c in plan.raw["resource_changes"]}
    policy: dict[str, Any] = json.loads(changes[address]["policy"])
    return policy


def _say(plan: Plan) -> str:
    changes = [f"{'/'.join(change.actions)} {change.address}" for change in plan.changes]
    outputs = [f"output {name}" for name in plan.changed_outputs]
    return "; ".join(changes + outputs) or "no changes"


def _expect(held: bool, expectation: str) -> None:
    if not held:
        raise ToolError(f"expected that {expectation}")
