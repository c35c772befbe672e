from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from tests.unit.scripts.lib.jumpstart.builders import role

AT = "2026-11-22T12:00:00+00:00"

KEYS = st.tuples(st.sampled_from(["p", "q", "r"]), st.sampled_from("ABCD").map(role))
ENTRIES = st.builds(
    lambda key, stage, reasons: Entry(*key, stage, AT, tuple(reasons)),
    KEYS,
    st.sampled_from(Stage),
    st.lists(st.text(), max_size=3),
)
LEDGERS = st.lists(ENTRIES).map(Ledger.of)


def entry(name: str = "A", portfolio: str = "p", stage: Stage = Stage.MADE) -> Entry:
    return Entry(portfolio, role(name), stage, AT, (f"because of {name}",))


def test_empty_ledger_owns_nothing() -> None:
    assert not Ledger().owns("p", role("A"))
    assert Ledger().reasons("p", role("A")) == ()


def test_association_is_owned_whatever_its_stage() -> None:
    for stage in Stage:
        assert Ledger.of([entry(stage=stage)]).owns("p", role("A"))


def test_same_role_elsewhere_and_another_role_there_are_not_owned() -> None:
    ledger = Ledger.of([entry()])

    assert not ledger.owns("q", role("A"))
    assert not ledger.owns("p", role("B"))
    assert not ledger.owns("p", role("team/A"))
    assert not ledger.owns(role("A"), "p")


def test_reasons_are_those_of_the_entry() -> None:
    ledger = Ledger.of([entry("A"), entry("B")])

    assert ledger.reasons("p", role("B")) == ("because of B",)
    assert ledger.reasons("q", role("B")) == ()


def test_later_stage_takes_the_place_of_the_earlier() -> None:
    intended, made = entry(stage=Stage.INTENDED), entry(stage=Stage.MADE)

    assert Ledger.of([intended]).with_entry(made) == Ledger.of([made])
    assert Ledger.of([intended, made]) == Ledger.of([made])


@given(LEDGERS, ENTRIES)
def test_writing_and_crossing_out_change_one_association_alone(ledger: Ledger, new: Entry) -> None:
    before = dict(ledger.entries)
    others = {key: each for key, each in before.items() if key != new.key}

    written = ledger.with_entry(new)
    crossed_out = written.without(*new.key)

    assert dict(written.entries) == others | {new.key: new}
    assert dict(crossed_out.entries) == others
    assert dict(ledger.entries) == before, "the ledger itself stays as it was"


@given(LEDGERS, KEYS)
def test_crossing_out_twice_or_what_is_not_there_is_no_harm(
    ledger: Ledger, key: tuple[str, str]
) -> None:
    once = ledger.without(*key)

    assert once.without(*key) == once
    assert not once.owns(*key)
    if not ledger.owns(*key):
        assert once == ledger


@given(st.lists(ENTRIES, unique_by=lambda each: each.key), st.randoms(use_true_random=False))
def test_order_of_entries_does_not_matter(entries: list[Entry], order: object) -> None:
    shuffled = list(entries)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    assert Ledger.of(shuffled) == Ledger.of(entries)
