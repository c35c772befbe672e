"""The HTTP side: every operation through a real client, with answers as AWS could give them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.validate import ParamValidator

from scripts.sandbox.backends.servicecatalog.responses import OPERATIONS
from scripts.sandbox.backends.servicecatalog.shapes import model
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import Account
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import (
    Shop,
    notebook_template,
)

OTHER = "210000000000"
TAGS = [{"Key": "a", "Value": "1"}]


class Walk:
    """Calls operations, and holds each answer on the wire against the model's output shape."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.called: set[str] = set()
        self._body: Any = None
        self._methods = {name: each for each, name in client.meta.method_to_api_mapping.items()}
        client.meta.events.register("before-parse.service-catalog", self._keep)

    def _keep(self, response_dict: dict[str, Any], **_: Any) -> None:
        self._body = json.loads(response_dict["body"])

    def __call__(self, operation: str, **members: Any) -> Any:
        answer = getattr(self.client, self._methods[operation])(**members)
        parsed = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        shape = model.operation_model(operation).output_shape
        assert shape is not None
        assert not ParamValidator().validate(parsed, shape).generate_report()
        assert members_of(self._body) == members_of(parsed)
        self.called.add(operation)
        return answer


def members_of(value: Any) -> Any:
    """Names of the members, however deep; those that a client's parser drops are not in its own."""
    if isinstance(value, Mapping):
        return {name: members_of(item) for name, item in value.items()}
    if isinstance(value, list):
        return [members_of(item) for item in value]
    return None


