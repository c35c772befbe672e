"""Topics are told what happens to a stack."""

from datetime import UTC, datetime

from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.notifications import SUBJECT, message
from scripts.sandbox.backends.cloudformation.records import Event, Settings, Stack
from scripts.sandbox.backends.templates import Template
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"


def test_an_event_is_told_line_by_line() -> None:
    stack = Stack(ARN, "s", Definition(Template("", {})), Settings())
    at = datetime(2026, 1, 2, 3, 4, 5, 6000, UTC)
    event = Event("A", "id", "Custom::A", "CREATE_FAILED", "no", "{}", None, "e", at)
    assert message(stack, event).splitlines() == [
        f"StackId='{ARN}'",
        "Timestamp='2026-01-02T03:04:05.006Z'",
        "EventId='e'",
        "LogicalResourceId='A'",
        "Namespace='123456789012'",
        "PhysicalResourceId='id'",
        "ResourceProperties='{}'",
        "ResourceStatus='CREATE_FAILED'",
        "ResourceStatusReason='no'",
        "ResourceType='Custom::A'",
        "StackName='s'",
        "ClientRequestToken='null'",
    ]


def test_every_event_reaches_the_stacks_topic_once_and_in_order(stacks: Stacks) -> None:
    sns, sqs = stacks.sandbox.client("sns"), stacks.sandbox.client("sqs")
    topic = sns.create_topic(Name="watch")["TopicArn"]
    queue = sqs.create_queue(QueueName="watch")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"], Attributes=raw)
    handle = {"A": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    stack = stacks.create(handle, NotificationARNs=[topic])
    stacks.delete(stack)
    told = []
    while got := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        told += [one["Body"] for one in got]
        for one in got:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    statuses = [_member(one, "ResourceStatus") for one in told]
    assert statuses == [status for _, status in stacks.events(stack)]
    assert SUBJECT == "AWS CloudFormation Notification"
    assert stacks.look(stack)["NotificationARNs"] == [topic]


def test_a_topic_that_is_not_there_hinders_nothing(stacks: Stacks) -> None:
    handle = {"A": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    gone = "arn:aws:sns:eu-west-1:123456789012:gone"
    stack = stacks.create(handle, NotificationARNs=[gone])
    assert stacks.status(stack) == "CREATE_COMPLETE"
    assert f"could not notify {gone}" in stacks.sandbox.log()


def _member(body: str, name: str) -> str:
    line = next(one for one in body.splitlines() if one.startswith(f"{name}="))
    return line.partition("=")[2].strip("'")
