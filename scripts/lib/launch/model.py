"""What there is to launch, and what has been launched, as frozen data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

NOTEBOOK_OUTPUT = "NotebookInstanceName"
"""Output, and parameter, of the notebook product that holds the notebook's name."""

NOTEBOOK_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
"""botocore's model of CreatePresignedNotebookInstanceUrl."""

VERBS = MappingProxyType(
    {
        "PROVISION_PRODUCT": "launch",
        "UPDATE_PROVISIONED_PRODUCT": "update",
        "TERMINATE_PROVISIONED_PRODUCT": "end",
    }
)
"""What the types of records are called here."""


@dataclass(frozen=True)
class Named:
    """An id that AWS assigned, and the name that people know it by."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


@dataclass(frozen=True)
class Version(Named):
    """A version of a product. ``created`` is None where AWS does not tell."""

    description: str = ""
    created: datetime | None = None
    deprecated: bool = False


@dataclass(frozen=True)
class Product(Named):
    """A product that the caller may launch: its active versions, and the paths to it."""

    description: str = ""
    versions: tuple[Version, ...] = ()
    paths: tuple[Named, ...] = ()

    def version(self, version_id: str) -> Version:
        """Return the version of this id; one that is not active any more has no other name."""
        for version in self.versions:
            if version.id == version_id:
                return version
        return Version(version_id, version_id)


@dataclass(frozen=True)
class Parameter:
    """What a launch asks for. Limits are as the template has them, all as text.

    ``default`` is None for a parameter that must be given.
    """

    name: str
    type: str = "String"
    default: str | None = None
    description: str = ""
    is_secret: bool = False
    allowed_values: tuple[str, ...] = ()
    allowed_pattern: str | None = None
    constraint: str | None = None
    min_length: str | None = None
    max_length: str | None = None
    min_value: str | None = None
    max_value: str | None = None

    @property
    def is_list(self) -> bool:
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def is_number(self) -> bool:
        return self.type in ("Number", "List<Number>")


@dataclass(frozen=True)
class Output:
    """An output of the product's template."""

    key: str
    value: str
    description: str = ""


@dataclass(frozen=True)
class Record:
    """One launch, update or end of a provisioned product, and how far it has come."""

    id: str
    type: str
    status: str
    provisioned_id: str = ""
    errors: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def verb(self) -> str:
        return VERBS.get(self.type, self.type.lower())

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"

    @property
    def failed(self) -> bool:
        return self.status == "FAILED"

    @property
    def finished(self) -> bool:
        return self.succeeded or self.failed

    @property
    def notebook(self) -> str | None:
        """The name of the notebook that the product made, if it made one."""
        for output in self.outputs:
            if output.key == NOTEBOOK_OUTPUT and NOTEBOOK_NAME.fullmatch(output.value):
                return output.value
        return None


@dataclass(frozen=True)
class Provisioned(Named):
    """A provisioned product of the caller's own.

    ``last_launched_id`` is the record of the last launch or update that succeeded, empty if
    none did; ``last_record_id`` that of the last request of any kind.
    """

    status: str
    message: str
    product_id: str
    version_id: str
    last_record_id: str
    last_launched_id: str


@dataclass(frozen=True)
class Found:
    """A provisioned product with its last record and the values that its stack was given.

    ``values`` is None where they could not be read; then ``unreadable`` says why.
    """

    provisioned: Provisioned
    product: Product
    version: Version
    record: Record
    values: Mapping[str, str] | None = field(default=None, hash=False)
    unreadable: str = ""
