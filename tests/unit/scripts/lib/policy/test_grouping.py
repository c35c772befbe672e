from __future__ import annotations

from scripts.lib.policy.coverage import Rest
from scripts.lib.policy.document import ALLOW, SERVICE, Condition, Principal
from scripts.lib.policy.grouping import grouped
from scripts.lib.policy.patterns import Budget, pattern
from scripts.lib.policy.regions import Piece, Region

TLS = (Condition("", "Bool", False, "aws:securetransport", ("true",)),)


def rest(action: str, thing: str, who: str = "x", conditions: tuple[Condition, ...] = ()) -> Rest:
    return Rest(
        Region(
            ALLOW,
            (Piece(Principal(SERVICE, who)),),
            (Piece(pattern(action)),),
            (Piece(pattern(thing)),),
            conditions,
        )
    )


def shown(rests: list[Rest]) -> list[tuple[str, str, str]]:
    return [
        (
            " ".join(piece.item.name for piece in each.region.who),
            " ".join(piece.item.text for piece in each.region.actions),
            " ".join(piece.item.text for piece in each.region.resources),
        )
        for each in grouped(rests, Budget())
    ]


def test_a_whole_product_is_one() -> None:
    rests = [rest(deed, thing, who) for who in "yx" for thing in "qp" for deed in "ba"]
    assert shown(rests) == [("x y", "a b", "p q")]


def test_what_is_no_product_is_not_made_one() -> None:
    assert shown([rest("a", "p"), rest("b", "q")]) == [("x", "a", "p"), ("x", "b", "q")]
    three = [rest("a", "p"), rest("b", "p"), rest("a", "q")]
    assert shown(three) == [("x", "a b", "p"), ("x", "a", "q")]


def test_other_conditions_stay_apart() -> None:
    assert len(shown([rest("a", "p"), rest("b", "p", conditions=TLS)])) == 2


def test_what_the_other_policy_has_under_other_conditions_stays_apart() -> None:
    under = Rest(rest("b", "p").region, under=(TLS,))
    assert len(shown([rest("a", "p"), under])) == 2


def test_what_another_piece_says_is_left_out() -> None:
    rests = [rest("s3:Get*", "p"), rest("s3:GetObject", "p"), rest("s3:*", "p")]
    assert shown(rests) == [("x", "s3:*", "p")]


def test_of_pieces_that_mean_the_same_one_stays() -> None:
    assert shown([rest("a?*", "p"), rest("a*?", "p")]) == [("x", "a*?", "p")]


def test_many_plain_wildcards_are_one_if_one_has_them() -> None:
    several = [rest(f"s3:Get{at}*", "p") for at in range(100)]
    assert shown([*several, rest("s3:*", "p")]) == [("x", "s3:*", "p")]


def test_long_lists_of_involved_wildcards_are_left_as_they_are() -> None:
    several = [rest(f"s3:*Get{at}*", "p") for at in range(100)]
    (one,) = grouped([*several, rest("s3:*", "p")], Budget())
    assert len(one.region.actions) == 101
