"""CloudWatch: metrics by namespace, alarms by name.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from collections.abc import Iterator

from scripts.sandbox.access.requests.call import Call, Need
from scripts.sandbox.access.requests.generic import needs as generic_needs


def needs(call: Call) -> Iterator[Need]:
    namespace = call.params.get("Namespace")
    context = {"cloudwatch:namespace": namespace} if namespace else {}
    yield from generic_needs(call, context=context)
