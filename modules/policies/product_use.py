"""``1PProductUseRolePolicy``: what products of SageMaker's portfolio may do once launched.

AWS documents what it covers, not as a managed policy. Names begin with ``sagemaker-`` as
those products name what they make; ``*`` stands only where AWS has no resource level.
"""

from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.document import Document, Statement, document, statement

POLICY_NAME = "1PProductUseRolePolicy"

_ANY = ("*",)
_PREFIX = "sagemaker-*"


def product_use_policy(*, env: AwsEnvironment, use_role_arn: str) -> Document:
    """Return the policy of the role ``use_role_arn``, which it may pass on: AWS's own products
    hand it from one service to the next."""
    return document(
        *_pipelines(env),
        *_images(env),
        *_events(env),
        _catalog(env),
        *_storage(env),
        *_state_machines(env),
        *_observation(),
        statement(
            "PassTheUseRole",
            actions=["iam:PassRole"],
            resources=[use_role_arn],
        ),
        _sagemaker(env),
    )


def _pipelines(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "Stacks",
            actions=[
                "cloudformation:CreateChangeSet",
                "cloudformation:CreateStack",
                "cloudformation:DeleteChangeSet",
                "cloudformation:DeleteStack",
                "cloudformation:DescribeChangeSet",
                "cloudformation:DescribeStacks",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:SetStackPolicy",
                "cloudformation:UpdateStack",
            ],
            resources=[_arn(env, "cloudformation", f"stack/{_PREFIX}")],
        ),
        statement(
            "Builds",
            actions=["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
            resources=[_arn(env, "codebuild", f"project/{_PREFIX}")],
        ),
        statement(
            "Repositories",
            actions=[
                "codecommit:CancelUploadArchive",
                "codecommit:GetBranch",
                "codecommit:GetCommit",
                "codecommit:GetUploadArchiveStatus",
                "codecommit:UploadArchive",
            ],
            resources=[_arn(env, "codecommit", _PREFIX)],
        ),
        statement(
            "Pipelines",
            actions=["codepipeline:StartPipelineExecution"],
            resources=[_arn(env, "codepipeline", _PREFIX)],
        ),
        statement(
            "Connections",
            actions=["codestar-connections:UseConnection"],
            resources=[_arn(env, "codestar-connections", "connection/*")],
            condition={"StringEqualsIgnoreCase": {"aws:ResourceTag/sagemaker": "true"}},
        ),
    ]


def _images(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "LogInToEcrHasNoResourceLevel",
            actions=["ecr:GetAuthorizationToken"],
            resources=_ANY,
        ),
        statement(
            "ReadImagesOfAllAccounts",
            actions=[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:DescribeImages",
                "ecr:DescribeRepositories",
                "ecr:GetDownloadUrlForLayer",
            ],
            resources=_ANY,
        ),
        statement(
            "WriteImages",
            actions=[
                "ecr:BatchDeleteImage",
                "ecr:CompleteLayerUpload",
                "ecr:CreateRepository",
                "ecr:DeleteRepository",
                "ecr:InitiateLayerUpload",
                "ecr:PutImage",
                "ecr:UploadLayerPart",
            ],
            resources=[_arn(env, "ecr", f"repository/{_PREFIX}")],
        ),
    ]


def _events(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "Rules",
            actions=[
                "events:DeleteRule",
                "events:DescribeRule",
                "events:PutRule",
                "events:PutTargets",
                "events:RemoveTargets",
            ],
            resources=[_arn(env, "events", f"rule/{_PREFIX}")],
        ),
        statement(
            "Streams",
            actions=["firehose:PutRecord", "firehose:PutRecordBatch"],
            resources=[_arn(env, "firehose", f"deliverystream/{_PREFIX}")],
        ),
        statement(
            "Functions",
            actions=["lambda:InvokeFunction"],
            resources=[_arn(env, "lambda", f"function:{_PREFIX}")],
        ),
    ]


