"""What a stack's policy lets an update do to its resources.

Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
"""

import json
from typing import Literal

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.policies import ALLOW, Request, decide

Action = Literal["Update:Modify", "Update:Replace", "Update:Delete"]


def check(policy: str | None) -> None:
    """Refuse a policy that cannot be read.

    Raises:
        ValidationError: it is not a JSON object with statements.
    """
    if policy is None:
        return
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise ValidationError("Error validating stack policy: Invalid stack policy")


def refusal(policy: str | None, action: Action, name: str, kind: str) -> str | None:
    """Why an update may not do this to a resource; nothing if it may. No policy allows all."""
    if policy is None:
        return None
    resource = f"LogicalResourceId/{name}"
    request = Request((), action, resource, {"ResourceType": kind})
    if decide(json.loads(policy), request) == ALLOW:
        return None
    return f"Action denied by stack policy: {action} is not allowed for resource [{resource}]"
