"""What is kept of an assembly."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slim_bindings.assembly import CutError, cut, dependencies
from tests.unit.slim_bindings import packages
from tests.unit.slim_bindings.packages import TOY, tarball_of

REFERENCES = {"a": ("b",), "b": (), "c": ("d",), "d": ("c",), "e": ()}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return packages.toy(tmp_path, REFERENCES)


def cut_to(package: Path, *modules: str) -> Path:
    """Write the cut to a file of its own and return that."""
    slim = package.parent / f"{'-'.join(modules)}.tgz"
    slim.write_bytes(cut(package, tarball_of(package), frozenset(modules)))
    return slim


def test_keeps_the_types_and_scripts_of_the_modules_alone(toy: Path) -> None:
    slim = cut_to(toy, "b", "e")
    described = packages.description(slim)
    assert set(described["types"]) == {f"{TOY}.b.Toy", f"{TOY}.e.Toy"}
    assert set(described["submodules"]) == {f"{TOY}.b", f"{TOY}.e"}
    files = packages.read(slim)
    assert set(files) == {
        "package/package.json",
        "package/.jsii",
        "package/lib/index.js",
        "package/lib/b/index.js",
        "package/lib/e/index.js",
    }
    assert files["package/lib/index.js"].decode().splitlines() == [
        '"use strict";',
        "exports.a = exports.b = void 0;",
        'exports.b = require("./b");',
        'exports.e = require("./e");',
    ]


def test_keeps_what_it_keeps_as_it_is_but_for_prose(toy: Path) -> None:
    described, whole = (packages.description(each) for each in (cut_to(toy, "a"), tarball_of(toy)))
    assert described["name"] == whole["name"]
    assert described["version"] == whole["version"]
    type_ = whole["types"][f"{TOY}.a.Toy"]
    assert described["types"][f"{TOY}.a.Toy"] == {
        "assembly": type_["assembly"],
        "fqn": type_["fqn"],
        "kind": type_["kind"],
        "name": type_["name"],
        "properties": [{"name": "p0", "type": {"fqn": f"{TOY}.b.Toy"}}],
    }
    assert "readme" not in described
    kept, files = packages.read(cut_to(toy, "a")), packages.read(tarball_of(toy))
    for name in ("package/package.json", "package/lib/a/index.js"):
        assert kept[name] == files[name]


def test_keeps_what_the_types_refer_to(toy: Path) -> None:
    described = packages.description(cut_to(toy, "a"))
    assert set(described["types"]) == {f"{TOY}.a.Toy", f"{TOY}.b.Toy"}


def test_keeps_what_the_scripts_require(tmp_path: Path) -> None:
    package = packages.toy(
        tmp_path,
        {"a": (), "b": ()},
        a__index_js=b'const s = require("../shared"), u = require("./util.js");\n'
        b'const c = require("cdktf"), p = require("../../package.json");\n',
        shared__index_js=b'require("../deeper")\n',
        deeper_js=b"",
        a__util_js=b'require("..");\n',
        unused_js=b"",
    )
    kept = {name.removeprefix("package/lib/") for name in packages.read(cut_to(package, "a"))}
    scripts = {"a/index.js", "shared/index.js", "deeper.js", "a/util.js"}
    assert kept == {"package/package.json", "package/.jsii", "index.js", *scripts}


def test_keeps_the_exports_of_every_form_that_typescript_gives_a_namespace(tmp_path: Path) -> None:
    index = (
        b'exports.a = require("./a");\nexports.b = __importStar(require("./b"));\r\n'
        b'__exportStar(require("./common"), exports);\n'
    )
    package = packages.toy(
        tmp_path, {"a": (), "b": ()}, index_js=index, common__index_js=b"exports.x = 1;"
    )
    files = packages.read(cut_to(package, "b"))
    assert files["package/lib/index.js"] == index.partition(b"\n")[2]
    assert "package/lib/common/index.js" in files


def test_keeps_nested_namespaces(tmp_path: Path) -> None:
    package = packages.toy(tmp_path, {"a": (), "b": ()})
    (package / "a/nested").mkdir()
    source = f'class Deep(metaclass=jsii.JSIIMeta, jsii_type="{TOY}.a.nested.Deep"): pass\n'
    (package / "a/nested/__init__.py").write_text(source)
    change_description(
        package,
        lambda described: described["types"].update(
            {f"{TOY}.a.nested.Deep": packages.class_(f"{TOY}.a.nested.Deep")}
        ),
    )
    described = packages.description(cut_to(package, "a"))
    assert set(described["types"]) == {f"{TOY}.a.Toy", f"{TOY}.a.nested.Deep"}


def test_knows_types_by_every_way_that_python_declares_them(tmp_path: Path) -> None:
    package = packages.toy(tmp_path, {"a": (), "b": (), "c": (), "d": ()})
    (package / "a/__init__.py").write_text(f"@jsii.interface(jsii_type='{TOY}.a.Toy')")
    (package / "b/__init__.py").write_text(f'@jsii.enum(jsii_type="{TOY}.b.Toy")')
    (package / "c/__init__.py").write_text(f'@jsii.data_type(\n    jsii_type="{TOY}.c.Toy",\n)')
    described = packages.description(cut_to(package, "a", "b", "c"))
    assert set(described["types"]) == {f"{TOY}.{module}.Toy" for module in "abc"}


def test_takes_source_maps_away_and_nothing_else(tmp_path: Path) -> None:
    script = b'exports.Toy = "//# sourceMappingURL=here";\nexports.more = 1;\n'
    package = packages.toy(
        tmp_path, {"a": ()}, a__index_js=script + b"//# sourceMappingURL=data:application/json,x=="
    )
    assert packages.read(cut_to(package, "a"))["package/lib/a/index.js"] == script


def reachable(references: dict[str, tuple[str, ...]], wanted: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = set(wanted)
    while todo:
        seen |= todo
        todo = {target for each in todo for target in references[each]} - seen
    return seen


modules = st.sampled_from("abcdef")


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({module: st.lists(modules, max_size=2) for module in "abcdef"}),
    st.sets(modules, min_size=1),
)
def test_keeps_exactly_what_can_be_reached(links: dict[str, list[str]], wanted: set[str]) -> None:
    references = {module: tuple(targets) for module, targets in links.items()}
    with TemporaryDirectory() as directory:
        slim = cut_to(packages.toy(Path(directory), references), *wanted)
        expected = reachable(references, wanted)
        described, files = packages.description(slim), packages.read(slim)
    assert set(described["types"]) == {f"{TOY}.{module}.Toy" for module in expected}
    assert {name.split("/")[2] for name in files if name.count("/") == 3} == expected


def test_of_the_null_provider_what_node_reads_is_the_same(tmp_path: Path) -> None:
    package = packages.copy_of_null(tmp_path)
    whole, slim = tarball_of(package), cut_to(package, "resource", "provider")
    name = "@cdktf/provider-null"
    described, before = packages.description(slim), packages.description(whole)
    assert set(described["types"]) == {
        f"{name}.{each}"
        for each in (
            "provider.NullProvider",
            "provider.NullProviderConfig",
            "resource.Resource",
            "resource.ResourceConfig",
        )
    }
    for fqn, type_ in described["types"].items():
        members = [member["name"] for member in before["types"][fqn].get("properties", [])]
        assert [member["name"] for member in type_.get("properties", [])] == members
    for key in ("name", "version", "schema", "jsiiVersion", "dependencies", "metadata", "targets"):
        assert described[key] == before[key], key
    assert slim.stat().st_size < whole.stat().st_size / 5


def change_files(package: Path, change: Callable[[dict[str, bytes]], Any]) -> None:
    files = packages.read(tarball_of(package))
    change(files)
    packages.write(tarball_of(package), files)


def change_description(package: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    described = packages.description(tarball_of(package))
    change(described)
    change_files(
        package, lambda files: files.update({"package/.jsii": json.dumps(described).encode()})
    )


FORM = r"^provider-toy@1\.0\.0\.jsii\.tgz has another form than expected: "


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("package/.jsii", None, FORM + r"KeyError\('package/\.jsii'\)$"),
        ("package/.jsii", b"{", FORM + "JSONDecodeError"),
        ("package/.jsii", b'{"schema": "jsii/file-redirect"}', FORM + r"KeyError\('types'\)$"),
        ("package/.jsii", b'{"name": "x", "submodules": {}}', FORM + r"KeyError\('types'\)$"),
        ("package/.jsii", b'{"name": "x", "types": {}}', FORM + r"KeyError\('submodules'\)$"),
        ("package/package.json", None, FORM + r"KeyError\('package/package\.json'\)$"),
        ("package/package.json", b"no json", FORM + "JSONDecodeError"),
        ("package/package.json", b'{"name": "x"}', FORM + r"KeyError\('main'\)$"),
        ("package/lib/index.js", None, FORM + r"KeyError\('package/lib/index\.js'\)$"),
        ("package/lib/index.js", b"", "^the package does not export a$"),
        (
            "package/lib/index.js",
            b'Object.assign(exports, {a: require("./a")});',
            "^the package does not export a$",
        ),
        (
            "package/lib/a/index.js",
            b'try { require("./native") } catch {}',
            r"^package/lib/a/index\.js requires \./native, which is not there$",
        ),
        (
            "package/lib/a/index.js",
            None,
            r"^package/lib/index\.js requires \./a, which is not there$",
        ),
    ],
)
def test_refuses_another_form(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    package = packages.toy(tmp_path, {"a": ()})

    def change(files: dict[str, bytes]) -> None:
        files.pop(name)
        if content is not None:
            files[name] = content

    change_files(package, change)
    with pytest.raises(CutError, match=message):
        cut_to(package, "a")


def test_refuses_types_outside_of_all_submodules(tmp_path: Path) -> None:
    package = packages.toy(tmp_path, {"a": ()})
    (package / "a/__init__.py").write_text(f'jsii_type="{TOY}.Root"')
    with pytest.raises(CutError, match=f"^the package does not export {TOY}$"):
        cut_to(package, "a")


def test_refuses_a_module_without_types(toy: Path) -> None:
    (toy / "plain").mkdir()
    (toy / "plain/__init__.py").write_text("x = 1\n")
    with pytest.raises(CutError, match=r"^cdktf_cdktf_provider_toy\.plain defines no jsii type$"):
        cut_to(toy, "a", "plain")


def test_fails_when_the_tarball_is_none(toy: Path) -> None:
    tarball_of(toy).write_bytes(b"rubbish")
    with pytest.raises(tarfile.TarError):
        cut_to(toy, "a")


def manifest(tmp_path: Path, content: dict[str, Any] | bytes) -> Path:
    tarball = tmp_path / "some.tgz"
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    packages.write(tarball, {"package/other.json": b"{", "package/package.json": text})
    return tarball


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, set()),
        ({"dependencies": {"a": "1", "b": "2"}}, {"a", "b"}),
        ({"peerDependencies": {"@cdktf/provider-null": "^11"}}, {"@cdktf/provider-null"}),
        ({"dependencies": {"a": "1"}, "peerDependencies": {"a": "1", "b": "1"}}, {"a", "b"}),
        ({"devDependencies": {"c": "1"}, "bundledDependencies": ["d"]}, set()),
    ],
)
def test_dependencies_are_those_of_the_manifest(
    tmp_path: Path, content: dict[str, Any], expected: set[str]
) -> None:
    assert dependencies(manifest(tmp_path, content)) == expected


def test_dependencies_of_an_installed_provider() -> None:
    null = tarball_of(packages.installed(packages.NULL))
    assert dependencies(null) == {"cdktf", "constructs"}


def test_there_are_no_dependencies_without_a_manifest(tmp_path: Path) -> None:
    packages.write(tmp_path / "some.tgz", {"package/other.json": b"{}"})
    assert dependencies(tmp_path / "some.tgz") == frozenset()


def test_dependencies_fail_on_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"missing\.tgz"):
        dependencies(tmp_path / "missing.tgz")
    (tmp_path / "rubbish.tgz").write_bytes(b"rubbish")
    with pytest.raises(tarfile.TarError):
        dependencies(tmp_path / "rubbish.tgz")
    with pytest.raises(ValueError, match="Expecting"):
        dependencies(manifest(tmp_path, b"{"))


HOSTILE = 'a "\n    },\n    "quoted": {\n  "types": {\n    "\\" \u00e4\U0001f600'


def laid_out(package: Path, **how: Any) -> None:
    """Write the package's description anew, with prose that looks like what is around it."""
    files = packages.read(tarball_of(package))
    described = json.loads(files["package/.jsii"])
    described["description"] = HOSTILE
    for type_ in described["types"].values():
        type_["docs"] = {HOSTILE: HOSTILE}
        type_["summary"] = HOSTILE
    files["package/.jsii"] = json.dumps(described, **how).encode()
    packages.write(tarball_of(package), files)


