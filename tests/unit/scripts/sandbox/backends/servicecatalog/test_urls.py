"""Addresses of the service."""

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import Account


def test_app_registry_still_answers_on_the_same_host(account: Account) -> None:
    registry = account.client("servicecatalog-appregistry")
    registry.create_application(name="app", clientToken="token")
    assert [each["name"] for each in registry.list_applications()["applications"]] == ["app"]
