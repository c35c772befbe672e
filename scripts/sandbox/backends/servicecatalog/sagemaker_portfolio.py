"""The portfolio that SageMaker owns and shares with the accounts that enable it."""

import json

from scripts.sandbox.backends.servicecatalog.ids import stable_id
from scripts.sandbox.backends.servicecatalog.imports import Imports
from scripts.sandbox.backends.servicecatalog.records import (
    Artifact,
    Constraint,
    Import,
    Portfolio,
    Product,
    Share,
)
from scripts.sandbox.backends.servicecatalog.store import Store
from scripts.sandbox.backends.servicecatalog.templates import parse

OWNER = "400000000001"
PROVIDER = "Amazon SageMaker"
NAME = "Amazon SageMaker Solutions and ML Ops products"
LAUNCH_ROLE = "AmazonSageMakerServiceCatalogProductsLaunchRole"
PRODUCTS = (
    "MLOps template for model building and training",
    "MLOps template for model building, training, and deployment",
)
TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "A SageMaker project",
    "Parameters": {
        "SageMakerProjectName": {
            "Type": "String",
            "Description": "Name of the project",
            "MinLength": 1,
            "MaxLength": 32,
            "AllowedPattern": "^[a-zA-Z](-*[a-zA-Z0-9])*",
        },
        "SageMakerProjectId": {"Type": "String", "Description": "Service generated Id"},
    },
    "Resources": {
        "ArtifactsBucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "Properties": {"BucketName": {"Fn::Sub": "sagemaker-project-${SageMakerProjectId}"}},
        }
    },
}


class SagemakerPortfolio(Imports):
    """What enabling and disabling SageMaker's portfolio does to an account."""

    # How many calls of ListAcceptedPortfolioShares miss the portfolio after it was enabled: in
    # AWS it takes seconds to appear. Set it on a backend, or on the class for all.
    sagemaker_import_lag: int = 1

    def import_sagemaker_portfolio(self) -> str:
        """Share SageMaker's portfolio with this account and accept it; its id.

        The id is the same in every account of a Region. Repeating it changes nothing.
        """
        owner = self.account(OWNER)
        portfolio = _publish(owner)
        if portfolio.id not in self.imports:
            owner.shares.setdefault(portfolio.id, []).append(
                Share("ACCOUNT", self.account_id, accepted=True)
            )
            self.imports[portfolio.id] = Import(OWNER, hidden=self.sagemaker_import_lag)
        return portfolio.id

    def remove_sagemaker_portfolio(self) -> None:
        """Take the portfolio back, with the principals associated with it."""
        owner = self.account(OWNER)
        portfolio = _publish(owner)
        owner.shares[portfolio.id] = [
            share for share in owner.shares.get(portfolio.id, []) if share.value != self.account_id
        ]
        self.forget(portfolio.id)


def _publish(owner: Store) -> Portfolio:
    """The portfolio in its owner's account, made at the first call."""
    portfolio_id = stable_id("port", NAME, owner.region_name)
    if portfolio_id not in owner.portfolios:
        owner.portfolios[portfolio_id] = Portfolio(
            id=portfolio_id,
            arn=owner.arn("portfolio", portfolio_id),
            display_name=NAME,
            provider_name=PROVIDER,
            description="Products of Amazon SageMaker: solutions and MLOps project templates",
        )
        for name in PRODUCTS:
            _publish_product(owner, owner.portfolios[portfolio_id], name)
    return owner.portfolios[portfolio_id]


def _publish_product(owner: Store, portfolio: Portfolio, name: str) -> None:
    product_id, artifact_id, constraint_id = (
        stable_id(prefix, name, owner.region_name) for prefix in ("prod", "pa", "cons")
    )
    artifact = Artifact(
        id=artifact_id,
        name="v1.0",
        description=name,
        type="CLOUD_FORMATION_TEMPLATE",
        info={},
        template=parse(json.dumps(TEMPLATE)),
    )
    owner.products[product_id] = Product(
        id=product_id,
        arn=owner.arn("product", product_id),
        name=name,
        owner=PROVIDER,
        type=artifact.type,
        tags={"sagemaker:studio-visibility": "true"},
        artifacts={artifact_id: artifact},
    )
    portfolio.product_ids.append(product_id)
    owner.constraints[constraint_id] = Constraint(
        id=constraint_id,
        type="LAUNCH",
        owner=owner.account_id,
        portfolio_id=portfolio.id,
        product_id=product_id,
        parameters=json.dumps({"LocalRoleName": LAUNCH_ROLE}),
    )
