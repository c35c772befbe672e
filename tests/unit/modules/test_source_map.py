from __future__ import annotations

import ast
import json
import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsii
import pytest
from cdktf import App

from modules.settings import load
from modules.source_map import SourceMap
from modules.stacks import build_app
from scripts.lib.plan_review.sources import read_sources

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples/sandbox.tfvars"
HEAD = """\
from cdktf import (
    LocalBackend, TerraformHclModule, TerraformOutput, TerraformStack,
)
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct
"""


def files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def synthesise_example(directory: Path) -> dict[str, bytes]:
    with SourceMap(ROOT) as sources:
        app = build_app(load(EXAMPLE), App(outdir=str(directory), skip_validation=True))
    app.synth()
    sources.write(app.outdir)
    return files(directory)


@pytest.fixture(scope="module")
def with_sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return synthesise_example(tmp_path_factory.mktemp("with"))


def sources_of(written: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return what the files say, by the stack's name and the address."""
    found = {}
    for name, content in written.items():
        if name.endswith("/sources.json"):
            data = json.loads(content)
            assert data["version"] == 1
            found[name.split("/")[1]] = data["elements"]
    return found


def addresses(stack: dict[str, Any]) -> Iterator[str]:
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for type_, named in stack.get(kind, {}).items():
            yield from (f"{prefix}{type_}.{name}" for name in named)
    yield from (f"output.{name}" for name in stack.get("output", {}))


def test_everything_in_the_stacks_of_the_example_has_an_origin(
    with_sources: dict[str, bytes],
) -> None:
    sources = sources_of(with_sources)
    assert len(sources) == 4
    for name, elements in sources.items():
        stack = json.loads(with_sources[f"stacks/{name}/cdk.tf.json"])
        assert set(elements) == set(addresses(stack))
        assert len(elements) > 10


def calls(file: str) -> dict[int, set[str]]:
    """Return the names of what is called, as imported, by the line on which the call begins."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    imported = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found: dict[int, set[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                found.setdefault(node.lineno, set()).add(imported.get(name, name))
    return found


def test_the_line_of_each_names_its_class(with_sources: dict[str, bytes]) -> None:
    """KmsKey for an aws_kms_key, DataAwsRegion for a data.aws_region."""
    by_file = {path: calls(path) for path in python_files()}
    for elements in sources_of(with_sources).values():
        for address, origin in elements.items():
            file, _, line = origin["frames"][0].rpartition(":")
            words = address.rpartition(".")[0].removeprefix("aws_").split("_")
            wanted = "terraformoutput" if words == ["output"] else "".join(words).replace(".", "")
            named = {name.lower() for name in by_file[file][int(line)]}
            # The bindings append an A where another class has the name.
            assert named & {wanted, wanted + "a"}, f"{address}: {origin['frames'][0]}: {named}"


def python_files() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in (ROOT / "modules").rglob("*.py")]


def test_who_called_it_follows_out_to_where_the_watch_began(
    with_sources: dict[str, bytes],
) -> None:
    by_file = {path: calls(path) for path in python_files()}
    quickstart = sources_of(with_sources)["notebook-quickstart"]
    (key,) = (each for address, each in quickstart.items() if address.startswith("aws_kms_key."))
    assert key["construct"] == "notebook-quickstart/Key/Resource"
    places = [frame.rpartition(":") for frame in key["frames"]]
    assert [(file, by_file[file][int(line)]) for file, _, line in places[:-1]] == [
        ("modules/encryption.py", {"KmsKey"}),
        ("modules/stacks/notebook.py", {"CustomerManagedKey"}),
        ("modules/stacks/notebook.py", {"_add_key"}),
        ("modules/stacks/__init__.py", {"NotebookStack"}),
    ]
    assert places[-1][0] == "tests/unit/modules/test_source_map.py"  # where the "with" is


def test_everything_else_has_the_same_bytes_as_without(
    with_sources: dict[str, bytes], tmp_path: Path
) -> None:
    build_app(load(EXAMPLE), App(outdir=str(tmp_path), skip_validation=True)).synth()
    without = files(tmp_path)
    assert {
        name: content
        for name, content in with_sources.items()
        if not name.endswith("/sources.json")
    } == without
    assert len(without) == 6


def test_the_same_settings_give_the_same_bytes(
    with_sources: dict[str, bytes], tmp_path: Path
) -> None:
    assert synthesise_example(tmp_path) == with_sources
    for name, content in with_sources.items():
        if name.endswith("/sources.json"):
            assert os.fsencode(ROOT) not in content
            assert b"/.venv" not in content


def test_asks_nodejs_only_where_the_app_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every question takes a third of a millisecond, and there are hundreds of constructs."""
    questions: list[object] = []
    for name in ("get", "sget", "invoke", "sinvoke"):
        stock = getattr(jsii, name)
        monkeypatch.setattr(
            jsii, name, lambda *given, stock=stock: questions.append(given) or stock(*given)
        )

    def count(*, watched: bool) -> int:
        questions.clear()
        app = App(outdir=str(tmp_path), skip_validation=True)
        if not watched:
            build_app(load(EXAMPLE), app)
            return len(questions)
        with SourceMap(ROOT):
            build_app(load(EXAMPLE), app)
        return len(questions)

    plain = count(watched=False)
    assert plain > 50
    assert count(watched=True) == plain + 2


def test_the_review_of_a_plan_reads_all_that_is_written(
    with_sources: dict[str, bytes], tmp_path: Path
) -> None:
    """Its reader leaves out what it does not understand."""
    for name, elements in sources_of(with_sources).items():
        path = tmp_path / f"{name}.json"
        path.write_bytes(with_sources[f"stacks/{name}/sources.json"])
        assert {
            address: {
                "construct": origin.construct,
                "frames": [f"{frame.path}:{frame.line}" for frame in origin.frames],
            }
            for address, origin in read_sources(path).items()
        } == elements


class Project:
    """A program of a few lines in a folder of its own; ``build(app)`` is what is watched."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "project"
        self.root.mkdir()
        self.output = directory / "out"

    def write(self, source: str, name: str = "app.py") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + source, encoding="utf-8")
        return path

    def run(self, source: str, **options: Any) -> dict[str, dict[str, Any]]:
        """Return what is written for the first stack."""
        build = runpy.run_path(str(self.write(source)))["build"]
        app = App(outdir=str(self.output), skip_validation=True, **options)
        with SourceMap(self.root) as sources:
            build(app)
        app.synth()
        sources.write(app.outdir)
        return next(iter(sources_of(files(self.output)).values()), {})

    def line(self, text: str, name: str = "app.py") -> str:
        """Return the one line with this text as a frame."""
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        (number,) = (number for number, line in enumerate(lines, 1) if text in line)
        return f"{name}:{number}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def frames(elements: dict[str, dict[str, Any]], construct: str) -> list[str]:
    (found,) = (each["frames"] for each in elements.values() if each["construct"] == construct)
    assert isinstance(found, list)
    return found


def test_what_a_loop_and_a_helper_make_has_the_line_of_both(project: Project) -> None:
    elements = project.run("""
def key(scope, name):
    return KmsKey(
        scope,
        name,
    )

def build(app):
    stack = TerraformStack(app, "stack")
    for name in ("One", "Two"):
        key(stack, name)  # in the loop
    keys = [key(stack, f"Key{number}") for number in range(3)]  # in one line
""")
    assert len(elements) == 5
    helper = project.line("return KmsKey(")
    for name in ("One", "Two"):
        assert frames(elements, f"stack/{name}") == [helper, project.line("# in the loop")]
    for number in range(3):
        expected = [helper, project.line("# in one line")]
        assert frames(elements, f"stack/Key{number}") == expected


def test_a_class_of_ones_own_has_its_constructors_line_and_its_callers(project: Project) -> None:
    elements = project.run("""
class OurKey(KmsKey):
    def __init__(self, scope, id_):
        super().__init__(scope, id_, enable_key_rotation=True)

class Vault(Construct):
    def __init__(self, scope, id_):
        super().__init__(scope, id_)
        OurKey(self, "Resource")  # the vault's

def build(app):
    Vault(TerraformStack(app, "stack"), "Vault")
""")
    assert frames(elements, "stack/Vault/Resource") == [
        project.line("enable_key_rotation"),
        project.line("# the vault's"),
        project.line("Vault(TerraformStack"),
    ]


def test_an_id_with_a_slash_and_a_stack_within_a_construct_are_found(project: Project) -> None:
    elements = project.run("""
def build(app):
    site = Construct(app, "Site")
    stack = TerraformStack(site, "stack")
    KmsKey(stack, "a/b/c")  # here
    TerraformOutput(stack, "o/p", value="1", static_id=True)  # there
""")
    assert frames(elements, "Site/stack/a--b--c") == [project.line("# here")]
    assert frames(elements, "Site/stack/o--p") == [project.line("# there")]


def test_modules_and_outputs_have_origins_as_well(project: Project) -> None:
    elements = project.run("""
def build(app):
    stack = TerraformStack(app, "stack")
    TerraformHclModule(stack, "Network", source="example/network/aws")
    inner = Construct(stack, "Inner")
    TerraformOutput(inner, "Name", value="1")
    TerraformOutput(stack, "name", value="1", static_id=True)
""")
    assert elements["module.Network"] == {
        "construct": "stack/Network",
        "frames": [project.line('"Network"')],
    }
    assert elements["output.name"]["frames"] == [project.line("static_id")]
    assert frames(elements, "stack/Inner/Name") == [project.line('"Name"')]
    assert len(elements) == 3


def test_what_is_no_construct_is_not_taken_for_one(project: Project) -> None:
    """Attributes of a resource are made in the same way, of the resource and a name."""
    elements = project.run("""
from cdktf import StringMap

def build(app):
    key = KmsKey(TerraformStack(app, "stack"), "Key")
    KmsKey(key, "tags")  # here
    StringMap(key, "tags")
""")
    assert frames(elements, "stack/Key/tags") == [project.line("# here")]


def test_what_is_made_unseen_has_the_lines_of_what_is_around_it(project: Project) -> None:
    """As Node.js makes constructs within others, and aspects do when the app is synthesised."""
    source = project.write("""
def build(app):
    return Construct(TerraformStack(app, "stack"), "Vault")  # here

def fill(vault):
    KmsKey(Construct(vault, "Room"), "Key")
""")
    names = runpy.run_path(str(source))
    app = App(outdir=str(project.output), skip_validation=True)
    with SourceMap(project.root) as sources:
        vault = names["build"](app)
    names["fill"](vault)
    app.synth()
    sources.write(app.outdir)
    written = sources_of(files(project.output))["stack"]
    assert frames(written, "stack/Vault/Room/Key") == [project.line("# here")]


def test_what_has_no_construct_has_no_origin(project: Project) -> None:
    """A reference from stack to stack becomes a data source of the other's state."""
    project.run("""
def build(app):
    one = TerraformStack(app, "one")
    LocalBackend(one, path="one.tfstate")
    key = KmsKey(one, "Key")
    two = TerraformStack(app, "two")
    KmsKey(two, "Other", description=key.arn)
""")
    written = files(project.output)
    assert b"terraform_remote_state" in written["stacks/two/cdk.tf.json"]
    assert set(sources_of(written)["two"]) == {"aws_kms_key.Other"}


def test_what_an_override_adds_has_none(project: Project) -> None:
    elements = project.run("""
def build(app):
    stack = TerraformStack(app, "stack")
    KmsKey(stack, "Key")
    for path in ("resource.aws_kms_key.Extra", "data.aws_region.Extra"):
        stack.add_override(path, {"//": {"metadata": "none"}})
    stack.add_override("resource.aws_kms_alias.Extra", [])
""")
    assert set(elements) == {"aws_kms_key.Key"}


def test_installed_packages_and_hidden_folders_are_not_the_projects(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)  # where a text would be, were it a file
    library = "def key(scope, name):\n    return KmsKey(scope, name)\n"
    names = ("venv/lib/python3.11/site-packages/keys.py", ".venv/keys.py")
    paths = [str(project.write(library, name)) for name in names]
    elements = project.run(f"""
import runpy

def build(app):
    stack = TerraformStack(app, "stack")
    for number, path in enumerate({paths!r}):
        runpy.run_path(path)["key"](stack, f"Key{{number}}")  # calls the library
    exec('KmsKey(stack, "Text")')  # runs a text
""")
    for number in range(len(paths)):
        assert frames(elements, f"stack/Key{number}") == [project.line("# calls the library")]
    assert frames(elements, "stack/Text") == [project.line("# runs a text")]


def test_what_is_made_elsewhere_has_a_construct_and_no_lines(
    project: Project, tmp_path: Path
) -> None:
    build = runpy.run_path(
        str(project.write('def build(app):\n    KmsKey(TerraformStack(app, "stack"), "Key")\n'))
    )["build"]
    app = App(outdir=str(project.output), skip_validation=True)
    with SourceMap(tmp_path / "elsewhere") as sources:
        build(app)
    app.synth()
    sources.write(app.outdir)
    assert sources_of(files(project.output))["stack"] == {
        "aws_kms_key.Key": {"construct": "stack/Key", "frames": []}
    }


def test_a_project_reached_by_a_link_has_the_same_lines(project: Project, tmp_path: Path) -> None:
    path = project.write('def build(app):\n    KmsKey(TerraformStack(app, "stack"), "Key")\n')
    (tmp_path / "link").symlink_to(project.root)
    app = App(outdir=str(project.output), skip_validation=True)
    with SourceMap(tmp_path / "link") as sources:
        runpy.run_path(str(path))["build"](app)
    app.synth()
    sources.write(app.outdir)
    written = sources_of(files(project.output))["stack"]
    assert frames(written, "stack/Key") == [project.line('"Key"')]


def test_before_and_after_nothing_is_watched(project: Project) -> None:
    """The lines of the stack are those that were seen."""
    make = runpy.run_path(
        str(project.write("def make(scope, name):\n    return KmsKey(scope, name)\n"))
    )["make"]
    stock = jsii.create
    app = App(outdir=str(project.output), skip_validation=True)
    stack = runpy.run_path(str(project.root / "app.py"))["TerraformStack"](app, "stack")
    make(stack, "Before")
    with SourceMap(project.root) as sources:
        assert jsii.create != stock
        make(stack, "Within")
    assert jsii.create == stock
    make(stack, "After")
    app.synth()
    sources.write(app.outdir)
    written = sources_of(files(project.output))["stack"]
    assert frames(written, "stack/Within") == [project.line("return KmsKey")]
    assert frames(written, "stack/Before") == frames(written, "stack/After") == []


def test_a_program_that_fails_halfway_leaves_jsii_as_it_was(project: Project) -> None:
    stock = jsii.create
    with pytest.raises(ZeroDivisionError):
        project.run('def build(app):\n    KmsKey(TerraformStack(app, "stack"), str(1 // 0))\n')
    assert jsii.create == stock
    with pytest.raises(RuntimeError, match="already a Construct with name 'stack'"):
        project.run(
            "def build(app):\n    for _ in range(2):\n        TerraformStack(app, 'stack')\n"
        )
    assert jsii.create == stock


def test_one_within_another_leaves_it_watching(project: Project) -> None:
    build = runpy.run_path(
        str(project.write('def build(app, id_):\n    KmsKey(TerraformStack(app, id_), "Key")\n'))
    )["build"]
    app = App(outdir=str(project.output), skip_validation=True)
    with SourceMap(project.root) as outer:
        with SourceMap(project.root) as inner:
            build(app, "one")
        build(app, "two")
    app.synth()
    outer.write(app.outdir)
    of_outer = sources_of(files(project.output))
    inner.write(app.outdir)
    of_inner = sources_of(files(project.output))
    line = project.line('"Key"')
    assert [frames(of_outer[name], f"{name}/Key") for name in ("one", "two")] == [[line], [line]]
    assert [frames(of_inner[name], f"{name}/Key") for name in ("one", "two")] == [[line], []]


def test_hcl_which_holds_no_paths_is_left_alone(project: Project) -> None:
    source = 'def build(app):\n    KmsKey(TerraformStack(app, "stack"), "Key")\n'
    assert project.run(source, hcl_output=True) == {}
    assert "stacks/stack/cdk.tf" in files(project.output)
