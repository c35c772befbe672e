"""An account with roles, a bucket of templates, and this project's Service Catalog, in-process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend

ACCOUNT = "123456789012"
REGION = "eu-west-1"
BUCKET = "templates"
TEMPLATE = {
    "Parameters": {"Size": {"Type": "Number", "Default": 5, "MinValue": 1}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)


# Reading a service's model is what costs: one session and one client each for all tests.
SESSION = boto3.Session(region_name=REGION)


def client(service: str, **credentials: str) -> Any:
    keys = {"aws_access_key_id": "nobody", "aws_secret_access_key": "secret"} | credentials
    return SESSION.client(service, **keys)  # type: ignore[call-overload]


cached_client = cache(client)


class Account:
    """Ways to make what a test needs, through the public API."""

    def __init__(self) -> None:
        self._names = count()
        self.s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    @cached_property
    def catalog(self) -> Any:
        return self.client("servicecatalog")

    @cached_property
    def iam(self) -> Any:
        return self.client("iam")

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    def client(self, service: str, **credentials: str) -> Any:
        return client(service, **credentials) if credentials else cached_client(service)

    @property
    def backend(self) -> ServiceCatalogBackend:
        return servicecatalog_backends[ACCOUNT][REGION]  # type: ignore[return-value]

    def role(self, name: str = "", path: str = "/") -> str:
        name = name or f"role-{next(self._names)}"
        role = self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)
        return str(role["Role"]["Arn"])

    def as_role(self, arn: str) -> Any:
        """Service Catalog as the role sees it."""
        credentials = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")
        keys = credentials["Credentials"]
        return self.client(
            "servicecatalog",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def template(self, body: Any = None, key: str = "") -> str:
        """URL of a template in S3; text is stored as it is."""
        key = key or f"{next(self._names)}.json"
        text = body if isinstance(body, str) else json.dumps(body or TEMPLATE)
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
        return f"https://{BUCKET}.s3.{REGION}.amazonaws.com/{key}"

    def artifact(self, body: Any = None, **properties: Any) -> dict[str, Any]:
        """Properties of a version to create."""
        return {"Name": "1", "Info": {"LoadTemplateFromURL": self.template(body)}} | properties

    def portfolio(self, name: str = "Portfolio", **members: Any) -> str:
        created = self.catalog.create_portfolio(DisplayName=name, ProviderName="CQ", **members)
        return str(created["PortfolioDetail"]["Id"])

    def product(self, name: str = "Product", *, portfolio: str = "", **members: Any) -> str:
        created = self.catalog.create_product(
            **{
                "Name": name,
                "Owner": "CQ",
                "ProductType": "CLOUD_FORMATION_TEMPLATE",
                "ProvisioningArtifactParameters": self.artifact(),
            }
            | members
        )
        product = created["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
        if portfolio:
            self.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId=portfolio)
        return str(product)

    def grant(self, portfolio: str, arn: str, kind: str = "IAM") -> None:
        self.catalog.associate_principal_with_portfolio(
            PortfolioId=portfolio, PrincipalARN=arn, PrincipalType=kind
        )

    def launch_constraint(self, portfolio: str, product: str, role: str = "") -> str:
        created = self.catalog.create_constraint(
            PortfolioId=portfolio,
            ProductId=product,
            Type="LAUNCH",
            Parameters=json.dumps({"RoleArn": role or self.role()}),
        )
        return str(created["ConstraintDetail"]["ConstraintId"])

    def artifacts(self, product: str) -> list[dict[str, Any]]:
        listed = self.catalog.list_provisioning_artifacts(ProductId=product)
        return list(listed["ProvisioningArtifactDetails"])


@contextmanager
def refused(code: str, *words: str) -> Iterator[None]:
    """The block's call is refused with this code, and the message has these words."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    for word in words:
        assert word in error["Message"]


NOT_FOUND = "ResourceNotFoundException"
IN_USE = "ResourceInUseException"
INVALID = "InvalidParametersException"
DUPLICATE = "DuplicateResourceException"
LIMIT = "LimitExceededException"
