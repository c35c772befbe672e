"""moto's dispatcher of requests to services, remembering what moto finds out at every request."""

from typing import Any

from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

WARM_SERVICES = (
    "cloudformation",
    "ec2",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "sagemaker",
    "servicecatalog",
    "sts",
)


class Dispatcher(DomainDispatcherApplication):
    """moto's, for whose answer of which backend a host means it lists its own folder each time."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._backend_names: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        if host not in self._backend_names:
            self._backend_names[host] = super().get_backend_for_host(host)
        return self._backend_names[host]

    def warm_up(self) -> None:
        """Do what the first request to a service does, so that no copy has to do it again."""
        for service in WARM_SERVICES:
            scope = f"-/-/us-east-1/{service}/aws4_request"
            authorization = f"AWS4-HMAC-SHA256 Credential={scope}, "
            self.get_application(
                {"HTTP_AUTHORIZATION": authorization, "HTTP_HOST": "", "PATH_INFO": "/"}
            )
            get_service_model(service)
