"""What Node.js is given: real apps, real jsii, the real null provider."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.slim_bindings import packages
from tests.unit.slim_bindings.apps import INSTALL, NULL, ROOT, WHOLE_NULL, Outcome, Stock, run

PROVIDER = "@cdktf/provider-null"
FORM = "provider-null@11.0.1.jsii.tgz has another form than expected: "
LATE_REFUSAL = (
    "cdktf_cdktf_provider_null.data_null_data_source is imported after the first construct was "
    "made, and no source names it: import it earlier, or set SLIM_BINDINGS=off"
)
BASE = """
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_null.provider import NullProvider
"""
MAKE = """
app = App(outdir=OUT)
stack = TerraformStack(app, "stack")
NullProvider(stack, "null")
"""
SYNTH = """
app.synth()
"""


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a package that builds on the null provider."""
    return packages.third_party(tmp_path_factory.mktemp("others")).parent


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory, others: Path) -> Iterator[Stock]:
    with Stock(tmp_path_factory.mktemp("stock"), path=(ROOT, others)) as process:
        yield process


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """An app that has run once, and whose cut each test leaves as it finds it."""
    return run(tmp_path_factory.mktemp("good"))


def namespaces(tarball: Path) -> set[str]:
    names = packages.description(tarball)["submodules"]
    return {name.removeprefix(f"{PROVIDER}.") for name in names}


def assert_cut(stock: Stock, app: Outcome, *expected: str) -> None:
    """The last that Node.js was given has just these modules; nothing else went amiss."""
    assert app.warnings == []
    last = app.directory / "cache" / app.tarballs[-1]
    assert namespaces(last) == set(expected)
    assert app.written_anywhere == stock.written(app.code)


def assert_whole(stock: Stock, app: Outcome, warning: str) -> None:
    """One warning was written, and the app got the whole provider."""
    assert app.warnings == [f"slim_bindings: {warning}"]
    assert app.tarballs[-1] == WHOLE_NULL
    assert app.written_anywhere == stock.written(app.code)


def test_a_provider_is_cut_to_the_modules_that_the_sources_name(
    good: Outcome, stock: Stock
) -> None:
    assert_cut(stock, good, "provider", "resource")
    assert len(good.tarballs) == 1
    assert good.report["starts"] == 1


def test_a_second_run_takes_the_cut_from_the_cache(good: Outcome) -> None:
    (cut,) = good.cuts
    before = cut.stat().st_mtime_ns, cut.stat().st_ino
    second = run(good.directory, out="second")
    assert second.tarballs == good.tarballs == [cut.name]
    assert (cut.stat().st_mtime_ns, cut.stat().st_ino) == before
    assert second.written == good.written


def test_what_the_sources_name_but_nobody_imports_is_in_the_cut(
    tmp_path: Path, stock: Stock
) -> None:
    late = (
        "def later(stack):\n"
        "    from cdktf_cdktf_provider_null.data_null_data_source import DataNullDataSource\n"
        "    return DataNullDataSource(stack, 'data')\n"
    )
    app = run(tmp_path / "app", BASE + late + MAKE + "later(stack)" + SYNTH)
    assert_cut(stock, app, "provider", "dataNullDataSource")
    assert app.report["starts"] == 1


def test_assemblies_of_no_provider_are_loaded_as_they_are(good: Outcome) -> None:
    loads = good.report["loads"]
    assert [name for name, _ in loads] == ["constructs", "cdktf", PROVIDER]
    for name, tarball in loads[:2]:
        assert Path(tarball).parent == packages.installed(name) / "_jsii"


COMPUTED = 'importlib.import_module("_".join(["cdktf", "cdktf", "provider", "null"]) + "{}")\n'


def test_a_module_imported_dynamically_before_the_first_construct_restarts_node(
    tmp_path: Path,
    stock: Stock,
) -> None:
    """Node.js has the cut of what the sources name already when the module is imported."""
    code = BASE + f"wait_for('{PROVIDER}')\n" + "resource = " + COMPUTED.format(".resource")
    app = run(tmp_path / "app", code + MAKE + "resource.Resource(stack, 'r')" + SYNTH)
    assert app.report["starts"] == 2
    assert [name for name, _ in app.report["loads"]] == ["constructs", "cdktf", PROVIDER] * 2
    first, second = (app.directory / "cache" / name for name in app.tarballs)
    assert namespaces(first) == {"provider"}
    assert namespaces(second) == {"provider", "resource"}
    assert_cut(stock, app, "provider", "resource")


