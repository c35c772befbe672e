import json
import os
import platform
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import terraform
from scripts.lib.errors import ToolError
from scripts.lib.terraform import (
    MIRROR_VARIABLE,
    Cdktf,
    ResourceChange,
    Terraform,
    find_provider_mirror,
    project_directory,
    provider_mirrors,
    read_plan,
    terraform_environment,
)

AWS = "registry.terraform.io/hashicorp/aws"


def this_platform() -> str:
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    return f"{platform.system().lower()}_{architecture}"


def unpacked(root: Path, version: str = "5.100.0", target: str | None = None) -> Path:
    (root / AWS / version / (target or this_platform())).mkdir(parents=True)
    return root


def packed(root: Path, version: str = "5.100.0") -> Path:
    (root / AWS).mkdir(parents=True)
    name = f"terraform-provider-aws_{version}_{this_platform()}.zip"
    (root / AWS / name).write_bytes(b"")
    return root


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where ``make install`` puts a provider: nothing is there yet."""
    path = tmp_path / "installed"
    monkeypatch.setattr(terraform, "INSTALLED_PROVIDERS", path)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def bare(home: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which Terraform's own folders do not exist."""
    nowhere = str(tmp_path / "nowhere")
    return {"HOME": str(home), "XDG_DATA_DIRS": nowhere, "PATH": os.environ["PATH"]}


