from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import network_open
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

GROUP, RULE, INGRESS = (
    "aws_security_group",
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
)


def block(
    cidr: object, ports: tuple[int, int] = (22, 22), protocol: object = "tcp"
) -> dict[str, object]:
    return {
        "cidr_blocks": cidr if isinstance(cidr, list) else [cidr],
        "protocol": protocol,
        "from_port": ports[0],
        "to_port": ports[1],
    }


def group(*blocks: dict[str, object]) -> dict[str, object]:
    return {"ingress": list(blocks)}


EVERYWHERE = block("0.0.0.0/0")


def test_a_port_of_a_group() -> None:
    (finding,) = found(network_open, subject(GROUP, group(), group(EVERYWHERE)))
    assert str(finding.risk) == "high"
    assert "may reach tcp port 22," in finding.message


def test_every_port() -> None:
    for each in (block("::/0", (0, 0), "-1"), block("0.0.0.0/0", (0, 65_535))):
        (finding,) = found(network_open, subject(GROUP, None, group(each)))
        assert "every port" in finding.message
        assert str(finding.risk) == "high"


def test_a_web_server_and_ping_are_less_bad() -> None:
    web = block("0.0.0.0/0", (443, 443))
    ping = block("0.0.0.0/0", (8, 0), "icmp")
    assert risks(network_open, subject(GROUP, None, group(web))) == ["low"]
    assert risks(network_open, subject(GROUP, None, group(ping))) == ["low"]


def test_rules_of_their_own() -> None:
    assert found(network_open, subject(RULE, None, {**EVERYWHERE, "type": "ingress"}))
    assert not found(network_open, subject(RULE, None, {**EVERYWHERE, "type": "egress"}))
    for name, cidr in (("cidr_ipv4", "0.0.0.0/0"), ("cidr_ipv6", "::/0")):
        (finding,) = found(network_open, subject(INGRESS, None, {"ip_protocol": "-1", name: cidr}))
        assert "every port" in finding.message


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "0.0.0.0/1", None, 7, [], {"x": "0.0.0.0/0"}])
def test_not_a_range_nor_what_is_none(cidr: object) -> None:
    assert not found(network_open, subject(GROUP, None, group(block(cidr))))


def test_not_what_was_open() -> None:
    assert not found(network_open, subject(GROUP, group(EVERYWHERE), group(EVERYWHERE)))
    more = group(block(["10.0.0.0/8", "0.0.0.0/0"]))
    assert not found(network_open, subject(GROUP, group(EVERYWHERE), more))
    assert not found(network_open, subject(GROUP, group(EVERYWHERE)))


def test_not_the_way_out() -> None:
    assert not found(network_open, subject(GROUP, None, {"egress": [EVERYWHERE], "ingress": []}))
