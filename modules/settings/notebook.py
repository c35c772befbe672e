"""What an end user may launch."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from modules.settings.base import Model
from modules.settings.rules import refused, text, whole

LOCAL_STORAGE_FAMILIES = frozenset(
    (
        *("g5", "g6", "g6e", "g7e", "gr6", "i3", "i3en", "i4i"),
        *("p5", "p5e", "p5en", "p6-b200", "trn1", "trn1n", "trn2"),
    )
)
"""Families with local disks whose names do not say so by a ``d`` behind the generation.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
"""


def has_local_storage(instance_type: str) -> bool:
    """Whether the type has disks of its own, which a customer's key cannot encrypt."""
    family = instance_type.split(".")[1]
    return family in LOCAL_STORAGE_FAMILIES or bool(re.match(r"[a-z]+\d+[a-z]*d", family))


InstanceType = Annotated[
    str,
    text(
        'an instance type, such as "ml.t3.medium", without local storage (a customer\'s key '
        "cannot encrypt that)",
        r"ml\.[a-z]+\d[a-z0-9-]*\.(?:medium|large|xlarge|\d{1,3}xlarge|metal)",
        also=lambda value: not has_local_storage(value),
    ),
]


class NotebookSettings(Model):
    """What an end user may launch, and what the launch form proposes."""

    allowed_instance_types: Annotated[tuple[InstanceType, ...], Field(min_length=1)] = (
        "ml.t3.medium",
        "ml.t3.large",
        "ml.t3.xlarge",
        "ml.m5.xlarge",
        "ml.m5.2xlarge",
    )
    """The instance types that the launch form offers."""
    instance_type: Annotated[InstanceType, Field(validate_default=True)] = "ml.t3.medium"
    """The instance type that the launch form proposes; one of `allowed_instance_types`."""
    max_volume_size_gb: Annotated[int, whole(5, 16384)] = 200
    """The largest volume that may be asked for, in GB."""
    volume_size_gb: Annotated[int, whole(5, 16384), Field(validate_default=True)] = 20
    """The volume that the launch form proposes, in GB; at most `max_volume_size_gb`."""
    root_access: bool = False
    """Whether end users may choose to be root on their notebooks."""
    platform_identifier: Annotated[
        str,
        text(
            'a platform of notebooks that AWS still updates, such as "notebook-al2023-v1"',
            r"notebook-al2-v[3-9]|notebook-al20\d\d-v\d",
        ),
    ] = "notebook-al2023-v1"
    """The notebooks' operating system and JupyterLab."""

    @field_validator("instance_type")
    @classmethod
    def _is_offered(cls, instance_type: str, info: ValidationInfo) -> str:
        offered = info.data.get("allowed_instance_types")
        if offered is not None and instance_type not in offered:
            raise refused(f"one of allowed_instance_types ({', '.join(offered)})")
        return instance_type

    @field_validator("volume_size_gb")
    @classmethod
    def _within_the_largest(cls, size: int, info: ValidationInfo) -> int:
        largest = info.data.get("max_volume_size_gb")
        if largest is not None and size > largest:
            raise refused(f"at most max_volume_size_gb ({largest})")
        return size