def test_an_attribute_asked_for_dynamically_before_the_first_construct_is_enough(
    tmp_path: Path,
    stock: Stock,
) -> None:
    code = (
        BASE
        + "import cdktf_cdktf_provider_null as null\n"
        + f"wait_for('{PROVIDER}')\n"
        + "resource = getattr(null, 're' + 'source')\n"
    )
    app = run(tmp_path / "app", code + MAKE + "resource.Resource(stack, 'r')" + SYNTH)
    assert app.report["starts"] == 2
    assert_cut(stock, app, "provider", "resource")


def test_everything_imported_dynamically_is_cut_to_everything(tmp_path: Path, stock: Stock) -> None:
    code = (
        "from cdktf import App, TerraformStack\n"
        f"null = {COMPUTED.format('')}wait_for('{PROVIDER}')\n"
        "exec('from %s import *' % null.__name__)\n"
        "NullProvider = provider.NullProvider\n"
    )
    app = run(tmp_path / "app", code + MAKE + SYNTH)
    assert app.report["starts"] == 2
    assert_cut(stock, app, "provider", "resource", "dataNullDataSource")


def test_refuses_a_module_that_no_source_names_after_the_first_construct(tmp_path: Path) -> None:
    code = BASE + MAKE + COMPUTED.format(".data_null_data_source")
    app = run(tmp_path / "app", code)
    assert app.status == 1
    assert app.errors.splitlines()[-1] == f"ImportError: {LATE_REFUSAL}"


def test_what_was_refused_can_be_done_without(tmp_path: Path) -> None:
    late = COMPUTED.format(".data_null_data_source").strip()
    code = f"try:\n    {late}\nexcept ImportError as error:\n    refused = str(error)\n"
    check = f"assert refused == {LATE_REFUSAL!r}\nassert sys.modules\n"
    app = run(tmp_path / "app", BASE + MAKE + code.replace("{}", "") + SYNTH + check)
    assert app.report["starts"] == 1
    assert "stacks/stack/cdk.tf.json" in app.written


LATE_PROVIDER = """
from cdktf import App, TerraformStack
app = App(outdir=OUT)
stack = TerraformStack(app, "stack")
"""


def test_a_provider_imported_after_the_first_construct_is_cut_to_what_sources_name(
    tmp_path: Path,
    stock: Stock,
) -> None:
    code = (
        LATE_PROVIDER
        + "from cdktf_cdktf_provider_null import provider\n"
        + "provider.NullProvider(stack, 'null')\n"
        + "def later():\n    from cdktf_cdktf_provider_null.resource import Resource\n"
        + "    Resource(stack, 'r')\n"
        + "later()"
        + SYNTH
    )
    app = run(tmp_path / "app", code)
    assert_cut(stock, app, "provider", "resource")
    assert app.report["starts"] == 1


def test_refuses_what_no_source_names_of_a_provider_imported_so_late(tmp_path: Path) -> None:
    app = run(tmp_path / "app", LATE_PROVIDER + COMPUTED.format(".data_null_data_source"))
    assert app.status == 1
    assert app.errors.splitlines()[-1] == f"ImportError: {LATE_REFUSAL}"


def tampered(files: dict[str, bytes], **changes: bytes | None) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in {**files, **changes}.items():
            if data is not None:
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda *_: b"", "TAR_BAD_ARCHIVE: Unrecognized archive format"),
        (lambda *_: b"rubbish", "TAR_BAD_ARCHIVE: Unrecognized archive format"),
        (lambda whole, _: whole[: len(whole) // 2], "zlib: unexpected end of file"),
        (lambda whole, _: whole[:-20], "zlib: unexpected end of file"),
        (
            lambda _, files: tampered(
                files, **{"package/lib/index.js": b"throw Error('one\\ntwo')"}
            ),
            "one",
        ),
        (lambda _, files: tampered(files, **{"package/.jsii": b"{"}), "Error for package tarball"),
        (lambda _, files: tampered(files, **{"package/package.json": None}), None),
    ],
    ids=["empty", "rubbish", "half", "no end", "throws", "no description", "no manifest"],
)
def test_a_cut_that_node_cannot_load_gives_way_to_the_whole_and_is_removed(
    tmp_path: Path,
    good: Outcome,
    damage: Callable[[bytes, dict[str, bytes]], bytes],
    message: str | None,
) -> None:
    (cut,) = good.cuts
    content = cut.read_bytes()
    cut.write_bytes(damage(content, packages.read(cut)))

    try:
        bad = run(good.directory, out=str(tmp_path / "out"))
        assert bad.cuts == []
    finally:
        cut.write_bytes(content)
    (warning,) = bad.warnings
    assert warning.startswith(f"slim_bindings: {message or ''}")
    assert warning.endswith(f"; using the whole of {PROVIDER}")
    assert bad.tarballs == [WHOLE_NULL]
    assert bad.written == good.written


