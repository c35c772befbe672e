"""Addresses of the service, in the form that moto looks for beside a backend's class."""

from moto.servicecatalogappregistry.responses import AppRegistryResponse
from moto.servicecatalogappregistry.urls import url_paths as app_registry_paths

from scripts.sandbox.backends.servicecatalog.responses import ServiceCatalogResponse

url_bases = [r"https?://servicecatalog\.(.+)\.amazonaws\.com"]

# AppRegistry lives on the same host: moto's own answers stay.
url_paths = {
    "{0}/$": ServiceCatalogResponse.dispatch,
    **dict.fromkeys(app_registry_paths, AppRegistryResponse.dispatch),
}
