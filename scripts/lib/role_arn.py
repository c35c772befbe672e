"""The ARN of an IAM role, checked and taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scripts.lib.errors import InputError

_ROLE_ARN = re.compile(
    r"arn:(aws[a-z-]*):iam::(\d{12}):role/(?:[!-~]+/)?([\w+=,.@-]{1,64})", re.ASCII
)


@dataclass(frozen=True)
class RoleArn:
    """The parts of a role's ARN. ``name`` is without the path."""

    arn: str
    partition: str
    account_id: str
    name: str

    @classmethod
    def parse(cls, text: str) -> RoleArn:
        """Return the parts of ``text``; raise InputError if it is not the ARN of a role."""
        match = _ROLE_ARN.fullmatch(text)
        if match is None:
            raise InputError(
                f"{text!r} is not the ARN of a role: "
                "expected arn:<partition>:iam::<12 digits>:role/<path/><name>"
            )
        return cls(text, *match.groups())

    def is_of(self, partition: str, account_id: str) -> bool:
        """Tell whether the role is one of this account."""
        return (self.partition, self.account_id) == (partition, account_id)
