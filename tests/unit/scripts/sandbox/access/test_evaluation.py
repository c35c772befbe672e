"""The truth table of access control: each line is a rule that an AWS page states.

The lines marked `moto` are those that moto's own access control gets wrong.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scripts.sandbox.access.evaluation import Decision, Kind, Policies, Policy, evaluate
from scripts.sandbox.policies import PolicyError, Request

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

CASES = [
    # Allow, deny, and neither
    Case("no policy at all", ORDER, IAM, Policies()),
    Case("an identity policy allows", BASICS, None, identity(allow())),
    Case("an identity policy speaks of other things", ORDER, IAM, identity(allow("s3:PutObject"))),
    Case(
        "a Deny beats an Allow of the same policy",
        ALLOW_AND_DENY,
        (IAM,),
        identity(allow(), deny()),
    ),
    Case(
        "a Deny beats an Allow of another policy",
        ALLOW_AND_DENY,
        (IAM,),
        Policies(identity=(ALL, policy(deny("s3:Get*")))),
    ),
    Case(
        "one of many policies is enough",
        BASICS,
        None,
        Policies(identity=(NOTHING, policy(allow("s3:GetObject", OBJECT)))),
    ),
    # Actions
    Case(
        "actions are matched in any case", ACTION, None, identity(allow("S3:getobject")), moto=True
    ),
    Case("an action with a wildcard", ACTION, None, identity(allow("s3:Get*"))),
    Case("a wildcard of one character", ACTION, None, identity(allow("s3:GetObjec?"))),
    Case("an action of another service", ACTION, IAM, identity(allow("sagemaker:*"))),
    Case(
        "NotAction with Allow allows all else",
        NOT_ACTION,
        None,
        identity({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    Case(
        "NotAction with Allow does not allow what it names",
        NOT_ACTION,
        IAM,
        identity({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
    ),
    # Resources
    Case("a resource by its ARN", RESOURCE, None, identity(allow("*", OBJECT))),
    Case("a resource of another case", RESOURCE, IAM, identity(allow("*", "arn:aws:s3:::Data/*"))),
    Case(
        "an ARN beyond S3 and STS",
        RESOURCE,
        None,
        identity(allow("sagemaker:*", NOTEBOOK)),
        **START,
        moto=True,
    ),
    Case(
        "another resource of the type",
        RESOURCE,
        IAM,
        identity(allow("sagemaker:*", NOTEBOOK.replace("mine", "yours"))),
        **START,
    ),
    Case(
        "Deny with NotResource denies all else",
        NOT_RESOURCE,
        (IAM,),
        identity(allow(), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::other/*"}),
        moto=True,
    ),
    Case(
        "Deny with NotResource spares what it names",
        NOT_RESOURCE,
        None,
        identity(allow(), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::data/*"}),
    ),
    # Conditions
    Case(
        "an unmet StringEquals allows nothing",
        OPERATORS,
        IAM,
        identity(allow(**when("StringEquals", "aws:RequestedRegion", "eu-west-1"))),
        context={"aws:RequestedRegion": "us-east-1"},
        moto=True,
    ),
    Case(
        "a met StringEquals allows",
        OPERATORS,
        None,
        identity(allow(**when("StringEquals", "aws:RequestedRegion", "eu-west-1"))),
        context={"aws:RequestedRegion": "eu-west-1"},
    ),
    Case(
        "an unmet IpAddress allows nothing",
        OPERATORS,
        IAM,
        identity(allow(**NETWORK)),
        context={"aws:SourceIp": "192.0.2.1"},
        moto=True,
    ),
    Case(
        "a met IpAddress allows",
        OPERATORS,
        None,
        identity(allow(**NETWORK)),
        context={"aws:SourceIp": "10.1.2.3"},
    ),
    Case(
        "a key that is missing meets no positive operator",
        OPERATORS,
        IAM,
        identity(allow(**when("StringEquals", "aws:SourceVpce", "vpce-1"))),
    ),
    Case(
        "a key that is missing meets every negated operator",
        OPERATORS,
        (IAM,),
        identity(allow(), deny(**when("StringNotEquals", "aws:SourceVpce", "vpce-1"))),
    ),
    Case(
        "IfExists holds where the key is missing",
        OPERATORS,
        None,
        identity(allow(**when("StringEqualsIfExists", "ec2:InstanceType", "t3.micro"))),
    ),
    Case(
        "Null asks for a key to be missing",
        OPERATORS,
        IAM,
        identity(allow(**when("Null", "aws:TokenIssueTime", "true"))),
        context={"aws:TokenIssueTime": "2026-01-01T00:00:00Z"},
    ),
    Case(
        "Bool on TLS: a Deny of plain HTTP spares what comes over TLS",
        BUCKETS,
        None,
        Policies(
            identity=(ALL,),
            resource=(
                policy(
                    {**to("*"), "Effect": "Deny", **when("Bool", "aws:SecureTransport", "false")}
                ),
            ),
        ),
        context={"aws:SecureTransport": "true"},
    ),
    Case(
        "Bool on TLS: plain HTTP is denied",
        BUCKETS,
        (R,),
        Policies(
            identity=(ALL,),
            resource=(
                policy(
                    {**to("*"), "Effect": "Deny", **when("Bool", "aws:SecureTransport", "false")}
                ),
            ),
        ),
        context={"aws:SecureTransport": "false"},
    ),
    Case(
        "the conditions of a statement are all to hold",
        OPERATORS,
        IAM,
        identity(allow(Condition={"StringEquals": {"a:A": "1", "a:B": "2"}})),
        context={"a:A": "1", "a:B": "3"},
    ),
    Case(
        "the values of a condition are alternatives",
        OPERATORS,
        None,
        identity(allow(**when("StringEquals", "a:A", "1", "2"))),
        context={"a:A": "2"},
    ),
    Case(
        "ArnLike does not let a wildcard cross the parts of an ARN",
        OPERATORS,
        IAM,
        identity(allow(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"))),
        context={"aws:PrincipalArn": USER},
    ),
    # Sets of values
    Case(
        "ForAllValues holds for a request without the key",
        SETS,
        None,
        identity(allow(**when("ForAllValues:StringEquals", "aws:TagKeys", "Project"))),
    ),
    Case(
        "ForAllValues fails on one value too many",
        SETS,
        IAM,
        identity(allow(**when("ForAllValues:StringEquals", "aws:TagKeys", "Project"))),
        context={"aws:TagKeys": ["Project", "Owner"]},
    ),
    Case(
        "ForAllValues with Null lets no request without the key pass",
        SETS,
        IAM,
        identity(
            allow(
                Condition={
                    "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-1"},
                    "Null": {"sagemaker:VpcSubnets": "false"},
                }
            )
        ),
    ),
    Case(
        "ForAnyValue needs one of the values",
        SETS,
        None,
        identity(allow(**when("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/p"))),
        context={"kms:ResourceAliases": ["alias/p", "alias/q"]},
    ),
    Case(
        "ForAnyValue fails for a request without the key, negated too",
        SETS,
        IAM,
        identity(allow(**when("ForAnyValue:StringNotEquals", "aws:TagKeys", "Project"))),
    ),
    # Variables and tags
    Case(
        "a variable in a resource",
        VARIABLES,
        None,
        identity(allow("s3:*", "arn:aws:s3:::data/${aws:username}/*")),
        resource="arn:aws:s3:::data/dana/x",
        context={"aws:username": "dana"},
    ),
    Case(
        "a variable in a resource, for somebody else",
        VARIABLES,
        IAM,
        identity(allow("s3:*", "arn:aws:s3:::data/${aws:username}/*")),
        resource="arn:aws:s3:::data/eve/x",
        context={"aws:username": "dana"},
    ),
    Case(
        "a variable's value is no pattern",
        VARIABLES,
        IAM,
        identity(allow("s3:*", "arn:aws:s3:::data/${aws:PrincipalTag/team}/*")),
        resource="arn:aws:s3:::data/all/x",
        context={"aws:PrincipalTag/team": "*"},
    ),
    Case(
        "a variable that the request lacks matches nothing",
        VARIABLES,
        IAM,
        identity(allow("s3:*", "arn:aws:s3:::data/${aws:PrincipalTag/team}*")),
        resource="arn:aws:s3:::data/",
    ),
    Case(
        "a variable's default stands in for it",
        VARIABLES,
        None,
        identity(allow("s3:*", "arn:aws:s3:::data/${aws:PrincipalTag/team, 'all'}/*")),
        resource="arn:aws:s3:::data/all/x",
    ),
    Case(
        "${*} is a star",
        VARIABLES,
        IAM,
        identity(allow("s3:*", "arn:aws:s3:::data/${*}")),
    ),
    Case(
        "${*} is found as a star",
        VARIABLES,
        None,
        identity(allow("s3:*", "arn:aws:s3:::data/${*}")),
        resource="arn:aws:s3:::data/*",
    ),
    Case(
        "before 2012-10-17 a variable is text",
        VARIABLES,
        IAM,
        Policies(
            identity=(policy(allow("s3:*", "arn:aws:s3:::${aws:username}"), version="2008-10-17"),)
        ),
        resource="arn:aws:s3:::dana",
        context={"aws:username": "dana"},
    ),
    Case(
        "one's own, by a tag that names the session",
        TAGS,
        None,
        identity(allow("sagemaker:*", "*", **OWN)),
        principals=AS_SESSION,
        **START,
        context={"aws:ResourceTag/LaunchedBy": "AROA1:dana", "aws:userid": "AROA1:dana"},
    ),
    Case(
        "a colleague's, under the same role",
        TAGS,
        IAM,
        identity(allow("sagemaker:*", "*", **OWN)),
        principals=AS_SESSION,
        **START,
        context={"aws:ResourceTag/LaunchedBy": "AROA1:eve", "aws:userid": "AROA1:dana"},
    ),
    # Passing roles
    Case(
        "passing a role takes a right of its own",
        PASS_ROLE,
        IAM,
        identity(allow("sagemaker:*")),
        action="iam:PassRole",
        resource=ROLE,
        context=PASSING,  # type: ignore[arg-type]
        moto=True,
    ),
    Case(
        "a role is passed to the service that the policy names",
        PASS_ROLE,
        None,
        identity(OF_EXECUTION),
        action="iam:PassRole",
        resource=ROLE,
        context=PASSING,  # type: ignore[arg-type]
    ),
    Case(
        "a role is not passed to another service",
        PASS_ROLE,
        IAM,
        identity(OF_EXECUTION),
        action="iam:PassRole",
        resource=ROLE,
        context={"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    Case(
        "another role is not passed",
        PASS_ROLE,
        IAM,
        identity(OF_EXECUTION),
        action="iam:PassRole",
        resource=f"{ROLE}Admin",
        context=PASSING,  # type: ignore[arg-type]
    ),
    # Permissions boundaries
    Case(
        "a boundary without the action limits",
        BOUNDARIES,
        B,
        identity(allow(), boundary=policy(allow("ec2:*"))),
        moto=True,
    ),
    Case("a boundary with the action", BOUNDARIES, None, identity(allow(), boundary=ONLY_S3)),
    Case("a boundary alone gives nothing", BOUNDARIES, IAM, Policies(boundary=ALL)),
    Case(
        "a boundary's Deny",
        BOUNDARIES,
        (B,),
        identity(allow(), boundary=policy(allow(), deny("s3:*"))),
    ),
    Case(
        "a bucket's Allow to the user is not limited by the user's boundary",
        BOUNDARIES,
        None,
        resource(to({"AWS": USER}), boundary=policy(allow("ec2:*"))),
    ),
    Case(
        "a bucket's Allow to the role is limited by the role's boundary",
        BOUNDARIES,
        B,
        resource(to({"AWS": ROLE}), boundary=policy(allow("ec2:*"))),
        principals=AS_SESSION,
    ),
    Case(
        "a bucket's Allow to the session is not limited by the role's boundary",
        BOUNDARIES,
        None,
        resource(to({"AWS": SESSION}), boundary=policy(allow("ec2:*"))),
        principals=AS_SESSION,
    ),
    # Session policies
    Case(
        "a session policy without the action limits",
        SESSIONS,
        S,
        identity(allow(), session=(policy(allow("ec2:*")),)),
        principals=AS_SESSION,
    ),
    Case(
        "a session policy gives nothing",
        SESSIONS,
        IAM,
        Policies(session=(ALL,)),
        principals=AS_SESSION,
    ),
    Case(
        "a bucket's Allow to the role is limited by the session policy",
        SESSIONS,
        S,
        resource(to({"AWS": ROLE}), session=(NOTHING,)),
        principals=AS_SESSION,
    ),
    Case(
        "a bucket's Allow to the session adds to the session policy",
        SESSIONS,
        None,
        resource(to({"AWS": SESSION}), session=(NOTHING,)),
        principals=AS_SESSION,
    ),
    Case(
        "a session policy's Deny",
        SESSIONS,
        (S,),
        identity(allow(), session=(policy(allow(), deny("s3:*")),)),
        principals=AS_SESSION,
    ),
    # Resource policies, of one's own account
    Case("a bucket's Allow to the user is enough", BASICS, None, resource(to({"AWS": USER}))),
    Case(
        "a bucket's Allow to the role is enough",
        BASICS,
        None,
        resource(to({"AWS": ROLE})),
        principals=AS_SESSION,
    ),
    Case(
        "a bucket's Allow to the account leaves it to the account's policies",
        PRINCIPAL,
        IAM,
        resource(to({"AWS": ROOT})),
    ),
    Case(
        "the account's number is the account",
        PRINCIPAL,
        IAM,
        resource(to({"AWS": ACCOUNT})),
    ),
    Case("a bucket's Allow to everybody is enough", PRINCIPAL, None, resource(to("*"))),
    Case("a bucket's Allow to others is none", PRINCIPAL, IAM, resource(to({"AWS": STRANGER}))),
    Case(
        "a bucket's Deny beats the identity policy",
        ORDER,
        (R,),
        resource({**to("*"), "Effect": "Deny"}, **WITH_ALL),
    ),
    Case(
        "a bucket's Deny of the role binds its sessions",
        PRINCIPAL,
        (R,),
        resource({**to({"AWS": ROLE}), "Effect": "Deny"}, **WITH_ALL),
        principals=AS_SESSION,
    ),
    Case(
        "NotPrincipal denies all others",
        NOT_PRINCIPAL,
        (R,),
        resource(
            {"Effect": "Deny", "NotPrincipal": {"AWS": STRANGER}, "Action": "*", "Resource": "*"},
            **WITH_ALL,
        ),
    ),
    Case(
        "NotPrincipal spares whom it names",
        NOT_PRINCIPAL,
        None,
        resource(
            {"Effect": "Deny", "NotPrincipal": {"AWS": USER}, "Action": "*", "Resource": "*"},
            **WITH_ALL,
        ),
    ),
    Case("an anonymous caller and a bucket for everybody", BUCKETS, None, resource(to("*")), ()),
    Case("an anonymous caller and no policy", BUCKETS, R, Policies(), ()),
    # Across accounts
    Case(
        "across accounts the resource alone is not enough",
        CROSS_ACCOUNT,
        IAM,
        resource(to({"AWS": STRANGER}), same_account=False),
        (STRANGER,),
    ),
    Case(
        "across accounts the identity alone is not enough",
        CROSS_ACCOUNT,
        R,
        identity(allow(), same_account=False),
        (STRANGER,),
    ),
    Case(
        "across accounts both together are",
        CROSS_ACCOUNT,
        None,
        resource(to({"AWS": "210987654321"}), same_account=False, **WITH_ALL),
        (STRANGER,),
    ),
    # Trust
    Case("a trust that names the user", TRUST, None, role(trusts({"AWS": USER})), **ASSUME),
    Case(
        "a trust in the account takes an identity policy as well",
        TRUST,
        IAM,
        role(trusts({"AWS": ROOT})),
        **ASSUME,
    ),
    Case(
        "a trust in the account, and an identity policy",
        TRUST,
        None,
        role(trusts({"AWS": ROOT}), **WITH_ALL),
        **ASSUME,
        moto=True,
    ),
    Case(
        "an administrator is not trusted for that",
        TERMS,
        T,
        role(trusts({"AWS": STRANGER}), **WITH_ALL),
        **ASSUME,
    ),
    Case(
        "a trust in a service alone is for no user",
        TRUST,
        T,
        role(trusts({"Service": "sagemaker.amazonaws.com"}), **WITH_ALL),
        **ASSUME,
        moto=True,
    ),
    Case(
        "a trust in a service is for the service",
        TRUST,
        None,
        role(trusts({"Service": "sagemaker.amazonaws.com"})),
        SAGEMAKER,
        **ASSUME,
    ),
    Case(
        "a service that acts for another account",
        SERVICES,
        T,
        role(
            trusts(
                {"Service": "sagemaker.amazonaws.com"},
                **when("StringEquals", "aws:SourceAccount", ACCOUNT),
            )
        ),
        SAGEMAKER,
        **ASSUME,
        context={"aws:SourceAccount": "210987654321"},
    ),
    Case(
        "a trust policy's Deny",
        TRUST,
        (T,),
        role(trusts({"AWS": USER}), {**trusts("*"), "Effect": "Deny"}),
        **ASSUME,
    ),
    # Keys
    Case(
        "a key whose policy is silent, and an administrator",
        KEY_POLICIES,
        R,
        key(**WITH_ALL),
        **DECRYPT,
    ),
    Case(
        "a key policy that leaves it to IAM, and an identity policy",
        KEY_DEFAULT,
        None,
        key(to({"AWS": ROOT}), **WITH_ALL),
        **DECRYPT,
    ),
    Case(
        "a key policy that leaves it to IAM, and no identity policy",
        KEY_DEFAULT,
        IAM,
        key(to({"AWS": ROOT})),
        **DECRYPT,
    ),
    Case(
        "a key policy that leaves only administration to IAM",
        KEY_DEFAULT,
        R,
        key(to({"AWS": ROOT}, Action=["kms:PutKeyPolicy", "kms:DescribeKey"]), **WITH_ALL),
        **DECRYPT,
    ),
    Case(
        "a key policy that names the role is enough",
        KEY_POLICIES,
        None,
        key(to({"AWS": ROLE}, Action="kms:Decrypt")),
        AS_SESSION,
        **DECRYPT,
    ),
    Case(
        "a key that may be used through S3 only, used directly",
        KEY_CONDITIONS,
        R,
        key(
            to(
                {"AWS": ROOT},
                **when("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"),
            ),
            **WITH_ALL,
        ),
        **DECRYPT,
    ),
    Case(
        "a key that may be used through S3 only, used through S3",
        KEY_CONDITIONS,
        None,
        key(
            to(
                {"AWS": ROOT},
                **when("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"),
            ),
            **WITH_ALL,
        ),
        **DECRYPT,
        context={"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
    ),
    Case(
        "a grant is enough for its grantee",
        GRANTS,
        None,
        Policies(
            resource=(NOTHING, policy(to({"AWS": ROLE}, Action=["kms:Decrypt"]))),
            resource_must_allow=True,
        ),
        AS_SESSION,
        **DECRYPT,
    ),
    Case(
        "a grant is for its operations",
        GRANTS,
        R,
        Policies(
            resource=(NOTHING, policy(to({"AWS": ROLE}, Action=["kms:Encrypt"]))),
            resource_must_allow=True,
        ),
        AS_SESSION,
        **DECRYPT,
    ),
    # Endpoints
    Case(
        "an endpoint that carries other things",
        ENDPOINTS,
        E,
        identity(allow(), endpoint=policy({**to("*"), "Resource": "arn:aws:s3:::other/*"})),
    ),
    Case(
        "an endpoint gives nothing",
        ENDPOINTS,
        IAM,
        Policies(endpoint=policy(to("*"))),
    ),
    Case(
        "an endpoint carries what the caller may do",
        ENDPOINTS,
        None,
        identity(allow(), endpoint=policy(to("*"))),
    ),
    Case(
        "an endpoint's Deny",
        ENDPOINTS,
        (E,),
        identity(allow(), endpoint=policy(to("*"), {**to("*"), "Effect": "Deny"})),
    ),
    Case(
        "an endpoint limits what a bucket allows",
        ENDPOINTS,
        E,
        resource(to({"AWS": USER}), endpoint=NOTHING),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_request_is_decided_as_aws_documents_it(case: Case) -> None:
    decision = case.decide()
    explicit = isinstance(case.outcome, tuple)
    kind = case.outcome[0] if isinstance(case.outcome, tuple) else case.outcome
    assert (decision.allowed, decision.kind, decision.explicit) == (kind is None, kind, explicit), (
        case.page
    )


def test_the_table_is_long_enough_and_says_each_thing_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert sum(case.moto for case in CASES) == 9
    assert all(case.page.startswith("https://docs.aws.amazon.com/") for case in CASES)


def test_a_decision_names_every_statement_that_allowed() -> None:
    first = Policy("first", policy(allow("s3:*", Sid="All"), allow("ec2:*", Sid="Other")).document)
    second = Policy("second", policy(allow("s3:Get*")).document)
    of_bucket = Policy("bucket", policy(to("*", Sid="Everybody")).document)
    decision = evaluate(
        Request(AS_USER, "s3:GetObject", OBJECT),
        Policies(identity=(first, second), resource=(of_bucket,)),
    )
    spoke = [(each.kind, each.policy, each.sid) for each in decision.statements]
    assert spoke == [(R, "bucket", "Everybody"), (IAM, "first", "All"), (IAM, "second", "")]


def test_a_refusal_names_the_denies() -> None:
    given = identity(allow(Sid="All"), deny("s3:*", Sid="No"), deny("ec2:*", Sid="Other"))
    decision = evaluate(Request(AS_USER, "s3:GetObject", OBJECT), given)
    assert [each.sid for each in decision.statements] == ["No"]


def test_what_cannot_be_told_is_allowed_by_a_star_alone_and_denied_by_any_deny() -> None:
    unknown = Case("", "", None, identity(allow()), resource="")
    assert unknown.decide().allowed
    for statement in (allow("*", "arn:*"), allow("*", OBJECT), {**allow(), "NotResource": OBJECT}):
        given = {
            k: v
            for k, v in statement.items()
            if not ("NotResource" in statement and k == "Resource")
        }
        assert not replace(unknown, policies=identity(given)).decide().allowed
    narrow = replace(unknown, policies=identity(allow(), deny("s3:*", "arn:aws:s3:::other/*")))
    assert narrow.decide().explicit


def test_fails_for_an_operator_that_does_not_exist() -> None:
    """moto takes a Deny with such an operator for one that matches."""
    given = identity(allow(), deny(**when("StringIs", "a:A", "1")))
    with pytest.raises(PolicyError, match="condition operator 'StringIs' does not exist"):
        evaluate(Request(AS_USER, "s3:GetObject", OBJECT, {"a:A": "2"}), given)