class TestFindProviderMirror:
    def test_none_where_the_machine_has_none(self, bare: dict[str, str], tmp_path: Path) -> None:
        assert find_provider_mirror(bare, [tmp_path / "absent"]) is None

    @pytest.mark.parametrize("lay_out", [unpacked, packed])
    @pytest.mark.parametrize("version", ["5.100.0", "5.101.2", "6.9.0"])
    def test_finds_a_fit_version_in_any_folder_under_a_root(
        self, bare: dict[str, str], tmp_path: Path, lay_out: Any, version: str
    ) -> None:
        root = tmp_path / "opt"
        (root / "other").mkdir(parents=True)
        mirror = lay_out(root / "some-mirror", version)
        assert find_provider_mirror(bare, [root]) == mirror

    @pytest.mark.parametrize("version", ["5.99.1", "4.67.0", "7.0.0", "5.100.0-beta1", "latest"])
    def test_passes_over_a_version_outside_the_constraint(
        self, bare: dict[str, str], tmp_path: Path, version: str
    ) -> None:
        unpacked(tmp_path / "opt/mirror", version)
        assert find_provider_mirror(bare, [tmp_path / "opt"]) is None

    def test_passes_over_another_platform(self, bare: dict[str, str], tmp_path: Path) -> None:
        unpacked(tmp_path / "opt/mirror", target="plan9_mips")
        assert find_provider_mirror(bare, [tmp_path / "opt"]) is None

    @pytest.mark.parametrize("folder", [".terraform.d/plugins", ".local/share/terraform/plugins"])
    def test_finds_the_folders_that_terraform_searches(
        self, bare: dict[str, str], home: Path, folder: str
    ) -> None:
        mirror = unpacked(home / folder)
        assert find_provider_mirror(bare, []) == mirror

    def test_finds_the_plugin_cache(self, bare: dict[str, str], tmp_path: Path) -> None:
        cache = unpacked(tmp_path / "cache")
        assert find_provider_mirror({**bare, "TF_PLUGIN_CACHE_DIR": str(cache)}, []) == cache

    def test_prefers_the_mirror_that_was_named(self, bare: dict[str, str], tmp_path: Path) -> None:
        unpacked(tmp_path / "opt/a-mirror")
        named = packed(tmp_path / "named")
        environment = {**bare, MIRROR_VARIABLE: str(named)}
        assert find_provider_mirror(environment, [tmp_path / "opt"]) == named

    def test_prefers_what_was_installed_to_what_is_lying_about(
        self, bare: dict[str, str], tmp_path: Path, installed: Path
    ) -> None:
        unpacked(tmp_path / "opt/a-mirror")
        cache = unpacked(tmp_path / "cache")
        unpacked(installed)
        environment = {**bare, "TF_PLUGIN_CACHE_DIR": str(cache)}
        assert find_provider_mirror(environment, [tmp_path / "opt"]) == installed

    def test_fails_when_the_named_mirror_holds_no_fit_provider(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        unpacked(tmp_path / "opt/mirror")
        named = unpacked(tmp_path / "named", "4.0.0")
        with pytest.raises(ToolError, match=r"TF_PROVIDER_MIRROR is .*named.* >= 5\.100, < 7\.0"):
            find_provider_mirror({**bare, MIRROR_VARIABLE: str(named)}, [tmp_path / "opt"])

    def test_a_file_in_the_place_of_the_mirror_is_no_mirror(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "opt").mkdir()
        (tmp_path / "opt/mirror").write_text("not a folder")
        assert list(provider_mirrors(bare, [tmp_path / "opt"]))[-1] != tmp_path / "opt/mirror"
        assert find_provider_mirror(bare, [tmp_path / "opt"]) is None


class TestTerraformEnvironment:
    def test_uses_the_mirror_through_a_configuration_of_its_own(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        mirror = unpacked(tmp_path / 'opt/mir\'ror "x"')
        environment = terraform_environment(bare, tmp_path / "rc", [tmp_path / "opt"])
        config = Path(environment["TF_CLI_CONFIG_FILE"])
        assert config == tmp_path / "rc/terraform.rc"
        assert f"path    = {json.dumps(str(mirror))}" in config.read_text()
        assert bare.get("TF_CLI_CONFIG_FILE") is None

    def test_leaves_terraform_to_the_registry_where_there_is_no_mirror(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        environment = terraform_environment(bare, tmp_path / "rc", [])
        assert "TF_CLI_CONFIG_FILE" not in environment
        assert not (tmp_path / "rc").exists()

    def test_drops_a_configuration_that_does_not_exist(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        stale = {**bare, "TF_CLI_CONFIG_FILE": str(tmp_path / "gone.rc")}
        assert "TF_CLI_CONFIG_FILE" not in terraform_environment(stale, tmp_path / "rc", [])

    @pytest.mark.parametrize("named", [True, False])
    def test_respects_the_users_own_way_of_installing_providers(
        self, bare: dict[str, str], home: Path, tmp_path: Path, named: bool
    ) -> None:
        unpacked(tmp_path / "opt/mirror")
        own = home / (".terraformrc" if not named else "own.rc")
        own.write_text('provider_installation {\n  network_mirror { url = "https://x/" }\n}\n')
        given = {**bare, "TF_CLI_CONFIG_FILE": str(own)} if named else bare
        environment = terraform_environment(given, tmp_path / "rc", [tmp_path / "opt"])
        assert environment["TF_CLI_CONFIG_FILE"] == str(own)

    def test_what_was_installed_is_used_whatever_the_user_has_configured(
        self, bare: dict[str, str], home: Path, tmp_path: Path, installed: Path
    ) -> None:
        unpacked(installed)
        own = home / ".terraformrc"
        own.write_text('provider_installation {\n  network_mirror { url = "https://x/" }\n}\n')
        environment = terraform_environment(bare, tmp_path / "rc", [])
        config = Path(environment["TF_CLI_CONFIG_FILE"])
        assert f"path    = {json.dumps(str(installed))}" in config.read_text()

    def test_runs_unattended_and_keeps_the_bytecode(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        given = {**bare, "PYTHONDONTWRITEBYTECODE": "1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
        environment = terraform_environment(given, tmp_path, [])
        assert environment["CI"] == "true"
        assert environment["CHECKPOINT_DISABLE"] == "1"
        assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
        assert "PYTHONDONTWRITEBYTECODE" not in environment


class TestReadPlan:
    @staticmethod
    def entry(address: str, *actions: str, **change: Any) -> dict[str, Any]:
        return {"address": address, "change": {"actions": list(actions), **change}}

    def test_reading_and_no_ops_are_no_changes(self) -> None:
        shown = {
            "resource_changes": [
                self.entry("data.aws_region.r", "read"),
                self.entry("aws_kms_key.k", "no-op"),
            ],
            "output_changes": {"a": {"actions": ["no-op"]}},
        }
        assert read_plan(shown).is_empty

    def test_an_empty_document_is_an_empty_plan(self) -> None:
        assert read_plan({}).is_empty

    def test_a_replacement_an_import_and_an_output_are_changes(self) -> None:
        shown = {
            "resource_changes": [
                self.entry("a.a", "delete", "create"),
                self.entry("b.b", "no-op", importing={"id": "x"}),
            ],
            "output_changes": {"o": {"actions": ["update"]}, "n": {"actions": ["no-op"]}},
        }
        plan = read_plan(shown)
        assert plan.changes == (
            ResourceChange("a.a", ("delete", "create")),
            ResourceChange("b.b", ("import", "no-op")),
        )
        assert plan.changed_outputs == ("o",)
        assert not plan.is_empty

    def test_drift_that_would_change_nothing_is_told_apart(self) -> None:
        plan = read_plan({"resource_drift": [self.entry("a.a", "update")]})
        assert plan.drift == (ResourceChange("a.a", ("update",)),)
        assert plan.is_empty


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


class TestCdktf:
    @staticmethod
    def project(tmp_path: Path, body: str) -> Cdktf:
        project = tmp_path / "a project"
        script(project / "node_modules/.bin/cdktf", body)
        settings = tmp_path / "set tings.tfvars"
        work = tmp_path / "work"
        return Cdktf(project, Path("/usr/bin/python3"), settings, work, dict(os.environ))

    def test_runs_in_a_directory_of_its_own(self, tmp_path: Path) -> None:
        cdktf = self.project(tmp_path, 'pwd > seen; echo "$@" >> seen')
        cdktf.deploy("network-main")
        work = tmp_path / "work"
        assert (work / "seen").read_text().splitlines() == [
            str(work),
            (
                "deploy network-main --ignore-missing-stack-dependencies"
                " --auto-approve --skip-provider-lock --no-color"
            ),
        ]
        config = json.loads((work / "cdktf.json").read_text())
        project, settings = tmp_path / "a project", tmp_path / "set tings.tfvars"
        assert config["app"] == f"/usr/bin/python3 '{project}/main.py' '{settings}'"

    @pytest.mark.parametrize("command", ["deploy", "destroy"])
    def test_takes_what_is_synthesised_if_asked_to(self, tmp_path: Path, command: str) -> None:
        cdktf = self.project(tmp_path, 'echo "$@" >> seen')
        getattr(cdktf, command)(skip_synth=True)
        getattr(cdktf, command)("jumpstart")
        all_stacks, one = (tmp_path / "work/seen").read_text().splitlines()
        assert all_stacks.startswith(f"{command} * ")
        assert all_stacks.endswith(" --skip-synth")
        assert "--skip-synth" not in one

    def test_names_every_stack_after_those_that_it_depends_on(self, tmp_path: Path) -> None:
        cdktf = self.project(tmp_path, "exit 0")
        manifest = {
            "stacks": {
                "a-notebook": {"dependencies": ["network"]},
                "jumpstart": {"dependencies": []},
                "network": {"dependencies": []},
            }
        }
        out = tmp_path / "work/cdktf.out"
        out.mkdir(parents=True)
        (out / "manifest.json").write_text(json.dumps(manifest))
        assert cdktf.synth() == ("jumpstart", "network", "a-notebook")

    def test_fails_when_stacks_depend_on_each_other_in_a_circle(self, tmp_path: Path) -> None:
        cdktf = self.project(tmp_path, "exit 0")
        out = tmp_path / "work/cdktf.out"
        out.mkdir(parents=True)
        circle = {"a": {"dependencies": ["b"]}, "b": {"dependencies": ["a"]}}
        (out / "manifest.json").write_text(json.dumps({"stacks": circle}))
        with pytest.raises(ToolError, match="circle"):
            cdktf.stacks()

    def test_fails_when_the_command_line_is_not_installed(self, tmp_path: Path) -> None:
        cdktf = self.project(tmp_path, "exit 0")
        shutil.rmtree(tmp_path / "a project/node_modules")
        with pytest.raises(ToolError, match=r"not installed at .*; run: make install"):
            cdktf.synth()


def test_commands_share_no_cache_of_providers(tmp_path: Path) -> None:
    """cdktf's own is in the home directory, and Terraform's caches are not safe for two at once."""
    environment = terraform_environment(os.environ | {"HOME": str(tmp_path)}, tmp_path, [])
    command = [str(project_directory() / "node_modules/.bin/cdktf"), "diff", "--help"]
    subprocess.run(  # noqa: S603 - our own
        command, env=environment, check=True, capture_output=True, timeout=60
    )
    assert not (tmp_path / ".terraform.d").exists()


def test_real_terraform_reads_back_what_it_applied(tmp_path: Path) -> None:
    """With the built-in provider alone: the JSON that we read is the JSON that it writes."""
    config = {"resource": {"terraform_data": {"a": {"input": 1}}}, "output": {"o": {"value": "v"}}}
    source = tmp_path / "main.tf.json"
    source.write_text(json.dumps(config))
    environment = terraform_environment(os.environ, tmp_path, [])
    workspace = Terraform(tmp_path, environment, tmp_path / "log")
    workspace.init()
    workspace.validate()
    first = workspace.plan()
    assert first.changes == (ResourceChange("terraform_data.a", ("create",)),)
    assert first.changed_outputs == ("o",)
    workspace.apply()
    assert workspace.plan().is_empty
    assert workspace.plan(refresh=False).is_empty
    assert workspace.outputs()["o"]["value"] == "v"
    assert workspace.addresses() == ("terraform_data.a",)
    config["resource"]["terraform_data"]["a"]["input"] = 2
    source.write_text(json.dumps(config))
    assert workspace.plan().changes == (ResourceChange("terraform_data.a", ("update",)),)
    workspace.destroy()
    assert workspace.addresses() == ()
