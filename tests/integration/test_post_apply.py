"""The script after the apply, on what Terraform made."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.integration.conftest import PROJECT, SANDBOX_SETTINGS, Deployment

STACK = "notebook-quickstart"


def post_apply(deployment: Deployment, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own module, in our own interpreter
        [sys.executable, "-m", "scripts.post_apply", *arguments],
        cwd=PROJECT,
        env={
            **deployment.environment,
            "POST_APPLY_LEDGER": str(deployment.directory / "ledger"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def outputs_file(deployment: Deployment) -> str:
    path = deployment.directory / "outputs.json"
    path.write_text(json.dumps(deployment.outputs(STACK)), encoding="utf-8")
    return str(path)


def test_the_first_version_is_deprecated_as_the_settings_say(deployed: Deployment) -> None:
    """Terraform cannot hold it: its outputs say what is wanted, the script sees to it."""
    first = '    id          = "QuickStart007"\n'
    versions = '[{ name = "1", guidance = "DEPRECATED" }, { name = "2" }]'
    deployed.synth(SANDBOX_SETTINGS.replace(first, f"{first}    versions = {versions}\n"))
    deployed.apply(STACK)
    assert post_apply(deployed, "apply").returncode == 0
    outputs = outputs_file(deployed)
    dry = post_apply(deployed, "plan", "--outputs", outputs)
    assert dry.returncode == 2, dry.stderr
    assert "DEPRECATED" in dry.stdout
    assert guidance(deployed) == {"1": "DEFAULT", "2": "DEFAULT"}
    done = post_apply(deployed, "apply", "--outputs", outputs)
    assert done.returncode == 0, done.stderr
    assert guidance(deployed) == {"1": "DEPRECATED", "2": "DEFAULT"}
    assert post_apply(deployed, "plan", "--outputs", outputs).returncode == 0
    assert deployed.plan(STACK).is_empty


def guidance(deployment: Deployment) -> dict[str, str]:
    found = deployment.client("servicecatalog").list_provisioning_artifacts(
        ProductId=deployment.output(STACK, "product_id")
    )["ProvisioningArtifactDetails"]
    return {version["Name"]: version.get("Guidance", "DEFAULT") for version in found}
