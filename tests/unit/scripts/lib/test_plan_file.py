import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.changes import Change
from scripts.lib.clients import Account
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.jumpstart.removal import DisassociateRole
from scripts.lib.outputs import Version
from scripts.lib.plan_file import fingerprint, read_plan, write_plan
from scripts.lib.product_versions import UpdateVersion
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, role

ENABLE = EnablePortfolio(account_id="123456789012", region="eu-west-1", reasons=("needed",))
AWAIT = AwaitPortfolio(reasons=("it takes a while",))
BEN = AssociateRole(role_arn=role("Ben"), portfolio_id="port-a", reasons=("user ben", "space b"))
LATER = AssociateRole(role_arn=role("Cleo"), reasons=("user cleo",))
UPDATE = UpdateVersion(
    product_id="prod-1",
    product_name="SageMakerProduct",
    version_id="pa-1",
    version=Version(name="1", guidance="DEPRECATED", active=False),
    reasons=("guidance DEFAULT -> DEPRECATED",),
)
ALL = (ENABLE, AWAIT, BEN, LATER, UPDATE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.json"


def document(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_file_says_in_plain_json_what_was_planned_and_where(file: Path) -> None:
    signature = write_plan(file, ACCOUNT, ALL)

    assert document(file) == {
        "format": 1,
        "account_id": "123456789012",
        "region": "eu-west-1",
        "changes": [
            {"action": "enable-portfolio", "reasons": ["needed"]},
            {"action": "await-portfolio", "reasons": ["it takes a while"]},
            {
                "action": "associate-role",
                "role_arn": role("Ben"),
                "portfolio_id": "port-a",
                "reasons": ["user ben", "space b"],
            },
            {
                "action": "associate-role",
                "role_arn": role("Cleo"),
                "portfolio_id": None,
                "reasons": ["user cleo"],
            },
            {
                "action": "update-version",
                "product_id": "prod-1",
                "product_name": "SageMakerProduct",
                "version_id": "pa-1",
                "version": {"name": "1", "guidance": "DEPRECATED", "active": False},
                "reasons": ["guidance DEFAULT -> DEPRECATED"],
            },
        ],
        "fingerprint": signature,
    }


NASTY = ["", '"', "\\", "\n", "\x00", "\x1b[31m", "\u2028", "\U00010348", "null", "\ufeff"]
TEXT = st.text() | st.sampled_from(NASTY)
REASONS = st.lists(TEXT, max_size=3).map(tuple)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        EnablePortfolio,
        account_id=st.just("123456789012"),
        region=st.just("eu-west-1"),
        reasons=REASONS,
    ),
    st.builds(AwaitPortfolio, reasons=REASONS),
    st.builds(AssociateRole, role_arn=TEXT, portfolio_id=st.none() | TEXT, reasons=REASONS),
    st.builds(
        UpdateVersion,
        product_id=TEXT,
        product_name=TEXT,
        version_id=TEXT,
        version=st.builds(
            Version,
            name=TEXT,
            guidance=st.sampled_from(["DEFAULT", "DEPRECATED"]),
            active=st.booleans(),
        ),
        reasons=REASONS,
    ),
)


