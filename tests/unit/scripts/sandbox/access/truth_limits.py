"""The truth table: passing roles, and what limits a caller's own policies."""

from scripts.sandbox.access.evaluation import Policies
from tests.unit.scripts.sandbox.access.truth import (
    ALL,
    AS_SESSION,
    BOUNDARIES,
    IAM,
    NOTHING,
    OF_EXECUTION,
    ONLY_S3,
    PASS_ROLE,
    PASSING,
    ROLE,
    SESSION,
    SESSIONS,
    USER,
    B,
    Case,
    S,
    allow,
    deny,
    identity,
    policy,
    resource,
    to,
)

CASES = [
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
]
