"""What the lines of the truth table are made of."""

from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.access.evaluation import Decision, Kind, Policies, Policy, evaluate
from scripts.sandbox.policies import Request

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
ORDER = f"{GUIDE}reference_policies_evaluation-logic_policy-eval-denyallow.html"
BASICS = f"{GUIDE}reference_policies_evaluation-logic_policy-eval-basics.html"
ALLOW_AND_DENY = f"{GUIDE}reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html"
CROSS_ACCOUNT = f"{GUIDE}reference_policies_evaluation-logic-cross-account.html"
BOUNDARIES = f"{GUIDE}access_policies_boundaries.html"
SESSIONS = f"{GUIDE}access_policies.html"
PRINCIPAL = f"{GUIDE}reference_policies_elements_principal.html"
NOT_PRINCIPAL = f"{GUIDE}reference_policies_elements_notprincipal.html"
ACTION = f"{GUIDE}reference_policies_elements_action.html"
NOT_ACTION = f"{GUIDE}reference_policies_elements_notaction.html"
RESOURCE = f"{GUIDE}reference_policies_elements_resource.html"
NOT_RESOURCE = f"{GUIDE}reference_policies_elements_notresource.html"
OPERATORS = f"{GUIDE}reference_policies_elements_condition_operators.html"
SETS = f"{GUIDE}reference_policies_condition-single-vs-multi-valued-context-keys.html"
VARIABLES = f"{GUIDE}reference_policies_variables.html"
TAGS = f"{GUIDE}access_tags.html"
PASS_ROLE = f"{GUIDE}id_roles_use_passrole.html"
TRUST = f"{GUIDE}id_roles_update-role-trust-policy.html"
TERMS = f"{GUIDE}id_roles.html"
SERVICES = f"{GUIDE}confused-deputy.html"
KEY_POLICIES = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"
KEY_DEFAULT = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
KEY_CONDITIONS = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
GRANTS = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"
ENDPOINTS = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
BUCKETS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/dana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Analyst"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Analyst/dana"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
STRANGER = "arn:aws:iam::210987654321:user/eve"
AS_USER = (USER,)
AS_SESSION = (ROLE, SESSION)
SAGEMAKER = ("sagemaker.amazonaws.com",)
OBJECT = "arn:aws:s3:::data/a.csv"
NOTEBOOK = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:notebook-instance/mine"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"

Context = dict[str, str | list[str]]


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> Policy:
    return Policy("p", {"Version": version, "Statement": list(statements)})


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def when(operator: str, key: str, *values: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values) if len(values) > 1 else values[0]}}}


def to(principal: Any, **more: Any) -> dict[str, Any]:
    """A statement of a resource's policy, which allows all to a principal."""
    return {**allow(), "Principal": principal, **more}


def trusts(principal: Any, **more: Any) -> dict[str, Any]:
    """A statement of a trust policy, which has no Resource."""
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}


ALL = policy(allow())
NOTHING = policy()
ONLY_S3 = policy(allow("s3:*"))


@dataclass(frozen=True)
class Case:
    """One line: who asks for what, under which policies, and what AWS says to it."""

    name: str
    page: str
    outcome: Kind | tuple[Kind] | None
    """None for allowed; a kind of policy for its want of an Allow; in a tuple for its Deny."""
    policies: Policies
    principals: tuple[str, ...] = AS_USER
    action: str = "s3:GetObject"
    resource: str = OBJECT
    context: Context = field(default_factory=dict)
    moto: bool = False

    def decide(self) -> Decision:
        request = Request(self.principals, self.action, self.resource, self.context)
        return evaluate(request, self.policies)


def identity(*statements: dict[str, Any], **more: Any) -> Policies:
    return Policies(identity=(policy(*statements),), **more)


def resource(*statements: dict[str, Any], **more: Any) -> Policies:
    return Policies(resource=(policy(*statements),), **more)


def role(*statements: dict[str, Any], **more: Any) -> Policies:
    return resource(*statements, resource_kind=Kind.TRUST, resource_must_allow=True, **more)


def key(*statements: dict[str, Any], **more: Any) -> Policies:
    return resource(*statements, resource_must_allow=True, **more)


WITH_ALL: dict[str, Any] = {"identity": (ALL,)}
IAM, R, B, S, T, E = (
    Kind.IDENTITY,
    Kind.RESOURCE,
    Kind.BOUNDARY,
    Kind.SESSION,
    Kind.TRUST,
    Kind.ENDPOINT,
)
PASSING = {"iam:PassedToService": "sagemaker.amazonaws.com"}
OF_EXECUTION = allow(
    "iam:PassRole", ROLE, **when("StringEquals", "iam:PassedToService", "sagemaker.amazonaws.com")
)
ASSUME: dict[str, Any] = {"action": "sts:AssumeRole", "resource": ROLE}
DECRYPT: dict[str, Any] = {"action": "kms:Decrypt", "resource": KEY}
START: dict[str, Any] = {"action": "sagemaker:StartNotebookInstance", "resource": NOTEBOOK}
NETWORK = when("IpAddress", "aws:SourceIp", "10.0.0.0/8")
OWN = when("StringEquals", "aws:ResourceTag/LaunchedBy", "${aws:userid}")
