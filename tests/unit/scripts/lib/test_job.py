import pytest

from scripts.lib.changes import Change, Executor, Finding, Severity, Status
from scripts.lib.job import Job
from scripts.lib.jumpstart.plan import AwaitPortfolio
from scripts.lib.report import Table


class Writer(Executor):
    success = Status.DONE

    def __init__(self) -> None:
        self.performed: list[Change] = []

    def perform(self, change: Change) -> str:
        self.performed.append(change)
        return "written"


@pytest.mark.parametrize(
    ("apply", "status", "detail", "written"),
    [(True, Status.DONE, "written", 1), (False, Status.PLANNED, "", 0)],
)
def test_writer_is_used_only_when_applying_and_the_plan_is_the_same(
    apply: bool, status: Status, detail: str, written: int
) -> None:
    table = Table("Facts", ("Id",), (("x",),))
    finding = Finding(Severity.WARNING, "x", "odd")
    writer = Writer()
    change = AwaitPortfolio()

    section = Job("Title", (table,), (finding,), (change,), writer).run(apply=apply)

    (outcome,) = section.outcomes
    assert (section.title, section.facts, section.findings) == ("Title", (table,), (finding,))
    assert (outcome.change, outcome.status, outcome.detail) == (change, status, detail)
    assert len(writer.performed) == written
