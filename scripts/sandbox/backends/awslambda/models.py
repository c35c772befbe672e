"""Functions that run: moto's, with invocations and what they go by."""

import copy
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventInvokeConfig
from moto.awslambda.models import LambdaBackend as MotoBackend
from moto.awslambda.models import LambdaFunction as MotoFunction

from scripts.sandbox.service_sessions import NotTrustedError, require_trust

from .events import AGE_SECONDS, RETRIES
from .invocation import LAMBDA
from .runtime import Deployed

Spec = dict[str, Any]


class Function(MotoFunction):
    """A function, or a version of one, with its logging configuration."""

    def __init__(
        self, account_id: str, spec: Spec, region: str, version: str | int = "$LATEST"
    ) -> None:
        super().__init__(account_id, spec, region, version)
        self.logging: dict[str, str] = spec.get("LoggingConfig") or {}

    @property
    def log_group(self) -> str:
        return self.logging.get("LogGroup") or f"/aws/lambda/{self.function_name}"

    def get_configuration(self, on_create: bool = False) -> Spec:
        logging = {"LogFormat": "Text", **self.logging, "LogGroup": self.log_group}
        return super().get_configuration(on_create) | {"LoggingConfig": logging}

    def update_configuration(self, config_updates: Spec) -> Spec:
        if "LoggingConfig" in config_updates:
            self.logging = config_updates["LoggingConfig"] or {}
        return super().update_configuration(config_updates)

    def deployed(self) -> Deployed:
        """What an invocation goes by.

        Raises:
            NotImplementedError: the sandbox cannot run such a function.
        """
        self._require_runnable()
        return Deployed(
            name=self.function_name,
            version=str(self.version),
            region=self.region,
            runtime=str(self.run_time),
            handler=str(self.handler),
            role=self.role,
            timeout=int(self.timeout),
            memory=int(self.memory_size),
            log_group=self.log_group,
            code=self.code_bytes,
            variables=dict(self.environment_vars),
        )

    def _require_runnable(self) -> None:
        lacking = {
            f"runtime {self.run_time}": not str(self.run_time).startswith("python3."),
            "container images": self.package_type != "Zip",
            "layers": bool(self.layers),
            "logs as JSON": self.logging.get("LogFormat") == "JSON",
        }
        for what, lacks in lacking.items():
            if lacks:
                raise NotImplementedError(f"{self.function_name} needs {what}")


class LambdaBackend(MotoBackend):
    """moto's backend, completed."""

    def create_function(self, spec: Spec) -> MotoFunction:
        function: MotoFunction = Function(  # type: ignore[abstract]  # as moto makes its own
            self.account_id, spec, self.region_name
        )
        _require_role(function.role)
        self._lambdas.put_function(function)
        if spec.get("Publish"):
            published = self.publish_version(function.function_name)
            function = copy.copy(function)
            function.version = published.version if published else function.version
        return function

    def update_function_configuration(
        self, function_name: str, qualifier: str, body: Spec
    ) -> Spec | None:
        if body.get("Role"):
            _require_role(body["Role"])
        return super().update_function_configuration(function_name, qualifier, body)

    def deployed(self, name: str, qualifier: str | None) -> Deployed:
        """What is deployed under a name or ARN.

        Raises:
            UnknownFunctionException: nothing.
            NotImplementedError: the sandbox cannot run it.
        """
        function = self.get_function(name, qualifier)
        if not isinstance(function, Function):
            raise NotImplementedError(f"{name} was not made by CreateFunction")
        return function.deployed()

    def put_function_event_invoke_config(self, function_name: str, config: Spec) -> Spec:
        """Replace the configuration; moto keeps the first one for ever."""
        destinations = (config.get("DestinationConfig") or {}).values()
        if any(destination.get("Destination") for destination in destinations):
            raise NotImplementedError("destinations of events")
        function = self.get_function(function_name)
        made = EventInvokeConfig(function.function_arn, function.last_modified, config)
        function.event_invoke_config = [made]
        return made.response()

    def update_function_event_invoke_config(self, function_name: str, config: Spec) -> Spec:
        """Change what is given and leave the rest."""
        self.get_function_event_invoke_config(function_name)
        [existing] = self.get_function(function_name).event_invoke_config
        return self.put_function_event_invoke_config(function_name, existing.config | config)

    def retries_and_age(self, name: str) -> tuple[int, int]:
        """How often a failed event is tried again, and until what age in seconds."""
        configs = self.get_function(name).event_invoke_config
        given = configs[0].config if configs else {}
        retries = given.get("MaximumRetryAttempts")
        age = given.get("MaximumEventAgeInSeconds")
        return RETRIES if retries is None else retries, AGE_SECONDS if age is None else age


def _require_role(arn: str) -> None:
    try:
        require_trust(LAMBDA, arn)
    except NotTrustedError:
        raise InvalidParameterValueException(
            "The role defined for the function cannot be assumed by Lambda."
        ) from None
