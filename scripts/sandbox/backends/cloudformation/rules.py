"""A template's Rules: what parameters must be to one another.

Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from collections.abc import Mapping
from typing import Any

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.intrinsics import Scope, holds


def check(rules: Mapping[str, Any], scope: Scope) -> None:
    """Refuse parameters that break an assertion of a rule that applies.

    Raises:
        ValidationError: with the assertions' own descriptions.
    """
    broken = [
        str(assertion.get("AssertDescription") or f"Rule {name} failed")
        for name, rule in rules.items()
        if "RuleCondition" not in rule or holds(rule["RuleCondition"], scope)
        for assertion in rule.get("Assertions") or []
        if not holds(assertion["Assert"], scope)
    ]
    if broken:
        raise ValidationError(f"Template error: {'; '.join(broken)}")
