import io
import json
from dataclasses import dataclass

import pytest

from scripts.lib.changes import Change, Finding, Outcome, Severity, Status
from scripts.lib.clients import Account
from scripts.lib.report import Command, Report, Section, Table, write_json, write_text

ACCOUNT = Account("123456789012", "aws", "eu-west-1")


@dataclass(frozen=True, kw_only=True)
class Step(Change):
    name: str = "role-a"

    @property
    def action(self) -> str:
        return "associate"

    @property
    def subject(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        return "port-1"


WARNING = Finding(Severity.WARNING, "role-a", "odd")
ERROR = Finding(Severity.ERROR, "role-b", "does not exist")


def report(
    *statuses: Status, findings: tuple[Finding, ...] = (), reasons: tuple[str, ...] = ("x",)
) -> Report:
    outcomes = tuple(Outcome(Step(reasons=reasons), status) for status in statuses)
    return Report(ACCOUNT, False, (Section("Roles", findings=findings, outcomes=outcomes),))


@pytest.mark.parametrize(
    ("statuses", "findings", "expected"),
    [
        ((), (), 0),
        ((Status.DONE,), (), 0),
        ((), (WARNING,), 0),
        ((Status.PLANNED,), (), 2),
        ((Status.PLANNED,), (WARNING,), 2),
        ((Status.UNDER_WAY,), (), 2),
        ((Status.UNDER_WAY,), (ERROR,), 1),
        ((Status.UNDER_WAY, Status.FAILED), (), 1),
        ((), (ERROR,), 1),
        ((Status.PLANNED,), (ERROR,), 1),
        ((Status.DONE, Status.FAILED), (), 1),
        ((Status.FAILED, Status.NOT_ATTEMPTED), (), 1),
        ((Status.NOT_ATTEMPTED,), (), 1),
    ],
)
def test_exit_code_tells_nothing_left_changes_or_error(
    statuses: tuple[Status, ...], findings: tuple[Finding, ...], expected: int
) -> None:
    assert report(*statuses, findings=findings).exit_code == expected


def test_exit_code_is_that_of_the_worst_section() -> None:
    sections = report(Status.DONE).sections + report(findings=(ERROR,)).sections

    assert Report(ACCOUNT, True, sections).exit_code == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (report(), "Changes: none."),
        (
            report(Status.PLANNED, Status.PLANNED),
            "Changes: 2 planned. Nothing has been written: run again with --apply.",
        ),
        (
            report(Status.DONE, Status.FAILED, Status.NOT_ATTEMPTED, findings=(ERROR, WARNING)),
            (
                "Changes: 1 done, 1 failed, 1 not attempted. Findings: 1 warning, 1 error. "
                "Put right what failed and run again: what is done stays done."
            ),
        ),
        (report(Status.UNDER_WAY), "Changes: 1 under way."),
        (report(findings=(WARNING, WARNING)), "Changes: none. Findings: 2 warnings."),
    ],
)
def test_summary_counts_and_says_what_to_do_next(given: Report, expected: str) -> None:
    assert given.summary == expected


def text(given: Report) -> str:
    stream = io.StringIO()
    write_text(given, stream)
    return stream.getvalue()


def test_plain_text_is_aligned_and_has_no_trailing_blanks() -> None:
    table = Table(
        "Domains",
        ("Id", "Name", "Users", "Used"),
        (("d-1", "a long name", 10, True), ("d-22", None, 2, False)),
    )
    section = Section("Roles", (table, Table("None", ("A",), ())), (WARNING,))

    assert text(Report(ACCOUNT, True, (section,))) == (
        "Account 123456789012, Region eu-west-1 (applied)\n"
        "\n"
        "Roles\n"
        "\n"
        "  Found: Domains\n"
        "    Id    Name         Users  Used\n"
        "    d-1   a long name  10     yes\n"
        "    d-22  -            2      no\n"
        "\n"
        "  Found: None\n"
        "    A\n"
        "    (none)\n"
        "\n"
        "  Findings\n"
        "    Severity  What    Message\n"
        "    warning   role-a  odd\n"
        "\n"
        "Changes: none. Findings: 1 warning.\n"
    )


@pytest.mark.parametrize(
    ("count", "last"), [(5, "reason 4"), (6, "and 1 more"), (500, "and 495 more")]
)
def test_long_list_of_reasons_is_cut_in_text_and_whole_in_json(count: int, last: str) -> None:
    reasons = tuple(f"reason {number}" for number in range(count))
    given = report(Status.PLANNED, reasons=reasons)
    stream = io.StringIO()

    write_json(given, stream)

    shown = [line for line in text(given).splitlines() if "reason" in line or "more" in line]
    assert shown[-1].strip() == last
    (change,) = json.loads(stream.getvalue())["sections"][0]["changes"]
    assert change["reasons"] == list(reasons)


