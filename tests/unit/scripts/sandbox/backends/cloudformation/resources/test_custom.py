"""Custom resources, asked and answered."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.resources.base import ResourceError
from scripts.sandbox.backends.cloudformation.resources.custom import ANSWER_LIMIT, parse
from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import (
    Provider,
    Stacks,
    answer,
    failure,
    put,
    stack_maker,
)

TIMEOUT = {"ServiceTimeout": 1}
REQUEST = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "Thing"}


def test_a_creation_is_asked_for_as_the_reference_has_it(
    stacks: Stacks, provider: Provider
) -> None:
    thing = provider.resource(
        Size=5, On=True, Deep={"List": [1, "a", False]}, Left={"Ref": "AWS::NoValue"}
    )
    stack = stacks.create({"Thing": thing})
    assert stacks.status(stack) == "CREATE_COMPLETE"
    (event,) = provider.events
    url, request = event.pop("ResponseURL"), event.pop("RequestId")
    assert url.startswith(f"{stacks.sandbox.endpoint}/_cloudformation/response/")
    assert len(url.rpartition("/")[2]) > 40
    assert len(request) == 36
    assert event == {
        "RequestType": "Create",
        "ServiceToken": provider.token,
        "StackId": stack,
        "LogicalResourceId": "Thing",
        "ResourceType": "Custom::Thing",
        "ResourceProperties": {
            "ServiceToken": provider.token,
            "ServiceTimeout": "20",
            "Size": "5",
            "On": "true",
            "Deep": {"List": ["1", "a", "false"]},
        },
    }


def test_the_answer_gives_the_id_and_the_attributes(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [
        lambda e: answer(e, PhysicalResourceId="mine", Data={"A": "1", "B.C": "2"})
    ]
    stack = stacks.create(
        {"Thing": provider.resource()},
        Outputs={
            "Ref": {"Value": {"Ref": "Thing"}},
            "Both": {"Value": {"Fn::Sub": "${Thing.A}-${Thing.B.C}"}, "Description": "both"},
        },
    )
    assert stacks.outputs(stack) == {"Ref": "mine", "Both": "1-2"}
    assert stacks.events(stack) == [
        ("-", "CREATE_IN_PROGRESS"),
        ("Thing", "CREATE_IN_PROGRESS"),
        ("Thing", "CREATE_IN_PROGRESS"),
        ("Thing", "CREATE_COMPLETE"),
        ("-", "CREATE_COMPLETE"),
    ]
    assert stacks.reasons(stack)["Thing", "CREATE_IN_PROGRESS"] == "Resource creation Initiated"
    assert stacks.resource(stack, "Thing")["PhysicalResourceId"] == "mine"


def test_an_answer_may_hide_its_data(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [lambda e: answer(e, Data={"Secret": "s3cret"}, NoEcho=True)]
    stack = stacks.create(
        {
            "Thing": provider.resource(),
            "Other": provider.resource(Got={"Fn::GetAtt": "Thing.Secret"}),
        },
        Outputs={"Secret": {"Value": {"Fn::GetAtt": "Thing.Secret"}}},
    )
    assert stacks.outputs(stack) == {"Secret": "*****"}
    assert provider.events[1]["ResourceProperties"]["Got"] == "s3cret"


def test_an_attribute_that_was_not_answered_fails_the_stack(
    stacks: Stacks, provider: Provider
) -> None:
    stack = stacks.create(
        {"Thing": provider.resource()}, Outputs={"A": {"Value": {"Fn::GetAtt": "Thing.Gone"}}}
    )
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    reason = stacks.reasons(stack)["-", "ROLLBACK_IN_PROGRESS"]
    assert reason.startswith(
        "CustomResource attribute error: Vendor response doesn't contain Gone key"
    )
    assert "cloudformation-custom-resource-storage-euwest1" in reason
    assert [kind for kind, _ in provider.asked] == ["Create", "Delete"]


def test_a_failed_creation_is_undone_by_the_id_that_it_named(
    stacks: Stacks, provider: Provider
) -> None:
    provider.behaviour = [failure("the name is taken", PhysicalResourceId="half-made")]
    stack = stacks.create({"Thing": provider.resource()})
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    request = provider.events[0]["RequestId"]
    assert stacks.reasons(stack)["Thing", "CREATE_FAILED"] == (
        "Received response status [FAILED] from custom resource. Message returned: the name is"
        f" taken (RequestId: {request})"
    )
    assert provider.asked == [("Create", None), ("Delete", "half-made")]
    assert provider.events[1]["ResourceProperties"] == provider.events[0]["ResourceProperties"]
    assert provider.events[1]["RequestId"] != request


def test_silence_fails_at_the_service_timeout_and_is_undone_by_a_made_up_id(
    stacks: Stacks, provider: Provider
) -> None:
    provider.behaviour = [lambda _: None]
    stack = stacks.create({"Thing": provider.resource(**TIMEOUT)}, "silent")
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    assert stacks.reasons(stack)["Thing", "CREATE_FAILED"] == (
        "CloudFormation did not receive a response from your Custom Resource. Please check your"
        f" logs for requestId [{provider.events[0]['RequestId']}]. If you are using the Python"
        " cfn-response module, you may need to update your Lambda function code so that"
        " CloudFormation can attach the updated version."
    )
    (_, deleted) = provider.asked
    assert deleted[0] == "Delete"
    assert str(deleted[1]).startswith("silent-Thing-")


def test_only_the_first_answer_counts(stacks: Stacks, provider: Provider) -> None:
    def twice(event: dict[str, Any]) -> bytes:
        assert put(event["ResponseURL"], answer(event, PhysicalResourceId="first")) == 200
        return answer(event, Status="FAILED", Reason="changed my mind")

    provider.behaviour = [twice]
    stack = stacks.create({"Thing": provider.resource()})
    assert stacks.status(stack) == "CREATE_COMPLETE"
    assert stacks.resource(stack, "Thing")["PhysicalResourceId"] == "first"
    assert "gave a second answer" in stacks.sandbox.log()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda _: b"x" * (ANSWER_LIMIT + 1), "Response object is too long."),
        (lambda _: b"<xml/>", "Response is not valid JSON"),
        (lambda _: b"[]", "Response is not valid JSON"),
        (lambda e: answer(e, Status="success"), "Invalid Status"),
        (lambda e: answer(e, Status=None), "Invalid Status"),
        (lambda e: answer(e, RequestId="another"), "Invalid RequestId"),
        (lambda e: answer(e, StackId=None), "Invalid StackId"),
        (lambda e: answer(e, LogicalResourceId="Other"), "Invalid LogicalResourceId"),
        (lambda e: answer(e, PhysicalResourceId=None), "Invalid PhysicalResourceId"),
        (lambda e: answer(e, PhysicalResourceId=""), "Invalid PhysicalResourceId"),
        (lambda e: answer(e, PhysicalResourceId=7), "Invalid PhysicalResourceId"),
        (lambda e: answer(e, PhysicalResourceId="ü" * 513), "Invalid PhysicalResourceId"),
        (lambda e: answer(e, Data=["a"]), "Invalid Data"),
    ],
)
def test_refuses_an_answer_that_is_none(body: Any, reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        parse(body(REQUEST), REQUEST)


def test_an_answer_may_be_just_as_long_as_allowed() -> None:
    assert ANSWER_LIMIT == 4096
    short = answer(REQUEST, PhysicalResourceId="i", Data={"A": ""})
    room = ANSWER_LIMIT - len(short)
    full = answer(REQUEST, PhysicalResourceId="i", Data={"A": "x" * room})
    assert len(full) == ANSWER_LIMIT
    assert parse(full, REQUEST).data == {"A": "x" * room}


def test_a_failure_without_reason_says_so() -> None:
    said = parse(answer(REQUEST, Status="FAILED", PhysicalResourceId="i"), REQUEST)
    assert (said.success, said.reason) == (False, "No reason was given")


def test_an_invalid_answer_to_a_creation_is_undone(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [lambda _: b"nonsense"]
    stack = stacks.create({"Thing": provider.resource()})
    assert stacks.reasons(stack)["Thing", "CREATE_FAILED"] == "Response is not valid JSON"
    assert [kind for kind, _ in provider.asked] == ["Create", "Delete"]


def test_an_update_tells_old_and_new(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"Thing": provider.resource(Size=5)})
    provider.behaviour = [lambda e: answer(e, Data={"A": "2"})]
    outputs = {"A": {"Value": {"Fn::GetAtt": "Thing.A"}}}
    assert (
        stacks.update(stack, {"Thing": provider.resource(Size=6)}, Outputs=outputs)
        == "UPDATE_COMPLETE"
    )
    made, updated = provider.events
    assert updated["RequestType"] == "Update"
    assert updated["PhysicalResourceId"] == stacks.resource(stack, "Thing")["PhysicalResourceId"]
    assert updated["OldResourceProperties"] == made["ResourceProperties"]
    assert updated["ResourceProperties"] == made["ResourceProperties"] | {"Size": "6"}
    assert stacks.outputs(stack) == {"A": "2"}


def test_another_id_on_update_deletes_the_old_one_at_the_end(
    stacks: Stacks, provider: Provider
) -> None:
    provider.behaviour = [lambda e: answer(e, PhysicalResourceId="old")]
    stack = stacks.create({"Thing": provider.resource(Size=5)})
    provider.behaviour = [lambda e: answer(e, PhysicalResourceId="new")]
    assert stacks.update(stack, {"Thing": provider.resource(Size=6)}) == "UPDATE_COMPLETE"
    assert provider.asked == [("Create", None), ("Update", "old"), ("Delete", "old")]
    assert provider.events[2]["ResourceProperties"]["Size"] == "5"
    assert stacks.resource(stack, "Thing")["PhysicalResourceId"] == "new"
    events = stacks.events(stack)
    cleanup = events.index(("-", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    assert events[cleanup:] == [
        ("-", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Thing", "DELETE_IN_PROGRESS"),
        ("Thing", "DELETE_COMPLETE"),
        ("-", "UPDATE_COMPLETE"),
    ]
    stacks.delete(stack)
    assert provider.asked[3:] == [("Delete", "new")]


def test_a_failed_update_is_undone_by_an_update(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"Thing": provider.resource(Size=5)})
    provider.behaviour = [failure("no such size")]
    assert stacks.update(stack, {"Thing": provider.resource(Size=6)}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "no such size" in stacks.reasons(stack)["Thing", "UPDATE_FAILED"]
    kinds = [kind for kind, _ in provider.asked]
    assert kinds == ["Create", "Update", "Update"]
    back = provider.events[2]
    assert back["ResourceProperties"]["Size"] == "5"
    assert back["OldResourceProperties"]["Size"] == "6"


def test_a_failed_update_that_names_another_id_has_that_one_deleted(
    stacks: Stacks, provider: Provider
) -> None:
    provider.behaviour = [lambda e: answer(e, PhysicalResourceId="old")]
    stack = stacks.create({"Thing": provider.resource(Size=5)})
    provider.behaviour = [failure("half-made", PhysicalResourceId="new")]
    assert stacks.update(stack, {"Thing": provider.resource(Size=6)}) == "UPDATE_ROLLBACK_COMPLETE"
    assert provider.asked == [("Create", None), ("Update", "old"), ("Delete", "new")]
    assert stacks.resource(stack, "Thing")["PhysicalResourceId"] == "old"


def test_a_rollback_that_fails_too_ends_there(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"Thing": provider.resource(Size=5)})
    provider.behaviour = [failure("no"), failure("no way back")]
    assert stacks.update(stack, {"Thing": provider.resource(Size=6)}) == "UPDATE_ROLLBACK_FAILED"
    assert stacks.look(stack)["StackStatusReason"] == (
        "The following resource(s) failed to update: [Thing]. "
    )


def test_the_service_token_cannot_change(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"Thing": provider.resource()})
    moved = provider.resource(ServiceToken=provider.token + "-other")
    assert stacks.update(stack, {"Thing": moved}) == "UPDATE_ROLLBACK_COMPLETE"
    reason = stacks.reasons(stack)["Thing", "UPDATE_FAILED"]
    assert reason == "Modifying service token is not allowed."
    assert [kind for kind, _ in provider.asked] == ["Create"]


def test_another_id_in_the_answer_to_a_deletion_means_nothing(
    stacks: Stacks, provider: Provider
) -> None:
    stack = stacks.create({"Thing": provider.resource()})
    provider.behaviour = [lambda e: answer(e, PhysicalResourceId="another")]
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert [kind for kind, _ in provider.asked] == ["Create", "Delete"]


def test_a_failed_deletion_keeps_the_stack(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"Thing": provider.resource()})
    provider.behaviour = [failure("still in use")]
    assert stacks.delete(stack) == "DELETE_FAILED"
    assert "still in use" in stacks.reasons(stack)["Thing", "DELETE_FAILED"]
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert [kind for kind, _ in provider.asked] == ["Create", "Delete", "Delete"]


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        (
            {"ServiceToken": "arn:aws:sns:eu-west-1:123456789012:gone"},
            "(Service: AmazonSNS; Status Code: 404;",
        ),
        (
            {"ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:gone"},
            "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException;",
        ),
        ({"ServiceToken": "nonsense"}, "Invalid service token: nonsense"),
        ({"ServiceToken": ""}, "Property ServiceToken cannot be empty."),
        ({"ServiceTimeout": 0}, "ServiceTimeout must be a number from 1 to 3600."),
        ({"ServiceTimeout": "soon"}, "ServiceTimeout must be a number from 1 to 3600."),
        ({"ServiceTimeout": 3601}, "ServiceTimeout must be a number from 1 to 3600."),
    ],
)
def test_fails_when_the_provider_cannot_be_asked_and_deletes_nothing(
    stacks: Stacks, provider: Provider, properties: dict[str, Any], words: str
) -> None:
    stack = stacks.create({"Thing": provider.resource(**properties)})
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"
    assert words in stacks.reasons(stack)["Thing", "CREATE_FAILED"]
    assert provider.events == []
    assert ("Thing", "DELETE_IN_PROGRESS") not in stacks.events(stack)


def test_the_generic_type_is_one_too(stacks: Stacks, provider: Provider) -> None:
    thing = provider.resource() | {"Type": "AWS::CloudFormation::CustomResource"}
    stack = stacks.create({"Thing": thing})
    assert provider.events[0]["ResourceType"] == "AWS::CloudFormation::CustomResource"
    assert json.dumps(provider.events[0])
    assert stacks.status(stack) == "CREATE_COMPLETE"


# With a real function


CODE = """
import json, urllib.request


