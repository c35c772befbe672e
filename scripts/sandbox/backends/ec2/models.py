"""Rules that refer to a security group keep their description with that reference."""

from typing import Any

from moto.ec2.models import EC2Backend as MotoBackend
from moto.ec2.models.security_groups import SecurityGroupRule


def description(rule: SecurityGroupRule) -> str | None:
    """moto knows only the description of a rule for an address range."""
    found: str | None = (rule.source_group or rule.ip_range).get("Description")
    return found


class Ec2Backend(MotoBackend):
    """moto's own, with that description updated where it is kept."""

    def modify_security_group_rules(self, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
        super().modify_security_group_rules(group_id, rules)
        group = self.get_security_group_by_name_or_id(group_id)
        for rule_id in rules:
            rule = group.get_rule(rule_id) if group else None
            if rule and rule.source_group and "Description" in rule.ip_range:
                rule.source_group["Description"] = rule.ip_range.pop("Description")
