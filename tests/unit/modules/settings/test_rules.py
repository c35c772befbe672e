"""Every rule for a single value: what it lets through and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from modules.settings.rules import FrozenMap
from tests.unit.modules.settings.samples import Path, changed, faults

REGION: Path = ("region",)
DEPLOYER: Path = ("deployers", 0)
ASSUMED_BY: Path = ("projects", 0, "end_user_roles", 0, "assumed_by", 0)
BOUNDARY: Path = ("permissions_boundary",)
CODE: Path = ("projects", 0, "code_bucket")
PROJECT: Path = ("projects", 0, "name")
NETWORK: Path = ("networks", 0, "name")
LABEL: Path = ("projects", 0, "id")
TOPIC: Path = ("audit", "alarm_topic_arn")
TAGS: Path = ("tags",)
VERSION: Path = ("projects", 0, "versions")
OWNER: Path = ("catalog", "owner")

IAM = "arn:aws:iam::123456789012"

ALLOWED: list[tuple[Path, object]] = [
    *((REGION, region) for region in ("us-east-1", "us-gov-west-1", "ap-southeast-7")),
    *((REGION, region) for region in ("cn-northwest-1", "us-isob-east-1", "eusc-de-east-1")),
    *((REGION, region) for region in ("mx-central-1", "il-central-1", "eu-isoe-west-1")),
    (DEPLOYER, f"{IAM}:role/terraform"),
    (DEPLOYER, f"{IAM}:role/ci/deploy-*"),
    (DEPLOYER, f"{IAM}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"),
    (DEPLOYER, "arn:aws-us-gov:iam::123456789012:user/x"),
    (DEPLOYER, "arn:aws-cn:iam::123456789012:user/team/x+y@example.com"),
    (ASSUMED_BY, f"{IAM}:user/team/amy"),
    (ASSUMED_BY, "arn:aws-iso-b:iam::123456789012:role/ds"),
    (BOUNDARY, f"{IAM}:policy/team/boundary"),
    (BOUNDARY, "arn:aws-cn:iam::aws:policy/PowerUserAccess"),
    (CODE, "abc"),
    (CODE, "a.b-c.1"),
    (CODE, "b" * 63),
    (PROJECT, "A1-b2"),
    (LABEL, "team/a:b=c@d"),
    (TAGS, {"Kostenträger": "Zürich 1", "a b": ""}),
    (TAGS, {f"k{index}": "v" for index in range(17)}),
    (TAGS, {"k" * 128: "v" * 256}),
    (OWNER, "Größe & Co."),
    (("projects", 0, "notebook", "volume_size_gb"), 5),
    (("projects", 0, "notebook", "max_volume_size_gb"), 16384),
    (("catalog", "support_email"), "a.b@example.com"),
    (("catalog", "support_url"), "https://example.com/?q=1"),
    (("state", "directory"), "var/terraform.d"),
    (VERSION, ({"name": "1.0-rc_1"},)),
]

REFUSED: list[tuple[Path, object]] = [
    *((REGION, region) for region in ("", "eu-wset-1", "eu-west", "EU-WEST-1", "eu-west-1a")),
    *(
        (REGION, region)
        for region in ("eu-west-1\n", " eu-west-1", "eu-west-0", "eu-west-\uff11", 1)
    ),
    (DEPLOYER, "*"),
    (DEPLOYER, f"{IAM}:root"),
    (DEPLOYER, f"{IAM}:role/*"),
    (DEPLOYER, f"{IAM}:*"),
    (DEPLOYER, f"{IAM}:role/**"),
    (DEPLOYER, f"{IAM}:role/ci/*"),
    (DEPLOYER, f"{IAM}:role/a*"),
    (DEPLOYER, f"{IAM}:role/x/"),
    (DEPLOYER, f"{IAM}:role/"),
    (DEPLOYER, f"{IAM}:role/de?loyer"),
    (DEPLOYER, "arn:aws:iam::*:role/deployer"),
    (DEPLOYER, "arn:*:iam::123456789012:role/deployer"),
    (DEPLOYER, "arn:aws:iam::12345678901:role/deployer"),
    (DEPLOYER, "arn:aws:iam::1234567890123:role/deployer"),
    (DEPLOYER, "arn:aws:sts::123456789012:assumed-role/deployer/session"),
    (DEPLOYER, f"{IAM}:role/${{aws:username}}"),
    (ASSUMED_BY, "*"),
    (ASSUMED_BY, "123456789012"),
    (ASSUMED_BY, f"{IAM}:role/ds-*"),
    (ASSUMED_BY, f"{IAM}:group/ds"),
    (ASSUMED_BY, "arn:aws:iam::*:root"),
    (BOUNDARY, f"{IAM}:role/x"),
    (BOUNDARY, f"{IAM}:policy/x*"),
    (BOUNDARY, "boundary"),
    *((CODE, bucket) for bucket in ("ab", "b" * 64, "Abc", "a_b", "-ab", "ab-", "a..b", ".ab")),
    *((CODE, bucket) for bucket in ("192.168.0.1", "s3://abc", "abc/x", "arn:aws:s3:::abc", "")),
    *((PROJECT, name) for name in ("", "1a", "-a", "a-", "a--b", "a b", "a_b", "a.b", "ä", "a\n")),
    *((PROJECT, name) for name in ("sthree", "Sthree-x", "amzn-s3-demo", "amzn-s3-demo-x", 7)),
    (NETWORK, "a/b"),
    *((LABEL, label) for label in ("", " ", "a b", "a*", "x" * 65, "${a}")),
    *((TOPIC, arn) for arn in ("alarms", "arn:aws:sqs:eu-west-1:123456789012:a")),
    (TAGS, {f"k{index}": "v" for index in range(18)}),
    *((TAGS, {key: "v"}) for key in ("", "aws:x", "AWS:x", " a", "a ", "a*", "k" * 129, "a\n")),
    *((TAGS, {key: "v"}) for key in ("ProjectName", "projectid", "MANAGEDBY")),
    *((TAGS, {"k": value}) for value in ("v" * 257, "a\nb", "a;b", 1, True, None)),
    *((OWNER, owner) for owner in ("", "x" * 51, " x", "x ", "a\nb", "a\u2028b", "a\x00")),
    *((("projects", 0, "notebook", "volume_size_gb"), size) for size in (4, 20.5, "20", True)),
    *((("projects", 0, "notebook", "max_volume_size_gb"), size) for size in (4, 16385, -5)),
    *((("catalog", "support_email"), mail) for mail in ("a", "a@b", "@b.c", "a b@c.d")),
    *((("catalog", "support_url"), url) for url in ("example.com", "javascript:alert(1)")),
    *((("state", "directory"), path) for path in ("/tmp", "..", "a/../b", "~/x", "a/", "")),  # noqa: S108 (a value to refuse, not a file)
    *((VERSION, ({"name": name},)) for name in ("", "a b", "-1", "v" * 65, "1/2")),
    *((("names", "key_alias"), alias) for alias in ("aws/s3", "a b", "a" * 249, "alias:x")),
    (("names", "execution_role"), "a" * 63),
    (("names", "execution_role"), "a/b"),
    (("names", "builder_function"), "a" * 63),
    (("names", "builder_function"), "a.b"),
    (("names", "lifecycle_config"), "-a"),
    (("names", "lifecycle_config"), "a_b"),
    (("names", "portfolio"), "a" * 99),
    (("names", "product"), " a"),
    (("audit", "log_retention_days"), 31),
    (("audit", "log_retention_days"), 0),
    (("audit", "s3_data_events"), "true"),
    (("audit", "s3_data_events"), 1),
    (("projects", 0, "build"), "Lambda"),
    (
        (
            "projects",
            0,
            "versions",
        ),
        (),
    ),
    (("jumpstart", "retention"), "keep"),
    (("jumpstart", "create"), ("AmazonSageMakerServiceCatalogProductsLaunchRole",)),
    (("state", "backend"), "consul"),
]


@pytest.mark.parametrize(("path", "value"), ALLOWED, ids=repr)
def test_a_value_within_the_rules_loads(path: Path, value: object) -> None:
    assert faults(changed(path, value)) == ()


@pytest.mark.parametrize(("path", "value"), REFUSED, ids=repr)
def test_fails_when_a_value_breaks_the_rule_of_its_setting(path: Path, value: object) -> None:
    problems = faults(changed(path, value))
    assert problems
    for problem in problems:
        assert problem.startswith(str(path[0])), problem
        assert "must be" in problem
        assert problem.isprintable()


def test_every_refusal_here_is_of_one_setting_alone() -> None:
    for path, value in REFUSED:
        if path not in (PROJECT, NETWORK):  # others refer to these names
            assert len(faults(changed(path, value))) == 1, (path, value)


def test_a_frozen_map_is_a_map_that_can_be_hashed_but_not_changed() -> None:
    given = {"a": "1"}
    frozen = FrozenMap(given)
    given["a"] = "2"
    assert frozen == {"a": "1"}
    assert frozen == FrozenMap({"a": "1"})
    assert hash(frozen) == hash(FrozenMap({"a": "1"}))
    assert frozen != FrozenMap({"a": "2"})
    assert isinstance(frozen, Mapping)
    assert not hasattr(frozen, "__setitem__")
