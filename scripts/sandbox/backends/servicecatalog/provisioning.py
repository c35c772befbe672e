"""Launching, updating and ending provisioned products."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.artifacts import CLOUDFORMATION, artifact_by
from scripts.sandbox.backends.servicecatalog.catalog import Catalog, LaunchPath
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    InvalidStateError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.provisioned import (
    PROVISION,
    TERMINATE,
    UNDER_CHANGE,
    UPDATE,
    ProvisionedProduct,
    Record,
)
from scripts.sandbox.backends.servicecatalog.provisioning_stack import Wanted
from scripts.sandbox.backends.servicecatalog.provisioning_tags import auto_tags, chosen_tags
from scripts.sandbox.backends.servicecatalog.provisioning_work import Work
from scripts.sandbox.backends.servicecatalog.records import Artifact, Constraint, Product
from scripts.sandbox.backends.servicecatalog.tags import new_tags, tag_list
from scripts.sandbox.backends.servicecatalog.template_bucket import publish

DEPRECATED = "DEPRECATED"
# Service Catalog's name of a parameter's member -> CloudFormation's.
NAMES = {"Key": "ParameterKey", "Value": "ParameterValue"}


class Provisioning(Catalog):
    """The requests. What comes of each shows in its record, a little later."""

    def provision_product(self, request: Request) -> Answer:
        """Launch a version of a product by one path."""
        name = request["ProvisionedProductName"]
        product = self.product_by(request.get("ProductId"), request.get("ProductName"))
        path = self._path(request, product)
        artifact = self._usable_artifact(request, product)
        if artifact.guidance == DEPRECATED:
            raise InvalidParametersError(
                f"Provisioning artifact {artifact.id} is deprecated: it cannot be launched anew"
            )
        if any(each.name == name for each in self._provisioned_in_account()):
            # The words are AWS's own, though it is not the stack that has this name.
            raise InvalidParametersError(f"A stack named {name} already exists.")
        tags = chosen_tags(path, self._tag_options(path), new_tags(request))
        constraints = self.constraints_on(path.portfolio.id, product.id)
        provisioned_id = new_id("pp")
        scope = f"{self.region_name}:{self.account_id}"
        provisioned = ProvisionedProduct(
            id=provisioned_id,
            arn=f"arn:{self.partition}:servicecatalog:{scope}:stack/{name}/{provisioned_id}",
            name=name,
            owner=request.identity,
            token=request["ProvisionToken"],
            product_id=product.id,
            artifact_id=artifact.id,
            path_id=path.id,
            names=(product.name, artifact.name),
            launch_role=self._launch_role(constraints),
            tags=tags,
        )
        provisioned.tags |= auto_tags(provisioned, path)
        self.provisioned[provisioned.id] = provisioned
        record = self._record(PROVISION, provisioned)
        wanted = self._wanted(artifact, constraints, request, provisioned.tags)
        work = self._work(record, request)
        return _begun(record, work, lambda: work.provision(wanted))

    def update_provisioned_product(self, request: Request) -> Answer:
        """Change parameters, version or product. Tags only where a constraint allows it."""
        provisioned = self._settled(request)
        product = (
            self.product_by(request.get("ProductId"), request.get("ProductName"))
            if request.get("ProductId") or request.get("ProductName")
            else self.product(provisioned.product_id)
        )
        path = self._path(request, product, provisioned.path_id)
        artifact = self._usable_artifact(request, product, provisioned.artifact_id)
        constraints = self.constraints_on(path.portfolio.id, product.id)
        tags = dict(provisioned.tags)
        if request.get("Tags"):
            _require_tag_update(constraints)
            tags |= new_tags(request)
        provisioned.launch_role = self._launch_role(constraints)
        record = self._record(UPDATE, provisioned)
        record.product_id, record.artifact_id, record.path_id = product.id, artifact.id, path.id
        wanted = self._wanted(artifact, constraints, request, tags)
        before, provisioned.status = provisioned.status, UNDER_CHANGE

        def commit() -> None:
            provisioned.tags = tags
            provisioned.product_id, provisioned.artifact_id = product.id, artifact.id
            provisioned.path_id = path.id
            provisioned.names = (product.name, artifact.name)

        work = self._work(record, request)
        return _begun(record, work, lambda: work.update(wanted, commit, before))

    def terminate_provisioned_product(self, request: Request) -> Answer:
        """End it: its stack is deleted, unless the resources are to be retained."""
        provisioned = self._settled(request)
        provisioned.status = UNDER_CHANGE
        record = self._record(TERMINATE, provisioned)
        work = self._work(record, request)

        def forget() -> None:
            del self.provisioned[provisioned.id]
            # "This token is only valid during the termination process."
            self.tokens.pop(("TerminateProvisionedProduct", request["TerminateToken"]), None)

        return _begun(
            record,
            work,
            lambda: work.terminate(
                forget,
                retain=bool(request.get("RetainPhysicalResources")),
                ignore_errors=bool(request.get("IgnoreErrors")),
            ),
        )

    def owner_of(self, identifier: str) -> str | None:
        """ARN of the user or session that owns a provisioned product.

        Args:
            identifier: its id, name or ARN, or the id of one of its records.
        """
        if identifier in self.records:
            return self.records[identifier].of.owner.credentials.arn
        for each in self.provisioned.values():
            if identifier in {each.id, each.name, each.arn}:
                return each.owner.credentials.arn
        return None

    def provisioned_by(self, provisioned_id: str | None, name: str | None) -> ProvisionedProduct:
        """A provisioned product by exactly one of its id and its name (or ARN).

        Raises:
            InvalidParametersError: both are given, or none.
            ResourceNotFoundError: no such provisioned product, or it was ended.
        """
        if bool(provisioned_id) == bool(name):
            raise InvalidParametersError("Specify the provisioned product's id or its name")
        for each in self.provisioned.values():
            if provisioned_id == each.id or (name and name in {each.name, each.arn}):
                return each
        raise ResourceNotFoundError(f"Provisioned product {provisioned_id or name} not found")

    def _settled(self, request: Request) -> ProvisionedProduct:
        """The provisioned product that the request names, if nothing is going on with it."""
        provisioned = self.provisioned_by(
            request.get("ProvisionedProductId"), request.get("ProvisionedProductName")
        )
        if provisioned.status == UNDER_CHANGE:
            # AWS documents no error of these operations for it; of the service's errors this is
            # the one for "a resource that is in a state that is not valid".
            raise InvalidStateError(
                f"Provisioned product {provisioned.id} is {UNDER_CHANGE}: "
                f"record {provisioned.last_record} is in progress"
            )
        return provisioned

    def _path(self, request: Request, product: Product, known: str | None = None) -> LaunchPath:
        """The path that the request names, or the known one if the caller still has it."""
        path_id, path_name = request.get("PathId"), request.get("PathName")
        if known and not path_id and not path_name:
            for path in self.launch_paths(product, request.caller):
                if path.id == known:
                    return path
        return self.launch_path(product, request.caller, path_id, path_name)

    def _usable_artifact(
        self, request: Request, product: Product, known: str | None = None
    ) -> Artifact:
        artifact_id = request.get("ProvisioningArtifactId")
        artifact_name = request.get("ProvisioningArtifactName")
        if not artifact_id and not artifact_name:
            artifact_id = known
        artifact = artifact_by(product, artifact_id, artifact_name)
        if not artifact.active:
            # To end users an inactive version is invisible.
            raise ResourceNotFoundError(f"Provisioning artifact {artifact.id} is not active")
        if artifact.type != CLOUDFORMATION:
            raise NotImplementedError(f"launching a product of type {artifact.type}")
        return artifact

    def _provisioned_in_account(self) -> Iterable[ProvisionedProduct]:
        for store in servicecatalog_backends[self.account_id].values():
            yield from store.provisioned.values()  # type: ignore[attr-defined]  # ours

    def _launch_role(self, constraints: Iterable[Constraint]) -> str | None:
        for constraint in constraints:
            if constraint.type == "STACKSET":
                raise NotImplementedError("launching under a STACKSET constraint")
            if constraint.type == "LAUNCH":
                return self.launch_role(constraint)
        return None

    def _wanted(
        self,
        artifact: Artifact,
        constraints: Iterable[Constraint],
        request: Request,
        tags: Mapping[str, str],
    ) -> Wanted:
        """The stack as the version, the path's constraints and the request ask for it."""
        topics = list(request.get("NotificationArns") or ())
        rules: dict[str, Any] = {}
        for constraint in constraints:
            if constraint.type == "NOTIFICATION":
                topics += json.loads(constraint.parameters)["NotificationArns"]
            elif constraint.type == "TEMPLATE":
                rules |= json.loads(constraint.parameters)["Rules"]
        return Wanted(
            template_url=publish(self.partition, self.region_name, _body(artifact, rules)),
            parameters=[
                {NAMES.get(member, member): value for member, value in parameter.items()}
                for parameter in request.get("ProvisioningParameters") or ()
            ],
            tags=tag_list(tags),
            topics=topics,
        )

    def _record(self, kind: str, provisioned: ProvisionedProduct) -> Record:
        record = Record(
            id=new_id("rec"),
            type=kind,
            of=provisioned,
            product_id=provisioned.product_id,
            artifact_id=provisioned.artifact_id,
            path_id=provisioned.path_id,
            launch_role=provisioned.launch_role,
        )
        self.records[record.id] = record
        provisioned.last_record = record.id
        return record

    def _work(self, record: Record, request: Request) -> Work:
        return Work(
            record=record,
            endpoint=request.endpoint,
            region=self.region_name,
            account_id=self.account_id,
            caller=request.identity.credentials,
        )


def _begun(record: Record, work: Work, task: Any) -> Answer:
    """The record as it was when asked for; from now on it changes by itself."""
    answer = {"RecordDetail": record.detail()}
    work.begin(task)
    return answer


def _body(artifact: Artifact, rules: Mapping[str, Any]) -> str:
    """The version's template, as it is or with further rules."""
    template = artifact.template
    if template is None:
        return ""
    if not rules:
        return template.body
    return json.dumps({**template.document, "Rules": {**template.section("Rules"), **rules}})


def _require_tag_update(constraints: Iterable[Constraint]) -> None:
    """Tags of a provisioned product stand, unless a RESOURCE_UPDATE constraint says otherwise."""
    for constraint in constraints:
        if constraint.type == "RESOURCE_UPDATE":
            properties = json.loads(constraint.parameters)["Properties"]
            if properties["TagUpdateOnProvisionedProduct"] == "ALLOWED":
                return
    raise InvalidParametersError(
        "Tags cannot be updated: the product has no RESOURCE_UPDATE constraint that allows it"
    )
