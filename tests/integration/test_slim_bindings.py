"""The program with slim bindings beside the same with stock ones, in copies of the checkout."""

from __future__ import annotations

import importlib.util
import json
import marshal
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from modules.settings import load
from tests.unit.modules.stacks.samples import FULL
from tests.unit.slim_bindings import apps, packages
from tests.unit.slim_bindings.apps import Outcome, environment, files
from tests.unit.slim_bindings.test_node import group_is_gone

ROOT = Path(__file__).parents[2]
AWS = "cdktf_cdktf_provider_aws"
EXAMPLE = ROOT / "examples/settings.tfvars"
EXAMPLE_STACKS = [
    *(f"network-{network.name}" for network in load(EXAMPLE).networks),
    *(f"notebook-{project.name}" for project in load(EXAMPLE).projects),
    "jumpstart",
    "audit",
]
FULL_STACKS = [
    *(f"network-{network['name']}" for network in FULL["networks"]),
    *(f"notebook-{project['name']}" for project in FULL["projects"]),
    "jumpstart",
    "audit",
]
# Three apps in one process: the stock bindings take their time once.
EVERYTHING = """
import ast
from modules.settings import load, parse
from modules.stacks import build_app
from cdktf import App, TerraformStack
import cdktf_cdktf_provider_null as null
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

def app(name):
    os.makedirs(OUT, exist_ok=True)
    return App(outdir=f"{OUT}/{name}", skip_validation=True)

build_app(load("checkout/examples/settings.tfvars"), app("example")).synth()
build_app(parse(ast.literal_eval(open("full.txt").read())), app("full")).synth()
two = app("two")
stack = TerraformStack(two, "providers")
AwsProvider(stack, "Aws", region="eu-west-1")
null.provider.NullProvider(stack, "Null")
queue = SqsQueue(stack, "Queue", name="jobs")
null.resource.Resource(stack, "Resource", triggers={"queue": queue.arn})
two.synth()
"""
INSTALL = 'slim_bindings.install("checkout/modules", "app.py", cache="cache")'


