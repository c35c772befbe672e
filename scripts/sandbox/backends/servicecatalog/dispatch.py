"""From an operation's name and parameters to the backend's answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.core.utils import camelcase_to_underscores

from scripts.sandbox.backends.servicecatalog.callers import NOBODY, Identity
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.shapes import check_answer, check_request, model

if TYPE_CHECKING:
    from scripts.sandbox.backends.servicecatalog.store import Store

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call: its parameters, and the IAM principals that the caller counts as.

    Attributes:
        identity: who calls, with the credentials.
        endpoint: `http://HOST:PORT` at which the call came in, and where other services are.
    """

    params: Mapping[str, Any] = field(default_factory=dict)
    caller: frozenset[str] = frozenset()
    identity: Identity = NOBODY
    endpoint: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The parameter's value, or the default."""
        return self.params.get(name, default)


def method_name(operation: str) -> str:
    """The backend's method for an operation: `CreatePortfolio` -> `create_portfolio`."""
    return camelcase_to_underscores(operation)


def perform(backend: "Store", operation: str, request: Request) -> Answer:
    """Check the request, answer it, check the answer.

    A repeated idempotency token gets the first answer again, without a second effect.

    Raises:
        ServiceCatalogError: what AWS would answer.
        TypeError: the answer does not fit the operation's output shape.
    """
    check_request(operation, request.params)
    token = _idempotency_token(operation, request.params)
    fingerprint = json.dumps(request.params, sort_keys=True)
    if token and (operation, token) in backend.tokens:
        first, given = backend.tokens[operation, token]
        if first != fingerprint:
            raise InvalidParametersError(
                f"Idempotency token {token} was used before with other parameters"
            )
        return given
    answer: Answer = _present(getattr(backend, method_name(operation))(request))
    check_answer(operation, answer)
    if token:
        backend.tokens[operation, token] = fingerprint, answer
    return answer


def _idempotency_token(operation: str, params: Mapping[str, Any]) -> str | None:
    for member in model.operation_model(operation).idempotent_members:
        if params.get(member):
            return str(params[member])
    return None


def _present(value: Any) -> Any:
    """Without the members that have no value, which AWS leaves out."""
    if isinstance(value, Mapping):
        return {name: _present(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return value
