import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.accounts import sources
from scripts.lib.accounts.model import AccountEntry
from scripts.lib.accounts.sources import MOST_BYTES, read_accounts
from scripts.lib.errors import InputError
from tests.unit.scripts.lib.accounts.estate import FIRST, SECOND, THIRD, role_arn


def read(folder: Path, content: str | bytes) -> tuple[AccountEntry, ...]:
    file = folder / "accounts"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_accounts(file)


def fault(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_hold_an_account_a_name_and_comments(tmp_path: Path, end: str) -> None:
    lines = ["# Data science", "", f"{FIRST}", f"  {SECOND}\tteam two  # since May", f"{THIRD} # x"]

    assert read(tmp_path, end.join(lines)) == (
        AccountEntry(FIRST),
        AccountEntry(SECOND, "team two"),
        AccountEntry(THIRD),
    )


def test_a_byte_order_mark_is_no_part_of_the_first_account(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + FIRST.encode()) == (AccountEntry(FIRST),)


def test_json_may_say_role_and_regions(tmp_path: Path) -> None:
    items = [
        {"account_id": SECOND},
        {
            "account_id": FIRST,
            "name": "one",
            "role_arn": role_arn(FIRST),
            "regions": ["eu-west-1", "us-gov-east-1"],
        },
        {"account_id": THIRD, "name": None, "role_arn": None, "regions": None},
    ]

    assert read(tmp_path, json.dumps(items)) == (
        AccountEntry(SECOND),
        AccountEntry(FIRST, "one", role_arn(FIRST), ("eu-west-1", "us-gov-east-1")),
        AccountEntry(THIRD),
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("12345", "'12345'"),
        ("1234567890123", "'1234567890123'"),
        (f"{SECOND},two", f"'{SECOND},two'"),
        ("2222-2222-2222", "'2222-2222-2222'"),
        ("\uff12" * 12, "'" + "\uff12" * 12 + "'"),
        ("\x1b[31m2", "'\\x1b[31m2'"),
        ("a" * 500, "'" + "a" * 56 + "..."),
    ],
)
def test_fails_with_the_line_that_is_no_account(tmp_path: Path, line: str, shown: str) -> None:
    assert fault(tmp_path, f"{FIRST}\n# next\n{line}\n") == (
        f"accounts file accounts:3: {shown} is not an account's id: expected 12 digits"
    )


def test_tells_of_every_bad_line_up_to_a_bound(tmp_path: Path) -> None:
    told = fault(tmp_path, "\n".join(["no"] * 7))

    for number in range(1, 6):
        assert f"accounts:{number}: 'no' is not" in told
    assert "accounts:6" not in told
    assert told.endswith("; and 2 more")


