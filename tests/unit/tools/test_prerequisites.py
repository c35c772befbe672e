"""tools/prerequisites.sh, with tools of the tests' own on PATH."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "python3": "3.11.0",
    "node": "v20.0.0",
    "npm": "9.0.0",
    "terraform": "Terraform v1.5.0\non linux_amd64\n\nYour version of Terraform is out of date!",
}
PYTHON_HINT = (
    "get it from https://www.python.org/downloads, or name one that you have: "
    "make PYTHON=python3.12 ..."
)
NODE_HINT = "get it from https://nodejs.org"
NPM_HINT = "it comes with Node.js: https://nodejs.org"
TERRAFORM_HINT = "get it from https://developer.hashicorp.com/terraform/install"


class Machine:
    """A machine that has the tools in ``bin`` and what a shell script needs, nothing else."""

    def __init__(self, directory: Path) -> None:
        self.bin = directory / "bin"
        self.bin.mkdir()
        for name in ("sed", "sh", "cat"):
            found = shutil.which(name)
            assert found
            (self.bin / name).symlink_to(found)
        for name, version in GOOD.items():
            self.install(name, version)

    def install(self, name: str, output: str, *, venv: bool = True, code: int = 0) -> None:
        """Put a tool in place that prints ``output``; as a Python, ``venv`` says if it has it."""
        script = (
            "#!/bin/sh\n"
            f'case "$*" in *ensurepip*) exit {0 if venv else 1} ;; esac\n'
            f"cat <<'END'\n{output}\nEND\nexit {code}\n"
        )
        (self.bin / name).write_text(script, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def remove(self, name: str) -> None:
        (self.bin / name).unlink()

    def check(self, *arguments: str) -> tuple[int, list[str]]:
        """Return the exit code and the lines on stderr; there is never anything on stdout."""
        done = subprocess.run(  # noqa: S603  our own script
            [str(self.bin / "sh"), str(ROOT / "tools/prerequisites.sh"), *arguments],
            env={"PATH": str(self.bin)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr.splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_oldest_good_versions_are_fine(machine: Machine) -> None:
    assert machine.check() == (0, [])


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("python3", "3.12.4"),
        ("python3", "3.14.0rc1"),
        ("python3", "3.15.0a1+"),
        ("python3", "4.0.0"),
        ("node", "v22.3.0"),
        ("node", "v23.0.0-nightly20240912abc"),
        ("npm", "10.8.2"),
        ("npm", "11.0.0-pre.1"),
        ("terraform", "Terraform v1.14.0-beta2\non darwin_arm64"),
        ("terraform", "Terraform v1.10.0-dev"),
        ("terraform", "Terraform v2.0.0"),
    ],
)
def test_newer_and_pre_release_versions_are_fine(machine: Machine, name: str, output: str) -> None:
    machine.install(name, output)

    assert machine.check() == (0, [])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("python3", f"error: Python 3.11 or newer is needed and was not found; {PYTHON_HINT}"),
        ("node", f"error: Node.js 20.0 or newer is needed and was not found; {NODE_HINT}"),
        ("npm", f"error: npm 9.0 or newer is needed and was not found; {NPM_HINT}"),
        (
            "terraform",
            f"error: Terraform 1.5 or newer is needed and was not found; {TERRAFORM_HINT}",
        ),
    ],
)
def test_a_missing_tool_gives_one_line(machine: Machine, name: str, line: str) -> None:
    machine.remove(name)

    assert machine.check() == (1, [line])


@pytest.mark.parametrize(
    ("name", "output", "line"),
    [
        ("python3", "3.10.14", f"Python 3.11 or newer is needed, found 3.10.14; {PYTHON_HINT}"),
        ("python3", "2.7.18", f"Python 3.11 or newer is needed, found 2.7.18; {PYTHON_HINT}"),
        ("python3", "3.9.0rc2", f"Python 3.11 or newer is needed, found 3.9.0rc2; {PYTHON_HINT}"),
        ("node", "v18.20.4", f"Node.js 20.0 or newer is needed, found 18.20.4; {NODE_HINT}"),
        ("npm", "8.19.4", f"npm 9.0 or newer is needed, found 8.19.4; {NPM_HINT}"),
        (
            "terraform",
            "Terraform v1.4.7\non linux_amd64",
            f"Terraform 1.5 or newer is needed, found 1.4.7; {TERRAFORM_HINT}",
        ),
        (
            "terraform",
            "Terraform v0.15.5",
            f"Terraform 1.5 or newer is needed, found 0.15.5; {TERRAFORM_HINT}",
        ),
    ],
)
def test_a_tool_that_is_too_old_gives_one_line(
    machine: Machine, name: str, output: str, line: str
) -> None:
    machine.install(name, output)

    assert machine.check() == (1, [f"error: {line}"])


@pytest.mark.parametrize("output", ["banana", "1", "1.", "1.x", "x1.9", "-1.9", "1a.9", "100.9.9"])
def test_a_version_that_is_none_gives_one_line(machine: Machine, output: str) -> None:
    machine.install("npm", output)

    assert machine.check() == (
        1,
        [
            (
                "error: npm 9.0 or newer is needed and did not tell its version "
                f"(got '{output}'); {NPM_HINT}"
            )
        ],
    )


def test_another_program_called_terraform_is_told_by_its_answer(machine: Machine) -> None:
    machine.install("terraform", "OpenTofu v1.8.0\non linux_amd64")

    assert machine.check() == (
        1,
        [
            (
                "error: Terraform 1.5 or newer is needed and did not tell its version "
                f"(got 'OpenTofu v1.8.0'); {TERRAFORM_HINT}"
            )
        ],
    )


def test_a_tool_that_fails_silently_counts_as_missing(machine: Machine) -> None:
    (machine.bin / "node").write_text("#!/bin/sh\necho no such version >&2\nexit 1\n")

    assert machine.check() == (
        1,
        [f"error: Node.js 20.0 or newer is needed and was not found; {NODE_HINT}"],
    )


def test_several_faults_are_told_at_once(machine: Machine) -> None:
    machine.remove("python3")
    machine.install("node", "v18.0.0")
    machine.install("terraform", "who knows")

    code, lines = machine.check()

    assert code == 1
    assert [line.split(" or newer")[0] for line in lines] == [
        "error: Python 3.11",
        "error: Node.js 20.0",
        "error: Terraform 1.5",
    ]


def test_a_python_of_ones_own_is_checked(machine: Machine) -> None:
    machine.install("python3", "3.9.0")
    machine.install("my python", "3.13.1")

    assert machine.check("my python") == (0, [])
    assert machine.check("python3")[0] == 1


def test_a_python_without_venv_gives_one_line(machine: Machine) -> None:
    machine.install("python3", "3.12.0", venv=False)

    assert machine.check() == (
        1,
        [
            (
                "error: python3 cannot make virtual environments; "
                "install its venv package (Debian and Ubuntu: python3-venv)"
            )
        ],
    )


def test_an_old_python_without_venv_still_gives_one_line(machine: Machine) -> None:
    machine.install("python3", "2.7.18", venv=False)

    code, lines = machine.check()

    assert (code, len(lines)) == (1, 1)


@pytest.mark.parametrize(
    ("oldest", "found", "fits"),
    [
        ("1.7", "1.6.6", False),
        ("1.7", "1.7.0", True),
        ("1.10", "1.9.8", False),
        ("1.10", "1.11.4", True),
    ],
)
def test_a_target_may_need_a_newer_terraform(
    machine: Machine, oldest: str, found: str, fits: bool
) -> None:
    machine.install("terraform", f"Terraform v{found}\non linux_amd64")
    fault = f"error: Terraform {oldest} or newer is needed, found {found}; {TERRAFORM_HINT}"
    assert machine.check("python3", oldest) == ((0, []) if fits else (1, [fault]))
