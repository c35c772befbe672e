"""A small world of policies and requests, and a slow, plain reading of what a grant means."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from scripts.lib.policy.comparison import Grant
from scripts.lib.policy.document import ACCOUNT, Condition, Principal
from scripts.lib.policy.patterns import Pattern
from scripts.lib.policy.regions import Piece
from scripts.sandbox.conditions import conditions_hold, expand, like, like_any_case
from scripts.sandbox.policies import Request, decide

ROLE = "arn:aws:iam::111111111111:role/a"
SESSION = "arn:aws:sts::111111111111:assumed-role/a/s"
OTHER_ROLE = "arn:aws:iam::111111111111:role/b"
USER = "arn:aws:iam::222222222222:user/amy"
SERVICE = "sagemaker.amazonaws.com"
CALLERS = ((ROLE,), (ROLE, SESSION), (OTHER_ROLE,), (USER,), (SERVICE,), ())

ACTIONS = ("s3:Get", "s3:GetO", "s3:Put", "kms:D", "s3:G", "x")
ACTION_PATTERNS = ("*", "s3:*", "s3:Get*", "S3:get", "s3:GetO", "s3:Get?", "s3:Put", "kms:*", "*:D")
RESOURCES = ("arn:aws:s3:::b", "arn:aws:s3:::b/amy", "arn:aws:s3:::c/amy", "arn:aws:s3:::c/*", "x")
RESOURCE_PATTERNS = (
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b*",
    "arn:aws:s3:::?/*",
    "arn:aws:s3:::b/${aws:username}",
    "arn:aws:s3:::*/${aws:username}",
    "arn:aws:s3:::c/${*}",
    "*/amy",
)
CONTEXT: dict[str, tuple[Any, ...]] = {
    "aws:username": (None, "amy", "bob"),
    "aws:SourceVpce": (None, "v1", "v2", "V1"),
    "aws:SecureTransport": (None, "true", "false"),
    "aws:SourceIp": (None, "10.0.0.1", "10.0.1.1", "2001:db8::1"),
    "s3:max-keys": (None, "1", "5", "7"),
    "aws:CurrentTime": (None, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    "aws:TagKeys": (None, [], ["a"], ["a", "b"], ["b"]),
    "aws:PrincipalArn": (None, ROLE, USER),
}
_VALUES: dict[str, tuple[Any, ...]] = {
    "String": ("v1", "v2", "v*", "V1", "?1", "*", "a", "b", "${aws:username}"),
    "Bool": (True, "false", "true"),
    "IpAddress": ("10.0.0.0/24", "10.0.0.0/16", "10.0.0.1", "10.0.1.0/24", "2001:db8::/32"),
    "Numeric": (1, "5", 7, "5.0"),
    "Date": ("2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "1767225600"),
    "Arn": (ROLE, "arn:aws:iam::*:role/*", "arn:aws:iam::222222222222:*", "arn:*:*:*:*:*", "*"),
}
_TEXT = ("StringEquals", "StringLike", "StringEqualsIgnoreCase")
_MEASURES = ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Equals")
_OPERATORS: tuple[tuple[str, str, str], ...] = (
    *((key, name, "String") for key in ("aws:SourceVpce", "aws:TagKeys") for name in _TEXT),
    *(
        (key, name.replace("String", "StringNot"), "String")
        for key in ("aws:SourceVpce", "aws:TagKeys")
        for name in _TEXT
    ),
    ("aws:SecureTransport", "Bool", "Bool"),
    ("aws:SourceIp", "IpAddress", "IpAddress"),
    ("aws:SourceIp", "NotIpAddress", "IpAddress"),
    *(("s3:max-keys", f"Numeric{than}", "Numeric") for than in (*_MEASURES, "NotEquals")),
    *(("aws:CurrentTime", f"Date{than}", "Date") for than in (*_MEASURES, "NotEquals")),
    ("aws:PrincipalArn", "ArnLike", "Arn"),
    ("aws:PrincipalArn", "ArnNotEquals", "Arn"),
)


def _some(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    many = st.lists(st.sampled_from(values), min_size=1, max_size=3)
    return st.one_of(st.sampled_from(values), many)


@st.composite
def _conditions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        key, operator, kind = draw(st.sampled_from(_OPERATORS))
        if draw(st.integers(0, 7)) == 0:
            found.setdefault("Null", {})[key] = draw(st.sampled_from(("true", "false", True)))
            continue
        quantifiers = ("ForAllValues:", "ForAnyValue:", "") if key == "aws:TagKeys" else ("",)
        suffix = draw(st.sampled_from(("", "", "IfExists")))
        name = f"{draw(st.sampled_from(quantifiers))}{operator}{suffix}"
        spelled = draw(st.sampled_from((key, key.lower())))
        found.setdefault(name, {})[spelled] = draw(_some(_VALUES[kind]))
    return found


_PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": ROLE},
    {"AWS": [SESSION, USER]},
    {"AWS": ["111111111111"]},
    {"AWS": "arn:aws:iam::222222222222:root"},
    {"AWS": [OTHER_ROLE, ROLE], "Service": SERVICE},
    {"Service": [SERVICE]},
)


@st.composite
def statements(draw: st.DrawFn, *, principals: bool, plain: bool) -> dict[str, Any]:
    """A statement; a plain one is an Allow without negations, conditions and accounts."""

    def name(element: str) -> str:
        return element if plain or draw(st.integers(0, 4)) else f"Not{element}"

    statement = {
        "Effect": "Allow" if plain else draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        name("Action"): draw(_some(ACTION_PATTERNS)),
        name("Resource"): draw(_some(RESOURCE_PATTERNS)),
    }
    if principals:
        named = tuple(_PRINCIPALS[at] for at in (0, 1, 2, 3)) if plain else _PRINCIPALS
        statement[name("Principal")] = draw(st.sampled_from(named))
    conditions = {} if plain else draw(_conditions())
    if conditions:
        statement["Condition"] = conditions
    return statement


@st.composite
def pairs(draw: st.DrawFn, *, plain: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two policies, of which the second mostly comes from the first."""
    principals = draw(st.booleans())
    each = statements(principals=principals, plain=plain)
    first = draw(st.lists(each, min_size=1, max_size=3))
    second = [dict(statement) for statement in first]
    for _ in range(draw(st.integers(0, 2))):
        other = draw(each)
        at = draw(st.integers(0, max(len(second) - 1, 0)))
        change = draw(st.sampled_from(("add", "drop", "element", "element", "widen")))
        if change == "add" or not second:
            second.append(other)
        elif change == "drop":
            second.pop(at)
        elif change == "widen" and not plain:
            second[at].pop("Condition", None)
        else:
            element = draw(st.sampled_from(("Action", "Resource", "Principal", "Condition")))
            spellings = (element, f"Not{element}")
            kept = {k: v for k, v in second[at].items() if k not in spellings}
            second[at] = kept | {k: v for k, v in other.items() if k in spellings}
    second = draw(st.permutations(second))
    version = {"Version": "2012-10-17"} if draw(st.integers(0, 5)) else {}
    documents: tuple[dict[str, Any], dict[str, Any]] = (
        {**version, "Statement": first},
        {**version, "Statement": list(second)},
    )
    return documents if draw(st.booleans()) else (documents[1], documents[0])


