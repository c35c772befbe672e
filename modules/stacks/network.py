"""``network-<name>``: the private ways out of one VPC, shared by the projects in it."""

from __future__ import annotations

from collections.abc import Iterator

from constructs import Construct

from modules.naming import bucket_name
from modules.network import Lookup, NotebookNetwork
from modules.settings import NetworkSettings, Selector, Settings
from modules.stacks.base import AwsStack


class NetworkStack(AwsStack):
    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, network: NetworkSettings
    ) -> None:
        super().__init__(scope, name, settings=settings)
        made = NotebookNetwork(
            self,
            "Network",
            env=self.env,
            vpc=lookup(network.vpc),
            route_tables=[lookup(table) for table in network.route_tables],
            endpoint_subnets=[
                lookup(subnet) for subnet in network.endpoint_subnets or (network.subnet,)
            ],
            security_group=lookup(network.security_group),
            services=network.endpoints,
            existing_endpoints=network.existing_endpoints,
            bucket_names=list(dict.fromkeys(self._bucket_names(settings, network))),
            dns_prefix=self.dns_prefix,
        )
        self.add_outputs(
            {
                "vpc_id": made.vpc_id,
                "s3_endpoint_id": made.s3_endpoint_id,
                "interface_endpoint_ids": made.interface_endpoint_ids,
                "endpoint_security_group_id": made.endpoint_security_group_id,
            }
        )

    def _bucket_names(self, settings: Settings, network: NetworkSettings) -> Iterator[str]:
        for project in settings.projects:
            if settings.network_of(project) != network:
                continue
            yield bucket_name(project.name, "notebook", self.env.account_id, self.env.region)
            if project.code_bucket:
                yield project.code_bucket
        yield from network.extra_buckets


def lookup(selector: Selector) -> Lookup:
    """Return how a selector of the settings is looked up."""
    return Lookup(id=selector.id, name=selector.name)
