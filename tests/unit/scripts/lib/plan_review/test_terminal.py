import io

import pytest
from hypothesis import given, settings

from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    Review,
    ReviewedChange,
    Rights,
    Risk,
)
from scripts.lib.plan_review.terminal import VALUE_LIMIT, write_terminal
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, STRINGS, filled
from tests.unit.scripts.lib.plan_review.samples import (
    FINGERPRINT,
    finding,
    full,
    review,
    reviewed,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(data: Review) -> str:
    stream = io.StringIO()
    write_terminal(data, stream)
    return stream.getvalue()


def coloured(data: Review) -> str:
    stream = Terminal()
    write_terminal(data, stream)
    return stream.getvalue()


def test_begins_with_the_verdict_and_the_dangers() -> None:
    text = plain(full())
    assert text.startswith("1 to destroy, 1 to replace, 3 to update, 7 to create")
    assert "Look at these first:\n  high: replace aws_kms_key.Encryption_Resource_2E0B" in text
    assert text.index("Look at these first") < text.index("Stack governed")


def test_nothing_to_do_is_one_line() -> None:
    assert plain(review()) == "Nothing to do in 1 stack.\n"


def test_rights_are_sentences() -> None:
    text = plain(full())
    assert "      gained: The service codebuild.amazonaws.com may sts:AssumeRole.\n" in text
    assert "      lost: May no longer s3:DeleteObject on arn:aws:s3:::ml-data-*/*.\n" in text


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        (Rights("policy"), "written differently, but means the same"),
        (Rights("policy", unreadable="not JSON"), "cannot be compared: not JSON"),
    ],
)
def test_rights_that_are_no_sentences_are_explained(rights: Rights, said: str) -> None:
    assert said in plain(review(reviewed("a.b", rights=(rights,))))


def test_attributes_are_shown_before_and_after() -> None:
    text = plain(full())
    assert "    retention_in_days\n      - 365\n      + 30\n" in text
    assert "    customer_master_key_spec, forces the replacement\n" in text
    assert "    password, sensitive\n" in text
    assert "      + (known when it is applied)\n" in text


def test_drift_comes_after_the_plan_and_the_script_after_that() -> None:
    text = plain(full())
    order = ["Stack governed", "Stack jumpstart", "Changed outside Terraform", "The script's part"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_checks_deferred_and_acknowledged_are_there() -> None:
    text = plain(full())
    assert "Check check.health: The endpoint does not answer." in text
    assert (
        "Later: create aws_sagemaker_app.Later, its provider's configuration is not known" in text
    )
    assert "JumpStart names endpoints itself" in text
    assert text.rstrip().endswith(f"Fingerprint: {FINGERPRINT}")


def test_a_failed_planning_is_said() -> None:
    assert "Planning failed: this is only a part." in plain(review(reviewed("a.b"), errored=True))


def test_a_plain_creation_has_a_row_and_no_details() -> None:
    item = reviewed("a.new", Action.CREATE, attributes=(AttributeChange("x", None, "1"),))
    assert plain(review(item)).count("a.new") == 1


def test_a_long_value_is_cut() -> None:
    item = reviewed("a.b", attributes=(AttributeChange("x", "1", "9" * 5_000),))
    text = plain(review(item))
    assert "9" * VALUE_LIMIT + "...\n" in text
    assert "9" * (VALUE_LIMIT + 1) not in text


def test_without_a_terminal_there_are_no_colours() -> None:
    assert "\x1b" not in plain(full())


def test_on_a_terminal_risk_is_coloured() -> None:
    text = coloured(full())
    assert "\x1b[1;31m" in text
    assert "aws_kms_key" in text


def test_rich_markup_in_names_is_text() -> None:
    item = reviewed(
        "a.b",
        attributes=(AttributeChange("x", None, "[bold]y[/bold]"),),
        findings=(finding(message="[red]m[/red]"),),
    )
    text = coloured(review(item))
    assert "[bold]y[/bold]" in text
    assert "[red]m[/red]" in text


def controls(text: str) -> set[str]:
    return {char for char in text if not char.isprintable()} - {"\n"}


@pytest.mark.parametrize("text", NASTY)
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    assert not controls(plain(filled(full(), text)))
    assert controls(coloured(filled(full(), text))) <= {"\x1b"}


@pytest.mark.parametrize("risk", Risk)
def test_escape_sequences_on_a_terminal_are_only_our_own(risk: Risk) -> None:
    hostile = "\x1b]0;title\x07\x1b[2J"
    found = finding(risk=risk, message=f"m{hostile}", mend=hostile, address=hostile)
    text = coloured(review(reviewed(f"a.{hostile}", findings=(found,))))
    assert "\x1b]" not in text
    assert "\x1b[2J" not in text
    assert "\x07" not in text


@given(STRINGS)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_mixture_reaches_it_either(text: str) -> None:
    assert not controls(plain(filled(full(), text)))


def test_no_line_of_a_name_looks_like_ours() -> None:
    item: ReviewedChange = reviewed("a.b\nStack evil: nothing to do")
    lines = plain(review(item)).splitlines()
    assert not any(line.startswith("Stack evil") for line in lines)