def requests(seed: int, count: int, *, conditions: bool = True) -> Iterator[Request]:
    """Some of the world's requests, the same for the same seed."""
    chosen = random.Random(seed)  # noqa: S311
    for _ in range(count):
        context = {key: chosen.choice(values) for key, values in CONTEXT.items()}
        yield Request(
            chosen.choice(CALLERS),
            chosen.choice(ACTIONS),
            chosen.choice(RESOURCES),
            {k: v for k, v in context.items() if v is not None} if conditions else {},
        )


def every_plain_request() -> Iterator[Request]:
    """All requests of the world that say nothing more, and some that no pattern names."""
    buckets, names = ("b", "c", "zz"), ("zed", "${aws:username}")
    objects = (f"arn:aws:s3:::{bucket}/{name}" for bucket in buckets for name in names)
    more = ("q/amy", "arn:aws:s3:::bX", "arn:aws:s3:::c/${*}", *objects)
    for caller in CALLERS:
        for action in (*ACTIONS, "s3:GetX", "s3:GetXY", "s3:Other", "kms:X", "y:D"):
            for resource in (*RESOURCES, *more):
                yield Request(caller, action, resource, {"aws:username": "zed"})


def says(grants: tuple[Grant, ...], request: Request, *, variables: bool) -> bool:
    """Whether a request is among those that the grants tell of."""
    return any(_says(grant, request, variables) for grant in grants)


def _says(grant: Grant, request: Request, variables: bool) -> bool:
    context = {key.lower(): value for key, value in request.context.items()}

    def of_action(pattern: Pattern) -> bool:
        return like_any_case(pattern.text, request.action)

    def of_resource(pattern: Pattern) -> bool:
        text = expand(pattern.text, context) if variables else pattern.text
        return text is not None and like(text, request.resource)

    def of_caller(principal: Principal) -> bool:
        kind = "AWS" if principal.kind == ACCOUNT else principal.kind
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        named = {"Statement": {**everything, "Principal": {kind: principal.name}}}
        return decide(named, request) is not None

    return (
        all(_holds(each, context, variables) for each in grant.conditions)
        and _any(grant.actions, of_action)
        and (not grant.resources or _any(grant.resources, of_resource))
        and (not grant.who or _any(grant.who, of_caller))
    )


def _any(pieces: tuple[Piece[Any], ...], matches: Any) -> bool:
    return any(matches(piece.item) and not any(map(matches, piece.without)) for piece in pieces)


def _holds(condition: Condition, context: dict[str, Any], variables: bool) -> bool:
    quantifier = f"{condition.quantifier}:" if condition.quantifier else ""
    name = f"{quantifier}{condition.operator}{'IfExists' if condition.if_exists else ''}"
    given = {name: {condition.key: list(condition.values)}}
    return conditions_hold(given, context, variables=variables)
