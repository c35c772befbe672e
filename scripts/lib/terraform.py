"""Running the real ``cdktf`` and ``terraform`` commands and reading their JSON.

Both run as child processes with exactly the environment that they are given. What they
print goes to a log file; what they found is read from ``terraform show -json`` and
``terraform output -json``, never from their text.
"""

from __future__ import annotations

import json
import platform
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.lib.errors import ToolError
from scripts.lib.process import run, run_json

PROVIDER = Path("registry.terraform.io/hashicorp/aws")
MINIMUM_PROVIDER = (5, 100)
BELOW_PROVIDER = (7, 0)
"""The constraint that the stacks put on the AWS provider: >= 5.100, < 7.0."""

MIRROR_VARIABLE = "TF_PROVIDER_MIRROR"
"""Environment variable that names a provider mirror of one's own."""

MIRROR_ROOTS = (Path("/opt"), Path("/usr/share"), Path("/usr/local/share"))

INSTALLED_PROVIDERS = Path(__file__).resolve().parents[2] / ".tools/providers"
"""Where ``make install`` puts the provider if the machine has no mirror."""

PLAN_FILE = "review.tfplan"


def provider_mirrors(environment: Mapping[str, str], roots: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders that may hold a provider mirror, the most explicit first.

    After those given by environment variables come the folders that Terraform itself
    searches (https://developer.hashicorp.com/terraform/cli/config/config-file,
    "Implied Local Mirror Directories"), then every folder directly under ``roots``.
    """
    if environment.get(MIRROR_VARIABLE):
        yield Path(environment[MIRROR_VARIABLE])
    yield INSTALLED_PROVIDERS
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(environment["TF_PLUGIN_CACHE_DIR"])
    home = Path(environment.get("HOME", "/nonexistent"))
    data_home = environment.get("XDG_DATA_HOME") or str(home / ".local/share")
    data_dirs = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    yield home / ".terraform.d/plugins"
    if platform.system() == "Darwin":
        yield home / "Library/Application Support/io.terraform/plugins"
        yield Path("/Library/Application Support/io.terraform/plugins")
    for data in (data_home, *data_dirs.split(":")):
        yield Path(data) / "terraform/plugins"
    for root in roots:
        if root.is_dir():
            yield from sorted(folder for folder in root.iterdir() if folder.is_dir())


def find_provider_mirror(
    environment: Mapping[str, str], roots: Sequence[Path] = MIRROR_ROOTS
) -> Path | None:
    """Return the first mirror that holds an AWS provider fit for this machine, or None.

    Raises ToolError when the mirror named by ``TF_PROVIDER_MIRROR`` holds none: what was
    asked for explicitly is not silently passed over.
    """
    for mirror in provider_mirrors(environment, roots):
        if _holds_provider(mirror):
            return mirror.resolve()
        if str(mirror) == environment.get(MIRROR_VARIABLE):
            raise ToolError(
                f"{MIRROR_VARIABLE} is {str(mirror)!r}, which holds no {PROVIDER} "
                f"{_constraint()} for {_platform()}"
            )
    return None


def cli_configuration(mirror: Path) -> str:
    """Return a Terraform CLI configuration that takes the AWS provider from ``mirror``."""
    return (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f"    path    = {json.dumps(str(mirror))}\n"
        f'    include = ["{PROVIDER}"]\n'
        "  }\n"
        "  direct {\n"
        f'    exclude = ["{PROVIDER}"]\n'
        "  }\n"
        "}\n"
    )


def own_configuration(environment: Mapping[str, str]) -> Path | None:
    """Return the user's own CLI configuration, if there is one."""
    home = Path(environment.get("HOME", "/nonexistent"))
    path = Path(environment.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc")
    return path if path.is_file() else None


def says_how_to_install(configuration: Path | None) -> bool:
    """Whether a CLI configuration says where providers come from."""
    return configuration is not None and "provider_installation" in configuration.read_text("utf-8")


def terraform_environment(
    environment: Mapping[str, str], config_directory: Path, roots: Sequence[Path] = MIRROR_ROOTS
) -> dict[str, str]:
    """Return ``environment`` with what Terraform and cdktf need to run unattended.

    Where the machine has a provider mirror, a CLI configuration that uses it is written
    into ``config_directory`` and named by ``TF_CLI_CONFIG_FILE``; a configuration of the
    user's own that says how providers are installed is left in force, unless
    ``make install`` has done just that already.
    """
    result = {
        **environment,
        # cdktf's own cache in the home directory, which is not safe for two inits at once.
        "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
        "CHECKPOINT_DISABLE": "1",
        "CI": "true",
        "DISABLE_VERSION_CHECK": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "TF_IN_AUTOMATION": "1",
    }
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    result.pop("TF_CLI_CONFIG_FILE", None)
    own = own_configuration(environment)
    if own is not None:
        result["TF_CLI_CONFIG_FILE"] = str(own)
    mirror = find_provider_mirror(environment, roots)
    if says_how_to_install(own) and mirror != INSTALLED_PROVIDERS.resolve():
        return result
    if mirror is not None:
        config_directory.mkdir(parents=True, exist_ok=True)
        config = config_directory / "terraform.rc"
        config.write_text(cli_configuration(mirror), encoding="utf-8")
        result["TF_CLI_CONFIG_FILE"] = str(config)
    return result


@dataclass(frozen=True)
class ResourceChange:
    """A resource that a plan would touch, as ``terraform show -json`` names it."""

    address: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a plan would change, and what it read otherwise than the state had it.

    ``drift`` also holds what AWS filled in after an apply, such as a role's list of attached
    policies: an empty plan is one that would change nothing.
    """

    changes: tuple[ResourceChange, ...]
    drift: tuple[ResourceChange, ...]
    changed_outputs: tuple[str, ...]
    raw: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.changed_outputs)


@dataclass(frozen=True)
class Terraform:
    """The ``terraform`` command in one stack's directory."""

    directory: Path
    environment: Mapping[str, str]
    log: Path

    def init(self) -> None:
        self._run("init", "-input=false", "-no-color")

    def validate(self) -> None:
        self._run("validate", "-no-color")

    def apply(self) -> None:
        """Apply the plan that was saved last, and nothing else."""
        self._run("apply", "-input=false", "-no-color", PLAN_FILE)

    def destroy(self) -> None:
        self._run("destroy", "-auto-approve", "-input=false", "-no-color")

    def save_plan(self, *, refresh: bool = True) -> None:
        """Plan and keep the plan for ``apply``.

        Without ``refresh`` the state is taken as it is: faster, and blind to what was changed
        behind Terraform's back.
        """
        flag = f"-refresh={str(refresh).lower()}"
        self._run("plan", "-input=false", "-no-color", flag, f"-out={PLAN_FILE}")

    def plan(self, *, refresh: bool = True) -> Plan:
        """Save a plan and return what it would do."""
        self.save_plan(refresh=refresh)
        return read_plan(self._read("show", "-json", PLAN_FILE))

    def outputs(self) -> dict[str, Any]:
        """Return the outputs as ``terraform output -json`` gives them."""
        return self._read("output", "-json")

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the managed resources in the state."""
        root = self._read("show", "-json").get("values", {}).get("root_module", {})
        return tuple(r["address"] for r in root.get("resources", []) if r["mode"] == "managed")

    def _run(self, *arguments: str) -> None:
        run(["terraform", *arguments], self.directory, self.environment, self.log)

    def _read(self, *arguments: str) -> dict[str, Any]:
        command = ["terraform", *arguments]
        read: dict[str, Any] = run_json(command, self.directory, self.environment, self.log)
        return read


def read_plan(shown: dict[str, Any]) -> Plan:
    """Return what the JSON form of a plan says would change; reading is not changing."""
    return Plan(
        changes=tuple(_changes(shown.get("resource_changes", []))),
        drift=tuple(_changes(shown.get("resource_drift", []))),
        changed_outputs=tuple(
            name
            for name, change in sorted(shown.get("output_changes", {}).items())
            if change["actions"] != ["no-op"]
        ),
        raw=shown,
    )


@dataclass(frozen=True)
class Cdktf:
    """The pinned ``cdktf`` command, working in a directory of its own.

    ``directory`` receives ``cdktf.json``, ``cdktf.out`` and the local state, so that the
    checkout's own are never touched.
    """

    project: Path
    python: Path
    settings: Path
    directory: Path
    environment: Mapping[str, str]

    @property
    def log(self) -> Path:
        return self.directory / "cdktf.log"

    def with_settings(self, settings: Path) -> Cdktf:
        return Cdktf(self.project, self.python, settings, self.directory, self.environment)

    def synth(self) -> tuple[str, ...]:
        """Synthesise and return the stacks' names, each after those that it depends on."""
        self._run("synth")
        return self.stacks()

    def deploy(self, *stacks: str, skip_synth: bool = False) -> None:
        """Deploy the stacks named, and no other; without any, all of them.

        With ``skip_synth``, what the last synthesis left in ``cdktf.out`` is deployed as it is.
        """
        self._run("deploy", *_selection(stacks, skip_synth=skip_synth))

    def destroy(self, *stacks: str, skip_synth: bool = False) -> None:
        """Destroy the stacks named, and no other; without any, all of them.

        With ``skip_synth``, Terraform runs in what the last synthesis left in ``cdktf.out``.
        """
        self._run("destroy", *_selection(stacks, skip_synth=skip_synth))

    def stacks(self) -> tuple[str, ...]:
        manifest = json.loads((self.directory / "cdktf.out/manifest.json").read_text("utf-8"))
        return tuple(_in_dependency_order(manifest["stacks"]))

    def terraform(self, stack: str) -> Terraform:
        return Terraform(self.directory / "cdktf.out/stacks" / stack, self.environment, self.log)

    def _run(self, command: str, *arguments: str) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        app = shlex.join([str(self.python), str(self.project / "main.py"), str(self.settings)])
        config = {"language": "python", "app": app, "sendCrashReports": "false"}
        (self.directory / "cdktf.json").write_text(json.dumps(config), encoding="utf-8")
        executable = self.project / "node_modules/.bin/cdktf"
        if not executable.exists():
            raise ToolError(
                f"the cdktf command is not installed at {executable}; run: make install"
            )
        run([str(executable), command, *arguments], self.directory, self.environment, self.log)


def project_directory() -> Path:
    return Path(__file__).resolve().parents[2]


def _selection(stacks: Sequence[str], *, skip_synth: bool) -> list[str]:
    selected = [*stacks, "--ignore-missing-stack-dependencies"] if stacks else ["*"]
    # Locking providers asks the registry, which a machine with a mirror may not reach.
    unattended = ["--auto-approve", "--skip-provider-lock", "--no-color"]
    return [*selected, *unattended, *(["--skip-synth"] if skip_synth else [])]


def _changes(entries: Sequence[dict[str, Any]]) -> Iterator[ResourceChange]:
    for entry in entries:
        actions = tuple(entry["change"]["actions"])
        importing = "importing" in entry["change"]
        if importing or actions not in {("no-op",), ("read",)}:
            yield ResourceChange(
                entry["address"], actions if not importing else ("import", *actions)
            )


def _in_dependency_order(stacks: dict[str, dict[str, Any]]) -> Iterator[str]:
    placed: set[str] = set()
    while len(placed) < len(stacks):
        for name in sorted(stacks.keys() - placed):
            if placed.issuperset(stacks[name]["dependencies"]):
                placed.add(name)
                yield name
                break
        else:
            raise ToolError("the stacks depend on each other in a circle")


def _holds_provider(mirror: Path) -> bool:
    provider = mirror / PROVIDER
    if not provider.is_dir():
        return False
    unpacked = (entry.parent.name for entry in provider.glob(f"*/{_platform()}") if entry.is_dir())
    pattern = re.compile(rf"terraform-provider-aws_(.+)_{_platform()}\.zip")
    packed = (m[1] for entry in provider.glob("*.zip") if (m := pattern.fullmatch(entry.name)))
    return any(_fits(version) for version in (*unpacked, *packed))


def _fits(version: str) -> bool:
    numbers = re.fullmatch(r"(\d+)\.(\d+)\.\d+", version)
    return (
        numbers is not None
        and MINIMUM_PROVIDER
        <= (
            int(numbers[1]),
            int(numbers[2]),
        )
        < BELOW_PROVIDER
    )


def _constraint() -> str:
    return (
        f">= {MINIMUM_PROVIDER[0]}.{MINIMUM_PROVIDER[1]}, < {BELOW_PROVIDER[0]}.{BELOW_PROVIDER[1]}"
    )


def _platform() -> str:
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    return f"{platform.system().lower()}_{architecture}"
