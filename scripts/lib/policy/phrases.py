"""Words for the parts of a grant: principals, actions, resources and conditions."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.lib.errors import one_line
from scripts.lib.policy.document import ACCOUNT, AWS, EVERYONE, Condition, Principal
from scripts.lib.policy.operators import FOR_ALL, FOR_ANY, KNOWN, NEGATED, NULL
from scripts.lib.policy.patterns import Pattern
from scripts.lib.policy.regions import Piece

SHOWN = 6
"""Items of a list that are named before it says how many more there are."""
_ITEM_LIMIT = 160
_EVERYTHING = "everything (*)"

_KINDS = {"Federated": "federated ", "CanonicalUser": "canonical user ", ACCOUNT: "account "}
_COMPARED = {
    "StringLike": "like ",
    "ArnEquals": "like ",
    "ArnLike": "like ",
    "IpAddress": "in ",
    "LessThan": "less than ",
    "LessThanEquals": "at most ",
    "GreaterThan": "more than ",
    "GreaterThanEquals": "at least ",
    "StringEqualsIgnoreCase": "in any case ",
}
_QUANTIFIED = {FOR_ALL: "every ", FOR_ANY: "some ", "": ""}


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return items as one list of words, the end of a long one as a number."""
    shown = [one_line(item, _ITEM_LIMIT) for item in items[:SHOWN]]
    if len(items) > SHOWN + 1:
        return f"{', '.join(shown)} {word} {len(items) - SHOWN} more"
    shown = [one_line(item, _ITEM_LIMIT) for item in items]
    return f" {word} ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def callers(pieces: Sequence[Piece[Principal]]) -> str:
    """Return who is meant."""
    return listed([_caller(piece) for piece in pieces]) or "nobody"


def _caller(piece: Piece[Principal]) -> str:
    if not piece.without:
        return principal(piece.item)
    excepted = listed([principal(each) for each in piece.without])
    whole = "everyone" if piece.item == EVERYONE else principal(piece.item)
    return f"{whole} but {excepted}"


def principal(who: Principal) -> str:
    """Return one principal as people name it."""
    if who == EVERYONE:
        return "everyone (*)"
    kind = "" if who.kind == AWS else _KINDS.get(who.kind, "")
    return f"{kind}{who.name}" or "(no name)"


def things(pieces: Sequence[Piece[Pattern]]) -> str:
    """Return which actions, or which resources."""
    return listed([_thing(piece) for piece in pieces]) or "nothing"


def _thing(piece: Piece[Pattern]) -> str:
    whole = _EVERYTHING if piece.item.key == "*" else _pattern(piece.item)
    if not piece.without:
        return whole
    excepted = listed([_pattern(each) for each in piece.without])
    return f"{whole.removesuffix(' (*)')} but {excepted}"


def _pattern(item: Pattern) -> str:
    as_text = " (as text)" if "${" in item.text and not item.has_variables else ""
    return f"{item.text or '(no name)'}{as_text}"


def deeds(pieces: Sequence[Piece[Pattern]]) -> str:
    """Return actions in the place of a verb."""
    does_everything = any(piece.item.key == "*" for piece in pieces)
    return f"do {things(pieces)}" if does_everything else things(pieces)


def when(conditions: Sequence[Condition], *, refusal: bool = False) -> str:
    """Return the conditions with " if " or " unless " before them; "" if there are none."""
    if not conditions:
        return ""
    if refusal and len(conditions) == 1 and (excepted := _opposite(conditions[0])):
        return f" unless {excepted}"
    return f" if {conditions_text(conditions)}"


def conditions_text(conditions: Sequence[Condition]) -> str:
    """Return conditions, all of which must hold."""
    return listed([_condition(each) for each in conditions]) or "nothing else is asked"


def alternatives(sets: Sequence[Sequence[Condition]]) -> str:
    """Return sets of conditions, of which one must hold."""
    return listed([conditions_text(each) for each in sets], "or if")


def _opposite(condition: Condition) -> str:
    """Return what must hold for the condition not to; "" where the language has no word for it."""
    key = one_line(condition.name)
    if condition.quantifier:
        return ""
    if condition.operator in NEGATED:
        return f"{key} is {_wanted(NEGATED[condition.operator], condition.values)}"
    if condition.operator == "Bool" and condition.if_exists and len(condition.values) == 1:
        return f"{key} is {'false' if condition.values == ('true',) else 'true'}"
    if condition.operator == NULL and condition.values == ("true",):
        return f"there is {key}"
    return ""


def _condition(condition: Condition) -> str:
    operator, key = condition.operator, one_line(condition.name)
    if operator == NULL and condition.values in (("true",), ("false",)):
        return f"there is {'no ' if condition.values == ('true',) else ''}{key}"
    if operator not in KNOWN:
        quantifier = f"{condition.quantifier}:" if condition.quantifier else ""
        return f"{quantifier}{operator} of {key} and {listed(condition.values, 'or')}"
    given = ", if given," if condition.if_exists else ""
    negated = operator in NEGATED
    wanted = _wanted(NEGATED.get(operator, operator), condition.values, "nor" if negated else "or")
    return f"{_QUANTIFIED.get(condition.quantifier, '')}{key}{given} is {'not ' * negated}{wanted}"


def _wanted(operator: str, values: Sequence[str], word: str = "or") -> str:
    is_wild = any(char in value for value in values for char in "*?")
    kind = operator.removeprefix("Numeric").removeprefix("Date")
    compared = _COMPARED.get(kind, "")
    if compared == "like " and not is_wild:
        compared = ""
    return compared + (listed(values, word) or "any of nothing")