def _catalog(env: AwsEnvironment) -> Statement:
    return statement(
        "DataCatalog",
        actions=[
            "glue:BatchCreatePartition",
            "glue:BatchDeletePartition",
            "glue:BatchDeleteTable",
            "glue:BatchDeleteTableVersion",
            "glue:BatchGetPartition",
            "glue:CreateDatabase",
            "glue:CreatePartition",
            "glue:CreateTable",
            "glue:DeletePartition",
            "glue:DeleteTable",
            "glue:DeleteTableVersion",
            "glue:GetDatabase",
            "glue:GetPartition",
            "glue:GetPartitions",
            "glue:GetTable",
            "glue:GetTables",
            "glue:GetTableVersion",
            "glue:GetTableVersions",
            "glue:GetUserDefinedFunctions",
            "glue:SearchTables",
            "glue:UpdatePartition",
            "glue:UpdateTable",
        ],
        resources=[
            _arn(env, "glue", "catalog"),
            _arn(env, "glue", "database/default"),
            _arn(env, "glue", "database/global_temp"),
            _arn(env, "glue", f"database/{_PREFIX}"),
            _arn(env, "glue", f"table/{_PREFIX}"),
            _arn(env, "glue", f"userDefinedFunction/{_PREFIX}"),
        ],
    )


def _storage(env: AwsEnvironment) -> list[Statement]:
    buckets = [env.bucket_arn("aws-glue-*"), env.bucket_arn(_PREFIX)]
    return [
        statement(
            "ListBucketsHasNoResourceLevel",
            actions=["s3:ListAllMyBuckets"],
            resources=_ANY,
        ),
        statement(
            "Buckets",
            actions=[
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:GetBucketAcl",
                "s3:GetBucketCORS",
                "s3:GetBucketLocation",
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:PutBucketCORS",
            ],
            resources=buckets,
        ),
        statement(
            "Objects",
            actions=[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject",
                "s3:PutObjectAcl",
            ],
            resources=[f"{bucket}/*" for bucket in buckets],
        ),
    ]


def _state_machines(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "ListStateMachinesHasNoResourceLevel",
            actions=["states:ListStateMachines"],
            resources=_ANY,
        ),
        statement(
            "StateMachines",
            actions=[
                "states:DescribeStateMachine",
                "states:ListExecutions",
                "states:ListTagsForResource",
                "states:StartExecution",
                "states:TagResource",
                "states:UntagResource",
                "states:UpdateStateMachine",
            ],
            resources=[_arn(env, "states", f"stateMachine:{_PREFIX}")],
        ),
        statement(
            "Executions",
            actions=[
                "states:DescribeExecution",
                "states:DescribeStateMachineForExecution",
                "states:GetExecutionHistory",
                "states:StopExecution",
            ],
            resources=[_arn(env, "states", f"execution:{_PREFIX}:*")],
        ),
    ]


def _observation() -> list[Statement]:
    """Log deliveries have no resource level, and AWS's products name their log groups after
    the service that writes them, not after SageMaker. Metrics and route tables have none."""
    return [
        statement(
            "Logs",
            actions=[
                "logs:CreateLogDelivery",
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DeleteLogDelivery",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:DescribeResourcePolicies",
                "logs:GetLogDelivery",
                "logs:GetLogEvents",
                "logs:ListLogDeliveries",
                "logs:PutLogEvents",
                "logs:PutResourcePolicy",
                "logs:UpdateLogDelivery",
            ],
            resources=_ANY,
        ),
        statement(
            "MetricsAndRouteTables",
            actions=["cloudwatch:PutMetricData", "ec2:DescribeRouteTables"],
            resources=_ANY,
        ),
    ]


def _sagemaker(env: AwsEnvironment) -> Statement:
    """SageMaker but for Domains, user profiles, apps and flow definitions. No Deny: a role that
    is adopted keeps what its other policies give it."""
    spared = ("domain/*", "user-profile/*", "app/*", "flow-definition/*")
    allowed = statement("SageMakerButForDomainsAndFlows", actions=["sagemaker:*"])
    return {**allowed, "NotResource": [_arn(env, "sagemaker", kind) for kind in spared]}


def _arn(env: AwsEnvironment, service: str, resource: str) -> str:
    """The role is the account's, so its policy holds in every Region."""
    return f"arn:{env.partition}:{service}:*:{env.account_id}:{resource}"