@pytest.mark.parametrize("modules", ["a", "ac", "e", "abcde"])
@pytest.mark.parametrize(
    "how", [{"indent": 2}, {"indent": 1}, {"indent": 4}, {"indent": 2, "ensure_ascii": False}]
)
def test_the_layout_of_a_description_makes_no_difference(
    toy: Path, how: dict[str, Any], modules: str
) -> None:
    laid_out(toy)
    compact = cut_to(toy, *modules).read_bytes()
    laid_out(toy, **how)
    assert cut_to(toy, *modules).read_bytes() == compact


@pytest.mark.parametrize("module", ["provider", "resource", "data_null_data_source"])
def test_a_description_of_jsii_is_cut_as_one_of_another_layout(tmp_path: Path, module: str) -> None:
    package = packages.copy_of_null(tmp_path)
    files = packages.read(tarball_of(package))
    assert b'\n  "types": {\n    "' in files["package/.jsii"]
    as_it_is = cut_to(package, module).read_bytes()
    described = json.loads(files["package/.jsii"])
    packages.write(tarball_of(package), {**files, "package/.jsii": json.dumps(described).encode()})
    assert cut_to(package, module).read_bytes() == as_it_is


def test_what_is_not_asked_for_is_not_parsed(toy: Path) -> None:
    damage_type(toy, "e", b'"name": Toy')
    described = packages.description(cut_to(toy, "a"))
    assert set(described["types"]) == {f"{TOY}.a.Toy", f"{TOY}.b.Toy"}


