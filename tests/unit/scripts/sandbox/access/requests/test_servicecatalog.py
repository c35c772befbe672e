"""Service Catalog's calls: products by id, name and tags, and what is one's own."""

import json
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests import servicecatalog
from scripts.sandbox.access.requests.call import Call, Need
from tests.unit.scripts.sandbox.access.people import allow, arn, asked, user, wanting

SELF = "self"
LEVELS = ("userLevel", "roleLevel", "accountLevel")
DANA = "arn:aws:sts::123456789012:assumed-role/Scientist/dana"
EVE = "arn:aws:sts::123456789012:assumed-role/Scientist/eve"
OTHER = "arn:aws:sts::123456789012:assumed-role/Stranger/dana"


@pytest.fixture(scope="module")
def product(enforced: Sandbox) -> str:
    """The id of a product of project P1, called `Notebook`."""
    template = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
    enforced.client("s3").put_object(
        Bucket="prosm-code", Key="t.json", Body=json.dumps(template).encode()
    )
    view = enforced.client("servicecatalog").create_product(
        Name="Notebook",
        Owner="o",
        ProductType="CLOUD_FORMATION_TEMPLATE",
        Tags=[{"Key": "ProjectID", "Value": "P1"}],
        ProvisioningArtifactParameters={
            "Name": "1",
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {"LoadTemplateFromURL": "https://prosm-code.s3.amazonaws.com/t.json"},
        },
    )
    identifier: str = view["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
    return identifier


@pytest.mark.parametrize("by_name", [False, True])
def test_a_product_is_decided_on_by_id_and_by_name(
    enforced: Sandbox, product: str, by_name: bool
) -> None:
    given = {"Name": "Notebook"} if by_name else {"Id": product}
    describe = enforced.client("servicecatalog").describe_product
    found = asked(enforced, describe, **given)
    assert found == [("servicecatalog:DescribeProduct", arn("catalog", f"product/{product}"))]


def test_products_are_told_apart_by_their_tags(enforced: Sandbox, product: str) -> None:
    action = "servicecatalog:ListLaunchPaths"
    for project, lacking in (("P1", ""), ("P2", action)):
        tag = {"aws:ResourceTag/ProjectID": project}
        keys = user(enforced, allow(action, arn("catalog", "product/*"), StringEquals=tag))
        paths = enforced.client("servicecatalog", credentials=keys).list_launch_paths
        assert wanting(paths, ProductId=product) == lacking


def test_creating_is_decided_on_all_of_the_type_and_by_the_tags_asked_for(
    enforced: Sandbox,
) -> None:
    catalog = enforced.client("servicecatalog")
    given: dict[str, Any] = {"DisplayName": "d", "ProviderName": "p"}
    found = asked(enforced, catalog.create_portfolio, **given)
    assert found == [("servicecatalog:CreatePortfolio", arn("catalog", "portfolio/*"))]
    tagged = allow(found[0][0], StringEquals={"aws:RequestTag/Team": "a"})
    create = enforced.client("servicecatalog", credentials=user(enforced, tagged)).create_portfolio
    assert wanting(create, **given) == found[0][0]
    assert wanting(create, **given, Tags=[{"Key": "Team", "Value": "a"}]) == ""


def test_searching_is_decided_on_everything(enforced: Sandbox) -> None:
    search = enforced.client("servicecatalog").search_products
    assert asked(enforced, search) == [("servicecatalog:SearchProducts", "*")]


@pytest.mark.parametrize("key", [None, "User", "Role", "Account"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_search_reaches_no_further_than_the_level_that_is_allowed(
    enforced: Sandbox, level: str, key: str | None
) -> None:
    action = "servicecatalog:ScanProvisionedProducts"
    rights = allow(action, StringEquals={f"servicecatalog:{level}": SELF})
    scan = enforced.client("servicecatalog", credentials=user(enforced, rights))
    given = {"AccessLevelFilter": {"Key": key, "Value": SELF}} if key else {}
    reach = ["User", "Role", "Account"].index(key or "User")
    passes = reach <= LEVELS.index(level)
    assert wanting(scan.scan_provisioned_products, **given) == ("" if passes else action)


class _Owned:
    """A store whose only provisioned product is Dana's."""

    def owner_of(self, identifier: str) -> str | None:
        return DANA if identifier in ("pp-1", "rec-1", "danas") else None


@pytest.fixture
def owned(monkeypatch: pytest.MonkeyPatch) -> None:
    backends = {"123456789012": {"eu-west-1": _Owned()}}
    monkeypatch.setattr(servicecatalog, "servicecatalog_backends", backends)


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize(
    ("caller", "levels"),
    [(DANA, LEVELS), (EVE, LEVELS[1:]), (OTHER, LEVELS[2:])],
)
@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DescribeRecord", {"Id": "rec-1"}),
        ("TerminateProvisionedProduct", {"ProvisionedProductName": "danas"}),
        ("UpdateProvisionedProduct", {"ProvisionedProductId": "pp-1"}),
        ("DescribeProvisionedProduct", {"Name": "danas"}),
    ],
)
def test_what_is_launched_is_its_sessions_its_roles_and_the_accounts(
    caller: str, levels: tuple[str, ...], operation: str, params: dict[str, str]
) -> None:
    call = Call("servicecatalog", operation, "eu-west-1", params, {}, Principal(arn=caller))
    own = {f"servicecatalog:{level}": SELF for level in levels}
    assert list(servicecatalog.needs(call)) == [Need(f"servicecatalog:{operation}", "*", own)]


@pytest.mark.usefixtures("owned")
def test_nobody_is_kept_from_hearing_that_there_is_nothing() -> None:
    call = Call(
        "servicecatalog", "DescribeRecord", "eu-west-1", {"Id": "none"}, {}, Principal(arn=EVE)
    )
    assert "servicecatalog:userLevel" in next(servicecatalog.needs(call)).context