@pytest.mark.parametrize("hostile", ["a\x1b[2Jb", "a\x07b", "a\u202eb", "a\rb"])
def test_control_characters_of_names_do_not_reach_the_terminal(hostile: str) -> None:
    table = Table("T", ("Name",), ((hostile,),))
    printed = text(Report(ACCOUNT, False, (Section("S", (table,)),)))

    assert all(char.isprintable() or char == "\n" for char in printed)
    assert "a?" in printed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_gets_the_same_cells_and_markup_in_names_stays_text() -> None:
    table = Table("Domains", ("Id", "Name"), (("d-1", "[red]name[/red]"),))
    stream = Terminal()

    write_text(Report(ACCOUNT, False, (Section("S", (table,)),)), stream)

    assert "[red]name[/red]" in stream.getvalue()
    assert "┃" in stream.getvalue()


def test_cells_are_styled_by_their_whole_text_and_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    table = Table("Links", ("Name", "Status"), (("reddish", "red"),), {"red": "bold red"})
    report = Report(ACCOUNT, None, (Section("S", results=(table,)),))
    stream = Terminal()

    write_text(report, stream)

    assert stream.getvalue().count("\x1b[1;31mred") == 1
    assert "\x1b" not in text(report)


def test_json_holds_facts_findings_changes_and_exit_code() -> None:
    table = Table("SageMaker portfolios", ("Id", "Sign-in", "Uses"), (("port-1", None, 2),))
    outcome = Outcome(Step(reasons=("x", "y")), Status.FAILED, "full")
    stream = io.StringIO()

    outputs = Table("Outputs", ("Output", "Value"), (("Name", "dana"),))
    command = Command("open it", "open dana")
    section = Section("Roles", (table,), (ERROR,), (outcome,), (outputs,), (command,))
    report = Report(ACCOUNT, True, (section,), calls={"GetRole": 2}, retries=1)
    write_json(report, stream)

    assert json.loads(stream.getvalue()) == {
        "account_id": "123456789012",
        "region": "eu-west-1",
        "applied": True,
        "calls": {"GetRole": 2},
        "retries": 1,
        "exit_code": 1,
        "sections": [
            {
                "title": "Roles",
                "facts": {"sagemaker_portfolios": [{"id": "port-1", "sign_in": None, "uses": 2}]},
                "findings": [
                    {"severity": "error", "subject": "role-b", "message": "does not exist"}
                ],
                "changes": [
                    {
                        "action": "associate",
                        "subject": "role-a",
                        "target": "port-1",
                        "reasons": ["x", "y"],
                        "status": "failed",
                        "detail": "full",
                    }
                ],
                "results": {"outputs": [{"output": "Name", "value": "dana"}]},
                "commands": [{"purpose": "open it", "command": "open dana"}],
            }
        ],
    }


def test_report_that_only_looks_has_neither_mode_nor_summary() -> None:
    looked = text(Report(ACCOUNT, None, (Section("Roles"),)))
    found = text(Report(ACCOUNT, None, (Section("Roles", findings=(ERROR,)),)))

    assert looked == "Account 123456789012, Region eu-west-1\n\nRoles\n"
    assert found.endswith("\nChanges: none. Findings: 1 error.\n")


def test_results_come_after_the_changes_and_commands_at_the_end_unfolded() -> None:
    line = "open " + "x" * 300
    outputs = Table("Outputs", ("Output",), (("Name",),))
    section = Section("S", findings=(WARNING,), results=(outputs,), commands=(Command("go", line),))
    stream = Terminal()

    write_text(Report(ACCOUNT, True, (section,)), stream)

    printed = stream.getvalue()
    assert printed.index("Findings") < printed.index("Outputs") < printed.index("Changes: none")
    assert printed.endswith(f"\n\nTo go:\n  {line}\n")


@pytest.mark.parametrize("hostile", ["a\x1b[2Jb", "a\nb", "a\u202eb"])
def test_control_characters_of_commands_do_not_reach_the_terminal(hostile: str) -> None:
    section = Section("S", commands=(Command(hostile, hostile),))
    printed = text(Report(ACCOUNT, True, (section,)))

    assert "To a?" in printed
    assert "  a?" in printed


@pytest.mark.parametrize(
    ("calls", "retries", "line"),
    [
        ({}, 0, None),
        ({"GetRole": 2, "ListDomains": 1}, 0, "Calls of AWS: 3."),
        ({"GetRole": 2}, 4, "Calls of AWS: 2, 4 asked again."),
    ],
)
def test_text_tells_how_often_aws_was_asked(
    calls: dict[str, int], retries: int, line: str | None
) -> None:
    stream = io.StringIO()
    write_text(Report(ACCOUNT, False, (), calls, retries), stream)
    told = [each for each in stream.getvalue().splitlines() if each.startswith("Calls of AWS")]
    assert told == ([line] if line else [])


def test_summary_says_how_what_is_planned_is_done() -> None:
    outcomes = (Outcome(Step(), Status.PLANNED),)
    section = Section("Roles", outcomes=outcomes)
    assert Report(ACCOUNT, False, (section,)).summary.endswith("run again with --apply.")
    assert Report(ACCOUNT, False, (section,), to_apply="apply does it").summary.endswith(
        "Nothing has been written: apply does it."
    )
