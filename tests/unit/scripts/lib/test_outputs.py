import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.errors import InputError
from scripts.lib.outputs import (
    JumpStartOutputs,
    NotebookOutputs,
    Version,
    is_jumpstart,
    read_jumpstart_outputs,
    read_notebook_outputs,
    read_outputs,
)

VALUES: dict[str, Any] = {
    "project_name": "alpha",
    "project_id": "QuickStart007",
    "product_id": "prod-1",
    "product_name": "DataScientistProduct",
    "first_version": {"name": "1", "guidance": "DEPRECATED", "active": False},
    "key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "outputs.json"


def write(file: Path, values: dict[str, Any]) -> None:
    wrapped = {
        name: {"sensitive": False, "type": "string", "value": value}
        for name, value in values.items()
    }
    file.write_text(json.dumps(wrapped))


def test_outputs_of_a_notebook_stack_are_typed(file: Path) -> None:
    write(file, VALUES)

    assert read_notebook_outputs(file) == NotebookOutputs(
        project_name="alpha",
        project_id="QuickStart007",
        product_id="prod-1",
        product_name="DataScientistProduct",
        first_version=Version(name="1", guidance="DEPRECATED", active=False),
        key_arn="arn:aws:kms:eu-west-1:123456789012:key/1",
    )


def test_values_are_read_by_name_whatever_the_stack(file: Path) -> None:
    write(file, {"vpc_id": "vpc-1", "interface_endpoint_ids": {"kms": "vpce-1"}})

    assert read_outputs(file) == {"vpc_id": "vpc-1", "interface_endpoint_ids": {"kms": "vpce-1"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"{", "not JSON: Expecting property name"),
        (b"\xff\xfe", "not JSON: 'utf-8' codec can't decode"),
        (b"[" * 100_000, "not JSON: "),
        (b"[]", "got a JSON list, expected the object that `terraform output -json` prints"),
        (b"null", "got a JSON NoneType, expected the object"),
        (b'{"vpc_id": "vpc-1"}', "vpc_id has no value, expected the object"),
        (b'{"stack": {"vpc_id": "vpc-1"}}', "stack has no value, expected the object"),
    ],
)
def test_fails_when_the_file_is_not_what_terraform_prints(
    file: Path, text: bytes, expected: str
) -> None:
    file.write_bytes(text)

    with pytest.raises(InputError) as caught:
        read_outputs(file)

    assert str(caught.value).startswith(f"outputs file {file}: {expected}")
    assert "\n" not in str(caught.value)


def test_fails_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: No such file or directory$"):
        read_outputs(tmp_path / "none.json")
    with pytest.raises(InputError, match=r"Is a directory$"):
        read_outputs(tmp_path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"product_id": None}, "product_id: Input should be a valid string"),
        (
            {"first_version": {"name": "1", "guidance": "OLD", "active": True}},
            "first_version.guidance: Input should be 'DEFAULT' or 'DEPRECATED'",
        ),
        (
            {"first_version": {"name": "1", "guidance": "DEFAULT", "active": "perhaps"}},
            "first_version.active: Input should be a valid boolean",
        ),
        ({"first_version": "1"}, "first_version: Input should be"),
    ],
)
def test_fails_when_an_output_is_ill_formed_and_names_it(
    file: Path, change: dict[str, Any], expected: str
) -> None:
    write(file, VALUES | change)

    with pytest.raises(InputError) as caught:
        read_notebook_outputs(file)

    assert str(caught.value).startswith(
        f"outputs file {file}: not those of a notebook stack: {expected}"
    )


def test_fails_when_outputs_are_missing_and_names_them_all(file: Path) -> None:
    write(file, {"vpc_id": "vpc-1"})

    with pytest.raises(InputError) as caught:
        read_notebook_outputs(file)

    for name in ("project_name", "project_id", "product_id", "product_name", "first_version"):
        assert f"{name}: Field required" in str(caught.value)


ROLE_ARNS = {
    "launch": "arn:aws:iam::123456789012:role/service-role/LaunchRole",
    "use": "arn:aws:iam::123456789012:role/service-role/UseRole",
}


def test_outputs_of_the_jumpstart_stack_are_its_service_roles(file: Path) -> None:
    write(file, {"service_role_arns": ROLE_ARNS, "region": "eu-west-1"})

    assert read_jumpstart_outputs(file) == JumpStartOutputs(service_role_arns=ROLE_ARNS)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"service_role_arns": ROLE_ARNS}, True),
        ({"service_role_arns": {}}, True),
        ({"service_role_arns": None}, True),
        ({"service_role_arn": "x"}, False),
        (VALUES, False),
        ({}, False),
    ],
)
def test_stack_is_known_by_its_service_roles(
    file: Path, values: dict[str, Any], expected: bool
) -> None:
    write(file, values)

    assert is_jumpstart(file) is expected


def test_fails_when_the_stack_cannot_be_known(file: Path, tmp_path: Path) -> None:
    file.write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        is_jumpstart(file)
    with pytest.raises(InputError, match=r"Is a directory$"):
        is_jumpstart(tmp_path)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "service_role_arns: Field required"),
        ({"service_role_arns": None}, "service_role_arns: Input should be a valid dictionary"),
        ({"service_role_arns": ["x"]}, "service_role_arns: Input should be a valid dictionary"),
        ({"service_role_arns": {"use": None}}, "service_role_arns.use: Input should be a valid"),
        ({"service_role_arns": {"a\nb\x1b[31m": 1}}, "service_role_arns.a b?[31m: Input should"),
    ],
)
def test_fails_when_service_roles_are_ill_formed_and_names_them(
    file: Path, values: dict[str, Any], expected: str
) -> None:
    write(file, values)

    with pytest.raises(InputError) as caught:
        read_jumpstart_outputs(file)

    assert str(caught.value).startswith(
        f"outputs file {file}: not those of the jumpstart stack: {expected}"
    )
    assert str(caught.value).isprintable()


def test_fails_when_the_outputs_are_another_stacks(file: Path) -> None:
    write(file, VALUES)
    with pytest.raises(InputError, match="not those of the jumpstart stack"):
        read_jumpstart_outputs(file)

    write(file, {"service_role_arns": ROLE_ARNS})
    with pytest.raises(InputError, match="not those of a notebook stack"):
        read_notebook_outputs(file)


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "a\tb\r"])
def test_name_of_an_output_is_shown_without_what_a_terminal_would_obey(
    file: Path, name: str
) -> None:
    file.write_text(json.dumps({name: "x"}))

    with pytest.raises(InputError, match="has no value, expected the object") as caught:
        read_outputs(file)

    assert str(caught.value).isprintable()