def copy_checkout(directory: Path) -> Path:
    """Copy what the program is made of, with an empty cache."""
    for name in ("modules", "slim_bindings", "examples"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, directory / name, ignore=ignored)
    shutil.copy(ROOT / "main.py", directory)
    return directory


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("slim-bindings")
    copy_checkout(directory / "checkout")
    (directory / "full.txt").write_text(repr(FULL), encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def stock(directory: Path) -> Outcome:
    return apps.stock(directory, EVERYTHING, path=(directory / "checkout",))


@pytest.fixture(scope="module")
def slim(directory: Path, stock: Outcome) -> Outcome:
    """The second run, as a user has it day by day: the cut is there."""
    assert stock.status == 0, stock.errors
    options: dict[str, Any] = {"install": INSTALL, "path": (directory / "checkout",)}
    first = apps.run(directory, EVERYTHING, **options)
    assert first.status == 0, first.errors
    return apps.run(directory, EVERYTHING, **options)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which the program has run once."""
    directory = copy_checkout(tmp_path_factory.mktemp("checkout"))
    done = program(directory)
    assert done.returncode == 0, done.stderr
    return directory


def command(
    checkout: Path, settings: str = "examples/settings.tfvars", out: str = "cdktf.out", **more: str
) -> subprocess.Popen[str]:
    """Start the program as cdktf does: from the checkout, told by CDKTF_OUTDIR where to write."""
    return subprocess.Popen(  # noqa: S603 (the program under test)
        [sys.executable, "main.py", settings],
        cwd=checkout,
        env=environment((), {"CDKTF_OUTDIR": out, **more}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def program(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    with command(checkout, *arguments, **more) as process:
        output, errors = process.communicate(timeout=180)
    return subprocess.CompletedProcess([], process.returncode, output, errors)


def lines(errors: str) -> list[str]:
    """Return what is on stderr but what jsii writes of an old Node.js."""
    return [line for line in errors.splitlines() if not line.startswith("b'!!")]


def stack_file(name: str) -> str:
    return f"stacks/{name}/cdk.tf.json"


def of_app(written: dict[str, bytes], app: str) -> dict[str, bytes]:
    prefix = f"{app}/"
    return {
        name.removeprefix(prefix): content
        for name, content in written.items()
        if name.startswith(prefix)
    }


def imported(outcome: Outcome, package: str = AWS) -> set[str]:
    names = [name for name in outcome.report["imported"] if name.startswith(f"{package}.")]
    return {name for name in names if not name.endswith(("._jsii", "._private"))}


@pytest.mark.parametrize("name", EXAMPLE_STACKS)
def test_a_stack_of_the_example_has_the_same_bytes(
    stock: Outcome, checkout: Path, name: str
) -> None:
    """What the program wrote, against what the stock bindings do."""
    path = stack_file(name)
    assert (checkout / "cdktf.out" / path).read_bytes() == stock.written[f"example/{path}"]


@pytest.mark.parametrize("name", FULL_STACKS)
def test_a_stack_of_every_setting_has_the_same_bytes(
    stock: Outcome, slim: Outcome, name: str
) -> None:
    path = f"full/{stack_file(name)}"
    assert slim.written[path] == stock.written[path]


def test_no_stack_was_left_out(stock: Outcome) -> None:
    for app, names in (("example", EXAMPLE_STACKS), ("full", FULL_STACKS)):
        written = [name for name in of_app(stock.written, app) if name.endswith("cdk.tf.json")]
        assert sorted(written) == sorted(map(stack_file, names))


def test_everything_else_that_is_written_has_the_same_bytes(
    stock: Outcome, slim: Outcome, checkout: Path
) -> None:
    """The manifest, the assets, and an app with two providers."""
    assert slim.written == stock.written
    written = files(checkout / "cdktf.out")
    of_program = {name for name in written if name.endswith("/sources.json")}  # main.py's own
    assert len(of_program) == len(EXAMPLE_STACKS)
    assert {name: written[name] for name in written.keys() - of_program} == of_app(
        stock.written, "example"
    )
    resources = json.loads(slim.written[f"two/{stack_file('providers')}"])["resource"]
    assert set(resources) == {"aws_sqs_queue", "null_resource"}


def test_off_is_really_stock(stock: Outcome) -> None:
    assert stock.report["installed"] is False
    assert len(imported(stock)) > 1500
    assert len(imported(stock, apps.NULL_PACKAGE)) == 3
    names = [Path(tarball).name for _, tarball in stock.report["loads"]]
    assert "provider-aws@20.1.0.jsii.tgz" in names
    assert apps.WHOLE_NULL in names


def test_only_what_is_used_is_imported_and_given_to_node(slim: Outcome, directory: Path) -> None:
    assert slim.report["installed"] is True
    assert slim.warnings == []
    assert slim.report["starts"] == 1
    assert f"{AWS}.s3_bucket" in imported(slim)
    assert len(imported(slim)) < 60
    assert imported(slim, apps.NULL_PACKAGE) == {
        f"{apps.NULL_PACKAGE}.provider",
        f"{apps.NULL_PACKAGE}.resource",
    }
    tarballs = dict(slim.report["loads"])
    for provider in (AWS, apps.NULL_PACKAGE):
        whole = packages.tarball_of(packages.installed(provider))
        name = "@cdktf/" + provider.removeprefix("cdktf_cdktf_").replace("_", "-")
        cut = Path(tarballs[name])
        assert cut.parent == directory / "cache"
        assert cut.stat().st_size < whole.stat().st_size / 5
    assert Path(tarballs["@cdktf/provider-aws"]).stat().st_size < 300_000


def test_it_takes_a_fraction_of_the_memory(stock: Outcome, slim: Outcome) -> None:
    """Of Node.js. What Python takes goes with what it imports."""
    assert slim.report["memory"] * 3 < stock.report["memory"]


def test_the_program_keeps_its_cut_in_the_checkout(checkout: Path) -> None:
    (cut,) = (checkout / ".cache/slim_bindings").iterdir()
    before = cut.stat().st_mtime_ns
    assert program(checkout, out="again").stderr == ""
    assert cut.stat().st_mtime_ns == before
    assert list(cut.parent.iterdir()) == [cut]
    assert files(checkout / "again") == files(checkout / "cdktf.out")


def test_programs_that_start_at_once_without_a_cut_all_do_their_work(
    tmp_path: Path, checkout: Path
) -> None:
    """That any number of processes make one cut is test_cache's."""
    fresh = copy_checkout(tmp_path / "fresh")
    processes = [command(fresh, out=f"out{n}") for n in range(3)]
    for process in processes:
        with process:
            _, errors = process.communicate(timeout=300)
        assert process.returncode == 0
        assert lines(errors) == []
    assert len(list((fresh / ".cache/slim_bindings").iterdir())) == 1
    for n in range(3):
        assert files(fresh / f"out{n}") == files(checkout / "cdktf.out")


def test_programs_that_are_killed_leave_nothing_that_harms(tmp_path: Path, checkout: Path) -> None:
    fresh = copy_checkout(tmp_path / "fresh")
    for delay in (0.4, 1.0, 1.6):
        with command(fresh) as process:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        assert group_is_gone(process.pid)
    done = program(fresh)
    assert done.returncode == 0
    assert lines(done.stderr) == []
    assert files(fresh / "cdktf.out") == files(checkout / "cdktf.out")


def test_a_refusal_of_the_settings_leaves_no_process_behind(checkout: Path) -> None:
    with command(checkout, "missing.tfvars") as process:
        _, errors = process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert process.returncode == 1
    assert lines(errors) == ["missing.tfvars: does not exist; must be a settings file (.tfvars)"]


def test_fails_in_a_line_without_node(checkout: Path) -> None:
    done = program(checkout, out="none", JSII_NODE="/nonexistent")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "error: Node.js is not found: '/nonexistent' is no program on the PATH"
    ]
    assert not (checkout / "none").exists()


