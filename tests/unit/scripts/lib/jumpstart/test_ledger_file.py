import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.clients import Account
from scripts.lib.errors import InputError
from scripts.lib.jumpstart import ledger_file
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import Book, LedgerFile
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, role
from tests.unit.scripts.lib.jumpstart.test_ledger import entry

NAME = "123456789012-eu-west-1.json"


@pytest.fixture
def file(tmp_path: Path) -> LedgerFile:
    return LedgerFile(tmp_path, ACCOUNT)


def document(**changes: Any) -> dict[str, Any]:
    association = {
        "portfolio_id": "p",
        "role_arn": role("A"),
        "stage": "made",
        "at": "2026-11-22T12:00:00+00:00",
        "reasons": ["because of A"],
    }
    return {
        "format": 1,
        "account_id": "123456789012",
        "region": "eu-west-1",
        "associations": [association | changes.pop("association", {})],
    } | changes


def put(file: LedgerFile, content: str | bytes | dict[str, Any]) -> None:
    text = json.dumps(content) if isinstance(content, dict) else content
    file.path.write_bytes(text if isinstance(text, bytes) else text.encode())


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_file_is_of_the_account_and_region(tmp_path: Path) -> None:
    elsewhere = Account("210987654321", "aws-cn", "cn-north-1")

    assert LedgerFile(tmp_path, ACCOUNT).path == tmp_path / NAME
    assert LedgerFile(tmp_path, elsewhere).path == tmp_path / "210987654321-cn-north-1.json"


def test_no_file_is_an_empty_ledger_and_none_is_made(file: LedgerFile, tmp_path: Path) -> None:
    assert file.read() == Ledger()
    assert files(tmp_path) == set()
    assert LedgerFile(tmp_path / "none" / "none", ACCOUNT).read() == Ledger()


def test_file_says_what_was_written_in_plain_json(file: LedgerFile) -> None:
    file.write(Ledger.of([entry()]))

    assert json.loads(file.path.read_text()) == document()
    assert file.path.read_text().endswith("}\n")


HOSTILE = st.text() | st.sampled_from(
    ['"', "\\", "\n", "\x00", "\x1b[31m", "\u2028", "\ud7ff", "𐍈", "</x>", "null"]
)
HOSTILE_ENTRIES = st.builds(
    Entry,
    portfolio_id=HOSTILE,
    role_arn=HOSTILE,
    stage=st.sampled_from(Stage),
    at=HOSTILE,
    reasons=st.lists(HOSTILE, max_size=4).map(tuple),
)


@given(st.lists(HOSTILE_ENTRIES, max_size=5).map(Ledger.of))
def test_what_is_read_is_what_was_written_whatever_its_values(ledger: Ledger) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = LedgerFile(Path(directory), ACCOUNT)
        file.write(ledger)

        assert file.read() == ledger
        assert files(Path(directory)) == {NAME}


@given(st.lists(HOSTILE_ENTRIES, max_size=4, unique_by=lambda each: each.key))
def test_same_ledger_is_the_same_file_whatever_the_order(entries: list[Entry]) -> None:
    contents = set()
    for order in (entries, entries[::-1]):
        with tempfile.TemporaryDirectory() as directory:
            file = LedgerFile(Path(directory), ACCOUNT)
            file.write(Ledger.of(order))
            contents.add(file.path.read_bytes())

    assert len(contents) == 1