def damage_type(package: Path, module: str, damaged: bytes) -> None:
    laid_out(package, indent=2)
    files = packages.read(tarball_of(package))
    before, begin, after = files["package/.jsii"].partition(f'"{TOY}.{module}.Toy": {{'.encode())
    after = after.replace(b'"name": "Toy"', damaged, 1)
    packages.write(tarball_of(package), {**files, "package/.jsii": before + begin + after})


def test_fails_when_what_is_asked_for_is_no_json(toy: Path) -> None:
    damage_type(toy, "e", b'"name": Toy')
    with pytest.raises(CutError, match="another form than expected: JSONDecodeError"):
        cut_to(toy, "e")


@pytest.mark.parametrize("odd", [{}, None, [], "text", 1])
@pytest.mark.parametrize("place", ["a", "c"])
def test_fails_when_a_type_is_none(toy: Path, odd: object, place: str) -> None:
    """An empty one has not the lines by which the next is found."""
    files = packages.read(tarball_of(toy))
    described = json.loads(files["package/.jsii"])
    described["types"][f"{TOY}.{place}.Toy"] = odd
    files["package/.jsii"] = json.dumps(described, indent=2).encode()
    packages.write(tarball_of(toy), files)
    with pytest.raises(CutError, match="another form than expected: ValueError"):
        cut_to(toy, "b")
