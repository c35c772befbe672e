"""The network: found by exactly one of id and Name tag, each id of the right kind."""

from __future__ import annotations

from typing import Any

import pytest

from modules.settings.network import DEFAULT_ENDPOINTS, ENDPOINT_SERVICES
from tests.unit.modules.settings.samples import Path, changed, faults

PLACES: list[tuple[Path, str]] = [
    (("vpc",), "vpc"),
    (("subnet",), "subnet"),
    (("security_group",), "sg"),
    (("route_tables", 0), "rtb"),
    (("endpoint_subnets",), "subnet"),
]


def at(place: Path, selector: Any) -> Any:
    if place == ("endpoint_subnets",):
        selector = (selector,)
    return changed(("networks", 0, *place), selector)


@pytest.mark.parametrize(("place", "prefix"), PLACES, ids=repr)
def test_a_resource_is_found_by_its_id_or_its_name(place: Path, prefix: str) -> None:
    assert faults(at(place, {"id": f"{prefix}-0a1b2c3d4e5f67890"})) == ()
    assert faults(at(place, {"id": f"{prefix}-12345678"})) == ()
    assert faults(at(place, {"name": "Größe 1/a.b:c"})) == ()


@pytest.mark.parametrize(("place", "prefix"), PLACES, ids=repr)
def test_fails_when_an_id_is_of_another_kind(place: Path, prefix: str) -> None:
    (problem,) = faults(at(place, {"id": "eni-12345678"}))
    assert 'got {"id": "eni-12345678"}; must be a' in problem
    assert problem.endswith(f"its id begins with {prefix}-")


@pytest.mark.parametrize("identity", ["vpc", "vpc-", "vpc-xyz", "vpc-1234567", "VPC-12345678", 3])
def test_fails_when_an_id_is_none(identity: Any) -> None:
    (problem,) = faults(at(("vpc",), {"id": identity}))
    assert problem.startswith("networks[0] (main).vpc.id: got ")


@pytest.mark.parametrize("name", ["", "a*", "a?", " a", "a ", "x" * 257, "a\nb", 3])
def test_fails_when_a_name_tag_cannot_be_one(name: Any) -> None:
    (problem,) = faults(at(("vpc",), {"name": name}))
    assert problem.startswith("networks[0] (main).vpc")
    assert ".name: got " in problem


def test_fails_unless_exactly_one_of_id_and_name_is_given() -> None:
    assert faults(at(("vpc",), {})) == (
        "networks[0] (main).vpc.name: is not set; must be given, or id instead",
    )
    assert faults(at(("vpc",), {"id": "vpc-12345678", "name": "V"})) == (
        'networks[0] (main).vpc.name: got "V"; must be left out, as id is given',
    )


def test_the_documented_endpoints_are_made_by_default() -> None:
    assert set(DEFAULT_ENDPOINTS) == {
        *("s3", "sagemaker.api", "sagemaker.runtime", "sts", "logs", "monitoring", "kms"),
        *("ecr.api", "ecr.dkr"),
    }
    assert len(set(ENDPOINT_SERVICES)) == len(ENDPOINT_SERVICES)


def test_every_documented_service_may_have_an_endpoint() -> None:
    assert faults(changed(("networks", 0, "endpoints"), ENDPOINT_SERVICES)) == ()


@pytest.mark.parametrize("service", ["dynamodb", "com.amazonaws.eu-west-1.s3", "S3", ""])
def test_fails_when_a_service_is_unknown(service: str) -> None:
    (problem,) = faults(changed(("networks", 0, "endpoints"), ("s3", service)))
    assert problem.startswith("networks[0] (main).endpoints[1]: got ")


def test_fails_when_no_endpoint_leads_to_s3() -> None:
    assert faults(changed(("networks", 0, "endpoints"), ("sts",))) == (
        (
            'networks[0] (main).endpoints: got ["sts"]; must be a list with s3, unless '
            "existing_endpoints names it"
        ),
    )


def test_fails_when_an_endpoint_to_reuse_is_no_endpoint() -> None:
    problems = faults(changed(("networks", 0, "existing_endpoints"), {"s3": "vpc-12345678"}))
    assert problems == (
        (
            'networks[0] (main).existing_endpoints.s3: got "vpc-12345678"; must be the id of a '
            'VPC endpoint, such as "vpce-0a1b2c3d4e5f67890"'
        ),
    )
    (problem,) = faults(changed(("networks", 0, "existing_endpoints"), {"efs": "vpce-12345678"}))
    assert problem.startswith("networks[0] (main).existing_endpoints.efs: is no key for this map")


def test_fails_when_endpoints_are_to_have_no_subnet() -> None:
    (problem,) = faults(changed(("networks", 0, "endpoint_subnets"), ()))
    assert problem.endswith("endpoint_subnets: got []; must be a list of at least one")