def test_what_gave_way_is_made_anew(good: Outcome) -> None:
    (cut,) = good.cuts
    content = cut.read_bytes()
    cut.unlink()
    again = run(good.directory, out="again")
    assert again.warnings == []
    assert again.cuts == [cut]
    assert cut.read_bytes() == content
    assert again.written == good.written


def test_what_lies_in_the_place_of_a_cut_is_left_there(
    tmp_path: Path, stock: Stock, good: Outcome
) -> None:
    """It cannot be loaded, nor removed as a file."""
    cut = tmp_path / "app/cache" / good.cuts[0].name
    cut.mkdir(parents=True)
    app = run(tmp_path / "app")
    (warning,) = app.warnings
    assert "EISDIR" in warning
    assert_whole(stock, app, warning.removeprefix("slim_bindings: "))
    assert cut.is_dir()


def test_parts_of_processes_that_were_killed_do_not_disturb(
    tmp_path: Path, stock: Stock, good: Outcome
) -> None:
    cut = tmp_path / "app/cache" / good.cuts[0].name
    cut.parent.mkdir(parents=True)
    part = cut.with_name(f"{cut.stem}abcdefgh.part")
    part.write_bytes(good.cuts[0].read_bytes()[:100])
    app = run(tmp_path / "app")
    assert_cut(stock, app, "provider", "resource")
    assert set(app.cuts) == {cut, part}


@pytest.mark.parametrize("cache", ["cache", "cache/below"])
def test_without_a_cache_the_whole_is_used(tmp_path: Path, stock: Stock, cache: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/cache").write_text("a file in its place")
    app = run(tmp_path / "app", install=INSTALL.replace('"cache"', f'"{cache}"'))
    (warning,) = app.warnings
    assert str(tmp_path / "app" / cache) in warning
    assert_whole(stock, app, warning.removeprefix("slim_bindings: "))
    assert (tmp_path / "app/cache").read_text() == "a file in its place"


def test_without_the_sources_the_whole_is_used(tmp_path: Path, stock: Stock) -> None:
    app = run(tmp_path / "app", install=INSTALL.replace("app.py", "missing.py"))
    missing = tmp_path / "app/missing.py"
    assert_whole(
        stock,
        app,
        f"[Errno 2] No such file or directory: '{missing}'; using the whole of {PROVIDER}",
    )


def test_where_everything_is_imported_the_whole_is_used(tmp_path: Path, stock: Stock) -> None:
    code = NULL.replace("app = App", "from cdktf_cdktf_provider_null import *\napp = App")
    assert_whole(
        stock,
        run(tmp_path / "app", code),
        f"the sources import * from cdktf_cdktf_provider_null; using the whole of {PROVIDER}",
    )


def package_of(tmp_path: Path) -> Path:
    """A null provider of one's own, for apps of this folder."""
    (tmp_path / "packages").mkdir()
    return packages.copy_of_null(tmp_path / "packages")


def rewrite(package: Path, name: str, old: bytes, new: bytes) -> None:
    files = packages.read(packages.tarball_of(package))
    assert old in files[name]
    packages.write(packages.tarball_of(package), {**files, name: files[name].replace(old, new)})


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (
            "package/lib/index.js",
            (
                b'exports.resource = require("./resource");',
                b'Object.assign(exports, { resource: require("./resource") });',
            ),
            "the package does not export resource",
        ),
        (
            "package/lib/resource/index.js",
            (b'"use strict";', b'"use strict"; try { require("./native"); } catch {}'),
            "package/lib/resource/index.js requires ./native, which is not there",
        ),
        (
            "package/package.json",
            (b'"main": "lib/index.js"', b'"main": "lib/index"'),
            FORM + "KeyError('package/lib/index')",
        ),
    ],
)
def test_an_assembly_of_another_form_is_used_whole(
    tmp_path: Path, stock: Stock, name: str, change: tuple[bytes, bytes], message: str
) -> None:
    """Each is an assembly that jsii loads, made as jsii does not make them today."""
    package = package_of(tmp_path)
    rewrite(package, name, *change)
    app = run(tmp_path / "app", path=(package.parent, ROOT))
    assert_whole(stock, app, f"{message}; using the whole of {PROVIDER}")
    assert app.cuts == []


