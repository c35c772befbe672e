"""Notebook products as a deployment leaves them, and the outputs that name them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.sandbox import Sandbox

TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
}


def make_product(account: Sandbox, name: str = "SageMakerProduct", version: str = "1") -> str:
    """Make a product with one version, as Terraform does, and return its id."""
    account.client("s3").put_object(
        Bucket="prosm-code", Key="template.json", Body=json.dumps(TEMPLATE).encode()
    )
    url = "https://prosm-code.s3.eu-west-1.amazonaws.com/template.json"
    made = account.client("servicecatalog").create_product(
        Name=name,
        Owner="CQ",
        ProductType="CLOUD_FORMATION_TEMPLATE",
        ProvisioningArtifactParameters={
            "Name": version,
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {"LoadTemplateFromURL": url},
        },
        IdempotencyToken=name,
    )
    return str(made["ProductViewDetail"]["ProductViewSummary"]["ProductId"])


def write_outputs(file: Path, product_id: str, **version: Any) -> Path:
    """Write what ``terraform output -json`` prints of the stack that made the product."""
    wanted = {"name": "1", "guidance": "DEFAULT", "active": True} | version
    values = {
        "project_name": "alpha",
        "project_id": "QuickStart007",
        "product_id": product_id,
        "product_name": "SageMakerProduct",
        "first_version": wanted,
    }
    outputs = {
        key: {"sensitive": False, "type": "x", "value": item} for key, item in values.items()
    }
    file.write_text(json.dumps(outputs))
    return file
