"""The ledger against the portfolios: one line for each cause, and how to mend it."""

from pathlib import Path

import pytest

from scripts.lib.drift.associations import Seen, association_drifts
from scripts.lib.drift.model import Drift, Mend, Plane
from scripts.lib.drift.shell import Shell
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType
from scripts.lib.plan_review.model import Risk

ANA, BEN = (f"arn:aws:iam::123456789012:role/{name}" for name in ("Ana", "Ben"))
PORT = "port-1"
NOW = "2026-01-31T04:00:00+00:00"


def ledger(*arns: str, stage: Stage = Stage.MADE, portfolio: str = PORT) -> Ledger:
    return Ledger.of(Entry(portfolio, arn, stage, NOW) for arn in arns)


def seen(*principals: Principal | str, gone: tuple[str, ...] = (), enabled: bool = True) -> Seen:
    named = frozenset(Principal(each) if isinstance(each, str) else each for each in principals)
    portfolio = Portfolio(PORT, "Amazon SageMaker", named)
    roles = {arn: arn not in gone for arn in (ANA, BEN)}
    return Seen(enabled, (portfolio,) if enabled else (), roles)


def only(found: tuple[Drift, ...]) -> Drift:
    (drift,) = found
    assert (drift.plane, drift.stack) == (Plane.PORTFOLIO, "")
    assert drift.remedies[-1].mend is Mend.IGNORE
    return drift


def drifts(agreed: Ledger, is_seen: Seen) -> tuple[Drift, ...]:
    return association_drifts(agreed, is_seen, Shell())


@pytest.mark.parametrize("stage", Stage)
def test_what_is_agreed_on_and_there_is_no_drift(stage: Stage) -> None:
    assert drifts(ledger(ANA, BEN, stage=stage), seen(ANA, BEN)) == ()


def test_an_association_that_was_taken_away_is_made_again() -> None:
    drift = only(drifts(ledger(ANA, BEN), seen(BEN)))
    assert (drift.subject, drift.risk) == (ANA, Risk.MEDIUM)
    assert drift.expected == "associated with port-1 (Amazon SageMaker)"
    assert drift.actual == "not associated"
    first = drift.remedies[0]
    assert (first.mend, first.command) == (
        Mend.POST_APPLY,
        f"python -m scripts.post_apply apply --role {ANA}",
    )


def test_a_role_that_a_pattern_lets_in_still_works() -> None:
    pattern = Principal("arn:aws:iam:::role/A*", PrincipalType.IAM_PATTERN)
    missing, by_hand = drifts(ledger(ANA), seen(pattern))
    assert (missing.subject, missing.risk) == (ANA, Risk.LOW)
    assert missing.actual == "by the pattern arn:aws:iam:::role/A* alone"
    assert by_hand.subject == pattern.arn


def test_an_intention_of_a_run_that_was_cut_short_is_told_as_such() -> None:
    drift = only(drifts(ledger(ANA, stage=Stage.INTENDED), seen()))
    assert "cut short" in drift.what
    assert drift.risk is Risk.LOW


def test_a_role_that_went_with_its_association_is_crossed_out() -> None:
    drift = only(drifts(ledger(ANA), seen(gone=(ANA,))))
    assert drift.risk is Risk.LOW
    assert [each.command for each in drift.remedies] == [
        "python -m scripts.post_apply prune --apply",
        "",
    ]


@pytest.mark.parametrize(
    ("agreed", "options"), [(ledger(ANA), "--apply"), (ledger(), "--adopt --apply")]
)
def test_an_association_of_a_role_that_is_gone_is_pruned(agreed: Ledger, options: str) -> None:
    """One line: that the ledger has it, or not, is no second cause."""
    drift = only(drifts(agreed, seen(ANA, gone=(ANA,))))
    assert "a new role of its name would see the portfolio" in drift.what
    assert drift.remedies[0].command == f"python -m scripts.post_apply prune {options}"


def test_a_role_of_which_iam_tells_nothing_is_not_taken_for_gone() -> None:
    portfolio = Portfolio(PORT, "", frozenset({Principal(ANA)}))
    assert drifts(ledger(ANA), Seen(True, (portfolio,), {ANA: None})) == ()


def test_a_role_added_by_hand_is_taken_away_or_adopted() -> None:
    drift = only(drifts(ledger(BEN), seen(ANA, BEN)))
    assert (drift.subject, drift.risk) == (ANA, Risk.MEDIUM)
    assert drift.what == "A role was added to the portfolio by hand."
    assert [each.mend for each in drift.remedies] == [Mend.REMOVE, Mend.ADOPT, Mend.IGNORE]
    assert drift.remedies[0].command == (
        "aws servicecatalog disassociate-principal-from-portfolio --portfolio-id port-1 "
        f"--principal-arn {ANA} --principal-type IAM"
    )
    assert drift.remedies[1].command == "python -m scripts.post_apply prune --adopt --apply"


@pytest.mark.parametrize("kind", ["user", "group"])
def test_users_and_groups_cannot_be_adopted(kind: str) -> None:
    drift = only(drifts(ledger(), seen(f"arn:aws:iam::123456789012:{kind}/eve")))
    assert drift.what == f"A {kind} was added to the portfolio by hand."
    assert [each.mend for each in drift.remedies] == [Mend.REMOVE, Mend.IGNORE]


@pytest.mark.parametrize(
    ("name", "risk"),
    [
        ("*", Risk.HIGH),
        ("*/*", Risk.HIGH),
        ("?*", Risk.HIGH),
        ("Data*", Risk.MEDIUM),
        ("path/*", Risk.MEDIUM),
    ],
)
def test_a_pattern_is_as_bad_as_it_is_wide(name: str, risk: Risk) -> None:
    pattern = Principal(f"arn:aws:iam:::role/{name}", PrincipalType.IAM_PATTERN)
    drift = only(drifts(ledger(), seen(pattern)))
    assert drift.risk is risk
    assert drift.remedies[0].command.endswith("--principal-type IAM_PATTERN")


def test_a_pattern_is_not_owned_because_a_role_of_the_ledger_is_written_like_it() -> None:
    pattern = Principal(ANA, PrincipalType.IAM_PATTERN)
    found = drifts(ledger(ANA), seen(pattern))
    assert sorted(each.what.split()[0] for each in found) == ["A", "The"]


def test_a_disabled_portfolio_is_one_cause_with_its_associations_folded() -> None:
    drift = only(drifts(ledger(ANA, BEN), seen(enabled=False)))
    assert drift.risk is Risk.HIGH
    assert drift.folded == (f"{ANA} on port-1", f"{BEN} on port-1")
    assert drift.remedies[0].command == "python -m scripts.post_apply apply"


def test_nothing_agreed_on_and_nothing_enabled_is_no_drift() -> None:
    assert drifts(ledger(), seen(enabled=False)) == ()


def test_a_portfolio_that_is_not_imported_any_more_folds_its_associations() -> None:
    drift = only(drifts(ledger(ANA, portfolio="port-old"), seen()))
    assert (drift.subject, drift.folded) == ("port-old", (ANA,))


def test_commands_work_where_the_drift_is_and_as_whoever_may_write() -> None:

    shell = Shell("eu-west-1", Path("my ledger"))
    (drift,) = association_drifts(ledger(ANA), seen(), shell)
    assert drift.remedies[0].command == (
        f"python -m scripts.post_apply apply --role {ANA} --ledger 'my ledger' --region eu-west-1"
    )
