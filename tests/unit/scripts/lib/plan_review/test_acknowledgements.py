"""Findings that somebody has accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.errors import InputError
from scripts.lib.plan_review.acknowledgements import Entry, acknowledged, read_acknowledgements
from scripts.lib.plan_review.model import Acknowledgement, Finding, Risk

RULES = ("key-destroyed", "pass-role")
TODAY = date(2026, 11, 22)
FINDING = Finding("pass-role", Risk.HIGH, 'aws_iam_policy.A["x"]', "It may pass every role.")
ENTRY = Entry("pass-role", "agreed", TODAY)
WHOLE = """
[[acknowledge]]
rule = "pass-role"
address = "aws_iam_policy.*"
stack = "notebook-*"
reason = "agreed"
owner = "platform team"
expires = 2027-01-31
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "acknowledged.toml"
    path.write_text(text, encoding="utf-8")
    return path


def after(entry: Entry, finding: Finding = FINDING, stack: str = "notebook-a") -> Finding:
    (found,) = acknowledged([finding], stack, [entry], TODAY)
    return found


def test_a_file_is_read(tmp_path: Path) -> None:
    (entry,) = read_acknowledgements(written(tmp_path, WHOLE), RULES)
    assert entry == Entry(
        rule="pass-role",
        reason="agreed",
        expires=date(2027, 1, 31),
        address="aws_iam_policy.*",
        stack="notebook-*",
        owner="platform team",
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "acknowledge = []\n"])
def test_a_file_may_be_empty(tmp_path: Path, text: str) -> None:
    assert read_acknowledgements(written(tmp_path, text), RULES) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('rule = "pass-role"', 'rule = "x"', "rule: is 'x'; allowed are key-destroyed, pass-role"),
        ('rule = "pass-role"', "rule = 1", "rule: is 1; must be a text"),
        ('rule = "pass-role"', "", "rule: is missing; needed are rule, reason, expires"),
        ('reason = "agreed"', 'reason = " "', "reason: is ' '; must be a text"),
        ('reason = "agreed"', "", "reason: is missing; needed are rule, reason, expires"),
        (
            "expires = 2027-01-31",
            'expires = "2027-01-31"',
            "expires: is '2027-01-31'; must be a date without quotes, as 2027-01-31",
        ),
        (
            "expires = 2027-01-31",
            "expires = 2027-01-31T00:00:00",
            (
                "expires: is datetime.datetime(2027, 1, 31, 0, 0); must be a date without quotes, "
                "as 2027-01-31"
            ),
        ),
        ("expires = 2027-01-31", "", "expires: is missing; needed are rule, reason, expires"),
        (
            'owner = "platform team"',
            'until = "ever"',
            "until: not known; allowed are rule, reason, address, stack, owner, expires",
        ),
    ],
)
def test_fails_when_an_entry_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, WHOLE + WHOLE.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_acknowledgements(path, RULES)
    assert str(caught.value) == f"{path}: acknowledge 2: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[ignore]]\n", "ignore: not known; allowed is [[acknowledge]] alone"),
        ("acknowledge = 1\n", "acknowledge: must be a list, as [[acknowledge]]"),
        ("acknowledge = [1]\n", "acknowledge: must be a list, as [[acknowledge]]"),
        ("[[acknowledge]\n", "is not TOML: "),
        ("\udcff", "is not TOML: "),
    ],
)
def test_fails_when_the_file_is_none(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "acknowledged.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_acknowledgements(path, RULES)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_fails_when_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_acknowledgements(tmp_path / "none.toml", RULES)


def test_what_is_acknowledged_says_by_whom_and_why() -> None:
    entry = Entry("pass-role", "agreed", TODAY, owner="platform team")
    assert after(entry).acknowledged == Acknowledgement(
        "pass-role", "agreed", "2026-11-22", "platform team"
    )


@pytest.mark.parametrize(
    "entry",
    [
        Entry("key-destroyed", "agreed", TODAY),
        Entry("pass-role", "agreed", TODAY, address="aws_iam_role.*"),
        Entry("pass-role", "agreed", TODAY, address="aws_iam_policy.A"),
        Entry("pass-role", "agreed", TODAY, address="aws_iam_policy?A"),
        Entry("pass-role", "agreed", TODAY, stack="network-*"),
        Entry("pass-role", "agreed", TODAY, stack="notebook"),
    ],
)
def test_other_findings_stay_as_they_are(entry: Entry) -> None:
    assert after(entry) == FINDING


@pytest.mark.parametrize("address", ["*", 'aws_iam_policy.A["x"]', "aws_*[*]", "*.?[*"])
def test_patterns_are_a_shells_without_its_brackets(address: str) -> None:
    found = after(Entry("pass-role", "agreed", TODAY, address=address))
    assert found.acknowledged is not None


def test_the_last_day_still_counts_and_the_next_one_does_not() -> None:
    assert after(Entry("pass-role", "agreed", date(2026, 11, 22))).acknowledged is not None
    over = after(Entry("pass-role", "agreed\nby all", date(2026, 11, 21)))
    assert over.acknowledged is None
    assert over.message == (
        "It may pass every role. It was acknowledged until 2026-11-21: agreed by all"
    )


def test_of_several_the_one_that_holds_longest_counts() -> None:
    entries = [
        Entry("pass-role", "first", date(2026, 11, 1)),
        Entry("pass-role", "second", date(2027, 11, 1)),
        Entry("pass-role", "third", date(2026, 12, 1)),
    ]
    (found,) = acknowledged([FINDING], "notebook-a", entries, TODAY)
    assert found.acknowledged is not None
    assert found.acknowledged.reason == "second"


@given(pattern=st.text("a*?[].\\^$(", max_size=8), text=st.text("a[].\\^$(\n", max_size=8))
def test_no_pattern_is_taken_for_an_expression(pattern: str, text: str) -> None:
    entry = Entry("pass-role", "agreed", TODAY, address=pattern)
    finding = Finding("pass-role", Risk.HIGH, text, "")
    if "*" not in pattern and "?" not in pattern:
        assert entry.is_about(finding, "s") == (pattern == text)
    assert Entry("pass-role", "agreed", TODAY, address=f"{text}*").is_about(finding, "s")