def test_fails_when_an_account_is_listed_twice(tmp_path: Path) -> None:
    assert fault(tmp_path, f"{FIRST}\n{SECOND}\n{FIRST} again\n") == (
        f"accounts file accounts:3: account {FIRST} is listed at 1 already"
    )
    doubled = f'[{{"account_id": "{FIRST}"}},\n {{"account_id": "{FIRST}"}}]'
    assert fault(tmp_path, doubled) == (
        f"accounts file accounts:2 (entry 2): account {FIRST} is listed at 1 (entry 1) already"
    )


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("{}", "null is not an account's id: expected 12 digits"),
        (
            '{"account_id": 222222222222}',
            "222222222222 is not an account's id: expected 12 digits in quotes",
        ),
        ('"222222222222"', "'222222222222' is not an object: expected"),
        ("null", "null is not an object"),
        ('{"account_id": "222222222222", "account_id": "1"}', 'key "account_id" is there twice'),
        (
            '{"account_id": "222222222222", "role": "x"}',
            "unknown key 'role': expected account_id, name, regions, role_arn",
        ),
        ('{"account_id": "222222222222", "name": 7}', "name 7 is not text"),
        ('{"account_id": "222222222222", "role_arn": []}', "role_arn [] is not text"),
        (
            '{"account_id": "222222222222", "role_arn": "R"}',
            "role_arn 'R' is not the ARN of a role",
        ),
        (
            f'{{"account_id": "222222222222", "role_arn": "{role_arn(FIRST)}"}}',
            f"role_arn '{role_arn(FIRST)}' is of another account",
        ),
        (
            '{"account_id": "222222222222", "regions": "eu-west-1"}',
            "regions 'eu-west-1' is not a list of Regions",
        ),
        ('{"account_id": "222222222222", "regions": []}', "regions [] is not a list of Regions"),
        (
            '{"account_id": "222222222222", "regions": ["Ireland"]}',
            "'Ireland' is not a Region: expected such as eu-west-1",
        ),
        ('{"account_id": "222222222222", "regions": [1]}', "1 is not a Region"),
        (
            '{"account_id": "222222222222", "regions": ["eu-west-1", "eu-west-1"]}',
            'regions ["eu-west-1", "eu-west-1"] repeat',
        ),
    ],
)
def test_fails_with_line_and_entry_of_bad_json(tmp_path: Path, item: str, told: str) -> None:
    text = f'[\n  {{"account_id": "{FIRST}"}},\n\n  {item}\n]'

    assert fault(tmp_path, text).startswith(f"accounts file accounts:4 (entry 2): {told}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "accounts file accounts: lists no account"),
        ("# none\n\n", "accounts file accounts: lists no account"),
        ("[]", "accounts file accounts: lists no account"),
        ("{}", "accounts file accounts: got a JSON object, expected a list"),
        ('[\n{"account_id": \n]', "accounts file accounts:3: not JSON: Expecting value"),
        ("[" * 200_000, "accounts file accounts: not JSON: maximum recursion depth"),
        (b"111111111111\n\xff\n", "accounts file accounts:2: not UTF-8 text"),
        (b"#" * (MOST_BYTES + 1), f"accounts file accounts: larger than {MOST_BYTES} bytes"),
    ],
    ids=["empty", "comments", "no items", "object", "cut off", "deep", "latin", "large"],
)
def test_fails_when_the_file_is_no_list(tmp_path: Path, content: str | bytes, told: str) -> None:
    assert fault(tmp_path, content).startswith(told)


def test_fails_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InputError, match=f"^accounts file {path}: {reason}"):
            read_accounts(path)


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(InputError, match="larger than"):
        read_accounts(Path(os.devnull.replace("null", "zero")))


def test_fails_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_ACCOUNTS", 2)

    assert len(read(tmp_path, f"{FIRST}\n{SECOND}")) == 2
    assert fault(tmp_path, f"{FIRST}\n{SECOND}\n{THIRD}") == (
        "accounts file accounts: lists 3 accounts, at most 2 are allowed"
    )


def test_control_characters_of_a_name_stay_out(tmp_path: Path) -> None:
    assert read(tmp_path, f"{FIRST} \x1b[31mred\n") == (AccountEntry(FIRST, "?[31mred"),)
    item = json.dumps([{"account_id": FIRST, "name": "two\nlines"}])
    assert read(tmp_path, item) == (AccountEntry(FIRST, "two lines"),)


def assert_list_or_clear_line(file: Path) -> None:
    told, entries = "", ()
    try:
        entries = read_accounts(file)
    except InputError as exc:
        told = str(exc)
    assert bool(entries) != told.startswith("accounts file ")
    assert "\n" not in told
    assert all(len(entry.account_id) == 12 for entry in entries)
    assert len({entry.account_id for entry in entries}) == len(entries)


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_content_is_a_list_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes(content)
    assert_list_or_clear_line(file)


@given(
    items=st.lists(
        st.dictionaries(
            st.sampled_from(["account_id", "name", "role_arn", "regions", "x"]),
            st.one_of(
                st.none(),
                st.text(),
                st.integers(),
                st.lists(st.text(max_size=3), max_size=2),
                st.sampled_from([FIRST, SECOND]),
            ),
        ),
        max_size=4,
    ),
    indent=st.sampled_from([None, 0, 2]),
)
def test_any_json_is_a_list_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, items: list[object], indent: int | None
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(items, indent=indent))
    assert_list_or_clear_line(file)
