"""Which of moto's services a request is for."""

from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from scripts.sandbox.dispatcher import WARM_SERVICES, Dispatcher


def environ(service: str) -> dict[str, Any]:
    scope = f"key/20260101/eu-west-1/{service}/aws4_request"
    return {"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, ", "HTTP_HOST": ""}


@pytest.mark.parametrize(
    "host", ["iam.eu-west-1.amazonaws.com", "api.sagemaker.eu-west-1.amazonaws.com", "s3", None]
)
def test_a_host_means_what_it_means_to_moto(host: str | None) -> None:
    dispatcher = Dispatcher()
    expected = DomainDispatcherApplication.get_backend_for_host(dispatcher, host)
    assert [dispatcher.get_backend_for_host(host) for _ in range(2)] == [expected] * 2


def test_moto_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(
        DomainDispatcherApplication, "get_backend_for_host", lambda _, host: asked.append(host)
    )
    dispatcher = Dispatcher()
    for host in ("iam", "nowhere", "iam", "nowhere"):
        assert dispatcher.get_backend_for_host(host) is None
    assert asked == ["iam", "nowhere"]


def test_warm_services_are_answered_by_what_is_there_already() -> None:
    dispatcher = Dispatcher()
    dispatcher.warm_up()
    ready = dict(dispatcher.app_instances)
    assert set(ready) >= set(WARM_SERVICES) - {"lambda"}
    for service in WARM_SERVICES:
        application = dispatcher.get_application(environ(service) | {"PATH_INFO": "/"})
        assert any(application is one for one in ready.values()), service
    assert dispatcher.app_instances == ready
