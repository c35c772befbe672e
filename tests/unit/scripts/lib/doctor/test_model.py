import pytest

from scripts.lib.doctor.facts import MemberKind
from scripts.lib.doctor.model import (
    Diagnosis,
    DomainLink,
    Examination,
    Link,
    Status,
    because,
    blocked,
    verdict,
)
from scripts.lib.report import Command
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT

MEND = Command("mend it", "true")
OTHER = Command("mend the other", "false")
GREEN = Link("A", Status.GREEN, "fine")
RED = Link("B", Status.RED, "broken", MEND)
UNKNOWN = Link("C", Status.UNKNOWN, "denied")


def diagnosis(*links: Link, domain_name: str | None = "lab") -> Diagnosis:
    return Diagnosis(MemberKind.USER, "ben", "d-1", domain_name, None, links)


def examination(*links: Link, shared: tuple[Link, ...] = ()) -> Examination:
    domains = (DomainLink("d-1", "lab", GREEN),)
    return Examination(ACCOUNT, shared, domains, (diagnosis(*links),))


@pytest.mark.parametrize(
    ("status", "mend"), [(Status.GREEN, MEND), (Status.UNKNOWN, MEND), (Status.RED, None)]
)
def test_red_links_and_no_others_have_a_mend(status: Status, mend: Command | None) -> None:
    with pytest.raises(ValueError, match="X: a red link needs a mend"):
        Link("X", status, "", mend)


@pytest.mark.parametrize(
    ("links", "expected", "code"),
    [
        ((), Status.GREEN, 0),
        ((GREEN, GREEN), Status.GREEN, 0),
        ((GREEN, UNKNOWN), Status.UNKNOWN, 1),
        ((UNKNOWN, RED), Status.RED, 2),
        ((RED, UNKNOWN, GREEN), Status.RED, 2),
    ],
)
def test_red_outweighs_unknown_and_unknown_outweighs_green(
    links: tuple[Link, ...], expected: Status, code: int
) -> None:
    assert verdict(links) is expected
    assert diagnosis(*links).verdict is expected
    assert examination(*links).exit_code == code
    assert examination(shared=links).exit_code == code


def test_first_red_link_is_the_one_to_mend() -> None:
    later = Link("D", Status.RED, "too", OTHER)
    found = diagnosis(GREEN, UNKNOWN, RED, later)

    assert found.first_red == RED
    assert found.first_unknown == UNKNOWN
    assert found.mend == MEND
    assert diagnosis(GREEN, UNKNOWN).mend is None


def test_diagnosis_says_whose_it_is() -> None:
    assert str(diagnosis()) == "User ben of Domain lab (d-1)"
    assert str(diagnosis(domain_name=None)) == "User ben of Domain d-1"


def test_what_is_needed_must_be_green_and_what_is_followed_not_red() -> None:
    assert blocked("X", needs=(GREEN,), follows=(GREEN, UNKNOWN)) is None
    assert blocked("X", needs=(UNKNOWN,)) == because("X", UNKNOWN)
    assert blocked("X", needs=(RED,)) == because("X", RED)
    assert blocked("X", follows=(UNKNOWN, RED)) == because("X", RED)
    assert because("X", RED) == Link("X", Status.UNKNOWN, 'because "B" is red')


def test_every_mend_is_given_once() -> None:
    other = Link("D", Status.RED, "too", OTHER)
    found = Examination(
        ACCOUNT,
        (GREEN, RED),
        (DomainLink("d-1", "lab", GREEN),),
        (diagnosis(RED, other), diagnosis(GREEN, other), diagnosis(other), diagnosis(GREEN)),
    )

    assert found.mends == (MEND, OTHER)
    assert found.first_unknown is None
    assert examination(GREEN, UNKNOWN).first_unknown == UNKNOWN
