"""The condition operators of the policy language, and their spelling.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from functools import lru_cache

FOR_ALL, FOR_ANY = "ForAllValues", "ForAnyValue"
NULL = "Null"
_POSITIVE = (
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "NumericEquals",
    "DateEquals",
    "IpAddress",
)
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
"""An operator, and the one that it is the negation of."""

KNOWN = frozenset(
    {NULL, "Bool", "BinaryEquals", *_POSITIVE, *NEGATED}
    | {
        f"{kind}{than}"
        for kind in ("Numeric", "Date")
        for than in ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    }
)
_SPELLING = {name.lower(): name for name in (*KNOWN, FOR_ALL, FOR_ANY)}
_IF_EXISTS = "ifexists"


@lru_cache(maxsize=256)
def spelled(operator: str) -> tuple[str, str, bool]:
    """Return an operator's quantifier or "", its name in AWS's spelling, and if it is IfExists.

    An operator that does not exist keeps the document's spelling.
    """
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.lower().endswith(_IF_EXISTS)
    bare = name[: -len(_IF_EXISTS)] if if_exists else name
    return (
        _SPELLING.get(quantifier.lower(), quantifier),
        _SPELLING.get(bare.lower(), bare),
        if_exists,
    )
