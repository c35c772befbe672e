"""What a single value may be, in words and as a test: the vocabulary of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from modules.naming import LENGTH_LIMITS


def refused(allowed: str) -> PydanticCustomError:
    """Return the error for a value that is not allowed; ``allowed`` completes "must be"."""
    return PydanticCustomError("refused", "{allowed}", {"allowed": allowed})


@dataclass(frozen=True)
class Rule:
    """A constraint on one value; ``allowed`` says it in words that complete "must be"."""

    allowed: str
    accepts: Callable[[Any], bool]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def _check(self, value: Any) -> Any:
        if not self.accepts(value):
            raise refused(self.allowed)
        return value


@dataclass(frozen=True)
class DocumentedDefault:
    """A default that depends on other settings, in words."""

    words: str


def text(
    allowed: str, pattern: str, *, longest: int = 2048, also: Callable[[str], bool] | None = None
) -> Rule:
    """Return the rule for a string that matches ``pattern`` from end to end."""
    compiled = re.compile(pattern, re.ASCII)

    def accepts(value: Any) -> bool:
        return (
            isinstance(value, str)
            and len(value) <= longest
            and compiled.fullmatch(value) is not None
            and (also is None or also(value))
        )

    return Rule(allowed, accepts)


def line(shortest: int, longest: int) -> Rule:
    """Return the rule for one line of free text, its length in characters."""

    def accepts(value: Any) -> bool:
        return (
            isinstance(value, str)
            and shortest <= len(value) <= longest
            and value.isprintable()
            and value == value.strip()
        )

    return Rule(
        f"one line of {shortest} to {longest} characters without spaces at its ends", accepts
    )


def whole(low: int, high: int) -> Rule:
    """Return the rule for a whole number within limits, both included."""
    return Rule(
        f"a whole number from {low} to {high}",
        lambda value: type(value) is int and low <= value <= high,
    )


def base_name(kind: str, characters: str, pattern: str) -> Rule:
    """Return the rule for a name that gets a project's suffix (a hyphen and the name)."""
    longest = LENGTH_LIMITS[kind] - len("-p")
    return text(f"a name of {characters}, at most {longest} long", pattern, longest=longest)


class FrozenMap(Mapping[str, str]):
    """A map of strings that cannot be changed and can be hashed."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._values!r})"


FROZEN = (AfterValidator(FrozenMap), PlainSerializer(dict))

PARTITION = "aws(?:-[a-z]+)*"
ACCOUNT = r"\d{12}"
REGION = (
    r"[a-z]{2,4}(?:-[a-z]{2,5})?"
    r"-(?:(?:north|south)(?:east|west)?|east|west|central)-[1-9]\d?"
)


def _names_somebody(arn: str) -> bool:
    name = arn.rpartition("/")[2]
    return "*" not in arn or len(name.replace("*", "")) >= 3  # noqa: PLR2004 (see the message)


RegionName = Annotated[str, text('an AWS Region, such as "eu-west-1"', REGION)]
PrincipalPattern = Annotated[
    str,
    text(
        'the ARN of an IAM user or role, such as "arn:aws:iam::123456789012:role/deployer"; '
        "a name may hold *, but must keep at least 3 characters of its own",
        rf"arn:{PARTITION}:iam::{ACCOUNT}:(?:user|role)/[\w+=,.@*/-]*[\w+=,.@*-]",
        also=_names_somebody,
    ),
]
PrincipalArn = Annotated[
    str,
    text(
        "the ARN of an account's root, an IAM user or an IAM role, such as "
        '"arn:aws:iam::123456789012:root", without *',
        rf"arn:{PARTITION}:iam::{ACCOUNT}:(?:root|(?:user|role)/[\w+=,.@/-]*[\w+=,.@-])",
    ),
]
PolicyArn = Annotated[
    str,
    text(
        'the ARN of an IAM policy, such as "arn:aws:iam::123456789012:policy/boundary"',
        rf"arn:{PARTITION}:iam::(?:{ACCOUNT}|aws):policy/[\w+=,.@/-]*[\w+=,.@-]",
    ),
]
KeyArn = Annotated[
    str,
    text(
        "the ARN of a KMS key or alias, such as "
        '"arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
        rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:(?:key/[0-9a-z-]+|alias/[\w/-]+)",
    ),
]
TopicArn = Annotated[
    str,
    text(
        'the ARN of an SNS topic, such as "arn:aws:sns:eu-west-1:123456789012:alarms"',
        rf"arn:{PARTITION}:sns:{REGION}:{ACCOUNT}:[\w-]{{1,256}}",
    ),
]
BucketName = Annotated[
    str,
    text(
        "the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots, "
        "a letter or digit at both ends",
        r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]",
    ),
]
SimpleName = Annotated[
    str,
    text(
        "letters, digits and single hyphens, a letter first",
        r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",
        longest=128,
    ),
]
RESERVED_BUCKET_PREFIXES = ("amzn-s3-demo-", "sthree-")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

ProjectName = Annotated[
    str,
    text(
        "letters, digits and single hyphens, a letter first, without the prefixes amzn-s3-demo "
        "and sthree (S3 reserves them)",
        r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",
        longest=128,
        also=lambda name: not f"{name.lower()}-".startswith(RESERVED_BUCKET_PREFIXES),
    ),
]
Label = Annotated[str, text("1 to 64 letters, digits and _ . : / = + @ -", r"[\w.:/=+@-]{1,64}")]
RoleBaseName = Annotated[
    str, base_name("end_user_role", "letters, digits and _ + = , . @ -", r"[\w+=,.@-]+")
]
TagKey = Annotated[
    str,
    text(
        "1 to 128 letters, digits, spaces and _ . : / = + @ -, without the prefix aws:, other "
        "than ProjectName, ProjectID and ManagedBy (the toolkit sets these)",
        r"(?!(?i:aws:|ProjectName$|ProjectID$|ManagedBy$))(?! )(?u:[\w .:/=+@-]+)(?<! )",
        longest=128,
    ),
]
TagValue = Annotated[
    str,
    text(
        "at most 256 letters, digits, spaces and _ . : / = + @ -",
        r"(?u:[\w .:/=+@-]*)",
        longest=256,
    ),
]