class Tour:
    """All operations, in an order in which each succeeds."""

    def __init__(self, account: Shop) -> None:
        self.account = account
        self.role = account.role()
        self.admin = Walk(account.client("servicecatalog", aws_access_key_id="walker"))
        self.user = Walk(account.as_role(self.role))
        made = self.admin("CreatePortfolio", DisplayName="P", ProviderName="CQ", Tags=TAGS)
        self.portfolio: str = made["PortfolioDetail"]["Id"]
        made = self.admin(
            "CreateProduct",
            Name="N",
            Owner="CQ",
            ProductType="CLOUD_FORMATION_TEMPLATE",
            Tags=TAGS,
            ProvisioningArtifactParameters=account.artifact(notebook_template()),
        )
        self.product: str = made["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
        self.view: str = made["ProductViewDetail"]["ProductViewSummary"]["Id"]
        self.first: str = made["ProvisioningArtifactDetail"]["Id"]
        self.place = {"ProductId": self.product, "PortfolioId": self.portfolio}
        self.principal = {
            "PortfolioId": self.portfolio,
            "PrincipalARN": self.role,
            "PrincipalType": "IAM",
        }

    def administer(self) -> None:
        walk = self.admin
        walk("DescribePortfolio", Id=self.portfolio)
        walk("UpdatePortfolio", Id=self.portfolio, Description="d", RemoveTags=["a"], AddTags=TAGS)
        walk("ListPortfolios", PageSize=1)
        walk("DescribeProductAsAdmin", Id=self.product)
        walk("UpdateProduct", Id=self.product, Description="d")
        walk("SearchProductsAsAdmin")
        walk("AssociateProductWithPortfolio", **self.place)
        walk("ListPortfoliosForProduct", ProductId=self.product)
        walk("AssociatePrincipalWithPortfolio", **self.principal)
        walk("ListPrincipalsForPortfolio", PortfolioId=self.portfolio)

    def make_versions(self) -> None:
        made = self.admin(
            "CreateProvisioningArtifact",
            ProductId=self.product,
            Parameters=self.account.artifact(),
        )
        version = {
            "ProductId": self.product,
            "ProvisioningArtifactId": made["ProvisioningArtifactDetail"]["Id"],
        }
        self.admin("DescribeProvisioningArtifact", **version, Verbose=True)
        self.admin("UpdateProvisioningArtifact", **version, Guidance="DEPRECATED")
        self.admin("ListProvisioningArtifacts", ProductId=self.product)
        self.admin("DeleteProvisioningArtifact", **version)

    def constrain(self) -> str:
        parameters = json.dumps({"RoleArn": self.account.launch_role})
        made = self.admin("CreateConstraint", **self.place, Type="LAUNCH", Parameters=parameters)
        constraint = str(made["ConstraintDetail"]["ConstraintId"])
        self.admin("DescribeConstraint", Id=constraint)
        self.admin("UpdateConstraint", Id=constraint, Description="d")
        self.admin("ListConstraintsForPortfolio", PortfolioId=self.portfolio)
        return constraint

    def offer_tags(self) -> None:
        option = self.admin("CreateTagOption", Key="k", Value="v")["TagOptionDetail"]["Id"]
        offer = {"ResourceId": self.product, "TagOptionId": option}
        self.admin("DescribeTagOption", Id=option)
        self.admin("UpdateTagOption", Id=option, Value="w")
        self.admin("ListTagOptions")
        self.admin("AssociateTagOptionWithResource", **offer)
        self.admin("ListResourcesForTagOption", TagOptionId=option)
        self.browse()
        self.admin("DisassociateTagOptionFromResource", **offer)
        self.admin("DeleteTagOption", Id=option)

    def browse(self) -> None:
        self.user("SearchProducts")
        self.user("DescribeProduct", Id=self.product)
        self.user("DescribeProductView", Id=self.view)
        self.user("ListLaunchPaths", ProductId=self.product)
        self.user(
            "DescribeProvisioningParameters",
            ProductId=self.product,
            ProvisioningArtifactId=self.first,
        )

    def launch(self) -> None:
        made = self.user(
            "ProvisionProduct",
            ProductId=self.product,
            ProvisioningArtifactId=self.first,
            ProvisionedProductName="mine",
            ProvisioningParameters=[{"Key": "Name", "Value": "mine"}],
        )["RecordDetail"]
        self.user("DescribeRecord", Id=made["RecordId"])
        self.account.ended(made["RecordId"])
        self.user("DescribeRecord", Id=made["RecordId"], PageSize=1)
        self.user("ListRecordHistory")
        self.user("DescribeProvisionedProduct", Name="mine")
        self.user("ScanProvisionedProducts")
        self.user("SearchProvisionedProducts", SortBy="name")
        self.user("GetProvisionedProductOutputs", ProvisionedProductName="mine")

    def end(self) -> None:
        mine = {"ProvisionedProductName": "mine"}
        made = self.user("UpdateProvisionedProduct", **mine)["RecordDetail"]
        self.account.ended(made["RecordId"])
        self.user("DescribeProvisionedProduct", Name="mine")
        made = self.user("TerminateProvisionedProduct", **mine)["RecordDetail"]
        self.account.ended(made["RecordId"])
        self.user("DescribeRecord", Id=made["RecordId"])

    def share(self) -> None:
        walk, portfolio = self.admin, {"PortfolioId": self.portfolio}
        walk("CreatePortfolioShare", **portfolio, AccountId=OTHER)
        walk("UpdatePortfolioShare", **portfolio, AccountId=OTHER, ShareTagOptions=True)
        walk("DescribePortfolioShares", **portfolio, Type="ACCOUNT")
        walk("ListPortfolioAccess", **portfolio)
        walk("DeletePortfolioShare", **portfolio, AccountId=OTHER)
        node = {"Type": "ACCOUNT", "Value": OTHER}
        made = walk("CreatePortfolioShare", **portfolio, OrganizationNode=node)
        walk("DescribePortfolioShareStatus", PortfolioShareToken=made["PortfolioShareToken"])
        walk("ListOrganizationPortfolioAccess", **portfolio, OrganizationNodeType="ACCOUNT")
        walk("DeletePortfolioShare", **portfolio, OrganizationNode=node)

    def import_portfolio(self) -> None:
        self.account.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
        # The first list misses it, as in AWS.
        self.admin("ListAcceptedPortfolioShares")
        found = self.admin("ListAcceptedPortfolioShares")["PortfolioDetails"]
        imported = found[0]["Id"]
        self.admin("AcceptPortfolioShare", PortfolioId=imported)
        self.admin("RejectPortfolioShare", PortfolioId=imported)

    def tidy_up(self, constraint: str) -> None:
        self.admin("DeleteConstraint", Id=constraint)
        self.admin("DisassociatePrincipalFromPortfolio", **self.principal)
        self.admin("DisassociateProductFromPortfolio", **self.place)
        self.admin("DeleteProduct", Id=self.product)
        self.admin("DeletePortfolio", Id=self.portfolio)


def test_every_operation_answers_in_its_shape(shop: Shop) -> None:
    tour = Tour(shop)
    tour.administer()
    tour.make_versions()
    constraint = tour.constrain()
    tour.offer_tags()
    tour.launch()
    tour.end()
    tour.share()
    tour.import_portfolio()
    tour.tidy_up(constraint)
    assert tour.admin.called | tour.user.called == set(OPERATIONS)


def test_an_error_is_one_that_clients_know_by_class(account: Account) -> None:
    with pytest.raises(account.catalog.exceptions.ResourceNotFoundException) as caught:
        account.catalog.describe_portfolio(Id="port-none")
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["Error"]["Message"] == "Portfolio port-none not found"
