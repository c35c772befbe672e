"""What a function's process is given."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox.backends.awslambda.runtime import (
    LIBRARIES,
    SITE,
    Deployed,
    Invocation,
    environment,
    order,
    unpack,
)
from scripts.sandbox.guard import GuardError
from scripts.sandbox.service_sessions import Credentials
from tests.unit.scripts.sandbox.backends.awslambda.functions import zipped

CREDENTIALS = Credentials("ASIA1", "secret-1", "token-1", "arn:session")
ENDPOINT = "http://127.0.0.1:4566"


def invocation(**variables: str) -> Invocation:
    function = Deployed(
        name="f",
        version="7",
        region="eu-west-1",
        runtime="python3.12",
        handler="app.handler",
        role="arn:role",
        timeout=3,
        memory=256,
        log_group="/g",
        code=b"code-1",
        variables=variables,
    )
    return Invocation(function, '{"ResponseURL": "url-1"}', ENDPOINT, "arn:f:7", "r-1")


def of(**variables: str) -> dict[str, str]:
    return environment(invocation(**variables), CREDENTIALS, "stream", Path("/scratch"))


def test_nothing_of_the_sandboxs_own_environment_is_inherited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = of()
    for name in ("SECRET", "AWS_PROFILE", "MOTO_PORT", "PYTHONPATH", "ALL_PROXY", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, "http://example.com")
    assert of() == before
    assert set(before) == {
        "LANG",
        "PATH",
        "TZ",
        "TMPDIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        *(f"AWS_{name}" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")),
        *(f"AWS_{name}" for name in ("REGION", "DEFAULT_REGION", "EXECUTION_ENV", "ENDPOINT_URL")),
        *(f"AWS_{name}" for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE")),
        *(f"AWS_{name}" for name in ("EC2_METADATA_DISABLED", "IGNORE_CONFIGURED_ENDPOINT_URLS")),
        *(f"AWS_LAMBDA_FUNCTION_{name}" for name in ("NAME", "VERSION", "MEMORY_SIZE")),
        *(f"AWS_LAMBDA_{name}" for name in ("LOG_GROUP_NAME", "LOG_STREAM_NAME")),
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    }


def test_the_functions_variables_are_there_and_cannot_take_lambdas_place() -> None:
    found = of(OWN="1", AWS_ACCESS_KEY_ID="x", AWS_ENDPOINT_URL="https://sts.amazonaws.com", TZ="x")
    assert found["OWN"] == "1"
    assert found["AWS_ACCESS_KEY_ID"] == "ASIA1"
    assert found["AWS_ENDPOINT_URL"] == ENDPOINT
    assert found["TZ"] == "x"


def test_refuses_variables_that_lead_off_this_machine() -> None:
    with pytest.raises(GuardError, match=r"AWS_ENDPOINT_URL_STS is 'https://sts\.amazon"):
        of(AWS_ENDPOINT_URL_STS="https://sts.amazonaws.com")


def test_a_zip_is_unpacked_beside_a_folder_for_temporary_files(tmp_path: Path) -> None:
    task = unpack(zipped({"a/b.py": "x = 1", "c.txt": "y"}), tmp_path)
    assert (task / "a/b.py").read_text() == "x = 1"
    assert (task / "c.txt").read_text() == "y"
    assert environment(invocation(), CREDENTIALS, "s", tmp_path)["TMPDIR"] == str(tmp_path / "tmp")
    assert (tmp_path / "tmp").is_dir()


def test_a_zip_stays_in_its_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    unpack(zipped({"../../out.py": "", "/abs.py": ""}), scratch)
    found = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.py"))
    assert found == ["scratch/task/abs.py", "scratch/task/out.py"]


def test_fails_for_what_is_no_zip(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpack(b"text", tmp_path)


def test_the_order_has_what_the_environment_has_not() -> None:
    told: dict[str, Any] = order(invocation(), Path("/scratch"))
    assert told["event"] == '{"ResponseURL": "url-1"}'
    assert told["task_root"] == "/scratch/task"
    assert told["timeout"] == 3
    assert told["invoked_arn"] == "arn:f:7"


def test_all_libraries_are_where_they_are_looked_for() -> None:
    for name in LIBRARIES:
        assert (SITE / name).is_dir() or (SITE / f"{name}.py").is_file(), name


def test_what_is_shown_holds_no_secret() -> None:
    shown = repr(invocation(PASSWORD="secret-2"))
    for secret in ("secret-2", "url-1", "code-1"):
        assert secret not in shown