WHOLE = json.dumps(document())
BAD = {
    "empty": ("", "Invalid JSON"),
    "not-json": ("no ledger", "Invalid JSON"),
    "torn": (WHOLE[: len(WHOLE) // 2], "Invalid JSON"),
    "last-byte-missing": (WHOLE[:-1], "Invalid JSON"),
    "two-in-one": (WHOLE + WHOLE, "Invalid JSON"),
    "not-utf-8": (b'{"format": "\xff"}', "Invalid JSON"),
    "deep": ("[" * 100_000, "Invalid JSON"),
    "a-list": ("[]", "the file: Input should be an object"),
    "null": ("null", "the file: Input should be an object"),
    "nothing-in-it": ("{}", "format: Field required"),
    "other-format": (document(format=2), "has format 2, this tool reads format 1"),
    "no-format": (document(format="new"), "format: Input should be a valid integer"),
    "other-account": (
        document(account_id="210987654321"),
        "is of account 210987654321, eu-west-1, not of 123456789012, eu-west-1",
    ),
    "other-region": (
        document(region="us-east-1"),
        "is of account 123456789012, us-east-1, not of 123456789012, eu-west-1",
    ),
    "unknown-member": (document(owner="x"), "owner: Unexpected keyword argument"),
    "hostile-member": (document(**{"a\nb\x1b[31m": 1}), "a b?[31m: Unexpected keyword argument"),
    "hostile-region": (document(region="a\nb"), "is of account 123456789012, a b, not of"),
    "unknown-stage": (
        document(association={"stage": "done"}),
        "associations.0.stage: Input should be 'intended', 'made' or 'adopted'",
    ),
    "unknown-member-inside": (
        document(association={"owner": "x"}),
        "associations.0.owner: Unexpected keyword argument",
    ),
    "no-role": (document(association={"role_arn": None}), "associations.0.role_arn: Input should"),
    "associations-missing": (
        {key: value for key, value in document().items() if key != "associations"},
        "associations: Field required",
    ),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_fails_when_the_file_is_no_ledger_of_this_account_and_leaves_it(
    file: LedgerFile, tmp_path: Path, content: Any, message: str
) -> None:
    put(file, content)
    before = file.path.read_bytes()

    with pytest.raises(InputError) as caught:
        Book(file)

    assert str(caught.value).startswith(f"ledger {file.path}")
    assert message in str(caught.value)
    assert str(caught.value).isprintable(), "one clear line"
    assert file.path.read_bytes() == before
    assert files(tmp_path) == {NAME}


def test_fails_when_a_directory_is_in_the_files_place(file: LedgerFile, tmp_path: Path) -> None:
    file.path.mkdir()

    with pytest.raises(InputError, match=rf"{NAME} cannot be read: Is a directory$"):
        file.read()
    with pytest.raises(InputError, match=rf"{NAME} cannot be written: Is a directory$"):
        file.write(Ledger.of([entry()]))

    assert files(tmp_path) == {NAME}, "no temporary file is left"
    assert files(file.path) == set()


def test_fails_when_a_file_is_in_the_directorys_place(tmp_path: Path) -> None:
    place = tmp_path / "ledgers"
    place.write_text("no directory")
    file = LedgerFile(place, ACCOUNT)

    with pytest.raises(InputError, match=rf"{NAME} cannot be read: Not a directory$"):
        file.read()
    with pytest.raises(InputError, match=rf"{NAME} cannot be written: Not a directory$"):
        file.write(Ledger())
    with pytest.raises(InputError, match=rf"{NAME} cannot be written: File exists$"), file.held():
        raise AssertionError("not held")

    assert place.read_text() == "no directory"


def test_failing_write_leaves_the_file_as_it_was_and_nothing_else(
    file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write(Ledger.of([entry("A")]))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger_file.os, "fsync", full)
    with pytest.raises(InputError, match=r"cannot be written: No space left on device$"):
        file.write(Ledger.of([entry("B")]))

    assert file.read() == Ledger.of([entry("A")])
    assert files(tmp_path) == {NAME}


def test_book_keeps_to_what_is_on_disk_when_a_write_fails(
    file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(file)
    book.record("p", role("A"), Stage.MADE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger_file.os, "fsync", full)
    with pytest.raises(InputError):
        book.record("p", role("B"), Stage.INTENDED)

    assert book.ledger == file.read()
    assert not book.ledger.owns("p", role("B"))


def test_holding_makes_the_directory_and_writes_no_ledger(tmp_path: Path) -> None:
    directory = tmp_path / "team" / "ledgers"

    with LedgerFile(directory, ACCOUNT).held():
        assert files(directory) == {"123456789012-eu-west-1.lock"}


def test_ledgers_of_other_regions_are_not_locked(file: LedgerFile, tmp_path: Path) -> None:
    elsewhere = LedgerFile(tmp_path, Account("123456789012", "aws", "us-east-1"))

    with file.held(), elsewhere.held():
        elsewhere.write(Ledger.of([entry()]))

    assert file.read() == Ledger()


def test_book_without_a_file_keeps_nothing() -> None:
    book = Book(None)

    with book.open(writing=True):
        book.record("p", role("A"), Stage.INTENDED, ("x",))
        book.record("p", role("A"), Stage.MADE, ("x",))
        assert not book.ledger.owns("p", role("A"))
        book.forget("p", role("A"))

    assert book.ledger == Ledger()


def test_book_that_is_only_read_makes_no_file_and_no_lock(file: LedgerFile, tmp_path: Path) -> None:
    with Book(file).open(writing=False):
        pass

    assert files(tmp_path) == set()


def test_book_reads_again_what_another_run_wrote_while_it_waited(file: LedgerFile) -> None:
    book = Book(file)
    file.write(Ledger.of([entry("A")]))
    assert not book.ledger.owns("p", role("A"))

    with book.open(writing=True):
        assert book.ledger.owns("p", role("A"))


def test_each_step_of_a_book_is_on_disk_at_once(file: LedgerFile) -> None:
    book = Book(file)

    with book.open(writing=True):
        book.record("p", role("A"), Stage.INTENDED, ["x", "y"])
        (intended,) = file.read().entries.values()
        book.record("p", role("A"), Stage.MADE, ["x", "y"])
        (made,) = file.read().entries.values()
        book.forget("p", role("A"))
        assert file.read() == book.ledger == Ledger()

    assert (intended.stage, made.stage) == (Stage.INTENDED, Stage.MADE)
    assert intended.reasons == ("x", "y")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", made.at)


def test_forgetting_what_is_not_there_writes_nothing(file: LedgerFile) -> None:
    Book(file).forget("p", role("A"))

    assert not file.path.exists()
