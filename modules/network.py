"""The private network of the notebooks: found, not made; only its VPC endpoints are ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.data_aws_route_table import (
    DataAwsRouteTable,
    DataAwsRouteTableFilter,
)
from cdktf_cdktf_provider_aws.data_aws_security_group import (
    DataAwsSecurityGroup,
    DataAwsSecurityGroupFilter,
)
from cdktf_cdktf_provider_aws.data_aws_subnet import DataAwsSubnet, DataAwsSubnetFilter
from cdktf_cdktf_provider_aws.data_aws_vpc import DataAwsVpc, DataAwsVpcFilter
from cdktf_cdktf_provider_aws.data_aws_vpc_endpoint import (
    DataAwsVpcEndpoint,
    DataAwsVpcEndpointFilter,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupIngress
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.naming import AwsEnvironment
from modules.policies.document import Document, to_json
from modules.policies.endpoint import (
    interface_endpoint_policy,
    notebook_endpoint_policy,
    s3_endpoint_policy,
)

S3 = "s3"
NOTEBOOK = "notebook"
S3_ENDPOINT_NAME = "s3-endpoint"
"""Name tag of the S3 endpoint that we make, by which the projects find it."""

INTERFACE_SERVICES = (
    "sagemaker.api",
    "sagemaker.runtime",
    "sts",
    "logs",
    "monitoring",
    "kms",
    "ecr.api",
    "ecr.dkr",
)
"""What a notebook without internet calls, besides S3."""

_COMMON_PREFIX = "com.amazonaws"
_COMMON_PREFIX_SERVICES = frozenset({S3, "kms", "logs"})
"""Services named ``com.amazonaws`` in China too, where the others begin ``cn.com.amazonaws``.

Source: the exceptions table of aws-cdk-lib's InterfaceVpcEndpointAwsService.
"""

_SERVICE = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


@dataclass(frozen=True)
class Lookup:
    """One existing thing of the network, by AWS's id or by its ``Name`` tag.

    Terraform fails the plan unless exactly one thing matches. Raises ValueError unless
    exactly one of the two is given, or when the name holds a wildcard of EC2's filters.
    """

    id: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if bool(self.id) == bool(self.name):
            raise ValueError(
                f"Lookup: give either id or name, got id={self.id!r}, name={self.name!r}"
            )
        if self.name and set(self.name) & {"*", "?"}:
            raise ValueError(
                f"Lookup: name must not hold * or ?, which match other names, got {self.name!r}"
            )

    @property
    def name_filters(self) -> list[tuple[str, list[str]]]:
        return [("tag:Name", [self.name])] if self.name else []


def endpoint_service_name(service: str, region: str, dns_prefix: str) -> str:
    """Return the full name of an endpoint service, such as ``com.amazonaws.<region>.sts``.

    ``dns_prefix`` is the partition's reversed DNS suffix (``aws_partition``'s
    ``reverse_dns_prefix``). ``notebook`` is the service that carries Jupyter itself.
    """
    if service == NOTEBOOK:
        return f"aws.sagemaker.{region}.notebook"
    prefix = _COMMON_PREFIX if service in _COMMON_PREFIX_SERVICES else dns_prefix
    return f"{prefix}.{region}.{service}"


class NotebookNetwork(Construct):
    """The VPC endpoints of one VPC: once per VPC, shared by its projects.

    ``services`` are those wanted besides S3, by short name; ``existing_endpoints`` maps a
    short name (``s3`` too) to the id of an endpoint that is there already, of which nothing
    is changed. The S3 endpoint lets only ``bucket_names`` through: it serves every subnet of
    ``route_tables``, so buckets of other workloads there belong to them. Private DNS is on,
    so within the VPC these services answer to ``security_group`` alone.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        vpc: Lookup,
        route_tables: Sequence[Lookup],
        endpoint_subnets: Sequence[Lookup],
        security_group: Lookup,
        bucket_names: Sequence[str],
        dns_prefix: str,
        services: Sequence[str] = INTERFACE_SERVICES,
        existing_endpoints: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        existing = existing_endpoints or {}
        to_make = [name for name in services if name not in existing and name != S3]
        self._check(route_tables, endpoint_subnets, to_make, existing)
        self._env, self._dns_prefix = env, dns_prefix
        self.vpc_id = find_vpc(self, vpc)
        self.s3_endpoint_id = existing.get(S3) or self._gateway(route_tables, bucket_names)
        self.endpoint_security_group_id: str | None = None
        self.interface_endpoint_ids = {k: v for k, v in existing.items() if k != S3}
        if to_make:
            subnet_ids = [
                find_subnet(self, lookup, self.vpc_id, f"Subnet{number}")
                for number, lookup in enumerate(endpoint_subnets)
            ]
            group_id = self._security_group(security_group)
            self.endpoint_security_group_id = group_id
            for service in to_make:
                self.interface_endpoint_ids[service] = self._interface(
                    service, subnet_ids, group_id
                )

    def _check(
        self,
        route_tables: Sequence[Lookup],
        endpoint_subnets: Sequence[Lookup],
        to_make: Sequence[str],
        existing: Mapping[str, str],
    ) -> None:
        path = self.node.path
        for service in (*to_make, *existing):
            if not _SERVICE.fullmatch(service):
                raise ValueError(
                    f"{path}: a service is a short name such as ecr.api, got {service!r}"
                )
        if len(set(to_make)) != len(to_make):
            raise ValueError(f"{path}: services must differ, got {', '.join(to_make)}")
        if not route_tables and S3 not in existing:
            raise ValueError(f"{path}: route_tables must name at least one, got none")
        if to_make and not endpoint_subnets:
            raise ValueError(f"{path}: endpoint_subnets must name at least one, got none")

    def _gateway(self, route_tables: Sequence[Lookup], bucket_names: Sequence[str]) -> str:
        endpoint = VpcEndpoint(
            self,
            "S3Endpoint",
            vpc_id=self.vpc_id,
            service_name=self._service_name(S3),
            vpc_endpoint_type="Gateway",
            route_table_ids=[
                find_route_table(self, lookup, self.vpc_id, f"RouteTable{number}")
                for number, lookup in enumerate(route_tables)
            ],
            policy=to_json(s3_endpoint_policy(env=self._env, bucket_names=bucket_names)),
            tags={"Name": S3_ENDPOINT_NAME},
        )
        return str(endpoint.id)

    def _interface(self, service: str, subnet_ids: list[str], security_group_id: str) -> str:
        endpoint = VpcEndpoint(
            self,
            f"{_pascal(service)}Endpoint",
            vpc_id=self.vpc_id,
            service_name=self._service_name(service),
            vpc_endpoint_type="Interface",
            subnet_ids=subnet_ids,
            security_group_ids=[security_group_id],
            private_dns_enabled=True,
            policy=to_json(self._interface_policy(service)),
            tags={"Name": f"{service}-endpoint"},
        )
        return str(endpoint.id)

    def _interface_policy(self, service: str) -> Document:
        if service == NOTEBOOK:
            return notebook_endpoint_policy(env=self._env)
        return interface_endpoint_policy(env=self._env)

    def _security_group(self, notebooks: Lookup) -> str:
        # The rule is inline: so a rule added behind Terraform's back appears in a plan.
        group = SecurityGroup(
            self,
            "SecurityGroup",
            name="sagemaker-endpoints",
            description="HTTPS from the notebooks to the VPC endpoints",
            vpc_id=self.vpc_id,
            ingress=[
                SecurityGroupIngress(
                    description="HTTPS from the notebooks",
                    protocol="tcp",
                    from_port=443,
                    to_port=443,
                    security_groups=[find_security_group(self, notebooks, self.vpc_id)],
                )
            ],
            tags={"Name": "sagemaker-endpoints"},
        )
        return str(group.id)

    def _service_name(self, service: str) -> str:
        return endpoint_service_name(service, self._env.region, self._dns_prefix)


