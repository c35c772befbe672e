"""What a launched version promises of its notebook: read off its template. Pure.

Keys of a promise are those of DescribeNotebookInstance; what cannot be told from the template is
not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scripts.lib.drift.template_values import Scope, Unknown

NATIVE: Final = "AWS::SageMaker::NotebookInstance"
CUSTOM: Final = "Custom::SageMakerNotebook"
"""The two ways of building a notebook: by CloudFormation, and by the builder function."""

INTERNET: Final = "DirectInternetAccess"
ROOT: Final = "RootAccess"
KEY: Final = "KmsKeyId"
ROLE: Final = "RoleArn"
SUBNET: Final = "SubnetId"
SECURITY_GROUPS: Final = "SecurityGroups"
METADATA: Final = "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"
LIFECYCLE: Final = "NotebookInstanceLifecycleConfigName"
PLATFORM: Final = "PlatformIdentifier"
TYPE: Final = "InstanceType"
VOLUME: Final = "VolumeSizeInGB"

ALWAYS: Final[Mapping[str, str]] = {INTERNET: "Disabled", METADATA: "2"}
"""What every version of the notebook product promises, whatever a template says."""

_SHARED: Final = {
    "DirectInternetAccess": INTERNET,
    "RootAccess": ROOT,
    "VolumeSizeInGB": VOLUME,
    "LifecycleConfigName": LIFECYCLE,
}
_NATIVE: Final = {
    **_SHARED,
    "InstanceType": TYPE,
    "PlatformIdentifier": PLATFORM,
    "RoleArn": ROLE,
    "KmsKeyId": KEY,
    "SubnetId": SUBNET,
}
_CUSTOM: Final = {**_SHARED, "NotebookInstanceType": TYPE}
_BUILDER: Final = {
    "EXECUTION_ROLE_ARN": ROLE,
    "KMS_KEY_ARN": KEY,
    "SUBNET_ID": SUBNET,
    "SECURITY_GROUP_ID": SECURITY_GROUPS,
    "PLATFORM_IDENTIFIER": PLATFORM,
}
"""Of the builder function's environment: what a notebook gets that no template decides."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One notebook of a template. ``builder`` is the ARN of the function that builds it, or ""."""

    notebook: str
    values: Mapping[str, str] = field(default_factory=dict)
    builder: str = ""

    def built_by(self, environment: Mapping[str, str]) -> Promise:
        """Return the promise with what the builder function's environment adds."""
        added = {key: environment[name] for name, key in _BUILDER.items() if name in environment}
        return Promise(self.notebook, {**self.values, **added}, self.builder)

    def but(self, values: Mapping[str, str]) -> Promise:
        """Return the promise with what is known better."""
        return Promise(self.notebook, {**self.values, **values}, self.builder)


def promises(template: object, values: Mapping[str, str]) -> tuple[Promise, ...]:
    """Return what a template promises of each notebook in it.

    Args:
        template: as CloudFormation has it, parsed or JSON text.
        values: of its parameters, and the pseudo parameters.

    Raises:
        ValueError: it is no template in JSON.
    """
    document = json.loads(template) if isinstance(template, str) else template
    resources = document.get("Resources") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(resources, Mapping):
        raise ValueError("no template: it has no Resources")  # noqa: TRY004  its content
    conditions = document.get("Conditions")
    scope = Scope(values, conditions if isinstance(conditions, Mapping) else {})
    found = (_promise(each, scope) for each in resources.values() if isinstance(each, Mapping))
    return tuple(each for each in found if each is not None)


def described(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return what DescribeNotebookInstance answers, in the form of a promise."""
    metadata = notebook.get("InstanceMetadataServiceConfiguration") or {}
    known = {
        **{key: notebook.get(key) for key in (INTERNET, ROOT, KEY, ROLE, SUBNET, PLATFORM, TYPE)},
        VOLUME: notebook.get(VOLUME),
        LIFECYCLE: notebook.get(LIFECYCLE) or "",
        SECURITY_GROUPS: _list(notebook.get("SecurityGroups") or ()),
        METADATA: metadata.get("MinimumInstanceMetadataServiceVersion"),
    }
    return {key: "" if value is None else str(value) for key, value in known.items()}


def same(key: str, promised: str, actual: str) -> bool:
    """Tell whether two values mean the same: a key may be called by its id or its ARN."""
    if key == KEY:
        return promised.rpartition("key/")[2] == actual.rpartition("key/")[2]
    return promised == actual


def _promise(resource: Mapping[str, Any], scope: Scope) -> Promise | None:
    kind, properties = resource.get("Type"), resource.get("Properties")
    if kind not in (NATIVE, CUSTOM) or not isinstance(properties, Mapping):
        return None
    known: dict[str, Any] = {}
    for name, value in properties.items():
        try:
            known[name] = scope.resolve(value)
        except Unknown:
            continue
    name = known.get("NotebookInstanceName")
    if not isinstance(name, str):
        return None
    names = _NATIVE if kind == NATIVE else _CUSTOM
    values = {key: str(known[given]) for given, key in names.items() if given in known}
    if "LifecycleConfigName" not in properties:
        values[LIFECYCLE] = ""
    groups = known.get("SecurityGroupIds")
    if isinstance(groups, list):
        values[SECURITY_GROUPS] = _list(groups)
    metadata = known.get("InstanceMetadataServiceConfiguration")
    if isinstance(metadata, Mapping):
        values[METADATA] = str(metadata.get("MinimumInstanceMetadataServiceVersion", ""))
    token = known.get("ServiceToken") if kind == CUSTOM else None
    return Promise(name, values, token if isinstance(token, str) else "")


def _list(values: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, values)))
