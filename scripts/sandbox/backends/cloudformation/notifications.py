"""Tells the topics of a stack about its events.

Form of the message:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stack.html
"""

import logging

from botocore.exceptions import BotoCoreError, ClientError

from scripts.sandbox.backends.cloudformation.caller import Caller
from scripts.sandbox.backends.cloudformation.records import Event, Stack

SUBJECT = "AWS CloudFormation Notification"

log = logging.getLogger("scripts.sandbox")


def notify(stack: Stack, caller: Caller) -> None:
    """Publish the events that no topic has seen, as the caller, whatever a topic says to it."""
    while stack.notified < len(stack.events):
        event = stack.events[stack.notified]
        stack.notified += 1
        for topic in stack.settings.notification_arns:
            try:
                caller.client("sns").publish(
                    TopicArn=topic, Subject=SUBJECT, Message=message(stack, event)
                )
            except (ClientError, BotoCoreError) as fault:
                log.warning("stack %s could not notify %s: %s", stack.name, topic, fault)


def message(stack: Stack, event: Event) -> str:
    """One line for each member of the event."""
    members = {
        "StackId": stack.id,
        "Timestamp": event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "EventId": event.id,
        "LogicalResourceId": event.logical_id,
        "Namespace": stack.id.split(":")[4],
        "PhysicalResourceId": event.physical_id,
        "ResourceProperties": event.properties or "null",
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason or "",
        "ResourceType": event.type,
        "StackName": stack.name,
        "ClientRequestToken": event.token or "null",
    }
    return "".join(f"{name}='{value}'\n" for name, value in members.items())