@given(st.lists(CHANGES, max_size=6))
def test_what_is_read_is_what_was_written_whatever_its_values(changes: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "plan.json"
        signature = write_plan(file, ACCOUNT, changes)

        assert read_plan(file, ACCOUNT) == tuple(changes)
        assert write_plan(file, ACCOUNT, read_plan(file, ACCOUNT)) == signature


@given(st.lists(CHANGES, max_size=4), st.lists(CHANGES, max_size=4))
def test_plans_that_differ_have_other_fingerprints(one: list[Change], other: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "plan.json"
        signatures = [write_plan(file, ACCOUNT, changes) for changes in (one, other)]

    assert (signatures[0] == signatures[1]) is (one == other)


def test_layout_and_order_of_members_do_not_matter(file: Path) -> None:
    write_plan(file, ACCOUNT, ALL)
    again = dict(reversed(document(file).items()))
    file.write_text(json.dumps(again, separators=(",", ":")))

    assert read_plan(file, ACCOUNT) == ALL


def test_plan_in_which_nothing_changes_is_a_plan(file: Path) -> None:
    write_plan(file, ACCOUNT, ())

    assert read_plan(file, ACCOUNT) == ()


def told(file: Path, account: Account = ACCOUNT) -> str:
    """What reading the file fails with: one clear line that names it."""
    with pytest.raises(InputError) as caught:
        read_plan(file, account)
    text = str(caught.value)
    assert text.startswith(f"plan file {file}")
    assert text.isprintable()
    return text.removeprefix(f"plan file {file}").removeprefix(":").strip()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("account_id",), "210987654321"),
        (("region",), "us-east-1"),
        (("changes", 0, "reasons"), []),
        (("changes", 2, "role_arn"), role("Eve")),
        (("changes", 2, "portfolio_id"), None),
        (("changes", 3, "portfolio_id"), "port-b"),
        (("changes", 4, "version", "active"), True),
        (("changes", 4, "version", "name"), "2"),
        (("changes", 4, "version", "owner"), "x"),
        (("fingerprint",), "0" * 64),
        (("fingerprint",), ""),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_fails_when_anything_was_edited(file: Path, path: tuple[Any, ...], value: object) -> None:
    write_plan(file, ACCOUNT, ALL)
    changed = document(file)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    file.write_text(json.dumps(changed))

    assert told(file) == "was changed since it was written: plan again"


def test_fails_when_a_change_was_taken_out_added_or_moved(file: Path) -> None:
    write_plan(file, ACCOUNT, ALL)
    whole = document(file)
    for changes in (
        whole["changes"][:-1],
        whole["changes"][::-1],
        [*whole["changes"], whole["changes"][2]],
        [],
    ):
        file.write_text(json.dumps(whole | {"changes": changes}))

        assert told(file) == "was changed since it was written: plan again"


def sign(file: Path, changed: dict[str, Any]) -> None:
    """Write a file whose fingerprint is right, whatever it says."""
    file.write_text(json.dumps(changed | {"fingerprint": fingerprint(changed)}))


def test_fails_when_it_is_of_another_account_or_region(file: Path) -> None:
    write_plan(file, ACCOUNT, ALL)

    assert told(file, Account("210987654321", "aws", "eu-west-1")) == (
        "is of account 123456789012, eu-west-1, not of 210987654321, eu-west-1"
    )
    assert told(file, Account("123456789012", "aws", "us-east-1")) == (
        "is of account 123456789012, eu-west-1, not of 123456789012, us-east-1"
    )
    sign(file, document(file) | {"region": "a\nb\x1b[31m"})
    assert told(file) == "is of account 123456789012, a b?[31m, not of 123456789012, eu-west-1"


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.999])
def test_fails_when_it_is_truncated(file: Path, share: float) -> None:
    write_plan(file, ACCOUNT, ALL)
    content = file.read_bytes().rstrip()
    file.write_bytes(content[: int(len(content) * share)])

    assert told(file).startswith("the file: Invalid JSON: EOF while parsing")


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\n "])
def test_fails_when_it_is_empty(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert told(file) == "is empty"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no plan", "the file: Invalid JSON"),
        (b'{"format": "\xff"}', "the file: Invalid JSON"),
        (b"[" * 100_000, "the file: Invalid JSON"),
        (b"[]", "the file: Input should be"),
        (b"null", "the file: Input should be"),
        (b"{}", "format: Field required"),
    ],
    ids=["text", "not-utf-8", "deep", "list", "null", "nothing-in-it"],
)
def test_fails_when_it_is_no_plan(file: Path, content: bytes, message: str) -> None:
    file.write_bytes(content)

    assert told(file).startswith(message)


ASSOCIATE = {"action": "associate-role", "role_arn": "r", "portfolio_id": None, "reasons": []}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "format: Input should be 1"),
        ({"format": "new"}, "format: Input should be 1"),
        ({"owner": "x"}, "owner: Unexpected keyword argument"),
        ({"a\nb\x1b[31m": "x"}, "a b?[31m: Unexpected keyword argument"),
        ({"changes": None}, "changes: Input should be a valid array"),
        ({"changes": [{"action": "delete-role", "reasons": []}]}, "changes.0: Input tag 'delete"),
        ({"changes": [{"action": "a\nb", "reasons": []}]}, "changes.0: Input tag 'a b' found"),
        ({"changes": [{"reasons": []}]}, "changes.0: Unable to extract tag"),
        ({"changes": ["enable-portfolio"]}, "changes.0: "),
        ({"changes": [ASSOCIATE | {"role_arn": 1}]}, "changes.0.associate-role.role_arn: Input"),
        (
            {"changes": [ASSOCIATE | {"owner": "x"}]},
            "changes.0.associate-role.owner: Unexpected keyword argument",
        ),
    ],
)
def test_fails_when_it_says_what_is_not_known_even_if_the_fingerprint_is_right(
    file: Path, change: dict[str, Any], message: str
) -> None:
    write_plan(file, ACCOUNT, ())
    sign(file, document(file) | change)

    assert told(file).startswith(message)


def test_fails_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    assert told(tmp_path / "none.json") == "cannot be read: No such file or directory"
    assert told(tmp_path) == "cannot be read: Is a directory"


def test_fails_when_the_file_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^plan file .* cannot be written: Is a directory$"):
        write_plan(tmp_path, ACCOUNT, ALL)
    with pytest.raises(InputError, match=r"cannot be written: No such file or directory$"):
        write_plan(tmp_path / "none" / "plan.json", ACCOUNT, ALL)


@dataclass(frozen=True, kw_only=True)
class Unknown(Change):
    action = subject = target = "x"


@pytest.mark.parametrize(
    "change", [Unknown(), DisassociateRole(role_arn=role("A"), portfolio_id="p")]
)
def test_change_that_no_plan_holds_is_a_defect_and_nothing_is_written(
    file: Path, change: Change
) -> None:
    with pytest.raises(TypeError, match="no way to store"):
        write_plan(file, ACCOUNT, [BEN, change])

    assert not file.exists()
