"""Fetching the AWS provider: when, how, and what is said if it cannot be had."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scripts.lib import terraform
from scripts.lib.process import CommandError
from scripts.lib.terraform import find_provider_mirror, terraform_environment
from tools import fetch_provider
from tools.fetch_provider import fetch, is_needed, main

NETWORK = 'provider_installation {\n  network_mirror { url = "https://mirror.example/" }\n}\n'


def mirror(root: Path) -> Path:
    platform = terraform._platform()
    (root / "registry.terraform.io/hashicorp/aws/5.100.0" / platform).mkdir(parents=True)
    return root


@pytest.fixture(autouse=True)
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "tools/providers"
    monkeypatch.setattr(terraform, "INSTALLED_PROVIDERS", path)
    monkeypatch.setattr(fetch_provider, "INSTALLED_PROVIDERS", path)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment without any provider, a fake Terraform in it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "home").mkdir()
    nowhere = str(tmp_path / "nowhere")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": nowhere, "PATH": path}


def fake_terraform(tmp_path: Path, body: str) -> None:
    tool = tmp_path / "bin/terraform"
    tool.write_text(f"#!/bin/sh\n{body}\n")
    tool.chmod(0o755)


def test_needed_where_the_machine_has_no_provider(bare: dict[str, str]) -> None:
    assert is_needed(bare, [])


def test_not_needed_where_a_mirror_has_it(bare: dict[str, str], tmp_path: Path) -> None:
    mirror(tmp_path / "opt/mirror")

    assert not is_needed(bare, [tmp_path / "opt"])


def test_needed_where_the_user_names_a_registry_that_the_sandbox_cannot_reach(
    bare: dict[str, str], tmp_path: Path
) -> None:
    mirror(tmp_path / "opt/mirror")
    (tmp_path / "home/.terraformrc").write_text(NETWORK)

    assert is_needed(bare, [tmp_path / "opt"])


def test_not_needed_once_it_is_installed(
    bare: dict[str, str], tmp_path: Path, target: Path
) -> None:
    mirror(target)
    (tmp_path / "home/.terraformrc").write_text(NETWORK)

    assert not is_needed(bare, [])


def test_real_terraform_leaves_a_mirror_that_is_found_again(
    bare: dict[str, str], tmp_path: Path, target: Path
) -> None:
    """The machine's own mirror plays the registry."""
    registry = terraform_environment(os.environ, tmp_path / "rc")

    fetch(registry, target)

    assert find_provider_mirror(bare, []) == target
    assert sorted(path.name for path in target.parent.iterdir()) == ["provider.log", "providers"]


def test_asks_for_the_version_of_the_bindings_in_the_users_own_way(
    bare: dict[str, str], tmp_path: Path, target: Path
) -> None:
    fake_terraform(tmp_path, f"cat main.tf.json > {tmp_path}/asked; env > {tmp_path}/env")

    fetch({**bare, "HTTPS_PROXY": "http://proxy.example"}, target)

    asked = json.loads((tmp_path / "asked").read_text())
    assert asked["terraform"]["required_providers"] == {
        "aws": {"source": "hashicorp/aws", "version": "5.100.0"}
    }
    environment = (tmp_path / "env").read_text().splitlines()
    assert f"TF_PLUGIN_CACHE_DIR={target}" in environment
    assert "HTTPS_PROXY=http://proxy.example" in environment


def test_a_failure_says_how_to_do_without_a_registry(
    bare: dict[str, str], tmp_path: Path, target: Path
) -> None:
    fake_terraform(tmp_path, "echo no such host >&2; exit 1")

    with pytest.raises(CommandError) as raised:
        fetch(bare, target)

    assert str(raised.value).splitlines() == [
        "terraform init failed with exit code 1:",
        "no such host",
        (
            "The AWS provider cannot be fetched. Put it into a provider mirror (terraform providers"
            " mirror DIRECTORY) and name it: TF_PROVIDER_MIRROR=DIRECTORY"
        ),
    ]
    assert not list(target.parent.glob("*.fetch"))


@pytest.mark.parametrize("code", [0, 1])
def test_ends_with_1_if_it_cannot_be_fetched(
    bare: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
) -> None:
    fake_terraform(tmp_path, f"exit {code}")
    monkeypatch.setattr(fetch_provider.is_needed, "__defaults__", ((),))
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in bare.items():
        monkeypatch.setenv(name, value)

    assert main() == code
    printed = capsys.readouterr()
    assert printed.out.startswith("Fetching the AWS provider 5.100.0 for Terraform into ")
    assert printed.err.startswith("error: terraform init failed" if code else "")
    assert bool(printed.err) is bool(code)
