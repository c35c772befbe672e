"""Where the text of a product's template comes from: an S3 object, or a stack that exists."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from moto.cloudformation.models import cloudformation_backends
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.templates import invalid

_ENDPOINT = r"s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?"
_VIRTUAL_HOST = re.compile(rf"(?P<bucket>.+)\.{_ENDPOINT}")
_PATH_HOST = re.compile(_ENDPOINT)


def load_url(account_id: str, partition: str, url: str) -> str:
    """Text of the S3 object at an HTTPS address (virtual-hosted or path style; `?versionId=`).

    Raises:
        InvalidParametersError: not such an address, or no such object.
    """
    location = s3_location(url)
    if location is None:
        raise InvalidParametersError(f"Invalid template URL {url}: not an S3 object's address")
    bucket, key, version = location
    try:
        found = s3_backends[account_id][partition].get_object(bucket, key, version)
    except MissingBucket:
        found = None
    if found is None:
        raise InvalidParametersError(f"Cannot read the template: S3 has no object at {url}")
    try:
        return str(found.value.decode("utf-8"))
    except UnicodeDecodeError:
        raise invalid("it is not UTF-8 text") from None


def s3_location(url: str) -> tuple[str, str, str | None] | None:
    """Bucket, key and version at an HTTPS address of S3; nothing if it is another's."""
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    host = parts.hostname or ""
    virtual = _VIRTUAL_HOST.fullmatch(host)
    if virtual:
        bucket, key = virtual["bucket"], path
    elif _PATH_HOST.fullmatch(host):
        bucket, _, key = path.partition("/")
    else:
        bucket = key = ""
    if parts.scheme != "https" or not bucket or not key:
        return None
    return bucket, key, parse_qs(parts.query).get("versionId", [None])[0]


def load_stack(account_id: str, region: str, stack_id: str) -> str:
    """Text of the template of a CloudFormation stack, given by its ARN.

    Raises:
        InvalidParametersError: no such stack.
    """
    for stack in cloudformation_backends[account_id][region].stacks.values():
        if stack.stack_id == stack_id:
            return str(stack.template)
    raise InvalidParametersError(f"Stack {stack_id} does not exist")
