"""Where the template of a request comes from: the request itself, or S3."""

from botocore.exceptions import ClientError

from scripts.sandbox.backends.cloudformation import resources
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.records import Stack
from scripts.sandbox.backends.cloudformation.request import Request
from scripts.sandbox.backends.servicecatalog.template_source import s3_location
from scripts.sandbox.backends.templates import Template, TemplateError, parse

BODY_LIMIT, OBJECT_LIMIT = 51_200, 1_048_576
"""Bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
_MORE = (
    "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
)


def template_of(request: Request, stack: Stack | None = None) -> Template:
    """The template that a request names, read and checked. S3 is asked as the caller.

    Args:
        stack: the one whose template `UsePreviousTemplate` means.

    Raises:
        ValidationError: there is none, or it is not acceptable.
        NotImplementedError: it has resources that the sandbox does not have, or transforms.
    """
    body, url = request.get("TemplateBody"), request.get("TemplateURL")
    if stack and request.get("UsePreviousTemplate"):
        return stack.definition.template
    if (body is None) == (url is None):
        raise ValidationError("Either Template URL or Template Body must be specified.")
    if body is not None and len(body.encode()) > BODY_LIMIT:
        raise ValidationError(
            f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy"
            f" constraint: Member must have length less than or equal to {BODY_LIMIT}"
        )
    return read(body if body is not None else _load(request, url))


def read(body: str) -> Template:
    """Raises as `template_of`."""
    try:
        template = parse(body)
    except TemplateError as fault:
        raise ValidationError(f"Template format error: {fault}") from None
    if "Transform" in template.document:
        raise NotImplementedError("transforms")
    resources.check(str(one["Type"]) for one in template.section("Resources").values())
    return template


def _load(request: Request, url: str) -> str:
    location = s3_location(url)
    if location is None:
        raise ValidationError("TemplateURL must be a supported URL.")
    bucket, key, version = location
    which = {"VersionId": version} if version else {}
    try:
        found = request.caller().client("s3").get_object(Bucket=bucket, Key=key, **which)
        body = bytes(found["Body"].read())
    except ClientError as fault:
        raise ValidationError(f"S3 error: {fault.response['Error']['Message']}\n{_MORE}") from None
    if len(body) > OBJECT_LIMIT:
        raise ValidationError(f"Template may not exceed {OBJECT_LIMIT} bytes in size.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ValidationError("Template format error: unsupported structure.") from None