def listing(package: Path) -> dict[str, tuple[int, int]]:
    stats = {path.relative_to(package): path.stat() for path in package.rglob("*")}
    return {str(path): (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


def test_no_installed_package_is_changed(checkout: Path) -> None:
    """The program makes a cut and uses it; bytecode is Python's affair, and switched off."""
    installed = [packages.installed(name) for name in (AWS, "cdktf", "constructs", "jsii")]
    before = [listing(package) for package in installed]
    shutil.rmtree(checkout / ".cache")
    assert program(checkout, out="unchanged", PYTHONDONTWRITEBYTECODE="1").returncode == 0
    assert [listing(package) for package in installed] == before


def bytecode(package: Path) -> dict[str, Any]:
    found = sorted(package.rglob("*.pyc"))
    return {
        str(path.parent.parent.relative_to(package)): marshal.loads(path.read_bytes()[16:])  # noqa: S302
        for path in found
    }


def test_bytecode_that_is_written_is_that_of_the_stock_package(tmp_path: Path) -> None:
    package = packages.copy_of_null(tmp_path / "packages")
    path = (package.parent, ROOT)
    sources = {name: each for name, each in listing(package).items() if name.endswith(".py")}
    apps.run(tmp_path / "app", path=path)
    written = bytecode(package)
    assert set(written) == {"_jsii", "provider", "resource"}
    apps.stock(tmp_path / "app", path=path)
    assert set(bytecode(package)) == {".", "_jsii", "data_null_data_source", "provider", "resource"}
    shutil.copytree(package, tmp_path / "before")
    apps.run(tmp_path / "app", path=path)
    assert files(package) == files(tmp_path / "before")
    for pyc in package.rglob("*.pyc"):
        pyc.unlink()
    apps.stock(tmp_path / "app", path=path)
    assert {name: code for name, code in bytecode(package).items() if name in written} == written
    assert sources.items() <= listing(package).items()


LIFTED = (
    apps.NULL
    + """
places = {
    name: os.path.realpath(module.__file__)
    for name, module in list(sys.modules.items())
    if getattr(module, "__file__", None)
}
REPORT["places"] = places
REPORT["found"] = [
    name
    for name in ("modules", "scripts", "tools", "main")
    if importlib.util.find_spec(name) is not None
]
"""
)


def test_the_package_can_be_lifted_out(tmp_path: Path) -> None:
    """Alone in an empty folder it serves another provider, without any code of this project."""
    lifted = tmp_path / "lifted"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "slim_bindings", lifted / "slim_bindings", ignore=ignored)
    app = apps.run(tmp_path / "app", LIFTED, path=(lifted,))
    assert app.warnings == []
    assert [path.name for path in app.cuts] == app.tarballs
    assert app.modules == set(apps.NULL_MODULES)
    assert app.written == apps.stock(tmp_path / "app", LIFTED, path=(lifted,)).written
    places = app.report["places"]
    for name in ("finder", "kernel", "assembly"):
        assert places[f"slim_bindings.{name}"] == str(lifted / f"slim_bindings/{name}.py")
    site = Path(importlib.util.find_spec("cdktf").origin).parents[1]  # type: ignore[union-attr, arg-type]
    ours = [place for place in places.values() if Path(place).is_relative_to(ROOT)]
    assert [place for place in ours if not Path(place).is_relative_to(site)] == []
    assert app.report["found"] == []


ALL_FORMS = """
from cdktf import App, TerraformStack, Testing
import cdktf_cdktf_provider_null as null
from cdktf_cdktf_provider_null import resource
import cdktf_cdktf_provider_null.provider as of_provider

assert "data_null_data_source" in dir(null)
assert not [name for name in sys.modules if "data_null_data_source" in name]
app = App(outdir=OUT)
stack = TerraformStack(app, "stack")
of_provider.NullProvider(stack, "null")
first = null.resource.Resource(stack, "first")
second = resource.Resource(stack, "second", depends_on=[first])
null.data_null_data_source.DataNullDataSource(stack, "data", inputs={"id": second.id})
assert null.resource is resource
try:
    null.unknown
except AttributeError as error:
    assert str(error) == "module 'cdktf_cdktf_provider_null' has no attribute 'unknown'"
else:
    raise AssertionError
try:
    import cdktf_cdktf_provider_null.unknown
except ModuleNotFoundError as error:
    assert str(error) == "No module named 'cdktf_cdktf_provider_null.unknown'"
else:
    raise AssertionError
app.synth()
"""


def test_a_second_provider_may_be_imported_in_every_form(tmp_path: Path) -> None:
    app = apps.run(tmp_path / "app", ALL_FORMS)
    assert app.warnings == []
    assert app.report["starts"] == 1
    assert [path.name for path in app.cuts] == app.tarballs
    assert app.modules == {"provider", "resource", "data_null_data_source"}
    resources = json.loads(app.written["stacks/stack/cdk.tf.json"])["resource"]
    assert set(resources["null_resource"]) == {"first", "second"}
    code = ALL_FORMS.replace("assert not [", "[")  # the stock bindings have imported it
    assert app.written == apps.stock(tmp_path / "app", code).written
