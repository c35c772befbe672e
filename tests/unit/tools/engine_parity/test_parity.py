"""The comparison from end to end, with two engines of a few lines in real environments."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.lib.errors import ToolError
from tests.unit.tools.engine_parity import fakes
from tools.engine_parity.engines import expected_differences
from tools.engine_parity.parity import Result, Sides, find_differences

EXPECTED = expected_differences("1", "2")

Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fakes.project(tmp_path / "project")


@pytest.fixture
def run(project: Path, tmp_path: Path) -> Run:
    (tmp_path / "scratch").mkdir()

    def find(environment: dict[str, str] | None = None, **other: str) -> Result:
        sides = Sides(
            fakes.pinned_engine(tmp_path / "pinned"),
            lambda: fakes.other_engine(tmp_path / "other", **other),
            fakes.NAMES,
            EXPECTED,
        )
        settings = project / "given.tfvars"
        given = environment or {"PATH": os.environ["PATH"]}
        return find_differences(project, settings, tmp_path / "scratch", given, sides)

    return find


def test_equal_but_for_what_is_expected(run: Run) -> None:
    result = run()

    assert result.holds
    assert result.stacks == ("one",)
    assert result.renamed.places == 2
    assert result.comparison.unexpected == ()
    assert len(result.comparison.expected) == 2
    assert result.slim is None


def test_says_where_the_other_engine_differs(run: Run) -> None:
    result = run(acl="public")

    assert not result.holds
    assert [str(each) for each in result.comparison.unexpected] == [
        'stacks/one/cdk.tf.json: resource.acl: "private" -> "public"'
    ]


def test_the_project_is_left_as_it_is(run: Run, project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    run()

    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_the_pinned_side_keeps_its_imports(run: Run, tmp_path: Path) -> None:
    run()

    text = (tmp_path / "scratch/pinned/modules/stacks.py").read_text()
    assert text == fakes.STACKS


def test_fast_loading_on_the_other_engine_is_compared_with_stock_loading(
    run: Run, project: Path
) -> None:
    (project / "slim_bindings").mkdir()

    result = run()

    assert result.slim is not None
    assert result.slim.holds
    assert result.holds


def test_what_fast_loading_changes_makes_the_result_unequal(run: Run, project: Path) -> None:
    (project / "slim_bindings").mkdir()

    result = run(more="SLIM = ' and slim'")

    assert result.comparison.is_equal
    assert result.slim is not None
    assert [str(each) for each in result.slim.comparison.unexpected] == [
        'stacks/one/cdk.tf.json: settings: "some" -> "some and slim"'
    ]
    assert not result.holds


def test_fast_loading_that_was_not_used_does_not_hold(run: Run, project: Path) -> None:
    (project / "slim_bindings").mkdir()
    warn = "import os\nprint('slim_bindings: amiss' if 'SLIM_BINDINGS' not in os.environ else '')"

    result = run(more=warn)

    assert result.slim is not None
    assert result.slim.comparison.is_equal
    assert result.slim.warnings == ("slim_bindings: amiss",)
    assert not result.holds


def test_fails_when_the_other_engine_lacks_something(project: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    stacks = fakes.STACKS.replace("import Bucket", "import Bucket, Gone")
    (project / "modules/stacks.py").write_text(stacks)
    pinned = fakes.engine(tmp_path / "p", core="old", provider="old_provider", version="1")
    [bucket] = tmp_path.glob("p/lib/python*/site-packages/old_provider/bucket.py")
    bucket.write_text(bucket.read_text() + "\nGone = 1\n")
    sides = Sides(pinned, lambda: fakes.other_engine(tmp_path / "o"), fakes.NAMES, EXPECTED)
    environment = {"PATH": os.environ["PATH"]}

    with pytest.raises(ToolError, match=r"^other: synthesis failed: ImportError: .*'Gone'"):
        find_differences(
            project, project / "given.tfvars", tmp_path / "scratch", environment, sides
        )


def test_faults_of_the_settings_are_told_before_anything_is_installed(
    project: Path, tmp_path: Path
) -> None:
    (project / "given.tfvars").write_text("bad")
    (tmp_path / "scratch").mkdir()

    def install() -> Path:
        raise AssertionError("installed")

    pinned = fakes.pinned_engine(tmp_path / "pinned")
    sides = Sides(pinned, install, fakes.NAMES, EXPECTED)
    environment = {"PATH": os.environ["PATH"]}

    with pytest.raises(ToolError, match=r"^pinned: synthesis failed: region: must be"):
        find_differences(
            project, project / "given.tfvars", tmp_path / "scratch", environment, sides
        )


def test_what_jsii_unpacks_of_the_other_engine_stays_in_the_scratch_folder(
    run: Run, project: Path, tmp_path: Path
) -> None:
    stacks = fakes.STACKS.replace(
        "NAME =",
        "print(os.environ['TMPDIR'], os.environ['JSII_RUNTIME_PACKAGE_CACHE_ROOT'])\nNAME =",
    )
    (project / "modules/stacks.py").write_text(stacks)
    mine = {"TMPDIR": "/mine/temporary", "JSII_RUNTIME_PACKAGE_CACHE_ROOT": "/mine/jsii"}

    run(environment={"PATH": os.environ["PATH"], **mine})

    scratch = tmp_path / "scratch"
    assert "/mine/temporary /mine/jsii" in (scratch / "pinned.log").read_text()
    confined = " ".join([str(scratch / "tmp"), str(scratch / "jsii")])
    assert confined in (scratch / "other.log").read_text()