def test_a_module_without_types_makes_the_whole_be_used(tmp_path: Path) -> None:
    package = package_of(tmp_path)
    (package / "helpers").mkdir()
    (package / "helpers/__init__.py").write_text("NAME = 'plain Python'\n")
    code = f"from cdktf_cdktf_provider_null.helpers import NAME\n{NULL}"
    path = (package.parent, ROOT)
    app = run(tmp_path / "app", code, path=path)
    warning = (
        f"cdktf_cdktf_provider_null.helpers defines no jsii type; using the whole of {PROVIDER}"
    )
    with Stock(tmp_path, path=path) as stock:
        assert_whole(stock, app, warning)


def test_a_name_that_is_no_module_is_left_to_python(tmp_path: Path, stock: Stock) -> None:
    code = f"{NULL}\nNAME = 'cdktf_cdktf_provider_null.nothing'\n"
    assert_cut(stock, run(tmp_path / "app", code), "provider", "resource")


OTHERS = f"wait_for('{PROVIDER}')\nfrom toys_of_others import Toy\n"


def test_what_an_assembly_of_others_builds_on_is_used_whole(
    tmp_path: Path, stock: Stock, others: Path
) -> None:
    """Its JavaScript uses what Python never imports; without it Node.js could not load it."""
    code = BASE + OTHERS + MAKE + "Toy(stack, 'toy')" + SYNTH
    app = run(tmp_path / "app", code, path=(ROOT, others))
    assert_whole(stock, app, f"toys-of-others builds on {PROVIDER}; using the whole of it")
    assert b"null_data_source" in app.written["stacks/stack/cdk.tf.json"]
    assert app.report["starts"] == 2
    loads = [name for name, _ in app.report["loads"]]
    assert loads == ["constructs", "cdktf", PROVIDER] * 2 + [packages.THIRD_PARTY]


def test_it_is_used_whole_at_once_where_node_has_nothing_yet(
    tmp_path: Path, stock: Stock, others: Path
) -> None:
    code = "from toys_of_others import Toy\n" + BASE + MAKE + "Toy(stack, 'toy')" + SYNTH
    app = run(tmp_path / "app", code, path=(ROOT, others))
    assert_whole(stock, app, f"toys-of-others builds on {PROVIDER}; using the whole of it")


def test_refuses_an_assembly_of_others_on_a_cut_one_after_the_first_construct(
    tmp_path: Path, others: Path
) -> None:
    app = run(tmp_path / "app", BASE + MAKE + OTHERS, path=(ROOT, others))
    assert app.status == 1
    assert app.errors.splitlines()[-1] == (
        f"ImportError: toys-of-others builds on {PROVIDER} and is imported after the first "
        "construct was made: import it earlier, or set SLIM_BINDINGS=off"
    )


def test_one_on_a_provider_that_is_whole_already_may_come_late(
    tmp_path: Path, others: Path
) -> None:
    code = BASE + MAKE + OTHERS + "Toy(stack, 'toy')" + SYNTH
    install = INSTALL.replace("app.py", "missing.py")
    app = run(tmp_path / "app", code, install=install, path=(ROOT, others))
    assert len(app.warnings) == 1
    assert app.tarballs == [WHOLE_NULL]
    assert b"null_data_source" in app.written["stacks/stack/cdk.tf.json"]


def test_an_error_of_a_construct_is_told_as_jsii_tells_it(tmp_path: Path) -> None:
    app = run(tmp_path / "app", BASE + MAKE + "NullProvider(stack, 'null')")
    assert app.status == 1
    assert "There is already a Construct with name 'null'" in app.errors
