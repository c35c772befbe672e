import json
from typing import Any

import pytest

from scripts.lib.jumpstart.policies import NEEDED, grants


def allow(actions: object, resources: object = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: object, resources: object = "*", **more: Any) -> dict[str, Any]:
    return allow(actions, resources, **more) | {"Effect": "Deny"}


def policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ENOUGH = allow(["sagemaker:*", "servicecatalog:*", "iam:PassRole"])
LIMITED = "arn:aws:sagemaker:*:*:endpoint/x"


@pytest.mark.parametrize(
    "documents",
    [
        [policy(allow("*"))],
        [policy(allow("*:*"))],
        [policy(ENOUGH)],
        [json.dumps({"Statement": ENOUGH})],
        [policy(allow(list(NEEDED)))],
        [policy(allow([action.upper() for action in NEEDED]))],
        [policy(allow("sagemaker:*")), policy(allow(["servicecatalog:*", "iam:PassRol?"]))],
        [policy({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"})],
        [policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"})],
        [policy(ENOUGH, deny("s3:*"))],
        [policy(ENOUGH, {"Effect": "Deny", "NotAction": ["*"], "Resource": "*"})],
    ],
)
def test_equivalents_lack_nothing(documents: list[str]) -> None:
    found = grants(documents)

    assert (found.missing, found.in_part) == ((), ())


def test_passing_roles_may_be_limited_as_it_should_be() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    pass_role = allow("iam:PassRole", "arn:aws:iam::1:role/x", Condition=condition)

    found = grants([policy(allow(["sagemaker:*", "servicecatalog:*"]), pass_role)])

    assert (found.missing, found.in_part) == ((), ())


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [""],
        ["no JSON"],
        ["[]"],
        ["null"],
        ['{"Statement": "Allow"}'],
        ['{"Statement": [1, null, "x"]}'],
        [policy()],
        [policy({"Action": "*", "Resource": "*"})],
        [policy({"Effect": "Allow", "Resource": "*"})],
        [policy(allow([1, None, {}]))],
        [policy(allow("s3:*"))],
        [policy(allow("sagemaker"))],
        [policy(allow("*"), deny("*"))],
        [policy(allow("*")), policy(deny(["iam:*", "sagemaker:*", "servicecatalog:*"]))],
    ],
)
def test_what_grants_nothing_lacks_everything(documents: list[str]) -> None:
    assert grants(documents).missing == NEEDED


def test_what_is_missing_is_named() -> None:
    found = grants([policy(ENOUGH, deny("sagemaker:CreateEndpoint*"))])

    assert found.missing == ("sagemaker:CreateEndpoint", "sagemaker:CreateEndpointConfig")
    assert grants([policy(allow(["sagemaker:*", "iam:PassRole"]))]).missing == (
        "servicecatalog:DescribeProduct",
        "servicecatalog:ListLaunchPaths",
        "servicecatalog:ProvisionProduct",
        "servicecatalog:SearchProducts",
    )


@pytest.mark.parametrize(
    "statements",
    [
        [allow(["sagemaker:List*", "sagemaker:D*"]), allow("sagemaker:Create*", LIMITED)],
        [allow("sagemaker:*", Condition={"Bool": {"x": "y"}})],
        [allow("sagemaker:*"), deny("sagemaker:CreateModel", LIMITED)],
        [allow("sagemaker:*"), deny("sagemaker:CreateModel", Condition={"Bool": {"x": "y"}})],
        [
            allow("sagemaker:*"),
            {"Effect": "Deny", "Action": "sagemaker:CreateModel", "NotResource": LIMITED},
        ],
    ],
)
def test_what_is_granted_in_part_is_neither_missing_nor_there(
    statements: list[dict[str, Any]],
) -> None:
    found = grants([policy(allow(["servicecatalog:*", "iam:PassRole"]), *statements)])

    assert found.missing == ()
    assert "sagemaker:CreateModel" in found.in_part
    assert "servicecatalog:SearchProducts" not in found.in_part


def test_a_denial_of_a_part_does_not_make_up_for_a_missing_grant() -> None:
    found = grants([policy(deny("sagemaker:CreateModel", LIMITED))])

    assert "sagemaker:CreateModel" in found.missing
