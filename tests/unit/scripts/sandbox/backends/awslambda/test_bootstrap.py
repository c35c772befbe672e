"""What runs inside a function's process."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox.backends.awslambda import bootstrap
from scripts.sandbox.backends.awslambda.bootstrap import (
    Context,
    FaultError,
    Libraries,
    call,
    describe,
    find_handler,
)

ORDER: dict[str, Any] = {
    "request_id": "r-1",
    "invoked_arn": "arn:f",
    "timeout": 5,
    "task_root": "/scratch/task",
}


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that modules are imported from."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Context:
    for name in ("FUNCTION_NAME", "FUNCTION_VERSION", "FUNCTION_MEMORY_SIZE"):
        monkeypatch.setenv(f"AWS_LAMBDA_{name}", "x")
    for name in ("LOG_GROUP_NAME", "LOG_STREAM_NAME"):
        monkeypatch.setenv(f"AWS_LAMBDA_{name}", "x")
    return Context(ORDER)


@pytest.mark.parametrize("name", ["deep.inner.app_1.run", "deep/inner/app_1.run"])
def test_the_last_part_of_a_handlers_name_is_the_function(task: Path, name: str) -> None:
    inner = task / "deep/inner"
    inner.mkdir(parents=True)
    (inner / "app_1.py").write_text("def run(event, context): return 7")
    assert find_handler(name)(None, None) == 7  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "handler", "kind", "message"),
    [
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values"),
        ("", "absent_2.run", "Runtime.ImportModuleError", "Unable to import module 'absent_2'"),
        ("import absent_3", "app_2.run", "Runtime.ImportModuleError", "named 'absent_3'"),
        ("from json import absent", "app_2.run", "Runtime.ImportModuleError", "cannot import name"),
        ("def", "app_2.run", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app_2'"),
        ("", "app_2.run", "Runtime.HandlerNotFound", "Handler 'run' missing on module 'app_2'"),
    ],
)
def test_fails_for_a_handler_that_cannot_be_had(
    task: Path, code: str, handler: str, kind: str, message: str
) -> None:
    (task / "app_2.py").write_text(code)
    with pytest.raises(FaultError) as caught:
        find_handler(handler)
    assert caught.value.kind == kind
    assert message in str(caught.value)


def test_what_a_module_raises_is_raised(task: Path) -> None:
    (task / "app_4.py").write_text("raise RuntimeError('at import')")
    with pytest.raises(RuntimeError, match="at import"):
        find_handler("app_4.run")


def test_an_answer_is_json_of_its_own_alphabet(context: Context) -> None:
    assert call(lambda event, _: event["a"], '{"a": "é"}', context) == '"é"'


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (object(), "Runtime.MarshalError"),
        ({(1, 2): 3}, "Runtime.MarshalError"),
        ("é" * 3_145_778, "Function.ResponseSizeTooLarge"),
    ],
)
def test_fails_for_an_answer_that_cannot_be_given(context: Context, answer: Any, kind: str) -> None:
    with pytest.raises(FaultError) as caught:
        call(lambda *_: answer, "{}", context)
    assert caught.value.kind == kind


def test_time_runs_out_at_zero(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 4900 < context.get_remaining_time_in_millis() <= 5000
    later = bootstrap.time.time() + 6
    monkeypatch.setattr(bootstrap.time, "time", lambda: later)
    assert context.get_remaining_time_in_millis() == 0


def test_an_error_is_described_where_lambda_would_have_run_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault = FaultError("Runtime.X", "in /scratch/task/app.py", ['  File "/scratch/task/app.py"'])
    described = json.loads(describe(fault, ORDER))
    assert described == {
        "errorMessage": "in /var/task/app.py",
        "errorType": "Runtime.X",
        "requestId": "r-1",
        "stackTrace": ['  File "/var/task/app.py"'],
    }
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert printed.startswith("[ERROR] Runtime.X: in /var/task/app.py\rTraceback")


def test_only_listed_libraries_are_found(tmp_path: Path) -> None:
    for name in ("listed", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    finder = Libraries(str(tmp_path), ["listed", "absent"])
    found = finder.find_spec("listed")
    assert found
    assert found.origin == str(tmp_path / "listed/__init__.py")
    assert finder.find_spec("other") is None
    assert finder.find_spec("absent") is None
    assert finder.find_spec("listed", [str(tmp_path)]) is None