class NotebookPlacement(Construct):
    """Where a project's notebooks live: a subnet and a security group of one VPC.

    The S3 endpoint is found by VPC and service unless its id is given, so that its id is
    known when Terraform plans.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        vpc: Lookup,
        subnet: Lookup,
        security_group: Lookup,
        s3_endpoint_id: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.vpc_id = find_vpc(self, vpc)
        self.subnet_id = find_subnet(self, subnet, self.vpc_id, "Subnet")
        self.security_group_id = find_security_group(self, security_group, self.vpc_id)
        self.s3_endpoint_id = s3_endpoint_id or self._find_s3_endpoint(env.region)

    def _find_s3_endpoint(self, region: str) -> str:
        endpoint = DataAwsVpcEndpoint(
            self,
            "S3Endpoint",
            vpc_id=self.vpc_id,
            service_name=endpoint_service_name(S3, region, _COMMON_PREFIX),
            # A VPC may have others, on other route tables.
            filter=[
                DataAwsVpcEndpointFilter(name="tag:Name", values=[S3_ENDPOINT_NAME]),
                DataAwsVpcEndpointFilter(name="vpc-endpoint-type", values=["Gateway"]),
            ],
        )
        return str(endpoint.id)


def find_vpc(scope: Construct, lookup: Lookup) -> str:
    filters = [DataAwsVpcFilter(name=name, values=v) for name, v in lookup.name_filters]
    return str(DataAwsVpc(scope, "Vpc", id=lookup.id, filter=filters or None).id)


def find_subnet(scope: Construct, lookup: Lookup, vpc_id: str, id_: str) -> str:
    filters = [DataAwsSubnetFilter(name=name, values=v) for name, v in lookup.name_filters]
    subnet = DataAwsSubnet(scope, id_, id=lookup.id, vpc_id=vpc_id, filter=filters or None)
    return str(subnet.id)


def find_security_group(scope: Construct, lookup: Lookup, vpc_id: str) -> str:
    filters = [DataAwsSecurityGroupFilter(name=name, values=v) for name, v in lookup.name_filters]
    group = DataAwsSecurityGroup(
        scope, "NotebookSecurityGroup", id=lookup.id, vpc_id=vpc_id, filter=filters or None
    )
    return str(group.id)


def find_route_table(scope: Construct, lookup: Lookup, vpc_id: str, id_: str) -> str:
    filters = [DataAwsRouteTableFilter(name=name, values=v) for name, v in lookup.name_filters]
    table = DataAwsRouteTable(
        scope, id_, route_table_id=lookup.id, vpc_id=vpc_id, filter=filters or None
    )
    return str(table.id)


def _pascal(service: str) -> str:
    return "".join(part.capitalize() for part in re.split(r"[.-]", service))
