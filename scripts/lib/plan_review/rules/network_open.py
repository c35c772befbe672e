"""Ways in from everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown
from scripts.lib.plan_review.shown_values import values_at

RULE = Rule(
    "network-open",
    "A port is opened to the internet",
    "Whatever listens there is found and tried within minutes.",
    Risk.HIGH,
)
_GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})
_RULE = "aws_security_group_rule"
_INGRESS = "aws_vpc_security_group_ingress_rule"
TYPES = _GROUPS | {_RULE, _INGRESS}
_RANGES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_WEB = frozenset({80, 443})
_ALL, _PING = "-1", ("icmp", "icmpv6", "1", "58")
_LAST_PORT = 65_535


def check(subject: Subject) -> Iterator[Finding]:
    """Find ingress from everywhere that there was not before."""
    before, after = (_open(subject, side) for side in (subject.change.before, subject.change.after))
    for protocol, first, last in sorted(after - before):
        what, risk = _weighed(protocol, first, last)
        yield subject.find(
            RULE,
            f"The whole internet may reach {what}, as far as routes lead there.",
            mend="Name the address ranges, or a security group.",
            risk=risk,
        )


def _open(subject: Subject, side: object) -> frozenset[tuple[str, int, int]]:
    """Return protocol, first and last port of what is open to everywhere."""
    kind = subject.change.type
    path = ("ingress",) if kind in _GROUPS else ()
    return frozenset(
        _ports(block)
        for block in values_at(side, *path)
        if isinstance(block, dict)
        and (kind != _RULE or block.get("type") == "ingress")
        and any(
            isinstance(cidr, str) and cidr.endswith("/0")
            for ranges in _RANGES
            for cidr in values_at(block, ranges)
        )
    )


def _ports(block: dict[str, object]) -> tuple[str, int, int]:
    protocol = block.get("protocol") or block.get("ip_protocol")
    first, last = (
        port if isinstance(port, int) else 0
        for port in (block.get("from_port"), block.get("to_port"))
    )
    protocol = str(protocol).lower() if isinstance(protocol, str | int) else _ALL
    return (_ALL, 0, 0) if protocol in (_ALL, "all") else (protocol, first, last)


def _weighed(protocol: str, first: int, last: int) -> tuple[str, Risk]:
    if protocol == _ALL or (first == 0 and last >= _LAST_PORT):
        return "every port", Risk.HIGH
    if protocol in _PING:
        return "it by ping (ICMP)", Risk.LOW
    ports = f"port {first}" if first == last else f"ports {first} to {last}"
    is_web = first == last and first in _WEB
    return f"{shown(protocol)} {ports}", Risk.LOW if is_web else Risk.HIGH
