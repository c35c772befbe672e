"""What may be ignored, until when, and what is said when that is over."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scripts.lib.drift.ignore import Entry, read_ignored, with_ignored
from scripts.lib.drift.model import Drift, DriftReport, Ignored
from scripts.lib.errors import InputError
from scripts.lib.plan_review.model import AttributeChange
from tests.unit.scripts.lib.drift.reports import CLEAN, FULL, KEY, NOTEBOOK, POLICY

TODAY, TOMORROW, YESTERDAY = date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 14)
TWO = replace(
    KEY,
    attributes=(AttributeChange("tags.Cost", None, "1"), AttributeChange("policy", "a", "b")),
)


def entry(subject: str = "*", expires: date = TOMORROW, **more: str) -> Entry:
    return Entry(subject=subject, reason="agreed", owner="Ana", expires=expires, **more)


def after(drift: Drift, *entries: Entry) -> Drift:
    report = DriftReport("", "", "", (replace(CLEAN.checks[0], drifts=(drift,)),))
    (found,) = with_ignored(report, entries, TODAY, everything=False).drifts
    return found


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        (entry(KEY.subject), True),
        (entry("aws_kms_key.*"), True),
        (entry("aws_kms_key.Key_Resource_1A2?"), True),
        (entry("aws_kms_key"), False),
        (entry("AWS_KMS_KEY.*"), False),
        (entry(expires=TODAY), True),
        (entry(expires=YESTERDAY), False),
        (entry(attribute="enable_*"), True),
        (entry(attribute="tags"), False),
        (entry(plane="terraform"), True),
        (entry(plane="launched"), False),
        (entry(stack="notebook-*"), True),
        (entry(stack="network-*"), False),
    ],
)
def test_an_entry_holds_for_what_it_names(given: Entry, holds: bool) -> None:
    expected = Ignored("agreed", "Ana", str(given.expires)) if holds else None
    assert after(KEY, given).ignored == expected


def test_brackets_of_addresses_are_no_patterns() -> None:
    drift = replace(KEY, subject='aws_x.y["a"]')
    assert after(drift, entry('aws_x.y["a"]')).ignored
    assert not after(drift, entry('aws_x.y["[ab]"]')).ignored


def test_an_attribute_hides_no_other_attribute_of_the_same_finding() -> None:
    assert after(TWO, entry(attribute="tags.*")).ignored is None
    both = after(TWO, entry(attribute="tags.*"), entry(attribute="policy", expires=TODAY))
    assert both.ignored == Ignored("agreed", "Ana", str(TODAY))


def test_rights_of_a_policy_are_named_by_the_policy_s_attribute() -> None:
    assert after(POLICY, entry(attribute="inline_policy *")).ignored
    assert not after(POLICY, entry(attribute="policy")).ignored


def test_a_finding_without_attributes_is_not_covered_by_attributes() -> None:
    assert after(NOTEBOOK, entry(attribute="*")).ignored is None
    assert after(NOTEBOOK, entry()).ignored


def test_an_expired_entry_alarms_and_says_whose_it_was() -> None:
    found = after(KEY, entry(expires=YESTERDAY))
    assert found.ignored is None
    assert found.what == f"{KEY.what} It was ignored until 2026-06-14, by Ana: agreed"


def test_the_entry_that_holds_longest_counts() -> None:
    longest = entry(expires=date(2027, 1, 1))
    found = after(KEY, entry(expires=YESTERDAY), longest, entry(expires=TODAY))
    assert found.ignored == Ignored("agreed", "Ana", "2027-01-01")
    assert found.what == KEY.what


def test_what_is_ignored_is_no_drift_by_its_exit_code() -> None:
    report = DriftReport("", "", "", (replace(CLEAN.checks[0], drifts=(KEY,)),))
    assert report.exit_code == 2
    assert with_ignored(report, [entry()], TODAY, everything=False).exit_code == 0


@pytest.mark.parametrize(
    ("everything", "report", "told"),
    [(True, CLEAN, True), (False, CLEAN, False), (True, FULL, False)],
)
def test_an_entry_about_nothing_is_told_only_when_all_was_checked(
    everything: bool, report: DriftReport, told: bool
) -> None:
    """FULL has a failed check, which could have found what the entry is about."""
    given = [entry("nothing\nlike it", expires=YESTERDAY)]
    found = with_ignored(report, given, TODAY, everything=everything)
    notes = found.notes[len(report.notes) :]
    said = "The entry for nothing like it of the ignore file, by Ana, is about nothing any more:"
    assert notes == ((f"{said} remove it.",) if told else ())


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ignore.toml"
    file.write_text(
        '[[ignore]]\nsubject = "a"\nattribute = "b"\nplane = "portfolio"\nstack = "c"\n'
        'reason = "d"\nowner = "e"\nexpires = 2027-01-31\n'
    )
    assert read_ignored(file) == (
        Entry("a", "d", "e", date(2027, 1, 31), attribute="b", plane="portfolio", stack="c"),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('plane = "moon"', "plane: is 'moon'; allowed are launched, portfolio, terraform"),
        ('until = "x"', "until: not known; allowed are subject, attribute, plane, stack,"),
        ('attribute = " "', "attribute: is ' '; must be a text"),
    ],
)
def test_fails_for_an_entry_that_is_wrong(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "ignore.toml"
    good = 'subject = "a"\nreason = "d"\nowner = "e"\nexpires = 2027-01-31\n'
    file.write_text(f"[[ignore]]\n{good}{line}\n")
    with pytest.raises(InputError) as caught:
        read_ignored(file)
    assert message in str(caught.value)
    assert "ignore 1" in str(caught.value)


@pytest.mark.parametrize("missing", ["subject", "reason", "owner", "expires"])
def test_fails_for_an_entry_that_leaves_out_what_is_needed(tmp_path: Path, missing: str) -> None:
    lines = {"subject": '"a"', "reason": '"b"', "owner": '"c"', "expires": "2027-01-31"}
    file = tmp_path / "ignore.toml"
    text = "".join(f"{name} = {value}\n" for name, value in lines.items() if name != missing)
    file.write_text(f"[[ignore]]\n{text}")
    with pytest.raises(InputError, match=f"{missing}: is missing"):
        read_ignored(file)
