"""Settings as plain data, for whole apps."""

from __future__ import annotations

from typing import Any

REGION = "us-gov-west-1"
ACCOUNT = "arn:aws-us-gov:iam::123456789012"
"""Not the commonest partition: a hard-coded one shows."""
BOUNDARY = f"{ACCOUNT}:policy/Boundary"
TOPIC = f"arn:aws-us-gov:sns:{REGION}:123456789012:alarms"
END_USERS = ({"assumed_by": (f"{ACCOUNT}:root",)},)


def network(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "vpc": {"name": f"vpc-of-{name}"}, **more}


FULL: dict[str, Any] = {
    "region": REGION,
    "deployers": (f"{ACCOUNT}:role/deployer",),
    "networks": (
        network("main", route_tables=({"name": "private"},), extra_buckets=("shared-datasets",)),
        network("other", existing_endpoints={"s3": "vpce-0123456789abcdef0"}),
    ),
    "projects": (
        {
            "name": "Vision",
            "id": "Vision001",
            "network": "main",
            "code_bucket": "prosm-code",
            "end_user_roles": (*END_USERS, {"name": "Guest+1@x", **END_USERS[0]}),
            "versions": ({"name": "1", "guidance": "DEPRECATED"}, {"name": "2.0"}),
        },
        {
            "name": "sound",
            "network": "main",
            "build": "cloudformation",
            "code_bucket": "prosm-code",
            "end_user_roles": END_USERS,
        },
        {"name": "text", "network": "other", "end_user_roles": END_USERS},
    ),
    "jumpstart": {"adopt": ("UseRole",)},
    "audit": {"alarm_topic_arn": TOPIC},
    "permissions_boundary": BOUNDARY,
    "tags": {"CostCenter": "4711"},
}
"""Both ways of building in one VPC, another VPC, and everything that can be left out."""

LEAST: dict[str, Any] = {
    "region": REGION,
    "deployers": FULL["deployers"],
    "networks": (network("main", route_tables=({"name": "private"},)),),
    "projects": ({"name": "vision", "end_user_roles": END_USERS},),
}
