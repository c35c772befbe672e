"""What code in a project's notebook may do: its own data, its own jobs, nothing else.

Jobs, models and endpoints belong to a project by name: they begin with the project's name
and a hyphen. (A tag would not do: who creates a job chooses its tags.)
"""

from __future__ import annotations

from collections.abc import Sequence

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import Document, Statement, document, statement
from modules.policies.endpoint import jumpstart_bucket

_JOBS = {
    "TrainingJob": "training-job",
    "ProcessingJob": "processing-job",
    "TransformJob": "transform-job",
    "HyperParameterTuningJob": "hyper-parameter-tuning-job",
}
_HOSTING = {"Model": "model", "EndpointConfig": "endpoint-config", "Endpoint": "endpoint"}
"""From the noun in an action's name to the type in a resource's ARN."""


def execution_policy(
    *,
    env: AwsEnvironment,
    names: ProjectNames,
    bucket_name: str,
    subnet_id: str,
    security_group_id: str,
) -> Document:
    """Return what a notebook needs around its jobs: data, key, images, logs, network, itself.

    Network interfaces are made in the given subnet behind the given security group only.
    """
    return document(
        *_data(env, names, bucket_name),
        *_images_logs_metrics(env, names),
        *_network(env, subnet_id, security_group_id),
        *_scaling(env, names),
        statement(
            "PassItselfToSageMaker",
            actions=["iam:PassRole"],
            resources=[env.role_arn(names.execution_role)],
            condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    )


def jobs_policy(
    *, env: AwsEnvironment, names: ProjectNames, subnet_id: str, security_group_id: str
) -> Document:
    """Return the project's rights on SageMaker jobs, models and endpoints.

    Jobs and models must run in the given subnet behind the given security group: the bucket
    is out of reach from anywhere else. A document of its own, for size: a managed policy
    holds 6,144 characters.
    """
    network = {
        "sagemaker:VpcSubnets": [subnet_id],
        "sagemaker:VpcSecurityGroupIds": [security_group_id],
    }
    in_vpc = ["training-job", "processing-job", "hyper-parameter-tuning-job", "model"]
    return document(
        statement(
            "CreateInTheVpc",
            actions=[
                "sagemaker:CreateHyperParameterTuningJob",
                "sagemaker:CreateModel",
                "sagemaker:CreateProcessingJob",
                "sagemaker:CreateTrainingJob",
            ],
            resources=_own(env, names, in_vpc),
            # ForAllValues holds when the request names no network at all; Null forbids that.
            condition={
                "ForAllValues:StringEquals": network,
                "Null": dict.fromkeys(network, "false"),
            },
        ),
        statement(
            "CreateFromOwnModels",
            actions=["sagemaker:CreateEndpointConfig", "sagemaker:CreateTransformJob"],
            resources=_own(env, names, ["transform-job", "endpoint-config"]),
            condition={
                "ForAllValues:ArnLike": {"sagemaker:ModelArn": _own(env, names, ["model"])},
                "Null": {"sagemaker:ModelArn": "false"},
            },
        ),
        statement(
            "CreateEndpoints",
            actions=["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"],
            resources=_own(env, names, ["endpoint", "endpoint-config"]),
        ),
        statement(
            "FollowAndEndOwn",
            actions=[
                "sagemaker:AddTags",
                "sagemaker:DeleteEndpoint",
                "sagemaker:DeleteEndpointConfig",
                "sagemaker:DeleteModel",
                *(f"sagemaker:Describe{noun}" for noun in (*_JOBS, *_HOSTING)),
                "sagemaker:InvokeEndpoint",
                "sagemaker:InvokeEndpointAsync",
                "sagemaker:ListTags",
                "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
                *(f"sagemaker:Stop{noun}" for noun in _JOBS),
                "sagemaker:UpdateEndpointWeightsAndCapacities",
            ],
            resources=_own(env, names, [*_JOBS.values(), *_HOSTING.values()]),
        ),
        statement(
            "ListNoResourceLevel",
            actions=[f"sagemaker:List{noun}s" for noun in (*_JOBS, *_HOSTING)],
            resources=["*"],
        ),
    )


def code_bucket_policy(*, env: AwsEnvironment, code_bucket: str) -> Document:
    """Return the policy that lets a notebook copy the team's code in, and never write it."""
    bucket = env.bucket_arn(code_bucket)
    return document(
        statement("ReadCode", actions=["s3:GetObject"], resources=[f"{bucket}/*"]),
        statement("ListCode", actions=["s3:ListBucket"], resources=[bucket]),
    )


def _data(env: AwsEnvironment, names: ProjectNames, bucket_name: str) -> list[Statement]:
    bucket = env.bucket_arn(bucket_name)
    jumpstart = env.bucket_arn(jumpstart_bucket(env))
    own_key = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{names.key_alias}"}}
    keys = [env.arn("kms", "key/*")]
    return [
        statement(
            "ReadAndWriteObjects",
            actions=[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
            resources=[f"{bucket}/*"],
        ),
        statement(
            "ListBucket",
            actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resources=[bucket],
        ),
        statement(
            "ReadJumpStartModels",
            actions=["s3:GetObject", "s3:ListBucket"],
            resources=[jumpstart, f"{jumpstart}/*"],
        ),
        statement(
            "UseKey",
            actions=[
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            resources=keys,
            condition=own_key,
        ),
        statement(
            "GrantKeyToAwsServices",
            actions=["kms:CreateGrant"],
            resources=keys,
            condition={**own_key, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _images_logs_metrics(env: AwsEnvironment, names: ProjectNames) -> list[Statement]:
    log_groups = env.arn("logs", "log-group:/aws/sagemaker/*")
    return [
        statement(
            "EcrLoginNoResourceLevel", actions=["ecr:GetAuthorizationToken"], resources=["*"]
        ),
        # SageMaker's own images live in AWS accounts that differ by Region.
        statement(
            "PullImages",
            actions=[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            resources=[f"arn:{env.partition}:ecr:{env.region}:*:repository/*"],
        ),
        statement(
            "WriteAndReadLogs",
            actions=[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ],
            resources=[log_groups, f"{log_groups}:log-stream:*"],
        ),
        statement(
            "PutMetricsNoResourceLevel",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            condition={
                "StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", f"{names.project}/*"]}
            },
        ),
    ]


def _network(env: AwsEnvironment, subnet_id: str, security_group_id: str) -> list[Statement]:
    # In a shared VPC another account owns the subnet; ids are unique across accounts.
    subnet = f"arn:{env.partition}:ec2:{env.region}:*:subnet/{subnet_id}"
    group = f"arn:{env.partition}:ec2:{env.region}:*:security-group/{security_group_id}"
    interfaces = env.arn("ec2", "network-interface/*")
    return [
        statement(
            "DescribeNetworkNoResourceLevel",
            actions=[
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            resources=["*"],
        ),
        statement(
            "AttachJobsToTheSubnet",
            actions=["ec2:CreateNetworkInterface"],
            resources=[subnet, group, interfaces],
        ),
        statement(
            "ManageInterfacesInTheSubnet",
            actions=[
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            resources=[interfaces],
            condition={"ArnLike": {"ec2:Subnet": subnet}},
        ),
    ]


def _scaling(env: AwsEnvironment, names: ProjectNames) -> list[Statement]:
    # A target's ARN holds a generated id; its alarms carry the endpoint's name.
    alarms = [
        env.arn("cloudwatch", f"alarm:TargetTracking-endpoint/{prefix}*")
        for prefix in _prefixes(names)
    ]
    return [
        statement(
            "ScaleEndpoints",
            actions=[
                "application-autoscaling:DeleteScalingPolicy",
                "application-autoscaling:DeregisterScalableTarget",
                "application-autoscaling:PutScalingPolicy",
                "application-autoscaling:RegisterScalableTarget",
            ],
            resources=[env.arn("application-autoscaling", "scalable-target/*")],
            condition={
                "StringEquals": {
                    "application-autoscaling:service-namespace": "sagemaker",
                    "application-autoscaling:scalable-dimension": (
                        "sagemaker:variant:DesiredInstanceCount"
                    ),
                }
            },
        ),
        statement(
            "AlarmsOfScaling",
            actions=[
                "cloudwatch:DeleteAlarms",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:PutMetricAlarm",
            ],
            resources=alarms,
        ),
        statement(
            "DescribeScalingNoResourceLevel",
            actions=[
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingActivities",
                "application-autoscaling:DescribeScalingPolicies",
            ],
            resources=["*"],
        ),
    ]


def _own(env: AwsEnvironment, names: ProjectNames, types: Sequence[str]) -> list[str]:
    return [
        env.arn("sagemaker", f"{kind}/{prefix}*") for kind in types for prefix in _prefixes(names)
    ]


def _prefixes(names: ProjectNames) -> list[str]:
    """Return the prefix as chosen and as SageMaker writes it: its ARNs are in lower case."""
    prefix = f"{names.project}-"
    return list(dict.fromkeys([prefix, prefix.lower()]))
