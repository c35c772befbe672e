"""CloudWatch Logs: by log group and log stream.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from collections.abc import Iterator

from scripts.sandbox.access.requests.call import Call, Need
from scripts.sandbox.access.requests.generic import needs as generic_needs

_NAMES = {
    "LogGroupName": ("logGroupName", "logGroupIdentifier", "logGroupNamePrefix", "resourceArn"),
    "LogStreamName": ("logStreamName",),
}


def needs(call: Call) -> Iterator[Need]:
    for need in generic_needs(call, names=_NAMES):
        # The ARN of a group may end in `:*`, which means the group and its streams.
        yield Need(need.action, need.resource.removesuffix(":*"), need.context)
