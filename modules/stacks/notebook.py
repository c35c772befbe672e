"""``notebook-<project>``: everything behind one project's governed notebook."""

from __future__ import annotations

import json

from cdktf import ITerraformDependable
from constructs import Construct

from modules.encryption import CustomerManagedKey
from modules.end_user_role import EndUserRole
from modules.execution_role import ExecutionRole
from modules.launch_role import LaunchRole
from modules.naming import bucket_name, project_names, project_tags
from modules.network import NotebookPlacement
from modules.notebook_builder.function import NotebookBuilder
from modules.notebook_builder.lifecycle import LifecycleConfigs
from modules.notebook_builder.role import BuilderRole
from modules.product_template import ProductFacts, product_template
from modules.service_catalog import LaunchConstraint, Portfolio, Product, ProductVersion
from modules.settings import EndUserRole as EndUserRoleSettings
from modules.settings import NetworkSettings, ProjectSettings, Selector, Settings
from modules.stacks.base import AwsStack
from modules.stacks.network import lookup
from modules.storage import EncryptedBucket


class NotebookStack(AwsStack):
    """The project's key, roles, buckets, builder and product, wired in this order."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        project: ProjectSettings,
        network: NetworkSettings,
    ) -> None:
        super().__init__(
            scope, name, settings=settings, tags=project_tags(project.name, project.id)
        )
        self.settings, self.project, self.network = settings, project, network
        self.names = project_names(settings.names.base_names(), project.name)
        self.placement = self._find_placement()
        self.execution_role = self._add_execution_role()
        self.launch_role = self._add_launch_role()
        self.end_user_roles = [self._add_end_user_role(role) for role in project.end_user_roles]
        self.builder_role = self._add_builder_role() if project.build == "lambda" else None
        self.key = self._add_key()
        self.bucket, self.catalog_bucket = self._add_buckets()
        self.lifecycle = LifecycleConfigs(
            self, "LifecycleConfigs", names=self.names, code_bucket_name=project.code_bucket
        )
        self.builder = self._add_builder(self.builder_role) if self.builder_role else None
        self.product = self._add_product()
        self.portfolio = self._add_portfolio()
        self._add_outputs()

    def _find_placement(self) -> NotebookPlacement:
        return NotebookPlacement(
            self,
            "Placement",
            env=self.env,
            vpc=lookup(self.network.vpc),
            subnet=lookup(self.network.subnet),
            security_group=lookup(self.network.security_group),
            s3_endpoint_id=self.network.existing_endpoints.get("s3"),
        )

    def _add_execution_role(self) -> ExecutionRole:
        return ExecutionRole(
            self,
            "ExecutionRole",
            env=self.env,
            names=self.names,
            bucket_name=self._bucket_name("notebook"),
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            code_bucket=self.project.code_bucket,
            permissions_boundary=self.settings.permissions_boundary,
        )

    def _add_launch_role(self) -> LaunchRole:
        return LaunchRole(
            self,
            "LaunchRole",
            env=self.env,
            names=self.names,
            project_id=self.project.id,
            build=self.project.build,
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            permissions_boundary=self.settings.permissions_boundary,
        )

    def _add_end_user_role(self, role: EndUserRoleSettings) -> EndUserRole:
        return EndUserRole(
            self,
            f"EndUserRole-{role.name}",
            env=self.env,
            names=self.names,
            project_id=self.project.id,
            base_name=role.name,
            assumed_by=role.assumed_by,
            build=self.project.build,
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            permissions_boundary=self.settings.permissions_boundary,
        )

    def _bucket_name(self, purpose: str) -> str:
        return bucket_name(self.project.name, purpose, self.env.account_id, self.env.region)

    def _add_builder_role(self) -> BuilderRole:
        return BuilderRole(
            self,
            "BuilderRole",
            env=self.env,
            names=self.names,
            project_id=self.project.id,
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            permissions_boundary=self.settings.permissions_boundary,
        )

    def _add_key(self) -> CustomerManagedKey:
        maker = self.builder_role or self.launch_role
        grantees = [maker, *self.end_user_roles]
        return CustomerManagedKey(
            self,
            "Key",
            env=self.env,
            alias=self.names.key_alias,
            user_role_arn=self.execution_role.arn,
            grantee_role_arns=[role.arn for role in grantees],
            depends_on=[
                dependable
                for role in (self.execution_role, *grantees)
                for dependable in role.dependables
            ],
            catalog_bucket_name=self._bucket_name("catalog"),
        )

    def _add_buckets(self) -> tuple[EncryptedBucket, EncryptedBucket]:
        data, catalog = (
            EncryptedBucket(
                self,
                id_,
                bucket_name=self._bucket_name(purpose),
                key_arn=self.key.key_arn,
                force_destroy=self.project.empty_buckets_on_destroy,
            )
            for id_, purpose in (("Bucket", "notebook"), ("CatalogBucket", "catalog"))
        )
        data.restrict_to_endpoint(
            env=self.env,
            vpc_endpoint_id=self.placement.s3_endpoint_id,
            deployer_arns=self.settings.deployers,
            key_arn=self.key.key_arn,
        )
        catalog.deny_insecure_transport(self.env)
        return data, catalog

    def _add_builder(self, role: BuilderRole) -> NotebookBuilder:
        return NotebookBuilder(
            self,
            "Builder",
            env=self.env,
            names=self.names,
            role=role,
            vpc_id=self.placement.vpc_id,
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            end_user_role_ids={role.name: role.unique_id for role in self.end_user_roles},
            execution_role_arn=self.execution_role.arn,
            key_arn=self.key.key_arn,
            platform_identifier=self.project.notebook.platform_identifier,
            project_id=self.project.id,
        )

    def _add_product(self) -> Product:
        catalog = self.settings.catalog
        return Product(
            self,
            "Product",
            name=self.names.product,
            owner=catalog.owner,
            description=catalog.description,
            distributor=catalog.distributor,
            support_email=catalog.support_email,
            support_url=catalog.support_url,
            versions=[ProductVersion(**version.model_dump()) for version in self.project.versions],
            template=json.dumps(product_template(self._facts(), self.project.build)),
            bucket_name=self.catalog_bucket.bucket_name,
            bucket_regional_domain_name=self.catalog_bucket.resource.bucket_regional_domain_name,
            key_prefix="product",
            # A destroy takes the product first: if it is refused, what notebooks need still stands.
            depends_on=[*self.catalog_bucket.dependables, *self._needed_by_a_launch()],
        )

    def _facts(self) -> ProductFacts:
        """Return what the template says of this project."""
        notebook = self.project.notebook
        return ProductFacts(
            project_name=self.project.name,
            project_id=self.project.id,
            environment=self.project.environment,
            execution_role_arn=self.execution_role.arn,
            bucket_name=self._bucket_name("notebook"),
            subnet=_text(self.network.subnet),
            security_group=_text(self.network.security_group),
            lifecycle_config=self.lifecycle.names["default"],
            lifecycle_config_s3=self.lifecycle.names.get("s3"),
            code_bucket=self.project.code_bucket,
            default_instance_type=notebook.instance_type,
            instance_types=notebook.allowed_instance_types,
            default_volume_size=notebook.volume_size_gb,
            max_volume_size=notebook.max_volume_size_gb,
            default_root_access="Enabled" if notebook.root_access else "Disabled",
            root_access_choices=("Enabled", "Disabled") if notebook.root_access else ("Disabled",),
            platform_identifier=notebook.platform_identifier,
            builder_function_arn=self.builder.function_arn if self.builder else None,
            subnet_id=self.placement.subnet_id,
            security_group_id=self.placement.security_group_id,
            key_arn=self.key.key_arn,
        )

    def _add_portfolio(self) -> Portfolio:
        catalog = self.settings.catalog
        portfolio = Portfolio(
            self,
            "Portfolio",
            name=self.names.portfolio,
            provider_name=catalog.owner,
            description=catalog.description,
        )
        LaunchConstraint(
            self,
            "LaunchConstraint",
            portfolio=portfolio,
            product=self.product,
            role_arn=self.launch_role.arn,
            depends_on=self.launch_role.dependables,
        )
        for role in self.end_user_roles:
            portfolio.grant_access(role.node.id, role_arn=role.arn, depends_on=role.dependables)
        return portfolio

    def _needed_by_a_launch(self) -> list[ITerraformDependable]:
        """Return what has to be there before the product is, and after it is gone."""
        return [
            *self.launch_role.dependables,
            *self.execution_role.dependables,
            *self.key.dependables,
            *self.bucket.dependables,
            *self.lifecycle.dependables,
            *(self.builder.dependables if self.builder else []),
        ]

    def _add_outputs(self) -> None:
        first = self.project.versions[0]
        self.add_outputs(
            {
                "project_name": self.project.name,
                "project_id": self.project.id,
                "portfolio_id": self.portfolio.id,
                "product_id": self.product.id,
                "product_name": self.product.name,
                "version_artifact_ids": self.product.artifact_ids,
                "first_version": {
                    "name": first.name,
                    "guidance": first.guidance,
                    "active": first.active,
                },
                "launch_role_arn": self.launch_role.arn,
                "end_user_role_arns": [role.arn for role in self.end_user_roles],
                "execution_role_arn": self.execution_role.arn,
                "key_arn": self.key.key_arn,
                "key_alias": self.key.alias_name,
                "bucket_name": self.bucket.bucket_name,
                "catalog_bucket_name": self.catalog_bucket.bucket_name,
                "builder_function_arn": self.builder.function_arn if self.builder else None,
                "lifecycle_config_names": self.lifecycle.names,
            }
        )


def _text(selector: Selector) -> str:
    """Return what stands for the selector in the template: the id, or the Name tag."""
    return selector.id or selector.name or ""
