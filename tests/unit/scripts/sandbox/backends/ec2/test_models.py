"""Descriptions of security group rules."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox


@pytest.fixture
def ec2(account: Sandbox) -> Any:
    return account.client("ec2")


def group_of(ec2: Any) -> str:
    named = [{"Name": "tag:Name", "Values": ["ProSM-ResourceSG"]}]
    return str(ec2.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"])


def described(ec2: Any, rule: str) -> Any:
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    return found[0].get("Description")


@pytest.mark.parametrize("kind", ["group", "range"])
def test_a_rules_description_is_kept_and_updated(ec2: Any, kind: str) -> None:
    group = group_of(ec2)
    source: dict[str, Any] = (
        {"UserIdGroupPairs": [{"GroupId": group, "Description": "one"}]}
        if kind == "group"
        else {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "one"}]}
    )
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **source}
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    assert described(ec2, rule) == "one"
    target = {"ReferencedGroupId": group} if kind == "group" else {"CidrIpv4": "10.0.0.0/8"}
    changed = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Description": "two", **target}
    ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": changed}],
    )
    assert described(ec2, rule) == "two"
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (permission,) = found["IpPermissions"]
    assert len(permission["UserIdGroupPairs"]) + len(permission["IpRanges"]) == 1
