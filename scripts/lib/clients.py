"""The one place where sessions and clients of AWS are built.

An endpoint other than AWS's own comes from ``AWS_ENDPOINT_URL``, as everywhere in AWS's tools.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound
from botocore.loaders import Loader, create_loader

from scripts.lib.errors import NO_CREDENTIALS, NO_REGION, AwsError, InputError, describe
from scripts.lib.role_arn import RoleArn

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_servicecatalog import ServiceCatalogClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import GetCallerIdentityResponseTypeDef

SESSION_NAME = "sagemaker-governed-toolkit"
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 60
MAX_ATTEMPTS = 12
"""If three of ten are throttled, one call in two million is throttled so often."""

FIRST_CALL_ATTEMPTS = 4
"""The first call shows whether AWS can be reached at all: that is not to take minutes."""

WORKERS = 32
"""Calls at a time, where many can go side by side."""

LANES = 16
FEW_CALLS = 64
"""Fewer calls than these are not worth clients of their own."""


@dataclass(frozen=True)
class Account:
    """Where the clients work, as AWS itself tells it."""

    account_id: str
    partition: str
    region: str


class _AssumedRole(CredentialProvider):
    """Credentials of a role, assumed when first needed and again before they run out."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(
            refresh_using=self._fetcher.fetch_credentials, method=self.METHOD
        )


def open_session(
    *,
    region: str | None = None,
    profile: str | None = None,
    assume_role: str | None = None,
    session_name: str = SESSION_NAME,
) -> boto3.Session:
    """Return a session for the command line's choices; no call is made yet.

    ``session_name`` is what the session of ``assume_role`` is called: AWS tells people who
    share a role apart by it.

    Raises InputError if there is no such profile, no Region, or nothing to sign requests with,
    or if ``assume_role`` is not the ARN of a role.
    """
    if assume_role is not None:
        RoleArn.parse(assume_role)
    core = botocore.session.Session(profile=profile)
    try:
        _share_models(core)
        if region:
            core.set_config_variable("region", region)
        chosen = core.get_config_variable("region")
        if not chosen:
            raise InputError(NO_REGION)
        credentials = core.get_credentials()
    except ProfileNotFound as exc:
        raise InputError(describe(exc)) from exc
    except BotoCoreError as exc:
        raise AwsError(describe(exc)) from exc
    if credentials is None:
        raise InputError(NO_CREDENTIALS)
    if assume_role:
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(core.create_client, config=client_config()),
            source_credentials=credentials,
            role_arn=assume_role,
            extra_args={"RoleSessionName": session_name},
        )
        resolver = CredentialResolver([_AssumedRole(fetcher)])
        core = botocore.session.Session(profile=profile)
        _share_models(core)
        core.set_config_variable("region", chosen)
        core.register_component("credential_provider", resolver)
    return boto3.Session(botocore_session=core)


@cache
def _models(data_path: str | None) -> Loader:
    return create_loader(data_path)


def _share_models(core: botocore.session.Session) -> None:
    """Read the services' models once for all sessions: a session for each of many accounts spends
    most of its time on them."""
    core.register_component("data_loader", _models(core.get_config_variable("data_path")))


def client_config(connections: int = WORKERS, attempts: int = MAX_ATTEMPTS) -> Config:
    """Return what all clients share: bounded waits, and retries that adapt to throttling.

    ``AWS_MAX_ATTEMPTS`` of the environment is respected: a stand-in for AWS sets it to 1.
    """
    given = os.environ.get("AWS_MAX_ATTEMPTS", "")
    return Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        max_pool_connections=connections,
        retries={
            "mode": "adaptive",
            "total_max_attempts": int(given) if given.isdecimal() else attempts,
        },
        user_agent_extra=SESSION_NAME,
    )


class Calls:
    """How often each operation was called, and how often in all AWS was asked again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        self._retries = 0

    def watch(self, client: Any) -> None:
        client.meta.events.register("before-call", self._called)
        client.meta.events.register("request-created", self._asked)

    def by_operation(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._counts.items()))

    @property
    def retries(self) -> int:
        with self._lock:
            return self._retries

    def _called(self, model: Any, **_: object) -> None:
        with self._lock:
            self._counts[model.name] += 1

    def _asked(self, request: Any, **_: object) -> None:
        if request.context.get("retries", {}).get("attempt", 1) > 1:
            with self._lock:
                self._retries += 1


class Clients:
    """The clients of one session, each built when it is first used.

    ``workers`` is how many calls may go side by side; ``calls`` counts them.
    """

    def __init__(self, session: boto3.Session, *, workers: int = WORKERS) -> None:
        self._session = session
        self.workers = workers
        self.calls = Calls()
        self._lanes: tuple[Clients, ...] | None = None

    def lanes(self, calls: int) -> tuple[Clients, ...]:
        """Return clients that share so many calls of SageMaker among them.

        Each retries adaptively for itself, as each connection of TCP does. One limiter for all
        would take every refusal for a sign that all are too fast: of 30 % that were refused at
        random, it made one call a second.
        """
        if calls < FEW_CALLS:
            return (self,)
        if self._lanes is None:
            self._lanes = tuple(self._lane() for _ in range(LANES))
        return self._lanes

    def _lane(self) -> Clients:
        lane = Clients(self._session, workers=self.workers)
        lane.calls = self.calls
        _ = lane.sagemaker  # a session makes its clients in one thread
        return lane

    def _client(self, service: Any, attempts: int = MAX_ATTEMPTS) -> Any:
        config = client_config(self.workers, attempts)
        client = self._session.client(service, config=config)
        self.calls.watch(client)
        return client

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        return cast("SageMakerClient", self._client("sagemaker"))

    @cached_property
    def servicecatalog(self) -> ServiceCatalogClient:
        return cast("ServiceCatalogClient", self._client("servicecatalog"))

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        return cast("CloudFormationClient", self._client("cloudformation"))

    @cached_property
    def iam(self) -> IAMClient:
        return cast("IAMClient", self._client("iam"))

    @cached_property
    def functions(self) -> LambdaClient:
        return cast("LambdaClient", self._client("lambda"))

    @cached_property
    def s3(self) -> S3Client:
        return cast("S3Client", self._client("s3"))

    @cached_property
    def service_quotas(self) -> ServiceQuotasClient:
        return cast("ServiceQuotasClient", self._client("service-quotas"))

    @cached_property
    def sts(self) -> STSClient:
        return cast("STSClient", self._client("sts", FIRST_CALL_ATTEMPTS))

    @cached_property
    def account(self) -> Account:
        """Whose credentials these are. The first call: it shows that they work at all.

        Raises AwsError if they do not, or AWS cannot be reached.
        """
        return Account(
            account_id=self._identity["Account"],
            partition=self._identity["Arn"].split(":")[1],
            region=self._session.region_name,
        )

    @property
    def caller_arn(self) -> str:
        """The ARN of the user or of the role's session; raises as ``account`` does."""
        return self._identity["Arn"]

    @cached_property
    def _identity(self) -> GetCallerIdentityResponseTypeDef:
        try:
            return self.sts.get_caller_identity()
        except (BotoCoreError, ClientError) as exc:
            raise AwsError(describe(exc)) from exc
