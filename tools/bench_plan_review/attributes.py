"""The attributes of a resource: tags, nested blocks, policies and other JSON, and what changes."""

import json
from random import Random
from typing import Any

JSON = dict[str, Any]

POLICIES = {
    "aws_iam_role": "assume_role_policy",
    "aws_iam_policy": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_kms_key": "policy",
}
"""Types with a policy, and the attribute that holds it."""
TYPES = (
    *POLICIES,
    "aws_security_group",
    "aws_instance",
    "aws_ecs_task_definition",
    "aws_lambda_function",
    "aws_lb_listener_rule",
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_dashboard",
    "aws_subnet",
    "aws_route53_record",
)
TEAMS = 40
_ACTIONS = ("s3:GetObject", "s3:PutObject", "kms:Decrypt", "sqs:SendMessage", "iam:PassRole")
_STATEMENTS = 6
_RULES = 10
_SETTINGS = 10
_WIDGETS = 20
_OPTIONS = 24
"""Attributes that nobody sets: null, false, empty or zero, as most of a resource is."""


def attributes(kind: str, index: int, random: Random) -> JSON:
    """Return what a resource of a type has before it is changed."""
    name = f"{kind.removeprefix('aws_')}-{index}"
    tags = {"ProjectID": "1234", "Name": name, "Owner": f"team-{index % TEAMS}"}
    values: JSON = {
        "arn": f"arn:aws:service:eu-central-1:123456789012:{name}",
        "id": f"{random.getrandbits(64):016x}",
        "name": name,
        "kms_key_id": f"arn:aws:kms:eu-central-1:123456789012:key/{random.getrandbits(48):012x}",
        "description": f"Resource {index} of the stack that is measured",
        "source_code_hash": f"{random.getrandbits(256):064x}",
        "tags": tags,
        "tags_all": tags,
        "timeouts": None,
        **{f"option_{number}": (None, False, "", 0)[number % 4] for number in range(_OPTIONS)},
        "ports": [random.randrange(1, 65536) for _ in range(6)],
    }
    if kind in POLICIES:
        values[POLICIES[kind]] = json.dumps(_policy(kind, random))
    match kind:
        case "aws_lambda_function" | "aws_lb_listener_rule" | "aws_cloudwatch_metric_alarm":
            values["setting"] = [_setting(number, random) for number in range(_SETTINGS)]
        case "aws_security_group":
            values["ingress"] = [_rule(random) for _ in range(_RULES)]
        case "aws_instance":
            values["user_data"] = f"{random.getrandbits(160):040x}"
            values["ebs_block_device"] = [_disk(number, random) for number in range(_RULES)]
        case "aws_ecs_task_definition":
            values["container_definitions"] = json.dumps(
                [_container(number, random) for number in range(4)]
            )
        case "aws_cloudwatch_dashboard":
            values["dashboard_body"] = json.dumps({"widgets": [_widget(random)] * _WIDGETS})
    return values


def changed(kind: str, before: JSON, random: Random) -> JSON:
    """Return what the same resource has after an update."""
    after = {
        **before,
        "name": before["name"] + "-new",
        "tags": {**before["tags"], "Owner": "nobody"},
    }
    if kind in POLICIES:
        policy = json.loads(before[POLICIES[kind]])
        policy["Statement"][random.randrange(_STATEMENTS)]["Action"].append("s3:*")
        after[POLICIES[kind]] = json.dumps(policy)
    match kind:
        case "aws_security_group":
            after["ingress"] = [_rule(random), *before["ingress"][:-1]]
        case "aws_instance":
            after["user_data"] = f"{random.getrandbits(160):040x}"
        case "aws_lambda_function" | "aws_lb_listener_rule" | "aws_cloudwatch_metric_alarm":
            after["setting"] = [_setting(0, random), *before["setting"][1:]]
        case "aws_ecs_task_definition":
            containers = json.loads(before["container_definitions"])
            containers[0]["image"] = "image:2"
            after["container_definitions"] = json.dumps(containers)
        case "aws_cloudwatch_dashboard":
            body = json.loads(before["dashboard_body"])
            body["widgets"][random.randrange(_WIDGETS)]["width"] = 24
            after["dashboard_body"] = json.dumps(body)
    return after


def _policy(kind: str, random: Random) -> JSON:
    return {
        "Version": "2012-10-17",
        "Statement": [_statement(kind, number, random) for number in range(_STATEMENTS)],
    }


def _statement(kind: str, number: int, random: Random) -> JSON:
    statement: JSON = {"Sid": f"Statement{number}", "Effect": "Allow" if number else "Deny"}
    if kind != "aws_iam_policy":
        account = f"{random.randrange(10**11, 10**12)}"
        statement["Principal"] = {"AWS": f"arn:aws:iam::{account}:root"}
    if kind == "aws_iam_role":
        return {**statement, "Action": ["sts:AssumeRole"]}
    return {
        **statement,
        "Action": random.sample(_ACTIONS, 2),
        "Resource": f"arn:aws:s3:::bucket-{random.randrange(1000)}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }


def _rule(random: Random) -> JSON:
    port = random.randrange(1, 65536)
    return {
        "cidr_blocks": [f"10.{random.randrange(256)}.{random.randrange(256)}.0/24"],
        "description": "",
        "from_port": port,
        "to_port": port,
        "protocol": "tcp",
        "security_groups": [],
        "self": False,
    }


def _disk(number: int, random: Random) -> JSON:
    return {
        "device_name": f"/dev/sd{chr(ord('b') + number)}",
        "encrypted": True,
        "iops": random.randrange(3000, 16000),
        "volume_id": f"vol-{random.getrandbits(68):017x}",
        "volume_size": random.randrange(8, 1000),
        "tags": {},
    }


def _setting(number: int, random: Random) -> JSON:
    return {
        "name": f"setting-{number}",
        "condition": [{"field": "path", "values": [f"/{random.getrandbits(32):x}/*", "/"]}],
        "dimensions": {"Service": "web", "Id": f"{random.getrandbits(40):x}"},
        "priority": random.randrange(1, 50_000),
        "enabled": True,
        "ttl": None,
    }


def _container(number: int, random: Random) -> JSON:
    return {
        "name": f"container-{number}",
        "image": "image:1",
        "environment": [
            {"name": f"SETTING_{setting}", "value": f"{random.getrandbits(32)}"}
            for setting in range(10)
        ],
        "secrets": [
            {
                "name": "DB_PASSWORD",
                "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/x",
            }
        ],
    }


def _widget(random: Random) -> JSON:
    return {
        "type": "metric",
        "width": 12,
        "properties": {
            "metrics": [["AWS/EC2", "CPUUtilization", "InstanceId", f"{random.getrandbits(40):x}"]]
        },
    }
