"""The truth table: what the elements of a statement mean."""

from scripts.sandbox.access.evaluation import Policies
from tests.unit.scripts.sandbox.access.truth import (
    ACTION,
    ALL,
    ALLOW_AND_DENY,
    AS_SESSION,
    BASICS,
    BUCKETS,
    IAM,
    NETWORK,
    NOT_ACTION,
    NOT_RESOURCE,
    NOTEBOOK,
    NOTHING,
    OBJECT,
    OPERATORS,
    ORDER,
    OWN,
    RESOURCE,
    SETS,
    START,
    TAGS,
    USER,
    VARIABLES,
    Case,
    R,
    allow,
    deny,
    identity,
    policy,
    to,
    when,
)

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
]
