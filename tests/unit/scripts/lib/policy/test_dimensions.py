from __future__ import annotations

import pytest

from scripts.lib.policy.dimensions import PATTERNS, Holders, who_of
from scripts.lib.policy.document import ACCOUNT, ALLOW, AWS, DENY, EVERYONE, SERVICE, Principal
from scripts.lib.policy.patterns import EVERYTHING, Budget, Pattern, pattern
from scripts.lib.policy.regions import Piece

ACCOUNT_ONE = Principal(ACCOUNT, "111111111111")
ROLE = Principal(AWS, "arn:aws:iam::111111111111:role/a")
OTHER = Principal(AWS, "arn:aws:iam::111111111111:role/b")
SESSION = Principal(AWS, "arn:aws:sts::111111111111:assumed-role/a/s")
STRANGER = Principal(AWS, "arn:aws:iam::222222222222:user/amy")
AMAZON = Principal(SERVICE, "s3.amazonaws.com")
FEDERATED = Principal("Federated", "arn:aws:iam::111111111111:oidc-provider/x")


def who(item: Principal, *without: Principal) -> Piece[Principal]:
    return Piece(item, without)


def what(item: str, *without: str) -> Piece[Pattern]:
    return Piece(pattern(item), tuple(map(pattern, without)))


@pytest.mark.parametrize("effect", [ALLOW, DENY])
@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (who(EVERYONE), who(ROLE)),
        (who(EVERYONE), who(AMAZON)),
        (who(EVERYONE), who(EVERYONE, ROLE)),
        (who(EVERYONE, ROLE), who(OTHER)),
        (who(EVERYONE, ROLE), who(STRANGER)),
        (who(EVERYONE, ACCOUNT_ONE), who(STRANGER)),
        (who(EVERYONE, ROLE), who(EVERYONE, ROLE, OTHER)),
        (who(ACCOUNT_ONE), who(ACCOUNT_ONE)),
    ],
)
def test_principals_held(effect: str, whole: Piece[Principal], part: Piece[Principal]) -> None:
    assert who_of(effect).holds(whole, part, Budget())


@pytest.mark.parametrize("effect", [ALLOW, DENY])
@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (who(ROLE), who(OTHER)),
        (who(ROLE), who(EVERYONE)),
        (who(ROLE), who(SESSION)),
        (who(EVERYONE), who(FEDERATED)),
        (who(EVERYONE, ROLE), who(ROLE)),
        (who(EVERYONE, ROLE), who(SESSION)),
        (who(EVERYONE, SESSION), who(ROLE)),
        (who(EVERYONE, ROLE), who(ACCOUNT_ONE)),
        (who(EVERYONE, ACCOUNT_ONE), who(ROLE)),
        (who(EVERYONE, ROLE), who(AMAZON)),
        (who(EVERYONE, ROLE), who(EVERYONE, ACCOUNT_ONE)),
        (who(EVERYONE, ROLE, OTHER), who(EVERYONE, ROLE)),
        (who(EVERYONE, EVERYONE), who(ROLE)),
    ],
)
def test_principals_not_held(effect: str, whole: Piece[Principal], part: Piece[Principal]) -> None:
    assert not who_of(effect).holds(whole, part, Budget())


def test_an_account_is_refused_with_all_in_it_but_only_allowed_to_delegate() -> None:
    for part in (ROLE, SESSION):
        assert who_of(DENY).holds(who(ACCOUNT_ONE), who(part), Budget())
        assert not who_of(ALLOW).holds(who(ACCOUNT_ONE), who(part), Budget())
    assert not who_of(DENY).holds(who(ACCOUNT_ONE), who(STRANGER), Budget())


def test_to_except_an_account_is_not_to_except_all_in_it() -> None:
    refused = who_of(DENY)
    excepting_account = who(EVERYONE, ACCOUNT_ONE)
    assert refused.rest(excepting_account, [who(EVERYONE, ROLE)], Budget()) != []


@pytest.mark.parametrize(
    ("part", "wholes", "rest"),
    [
        (what("a*"), [what("*")], []),
        (what("a*"), [what("b*")], [what("a*")]),
        (what("*"), [what("*", "iam:*")], [what("iam:*")]),
        (what("*"), [what("*", "iam:*"), what("iam:*")], []),
        (what("*", "iam:*"), [what("*", "iam:*", "sts:*")], [what("sts:*")]),
        (what("*", "iam:Get*"), [what("*", "iam:*")], [what("iam:*", "iam:Get*")]),
        (what("*", "iam:*"), [what("*", "iam:Get*")], []),
        (what("s3:*"), [what("*", "iam:*")], []),
        (what("s3:*"), [what("*", "s3:Put*")], [what("s3:Put*")]),
        (what("s3:Get*"), [what("*", "s3:*Object")], [what("s3:Get*")]),
        (what("*"), [what("*", "a*"), what("*", "b*")], []),
        (what("*"), [what("*", "a*"), what("*", "ab*")], [what("ab*")]),
        (what("*", "a"), [what("?*"), what("")], []),
        (what("a*"), [], [what("a*")]),
    ],
)
def test_rest(
    part: Piece[Pattern], wholes: list[Piece[Pattern]], rest: list[Piece[Pattern]]
) -> None:
    assert PATTERNS.rest(part, wholes, Budget()) == rest


def test_holders_are_found_by_name_by_beginning_and_by_asking() -> None:
    holders: Holders[Pattern] = Holders(lambda item: item.key)
    wholes = ["s3:GetObject", "s3:Get*", "s3:*Object", "*", "s3:Put*", "s3:Get?bject"]
    for at, whole in enumerate(wholes):
        holders.add(what(whole), at, PATTERNS)
    holders.add(what("*", "s3:*"), 6, PATTERNS)
    assert holders.of(what("s3:GetObject"), Budget()) == 0b0101111
    assert holders.of(what("s3:Get*"), Budget()) == 0b0001010
    assert holders.of(what("iam:PassRole"), Budget()) == 0b1001000
    assert holders.of(Piece(EVERYTHING, (pattern("s3:*"),)), Budget()) == 0b1001000


def test_an_account_of_a_deny_and_of_an_allow_are_told_apart() -> None:
    holders: Holders[Principal] = Holders(lambda item: f"{item.kind} {item.name}")
    holders.add(who(ACCOUNT_ONE), 0, who_of(ALLOW))
    holders.add(who(ACCOUNT_ONE), 1, who_of(DENY))
    assert holders.of(who(ROLE), Budget()) == 0b10
    assert holders.of(who(ACCOUNT_ONE), Budget()) == 0b11


def test_principals_of_other_kinds_with_the_same_name_are_others() -> None:
    holders: Holders[Principal] = Holders(lambda item: f"{item.kind} {item.name}")
    holders.add(who(Principal(SERVICE, "x")), 0, who_of(ALLOW))
    assert holders.of(who(Principal(AWS, "x")), Budget()) == 0
