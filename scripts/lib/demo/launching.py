"""The steps of the demo in which a data scientist launches the product."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from rich.console import Console

from scripts.lib.demo.scientists import ALLOWED, Person, Scene, attempts
from scripts.lib.demo.tables import attempt_table, change_table, output_table
from scripts.lib.errors import ToolError, error_code
from scripts.sandbox import Sandbox

PROJECT = "quickstart"
NOTEBOOK = "danas-notebook"
OWN_ROLE = "SCEndUserRole-quickstart"
OTHER_ROLE = "SCEndUserRole-vision"
LAUNCH_ROLE = "SCLaunchRole-quickstart"
BUILDER = "SageMakerBuild-quickstart"


class Launching:
    """dana launches, others try around the catalog, dana ends it."""

    def __init__(
        self, sandbox: Sandbox, console: Console, environment: Mapping[str, str], log: Path
    ) -> None:
        self._sandbox = sandbox
        self._console = console
        self._environment = environment
        self._log = log
        self._people: dict[str, Person] = {}

    def launch(self) -> str:
        self._people = {
            "dana": Person(self._sandbox, "dana"),
            "eli": Person(self._sandbox, "eli"),
            "sam": Person(self._sandbox, "sam", "s3:*"),
        }
        self._tell(f"$ python -m scripts.launch start {NOTEBOOK} --parameter ... --apply")
        report = self._run("start", NOTEBOOK, f"--parameter=NotebookInstanceName={NOTEBOOK}")
        self._console.print(change_table(report), output_table(report))
        notebook = self._notebook()
        promised = {"NotebookInstanceStatus": "InService", "DirectInternetAccess": "Disabled"}
        seen = {key: notebook[key] for key in promised}
        _expect(seen == promised, f"the notebook is {promised}, not {seen}")
        return "in service, without internet"

    def try_around(self) -> str:
        outputs = self._stack_outputs()
        scene = Scene(
            OWN_ROLE, OTHER_ROLE, LAUNCH_ROLE, BUILDER, outputs["S3BucketName"], self._notebook()
        )
        tried = attempts(scene, **self._people)
        outcomes = [attempt.outcome() for attempt in tried]
        self._console.print(
            attempt_table((a.who, a.what, o) for a, o in zip(tried, outcomes, strict=True))
        )
        for attempt, outcome in zip(tried, outcomes, strict=True):
            sentence = f"{attempt.who} {attempt.what}: {attempt.expected}"
            _expect(outcome == attempt.expected, f"{sentence}, not {outcome}")
        return f"{len(outcomes) - outcomes.count(ALLOWED)} attempts refused"

    def end(self) -> str:
        self._tell(f"$ python -m scripts.launch end {NOTEBOOK} --apply")
        self._console.print(change_table(self._run("end", NOTEBOOK)))
        try:
            status = self._notebook()["NotebookInstanceStatus"]
        except ClientError as error:
            _expect(error_code(error) == "ValidationException", "SageMaker says that it is gone")
        else:
            raise ToolError(f"expected that the notebook is gone, not {status}")
        for person in self._people.values():
            person.forget()
        return "the notebook is gone"

    def _run(self, *arguments: str) -> dict[str, Any]:
        dana = self._people["dana"]
        printed = dana.launch(self._environment, self._log, OWN_ROLE, *arguments)
        report: dict[str, Any] = json.loads(printed)
        return report

    def _notebook(self) -> dict[str, Any]:
        sagemaker = self._sandbox.client("sagemaker")
        found: dict[str, Any] = sagemaker.describe_notebook_instance(NotebookInstanceName=NOTEBOOK)
        return found

    def _stack_outputs(self) -> dict[str, str]:
        pages = self._sandbox.client("cloudformation").get_paginator("describe_stacks").paginate()
        stacks = [stack for page in pages for stack in page["Stacks"]]
        _expect(len(stacks) == 1, f"one stack was made, not {len(stacks)}")
        return {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}

    def _tell(self, *lines: str) -> None:
        for line in lines:
            self._console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _expect(held: bool, expectation: str) -> None:
    if not held:
        raise ToolError(f"expected that {expectation}")
