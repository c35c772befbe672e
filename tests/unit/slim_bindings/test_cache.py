"""How a cut gets into its folder: whole, once, and anew when something has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from slim_bindings import assembly
from slim_bindings.cache import cached_cut
from tests.unit.slim_bindings import packages
from tests.unit.slim_bindings.apps import ROOT, environment
from tests.unit.slim_bindings.packages import tarball_of

REFERENCES: dict[str, tuple[str, ...]] = {"a": ("b",), "b": (), "c": ("d",), "d": ("c",)}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return packages.toy(tmp_path, REFERENCES)


def cut_to(package: Path, *modules: str, cache: str = "cache") -> Path:
    return cached_cut(package, tarball_of(package), frozenset(modules), package.parent / cache)


def test_is_made_once_for_the_same_inputs(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slim = cut_to(toy, "a", "c")
    before = slim.stat().st_mtime_ns, slim.stat().st_ino
    monkeypatch.setattr(assembly, "cut", None)
    assert cut_to(toy, "c", "a") == slim
    assert (slim.stat().st_mtime_ns, slim.stat().st_ino) == before
    assert [path.name for path in slim.parent.iterdir()] == [slim.name]
    assert slim.name.startswith("provider-toy@1.0.0-")


def touch(toy: Path, _: pytest.MonkeyPatch) -> None:
    os.utime(tarball_of(toy), ns=(0, 0))


def grow(toy: Path, _: pytest.MonkeyPatch) -> None:
    stat = tarball_of(toy).stat()
    with tarball_of(toy).open("ab") as file:
        file.write(b"\0" * 512)
    os.utime(tarball_of(toy), ns=(stat.st_atime_ns, stat.st_mtime_ns))


def cut_in_another_way(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (toy.parent / "assembly.py").write_text("# another version of slim_bindings")
    monkeypatch.setattr(assembly, "__file__", str(toy.parent / "assembly.py"))


@pytest.mark.parametrize("change", [touch, grow, cut_in_another_way])
def test_is_made_anew_when_an_input_changes(
    toy: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    before = cut_to(toy, "a")
    change(toy, monkeypatch)
    after = cut_to(toy, "a")
    assert after != before
    assert after.read_bytes() == before.read_bytes()


def test_is_another_for_another_set_of_modules_or_place(toy: Path, tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    moved = packages.toy(tmp_path / "moved", REFERENCES)
    stat = tarball_of(toy).stat()
    os.utime(tarball_of(moved), ns=(stat.st_atime_ns, stat.st_mtime_ns))
    cache = tmp_path / "cache"
    names = {
        cached_cut(package, tarball_of(package), frozenset(modules), cache).name
        for package, modules in [(toy, "a"), (toy, "b"), (toy, "ab"), (moved, "a")]
    }
    assert len(names) == 4


def test_can_be_read_by_whoever_can_read_the_folder(toy: Path) -> None:
    assert cut_to(toy, "a").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("at", ["cache", "cache/below"])
def test_fails_when_the_cache_cannot_be_made(toy: Path, at: str) -> None:
    (toy.parent / "cache").write_text("a file in its place")
    with pytest.raises(OSError, match="cache"):
        cut_to(toy, "a", cache=at)


def test_leaves_nothing_when_writing_fails(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        cut_to(toy, "a")
    assert list((toy.parent / "cache").iterdir()) == []


CUT = """
import io, os, sys, time
from pathlib import Path
from slim_bindings import assembly
from slim_bindings.cache import cached_cut

package, cache, modules = Path(sys.argv[1]), Path(sys.argv[2]), frozenset(sys.argv[3].split(","))
(tarball,) = (package / "_jsii").glob("*.jsii.tgz")

def met(*arguments, make=assembly.cut):
    content = make(*arguments)
    print("made", flush=True)
    sys.stdin.readline()
    return content

class Half(io.FileIO):
    def write(self, content):
        super().write(content[: len(content) // 2])
        print("half", flush=True)
        time.sleep(60)

assembly.cut = met
if "half" in sys.argv:
    os.fdopen = Half
print(cached_cut(package, tarball, modules, cache), flush=True)
"""


def start_cut(
    package: Path, cache: Path, *more: str, modules: str = "resource", seed: str = "0"
) -> subprocess.Popen[str]:
    """Start a cut that waits for a line before it is written."""
    return subprocess.Popen(  # noqa: S603 (our own code)
        [sys.executable, "-c", CUT, str(package), str(cache), modules, *more],
        env=environment((ROOT,), {"PYTHONHASHSEED": seed}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("count", [2, 4])
def test_several_processes_that_make_it_at_once_make_one(tmp_path: Path, count: int) -> None:
    package, cache = packages.copy_of_null(tmp_path), tmp_path / "cache"
    processes = [start_cut(package, cache, seed=str(n)) for n in range(count)]
    try:
        assert [line(process) for process in processes] == ["made"] * count
        assert not cache.exists()
        outputs = [process.communicate("go\n", timeout=60)[0].strip() for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0] * count
    (slim,) = cache.iterdir()
    assert outputs == [str(slim)] * count
    alone = cached_cut(package, tarball_of(package), frozenset({"resource"}), tmp_path / "alone")
    assert slim.read_bytes() == alone.read_bytes()


def test_has_the_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    package = packages.toy(tmp_path, dict.fromkeys("abcdefgh", ()))
    contents = []
    for seed in ("1", "2"):
        cache = tmp_path / seed
        with start_cut(package, cache, modules="a,b,c,d,e,f,g", seed=seed) as process:
            process.communicate("go\n", timeout=60)
        (slim,) = cache.iterdir()
        contents.append(slim.read_bytes())
    assert contents[0] == contents[1]


def test_one_that_was_killed_in_writing_is_not_used(tmp_path: Path) -> None:
    package, cache = packages.copy_of_null(tmp_path), tmp_path / "cache"
    with start_cut(package, cache, "half") as process:
        assert process.stdin is not None
        assert line(process) == "made"
        process.stdin.write("go\n")
        process.stdin.flush()
        assert line(process) == "half"
        process.send_signal(signal.SIGKILL)
    (part,) = cache.iterdir()
    half = part.read_bytes()
    assert half
    assert part.suffix == ".part"

    slim = cached_cut(package, tarball_of(package), frozenset({"resource"}), cache)
    assert set(cache.iterdir()) == {part, slim}
    assert part.read_bytes() == half == slim.read_bytes()[: len(half)]
    assert len(half) < slim.stat().st_size
    assert "@cdktf/provider-null.resource.Resource" in packages.description(slim)["types"]


@pytest.mark.parametrize("content", [b"rubbish", None])
def test_keeps_nothing_of_what_cannot_be_cut(toy: Path, content: bytes | None) -> None:
    if content is None:
        files = packages.read(tarball_of(toy))
        packages.write(tarball_of(toy), {**files, "package/lib/index.js": b""})
    else:
        tarball_of(toy).write_bytes(content)
    with pytest.raises((assembly.CutError, OSError, tarfile.TarError)):
        cut_to(toy, "a")
    assert not (toy.parent / "cache").exists()
