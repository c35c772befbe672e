"""Provisioning artifacts: the versions of a product."""

from collections.abc import Mapping
from typing import Any

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceInUseError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.parameters import artifact_parameters
from scripts.sandbox.backends.servicecatalog.records import Artifact, Product
from scripts.sandbox.backends.servicecatalog.store import Store
from scripts.sandbox.backends.servicecatalog.template_source import load_stack, load_url
from scripts.sandbox.backends.servicecatalog.templates import Template, parse, read

CLOUDFORMATION = "CLOUD_FORMATION_TEMPLATE"
URL, STACK = "LoadTemplateFromURL", "ImportFromPhysicalId"
# Under which names a description gives back what was asked with at creation.
INFO = {URL: "TemplateUrl", STACK: "PhysicalId"}


def new_artifact(store: Store, product: Product, properties: Mapping[str, Any]) -> Artifact:
    """Add a version to the product, with its own copy of the template.

    Raises:
        InvalidParametersError: no template source, or two; a template that cannot be read or
            is not valid; a type that is not the product's.
    """
    kind = properties.get("Type", product.type)
    if kind != product.type:
        raise InvalidParametersError(
            f"Provisioning artifact type {kind} does not fit a product of type {product.type}"
        )
    info = dict(properties.get("Info") or {})
    if len(info) != 1 or not set(info) <= set(INFO):
        raise InvalidParametersError(f"Info must have exactly one of {', '.join(INFO)}")
    artifact = Artifact(
        id=new_id("pa"),
        name=properties.get("Name"),
        description=properties.get("Description"),
        type=kind,
        info=info,
        template=_template(
            store, kind, info, unchecked=bool(properties.get("DisableTemplateValidation"))
        ),
    )
    product.artifacts[artifact.id] = artifact
    return artifact


def _template(store: Store, kind: str, info: Mapping[str, str], *, unchecked: bool) -> Template:
    if URL in info:
        body = load_url(store.account_id, store.partition, info[URL])
    else:
        body = load_stack(store.account_id, store.region_name, info[STACK])
    return read(body) if unchecked or kind != CLOUDFORMATION else parse(body)


class Artifacts(Store):
    """Create, describe, update, delete and list versions."""

    def create_provisioning_artifact(self, request: Request) -> Answer:
        """A further version of an own product."""
        product = self.own_product(request["ProductId"])
        artifact = new_artifact(self, product, request["Parameters"])
        return _described(artifact)

    def describe_provisioning_artifact(self, request: Request) -> Answer:
        """By id or name, of the product if one is given. `Verbose` adds the template's text."""
        artifact = self._find(request)
        answer = _described(artifact)
        if request.get("Verbose") and artifact.template:
            answer["Info"]["CloudFormationTemplate"] = artifact.template.body
        if request.get("IncludeProvisioningArtifactParameters"):
            answer["ProvisioningArtifactParameters"] = artifact_parameters(artifact.template)
        return answer

    def update_provisioning_artifact(self, request: Request) -> Answer:
        """Only what the request names changes; never the template."""
        product = self.own_product(request["ProductId"])
        artifact = artifact_by(product, request["ProvisioningArtifactId"])
        artifact.name = request.get("Name", artifact.name)
        artifact.description = request.get("Description", artifact.description)
        artifact.active = request.get("Active", artifact.active)
        artifact.guidance = request.get("Guidance", artifact.guidance)
        return _described(artifact)

    def delete_provisioning_artifact(self, request: Request) -> Answer:
        """Any version but the last one."""
        product = self.own_product(request["ProductId"])
        artifact = artifact_by(product, request["ProvisioningArtifactId"])
        if len(product.artifacts) == 1:
            raise ResourceInUseError(
                f"{artifact.id} is the last provisioning artifact of product {product.id}"
            )
        del product.artifacts[artifact.id]
        return {}

    def list_provisioning_artifacts(self, request: Request) -> Answer:
        """All versions at once, as the operation takes no page token."""
        product = self.product(request["ProductId"])
        details = [artifact.detail() for artifact in product.artifacts.values()]
        return {"ProvisioningArtifactDetails": details}

    def _find(self, request: Request) -> Artifact:
        artifact_id = request.get("ProvisioningArtifactId")
        product_id, product_name = request.get("ProductId"), request.get("ProductName")
        if not (artifact_id and not product_id and not product_name):
            product = self.product_by(product_id, product_name)
            return artifact_by(product, artifact_id, request.get("ProvisioningArtifactName"))
        for product in self.usable_products():
            if artifact_id in product.artifacts:
                return product.artifacts[artifact_id]
        raise ResourceNotFoundError(f"Provisioning artifact {artifact_id} not found")


def artifact_by(product: Product, artifact_id: str | None, name: str | None = None) -> Artifact:
    """A version by exactly one of its id and its name.

    Raises:
        InvalidParametersError: both are given, or none.
        ResourceNotFoundError: no such version.
    """
    if bool(artifact_id) == bool(name):
        raise InvalidParametersError("Specify the provisioning artifact's id or its name, not both")
    for artifact in product.artifacts.values():
        if artifact_id == artifact.id or (name and name == artifact.name):
            return artifact
    raise ResourceNotFoundError(
        f"Provisioning artifact {artifact_id or name} of product {product.id} not found"
    )


def _described(artifact: Artifact) -> Answer:
    return {
        "ProvisioningArtifactDetail": artifact.detail(),
        "Info": {INFO[key]: value for key, value in artifact.info.items()},
        "Status": "AVAILABLE",
    }
