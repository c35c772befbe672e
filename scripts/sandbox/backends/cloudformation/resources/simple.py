"""Types of resources that are one call to make and one to delete."""

import secrets
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from scripts.sandbox.backends.cloudformation.errors import AttributeUnknownError
from scripts.sandbox.backends.cloudformation.resources.base import (
    Made,
    Properties,
    ResourceError,
    Work,
    refuse_same_name,
)


class _Simple:
    """What they share: any change but that of tags and `mutable` makes another resource.

    Attributes:
        service: whose client makes it.
        name: the property that names it.
        mutable: properties that change in place.
    """

    updates_back = False
    service = ""
    name: str | None = "Name"
    mutable: tuple[str, ...] = ()

    def complete(self, properties: Properties, tags: Mapping[str, str]) -> dict[str, Any]:
        return {**properties, "StackTags": dict(tags)}

    def check(self, old: Properties, new: Properties) -> None:
        if self.name and self.replaces(old, new):
            refuse_same_name(old, new, self.name)

    def replaces(self, old: Properties, new: Properties) -> bool:
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        return not changed <= {*self.mutable, "StackTags"}

    def attribute(self, work: Work, made: Made, name: str) -> Any:
        if name not in made.attributes:
            raise AttributeUnknownError(
                f"Template error: resource of type {work.type} does not support attribute type"
                f" {name} in Fn::GetAtt"
            )
        return made.attributes[name]

    def _call(self, work: Work, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(work.caller.client(self.service), operation)(
                **parameters
            )
        except ClientError as fault:
            error, about = fault.response["Error"], fault.response["ResponseMetadata"]
            raise ResourceError(
                f"{error['Message']} (Service: {self.service}, Status Code:"
                f" {about['HTTPStatusCode']}, Request ID: {about.get('RequestId')})"
            ) from None
        return answer


def _named(work: Work) -> str:
    return f"{work.stack_name}-{work.logical_id}-{secrets.token_hex(6)}"


def _tags(properties: Properties) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in properties["StackTags"].items()]


def _retagged(old: Properties, new: Properties) -> tuple[list[str], list[dict[str, str]]]:
    """Keys to take away, and tags to put."""
    lost = [key for key in old["StackTags"] if key not in new["StackTags"]]
    return lost, [tag for tag in _tags(new) if tag not in _tags(old)]


class Topic(_Simple):
    """`AWS::SNS::Topic`, with the properties TopicName and DisplayName."""

    service = "sns"
    name = "TopicName"
    mutable = ("DisplayName",)

    def create(self, work: Work, properties: Properties) -> Made:
        name = properties.get("TopicName") or _named(work)
        shown = {"DisplayName": str(properties.get("DisplayName", ""))}
        made = self._call(work, "create_topic", Name=name, Attributes=shown, Tags=_tags(properties))
        work.started(made["TopicArn"])
        return _topic(made["TopicArn"])

    def update(self, work: Work, physical_id: str, old: Properties, new: Properties) -> Made:
        lost, fresh = _retagged(old, new)
        if lost:
            self._call(work, "untag_resource", ResourceArn=physical_id, TagKeys=lost)
        if fresh:
            self._call(work, "tag_resource", ResourceArn=physical_id, Tags=fresh)
        self._call(
            work,
            "set_topic_attributes",
            TopicArn=physical_id,
            AttributeName="DisplayName",
            AttributeValue=str(new.get("DisplayName", "")),
        )
        return _topic(physical_id)

    def delete(self, work: Work, physical_id: str, _properties: Properties) -> None:
        self._call(work, "delete_topic", TopicArn=physical_id)


def _topic(arn: str) -> Made:
    return Made(arn, {"TopicArn": arn, "TopicName": arn.rpartition(":")[2]})


class Parameter(_Simple):
    """`AWS::SSM::Parameter`, with the properties Name, Type, Value and Description."""

    service = "ssm"
    mutable = ("Value", "Description", "Type")

    def create(self, work: Work, properties: Properties) -> Made:
        name = properties.get("Name") or _named(work)
        self._call(work, "put_parameter", **_parameter(name, properties), Tags=_tags(properties))
        work.started(name)
        return _stored(name, properties)

    def update(self, work: Work, physical_id: str, old: Properties, new: Properties) -> Made:
        lost, fresh = _retagged(old, new)
        which = {"ResourceType": "Parameter", "ResourceId": physical_id}
        if lost:
            self._call(work, "remove_tags_from_resource", **which, TagKeys=lost)
        if fresh:
            self._call(work, "add_tags_to_resource", **which, Tags=fresh)
        self._call(work, "put_parameter", **_parameter(physical_id, new), Overwrite=True)
        return _stored(physical_id, new)

    def delete(self, work: Work, physical_id: str, _properties: Properties) -> None:
        try:
            work.caller.client("ssm").delete_parameter(Name=physical_id)
        except ClientError as fault:
            if fault.response["Error"]["Code"] != "ParameterNotFound":
                raise ResourceError(fault.response["Error"]["Message"]) from None


def _parameter(name: str, properties: Properties) -> dict[str, Any]:
    given = {
        key: str(properties[key]) for key in ("Type", "Value", "Description") if key in properties
    }
    return {"Name": name, **given}


def _stored(name: str, properties: Properties) -> Made:
    return Made(name, {"Type": properties.get("Type"), "Value": properties.get("Value")})


class WaitConditionHandle(_Simple):
    """`AWS::CloudFormation::WaitConditionHandle`: nothing but a name."""

    name = None

    def create(self, work: Work, _properties: Properties) -> Made:
        made = Made(_named(work))
        work.started(made.physical_id)
        return made

    def update(self, _work: Work, physical_id: str, _old: Properties, _new: Properties) -> Made:
        return Made(physical_id)

    def delete(self, _work: Work, _physical_id: str, _properties: Properties) -> None:
        """There is nothing to delete."""
