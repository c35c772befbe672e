"""Every kind of change that is tried; README's table is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scripts.lib.drift.model import Mend, Plane
from scripts.lib.plan_review.model import Risk
from tests.integration.drift.hands import Hands, allow, reorder, respell, without

QUICKSTART, VISION = "notebook-quickstart", "notebook-vision"
NETWORK, JUMPSTART = "network-main", "jumpstart"
EXECUTION_QUICKSTART, EXECUTION_VISION = (
    f"SageMakerExecutionRole-{project}" for project in ("quickstart", "vision")
)
FUNCTION = "SageMakerBuild-quickstart"
STRANGER = {"AWS": "arn:aws:iam::999999999999:root"}
GLUE_ROLE = "AmazonSageMakerServiceCatalogProductsGlueRole"
LAUNCH_ROLE = "AmazonSageMakerServiceCatalogProductsLaunchRole"
SERVICE_POLICIES = "arn:aws:iam::aws:policy"


@dataclass(frozen=True)
class Change:
    """A change by hand, and the one line that has to come of it on Terraform's plane.

    Attributes:
        did: what somebody did; a row of the table.
        subject: beginning of the resource's address.
        what: the finding's sentence; "" if it is cosmetic and must not alarm.
        mend: the way that is proposed first.
        means: why it does not alarm, if it is cosmetic.
    """

    did: str
    stack: str
    act: Callable[[Hands], object]
    subject: str
    what: str
    mend: Mend = Mend.APPLY
    risk: Risk = Risk.MEDIUM
    means: str = "it means the same"

    @property
    def plane(self) -> Plane:
        return Plane.TERRAFORM


def widen_trust(hands: Hands) -> None:
    iam = hands.client("iam")
    document = iam.get_role(RoleName=EXECUTION_QUICKSTART)["Role"]["AssumeRolePolicyDocument"]
    document["Statement"].append(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": STRANGER}
    )
    iam.update_assume_role_policy(
        RoleName=EXECUTION_QUICKSTART, PolicyDocument=json.dumps(document)
    )


def delete_glue_role(hands: Hands) -> None:
    iam = hands.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=GLUE_ROLE)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=GLUE_ROLE, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=GLUE_ROLE)


def detach_launch_policy(hands: Hands) -> None:
    hands.client("iam").detach_role_policy(
        RoleName=LAUNCH_ROLE,
        PolicyArn=f"{SERVICE_POLICIES}/AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy",
    )


def expire_versions_at_once(hands: Hands) -> None:
    rule = {
        "ID": "expire-what-is-no-longer-current",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    hands.client("s3").put_bucket_lifecycle_configuration(
        Bucket=hands.bucket("quickstart"), LifecycleConfiguration={"Rules": [rule]}
    )


def encrypt_with_keys_of_s3(hands: Hands) -> None:
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    hands.client("s3").put_bucket_encryption(
        Bucket=hands.bucket("quickstart"),
        ServerSideEncryptionConfiguration={"Rules": [default]},
    )


def open_public_access(hands: Hands) -> None:
    hands.client("s3").put_public_access_block(
        Bucket=hands.bucket("quickstart"),
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": False,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )


def read_from_everywhere(hands: Hands) -> None:
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    hands.client("s3").put_bucket_cors(
        Bucket=hands.bucket("vision"), CORSConfiguration={"CORSRules": [rule]}
    )


def change_environment(hands: Hands) -> None:
    functions = hands.client("lambda")
    now = functions.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=FUNCTION, Environment={"Variables": {**now, "SUBNET_ID": "subnet-0"}}
    )


def delete_constraint(hands: Hands) -> None:
    catalog = hands.client("servicecatalog")
    for each in catalog.list_constraints_for_portfolio(
        PortfolioId=hands.output("vision", "portfolio_id")
    )["ConstraintDetails"]:
        catalog.delete_constraint(Id=each["ConstraintId"])


def remove_route(hands: Hands) -> None:
    ec2, endpoint = hands.client("ec2"), hands.endpoint("s3")
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=found["RouteTableIds"])


def widen_endpoint_policy(hands: Hands) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    hands.client("ec2").modify_vpc_endpoint(
        VpcEndpointId=hands.endpoint("kms"),
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def open_security_group(hands: Hands) -> None:
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    }
    hands.client("ec2").authorize_security_group_ingress(
        GroupId=hands.security_group("sagemaker-endpoints"), IpPermissions=[rule]
    )


def swap_template(hands: Hands) -> None:
    hands.client("s3").put_object(
        Bucket=hands.bucket("quickstart", "catalog"), Key="product/1.json", Body=b"{}"
    )


def add_principal(hands: Hands) -> None:
    hands.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=hands.output("quickstart", "portfolio_id"),
        PrincipalARN=f"arn:aws:iam::123456789012:role/{EXECUTION_QUICKSTART}",
        PrincipalType="IAM",
    )


def remove_principal(hands: Hands) -> None:
    hands.client("servicecatalog").disassociate_principal_from_portfolio(
        PortfolioId=hands.output("vision", "portfolio_id"),
        PrincipalARN="arn:aws:iam::123456789012:role/SCEndUserRole-vision",
    )


def move_alias(hands: Hands) -> None:
    kms = hands.client("kms")
    kms.update_alias(
        AliasName="alias/SageMaker-CMK-DS-quickstart",
        TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"],
    )


def change_lifecycle_script(hands: Hands) -> None:
    hands.client("sagemaker").update_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="Provisioned-LC-quickstart",
        OnStart=[{"Content": "IyEvYmluL2Jhc2gKY3VybCBldmlsCg=="}],
    )


CHANGES = (
    Change(
        "a managed policy widened",
        QUICKSTART,
        lambda h: h.edit_managed_policy("SageMakerExecutionPolicy-quickstart", allow("s3:*")),
        "aws_iam_policy.ExecutionRole_Policy",
        "The policy was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "statements of a policy reordered",
        VISION,
        lambda h: h.edit_managed_policy("SageMakerExecutionPolicy-vision", reorder),
        "aws_iam_policy.ExecutionRole_Policy",
        "",
    ),
    Change(
        "a policy spelled another way, with the same meaning",
        VISION,
        lambda h: h.edit_inline_policy(EXECUTION_VISION, "Jobs", respell),
        "aws_iam_role_policy.ExecutionRole_JobsPolicy",
        "",
    ),
    Change(
        "an inline policy edited",
        QUICKSTART,
        lambda h: h.edit_inline_policy("SCLaunchRole-quickstart", "launch", allow("iam:PassRole")),
        "aws_iam_role_policy.LaunchRole_Policy",
        "The inline policy was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "an inline policy added to a role",
        QUICKSTART,
        lambda h: h.put_inline_policy(
            EXECUTION_QUICKSTART,
            "Temporary",
            '{"Version":"2012-10-17","Statement":'
            '[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}',
        ),
        "aws_iam_role.ExecutionRole",
        "An inline policy was added: Temporary.",
        Mend.REMOVE,
        Risk.HIGH,
    ),
    Change(
        "a managed policy attached to a role",
        VISION,
        lambda h: h.client("iam").attach_role_policy(
            RoleName=EXECUTION_VISION, PolicyArn=f"{SERVICE_POLICIES}/AmazonS3FullAccess"
        ),
        "aws_iam_role.ExecutionRole",
        "A managed policy was attached: AmazonS3FullAccess.",
        Mend.REMOVE,
        Risk.HIGH,
    ),
    Change(
        "a managed policy detached from a role",
        JUMPSTART,
        detach_launch_policy,
        "aws_iam_role_policy_attachment.ServiceRoles_LaunchRole",
        "The managed policy was detached.",
    ),
    Change(
        "a role's trust opened to another account",
        QUICKSTART,
        widen_trust,
        "aws_iam_role.ExecutionRole",
        "The role's trust was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "a role's description changed",
        JUMPSTART,
        lambda h: h.client("iam").update_role(
            RoleName=LAUNCH_ROLE, Description="Ask Sam", MaxSessionDuration=3600
        ),
        "aws_iam_role.ServiceRoles_LaunchRole",
        "The role's description was changed.",
        risk=Risk.LOW,
    ),
    Change(
        "a role deleted",
        JUMPSTART,
        delete_glue_role,
        "aws_iam_role.ServiceRoles_GlueRole",
        "The role was deleted.",
        risk=Risk.HIGH,
    ),
    Change(
        "a tag removed",
        QUICKSTART,
        lambda h: h.client("iam").untag_role(
            RoleName="SCLaunchRole-quickstart", TagKeys=["ProjectID"]
        ),
        "aws_iam_role.LaunchRole",
        "The tag ProjectID was removed.",
        risk=Risk.LOW,
    ),
    Change(
        "a tag added",
        QUICKSTART,
        lambda h: h.client("kms").tag_resource(
            KeyId=h.key("quickstart"), Tags=[{"TagKey": "Owner", "TagValue": "Sam"}]
        ),
        "aws_kms_key.Key",
        "The tag Owner was added.",
        risk=Risk.LOW,
    ),
    Change(
        "rotation of the key switched off",
        QUICKSTART,
        lambda h: h.client("kms").disable_key_rotation(KeyId=h.key("quickstart")),
        "aws_kms_key.Key",
        "Rotation of the key was switched off.",
    ),
    Change(
        "the key's policy widened",
        VISION,
        lambda h: h.edit_key_policy("vision", allow("kms:Decrypt", Principal=STRANGER)),
        "aws_kms_key.Key",
        "The key's policy was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "the key disabled",
        VISION,
        lambda h: h.client("kms").disable_key(KeyId=h.key("vision").split("/")[1]),
        "aws_kms_key.Key",
        "The key was disabled.",
        risk=Risk.HIGH,
    ),
    Change(
        "the key's alias moved to another key",
        QUICKSTART,
        move_alias,
        "aws_kms_alias.Key_Alias",
        "The alias was moved to another key.",
        risk=Risk.HIGH,
    ),
    Change(
        "public access to a bucket opened",
        QUICKSTART,
        open_public_access,
        "aws_s3_bucket_public_access_block.Bucket_",
        "Public access to the bucket is no longer blocked.",
        risk=Risk.HIGH,
    ),
    Change(
        "versioning suspended",
        QUICKSTART,
        lambda h: h.client("s3").put_bucket_versioning(
            Bucket=h.bucket("quickstart", "catalog"),
            VersioningConfiguration={"Status": "Suspended"},
        ),
        "aws_s3_bucket_versioning.CatalogBucket_",
        "Versioning of the bucket was suspended.",
    ),
    Change(
        "a bucket's default encryption changed",
        QUICKSTART,
        encrypt_with_keys_of_s3,
        "aws_s3_bucket_server_side_encryption_configuration.Bucket_",
        "The bucket's default encryption was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "a bucket's policy removed",
        VISION,
        lambda h: h.client("s3").delete_bucket_policy(Bucket=h.bucket("vision")),
        "aws_s3_bucket_policy.Bucket_",
        "The bucket's policy was deleted.",
        risk=Risk.HIGH,
    ),
    Change(
        "a statement of a bucket's policy removed",
        QUICKSTART,
        lambda h: h.edit_bucket_policy(h.bucket("quickstart"), without("DenyInsecureTransport")),
        "aws_s3_bucket_policy.Bucket_",
        "The bucket's policy was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "a bucket's lifecycle changed",
        QUICKSTART,
        expire_versions_at_once,
        "aws_s3_bucket_lifecycle_configuration.Bucket_",
        "The bucket's lifecycle rules were changed.",
    ),
    Change(
        "a bucket opened to other sites (CORS)",
        VISION,
        read_from_everywhere,
        "aws_s3_bucket.Bucket_",
        "The bucket's CORS rules were changed.",
        Mend.REMOVE,
    ),
    Change(
        "the product's template swapped",
        QUICKSTART,
        swap_template,
        "aws_s3_object.Product_Template",
        "The object was overwritten.",
        risk=Risk.HIGH,
    ),
    Change(
        "the launch constraint deleted",
        VISION,
        delete_constraint,
        "aws_servicecatalog_constraint.LaunchConstraint",
        "The constraint was deleted.",
        risk=Risk.HIGH,
    ),
    Change(
        "a principal taken from our portfolio",
        VISION,
        remove_principal,
        "aws_servicecatalog_principal_portfolio_association.Portfolio_Access",
        "The principal's access to the portfolio was deleted.",
    ),
    Change(
        "a principal added to our portfolio",
        QUICKSTART,
        add_principal,
        "aws_servicecatalog_portfolio.Portfolio",
        "A principal was given access to the portfolio.",
        Mend.REMOVE,
        Risk.HIGH,
    ),
    Change(
        "the product renamed",
        QUICKSTART,
        lambda h: h.client("servicecatalog").update_product(
            Id=h.output("quickstart", "product_id"), Name="Notebook"
        ),
        "aws_servicecatalog_product.Product",
        "The product's name was changed.",
        risk=Risk.LOW,
    ),
    Change(
        "the portfolio's description changed",
        QUICKSTART,
        lambda h: h.client("servicecatalog").update_portfolio(
            Id=h.output("quickstart", "portfolio_id"), Description="Ask Sam"
        ),
        "aws_servicecatalog_portfolio.Portfolio",
        "The portfolio's description was changed.",
        risk=Risk.LOW,
    ),
    Change(
        "the builder's environment changed",
        QUICKSTART,
        change_environment,
        "aws_lambda_function.Builder",
        "The function's environment was changed.",
    ),
    Change(
        "the builder's time limit changed",
        QUICKSTART,
        lambda h: h.client("lambda").update_function_configuration(
            FunctionName=FUNCTION, Timeout=3
        ),
        "aws_lambda_function.Builder",
        "The function's timeout was changed.",
        risk=Risk.LOW,
    ),
    Change(
        "the builder's code replaced",
        QUICKSTART,
        lambda h: h.client("lambda").update_function_code(
            FunctionName=FUNCTION, ZipFile=h.other_code()
        ),
        "aws_lambda_function.Builder",
        "The function's code was replaced.",
        risk=Risk.HIGH,
    ),
    Change(
        "the builder's retries changed",
        QUICKSTART,
        lambda h: h.client("lambda").put_function_event_invoke_config(
            FunctionName=FUNCTION, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=1800
        ),
        "aws_lambda_function_event_invoke_config.Builder",
        "The function's retries were changed.",
        risk=Risk.LOW,
    ),
    Change(
        "retention of logs changed",
        QUICKSTART,
        lambda h: h.client("logs").put_retention_policy(
            logGroupName=f"/aws/lambda/{FUNCTION}", retentionInDays=1
        ),
        "aws_cloudwatch_log_group.Builder",
        "The log group's retention was changed.",
    ),
    Change(
        "the notebooks' lifecycle script changed",
        QUICKSTART,
        change_lifecycle_script,
        "aws_sagemaker_notebook_instance_lifecycle_configuration.LifecycleConfigs_",
        "The script at the start of notebooks was changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "an endpoint's route removed",
        NETWORK,
        remove_route,
        "aws_vpc_endpoint.Network_S3Endpoint",
        "The endpoint's routes were changed.",
        risk=Risk.HIGH,
    ),
    Change(
        "an endpoint's policy widened",
        NETWORK,
        widen_endpoint_policy,
        "aws_vpc_endpoint.Network_KmsEndpoint",
        "The endpoint's policy was changed.",
    ),
    Change(
        "an endpoint deleted",
        NETWORK,
        lambda h: h.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[h.endpoint("sts")]),
        "aws_vpc_endpoint.Network_StsEndpoint",
        "The endpoint was deleted.",
        risk=Risk.HIGH,
    ),
    Change(
        "a security group opened",
        NETWORK,
        open_security_group,
        "aws_security_group.Network_SecurityGroup",
        "The security group's incoming rules were changed.",
        risk=Risk.HIGH,
    ),
)
"""All made in one account at once: no two of them are the same cause."""


class Row(Protocol):
    """What the table says of a change, on whatever plane."""

    @property
    def did(self) -> str: ...
    @property
    def plane(self) -> Plane: ...
    @property
    def what(self) -> str: ...
    @property
    def means(self) -> str: ...
    @property
    def risk(self) -> Risk: ...
    @property
    def mend(self) -> Mend: ...


def table(changes: Sequence[Row]) -> str:
    """Return README's table: what was done, what is said of it, how to mend it."""
    rows = [
        f"| {each.did} | {each.plane} | {each.what} | {each.risk} | {each.mend} |"
        if each.what
        else f"| {each.did} | {each.plane} | nothing: {each.means} | | |"
        for each in changes
    ]
    head = ("| somebody did | plane | drift says | risk | mend first by |", "|---|---|---|---|---|")
    return "\n".join([*head, *rows])
