"""Jobs of GitHub Actions on this machine: the steps' shell as it stands, actions as stand-ins.

Of expressions it knows what the workflows here use: names, ``==``, ``!=``, ``&&`` and
``!cancelled()``. Whatever else a workflow has is an error, not passed over.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
INSTALLED = (
    "actions/setup-node",
    "actions/setup-python",
    "hashicorp/setup-terraform",
)
"""What the machine has already."""


@dataclass
class Done:
    """What became of a job."""

    succeeded: bool = True
    outcomes: dict[str, str] = field(default_factory=dict)
    """By the name of each step: success, failure or skipped."""
    printed: str = ""
    errors: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Jobs:
    """What the jobs of a workflow have in common: what is known, and the artifacts of a run."""

    environment: Mapping[str, str]
    known: dict[str, str]
    """Of expressions, by name: ``vars.AWS_REGION``."""
    artifacts: Path

    def run(self, workflow: str, job: str, directory: Path, *, start: str = "") -> Done:
        """Run a job in ``directory``, which is checked out and installed.

        With ``start``, only from the step of that name on: the others have been done.
        """
        document = load(f".github/workflows/{workflow}.yml")
        body = document["jobs"][job]
        done = Done()
        assert document["defaults"]["run"]["shell"] == "bash"
        if not self.holds(body.get("if", "!cancelled()"), done):
            done.outcomes["job"] = "skipped"
            return done
        work = _Work(self, directory, done, {})
        names = [step.get("name") for step in body["steps"]]
        work.steps(body["steps"][names.index(start) if start else 0 :])
        done.outputs = {name: work.text(value) for name, value in body.get("outputs", {}).items()}
        for name, value in done.outputs.items():
            self.known[f"needs.{job}.outputs.{name}"] = value
        return done

    def holds(self, condition: str, done: Done, more: Mapping[str, str] | None = None) -> bool:
        """Tell whether a condition holds; without ``cancelled()`` it asks for success, too."""
        text = condition.removeprefix("${{").removesuffix("}}").strip()
        asked = [part.strip() for part in text.split("&&")]
        if "!cancelled()" not in asked and not done.succeeded:
            return False
        return all(self._is_true(part, more or {}) for part in asked if part != "!cancelled()")

    def _is_true(self, part: str, more: Mapping[str, str]) -> bool:
        found = re.fullmatch(r"(\S+) (==|!=) (\S+)", part)
        assert found is not None, f"this condition is not known: {part}"
        left, right = (self.value(name, more) for name in (found[1], found[3]))
        return (left == right) == (found[2] == "==")

    def value(self, name: str, more: Mapping[str, str]) -> str:
        if name.startswith("'"):
            return name.strip("'")
        if name in more or name in self.known:
            return more.get(name) or self.known.get(name, "")
        # Of what did not run there are no outputs.
        assert name.startswith(("steps.", "needs.")), f"this name is not known: {name}"
        return ""


class _Work:
    def __init__(self, jobs: Jobs, directory: Path, done: Done, names: dict[str, str]) -> None:
        self.jobs = jobs
        self.directory = directory
        self.done = done
        self.names = names
        """Known in this job alone: its steps' outputs and outcomes, inputs of an action."""

    def text(self, value: object) -> str:
        """Return a value of the workflow with its expressions replaced."""

        def replace(match: re.Match[str]) -> str:
            name = match[1].strip()
            if " " in name:
                return str(self.jobs.holds(name, Done(), self.names)).lower()
            return self.jobs.value(name, self.names)

        written = str(value).lower() if isinstance(value, bool) else str(value)
        return re.sub(r"\$\{\{(.*?)\}\}", replace, written)

    def steps(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            name = step.get("name") or step.get("uses") or step["run"]
            outcome = "skipped"
            if self.jobs.holds(step.get("if", "!cancelled()"), self.done, self.names) and (
                "if" in step or self.done.succeeded
            ):
                outcome = "success" if self._step(step) else "failure"
            self.done.outcomes[name] = outcome
            self.done.succeeded &= outcome != "failure"
            if "id" in step:
                self.names[f"steps.{step['id']}.outcome"] = outcome

    def _step(self, step: dict[str, Any]) -> bool:
        if "run" in step:
            assert step.get("shell", "bash") == "bash"
            return self._shell(step["run"], step.get("env", {}))
        given = {name: self.text(value) for name, value in step.get("with", {}).items()}
        action = step["uses"].partition("@")[0]
        if action.startswith("./"):
            return self._own_action(action, given)
        outputs = self._action(action, given)
        for name, value in outputs.items():
            self.names[f"steps.{step.get('id', '')}.outputs.{name}"] = value
        return True

    def _own_action(self, action: str, given: dict[str, str]) -> bool:
        document = load(f"{action}/action.yml")
        inputs = {name: body["default"] for name, body in document.get("inputs", {}).items()}
        names = {f"inputs.{name}": value for name, value in (inputs | given).items()}
        assert len(names) == len(inputs), f"{action} has no such input"
        inner = _Work(self.jobs, self.directory, self.done, names)
        inner.steps(document["runs"]["steps"])
        return self.done.succeeded

    def _action(self, action: str, given: dict[str, str]) -> dict[str, str]:
        path = self.directory / given.get("path", ".")
        match action:
            case "actions/checkout":
                assert given["persist-credentials"] == "false"
            case _ if action in INSTALLED:
                pass
            case "aws-actions/configure-aws-credentials":
                assert given["role-to-assume"].startswith("arn:aws:iam::")
                return {"aws-account-id": given["role-to-assume"].split(":")[4]}
            case "actions/upload-artifact":
                assert given["if-no-files-found"] == "error"
                if not any(path.glob("*")):
                    self.done.succeeded = False
                    return {}
                shutil.copytree(path, self.jobs.artifacts / given["name"])
                return {"artifact-id": "4711"}
            case "actions/download-artifact":
                shutil.copytree(self.jobs.artifacts / given["name"], path)
            case "github/codeql-action/upload-sarif":
                assert (self.directory / given["sarif_file"]).is_file()
            case _:
                raise AssertionError(f"no stand-in for {action}")
        return {}

    def _shell(self, script: str, environment: dict[str, Any]) -> bool:
        if script == "make install":  # linked already
            return (self.directory / ".venv/bin/python").exists()
        assert "${{" not in script
        summary = self.directory / "step-summary.md"
        variables = {name: self.text(value) for name, value in environment.items()}
        done = subprocess.run(  # noqa: S603 - the workflow's own script
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607
            cwd=self.directory,
            env={**self.jobs.environment, "GITHUB_STEP_SUMMARY": str(summary), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.done.printed += done.stdout
        self.done.errors += done.stderr
        self.done.summary = summary.read_text("utf-8") if summary.exists() else ""
        return done.returncode == 0


def load(path: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((PROJECT / path).read_text("utf-8"))
    return document