def handler(event, context):
    wish = event["ResourceProperties"].get("Wish")
    if wish == "crash":
        raise RuntimeError("boom")
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": "of-lambda", "Data": {"Wish": wish}}
    request = urllib.request.Request(
        event["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT"
    )
    urllib.request.urlopen(request)
"""


@pytest.fixture(scope="module")
def function(stacks: Stacks) -> str:
    """ARN of a function that answers, unless it is told to crash."""
    functions = Functions(stacks.sandbox)
    arn = functions.client().get_function(FunctionName=functions.deploy(CODE, Timeout=10))
    return str(arn["Configuration"]["FunctionArn"])


def of_lambda(function: str, **properties: Any) -> dict[str, Any]:
    own = {"ServiceToken": function, "ServiceTimeout": 20, **properties}
    return {"Thing": {"Type": "Custom::Thing", "Properties": own}}


def test_a_function_makes_and_deletes_a_resource(stacks: Stacks, function: str) -> None:
    outputs = {"Wish": {"Value": {"Fn::GetAtt": "Thing.Wish"}}}
    stack = stacks.create(of_lambda(function, Wish="luck"), Outputs=outputs)
    assert stacks.status(stack) == "CREATE_COMPLETE", stacks.reasons(stack)
    assert stacks.outputs(stack) == {"Wish": "luck"}
    assert stacks.resource(stack, "Thing")["PhysicalResourceId"] == "of-lambda"
    assert stacks.update(stack, of_lambda(function, Wish="more")) == "UPDATE_COMPLETE"
    assert stacks.delete(stack) == "DELETE_COMPLETE"


def test_a_function_that_crashes_gives_no_answer(stacks: Stacks, function: str) -> None:
    stacks.sandbox.pace_retries(0.01)
    crash = of_lambda(function, Wish="crash", ServiceTimeout=1)
    stack = stacks.begin(crash)
    assert stacks.settle(stack) == "ROLLBACK_FAILED"
    reason = stacks.reasons(stack)["Thing", "CREATE_FAILED"]
    assert "did not receive a response from your Custom Resource" in reason
    assert "did not receive a response" in stacks.reasons(stack)["Thing", "DELETE_FAILED"]


def test_fails_when_the_caller_may_not_invoke_the_function(stacks: Stacks, function: str) -> None:
    with stacks.sandbox.fork() as copy:
        mine = Stacks(copy)
        mine.client = copy.client("cloudformation", credentials=stack_maker(copy))
        copy.enforce(True)
        stack = mine.create(of_lambda(function))
        reason = mine.reasons(stack)["Thing", "CREATE_FAILED"]
        assert mine.status(stack) == "ROLLBACK_COMPLETE"
        principals = {call.principal for call in copy.journal() if call.operation == "Invoke"}
    assert reason.startswith("User: arn:aws:iam::123456789012:user/stack-maker is not authorized")
    assert f"lambda:InvokeFunction on resource: {function}" in reason
    assert "(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException;" in reason
    assert "arn:aws:iam::123456789012:user/stack-maker" in principals
