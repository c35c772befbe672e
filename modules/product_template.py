"""The product's CloudFormation template: what a data scientist's launch creates.

Two ways to build the notebook, with the same parameters and outputs: ``lambda`` asks the
builder function through a custom resource, ``cloudformation`` uses the native resource.
The template grants nothing: every parameter admits only what the project allows, and in
the ``lambda`` way whatever is relevant to security (role, key, VPC, platform, IMDS) comes
from the builder's own environment, never from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Build = Literal["lambda", "cloudformation"]
RootAccess = Literal["Enabled", "Disabled"]
Template = dict[str, Any]

VOLUME_SIZE_LIMITS_GB = (5, 16384)
"""Smallest and largest volume in GB: botocore's model of CreateNotebookInstance."""

SERVICE_TIMEOUT_SECONDS = 3600
"""How long CloudFormation waits for the builder's answer: the most that it allows, which
leaves room for Lambda's two retries of an invocation of 15 minutes."""

UNUSED = "NONE"
"""Only value of a parameter that means nothing here. No bucket can be called so."""

NOTEBOOK_NAME_PATTERN = "^[a-zA-Z0-9](-*[a-zA-Z0-9])*$"
"""botocore's model of CreateNotebookInstance, anchored."""

NOTEBOOK = "Notebook"
PUSH_CODE = "PushCode"


@dataclass(frozen=True)
class ProductFacts:
    """What the template says about one project.

    ``subnet`` and ``security_group`` are the selectors (id or Name tag) that the builder
    resolves; ``subnet_id`` and ``security_group_id`` are what they resolved to. The last
    three with default ``None`` are embedded in the ``cloudformation`` way and needed only
    there, as ``builder_function_arn`` is in the ``lambda`` way. Sizes in GB.

    Raises ``ValueError`` when a default is not among what it allows.
    """

    project_name: str
    project_id: str
    environment: str
    execution_role_arn: str
    bucket_name: str
    subnet: str
    security_group: str
    lifecycle_config: str
    default_instance_type: str
    instance_types: tuple[str, ...]
    platform_identifier: str
    lifecycle_config_s3: str | None = None
    code_bucket: str | None = None
    default_volume_size: int = 20
    max_volume_size: int = 100
    default_root_access: RootAccess = "Disabled"
    root_access_choices: tuple[RootAccess, ...] = ("Disabled",)
    builder_function_arn: str | None = None
    subnet_id: str | None = None
    security_group_id: str | None = None
    key_arn: str | None = None

    def __post_init__(self) -> None:
        _require_member("default_instance_type", self.default_instance_type, self.instance_types)
        _require_member("default_root_access", self.default_root_access, self.root_access_choices)
        smallest, largest = VOLUME_SIZE_LIMITS_GB
        if not smallest <= self.default_volume_size <= self.max_volume_size <= largest:
            raise ValueError(
                f"default_volume_size {self.default_volume_size} and max_volume_size "
                f"{self.max_volume_size}: {smallest} <= default <= max <= {largest} GB is allowed"
            )
        if self.code_bucket and not self.lifecycle_config_s3:
            raise ValueError(f"code_bucket {self.code_bucket!r} needs lifecycle_config_s3")


def product_template(facts: ProductFacts, build: Build) -> Template:
    """Return the template of the product for one way of building the notebook.

    Raises ``ValueError`` when ``facts`` lack what that way needs.
    """
    if build == "lambda":
        _require(facts, build, "builder_function_arn")
        notebook, notebook_outputs = _custom_resource(facts)
    else:
        _require(facts, build, "subnet_id", "security_group_id", "key_arn")
        notebook, notebook_outputs = _native_resource(facts)
    template: Template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"A governed SageMaker notebook of the project {facts.project_name}",
        "Metadata": {"AWS::CloudFormation::Interface": _interface()},
        "Parameters": _parameters(facts),
        "Rules": _rules(),
    }
    if facts.code_bucket:
        template["Conditions"] = {PUSH_CODE: {"Fn::Equals": [_ref("S3CodePusher"), "YES"]}}
    template["Resources"] = {NOTEBOOK: notebook}
    template["Outputs"] = _outputs(facts, notebook_outputs)
    return template


def _custom_resource(facts: ProductFacts) -> tuple[Template, Template]:
    resource = {
        "Type": "Custom::SageMakerNotebook",
        "Properties": {
            "ServiceToken": _ref("SageMakerBuildFunctionARN"),
            "ServiceTimeout": SERVICE_TIMEOUT_SECONDS,
            "NotebookInstanceName": _ref("NotebookInstanceName"),
            "NotebookInstanceType": _ref("NotebookInstanceType"),
            "VolumeSizeInGB": _ref("VolumeSizeInGB"),
            "RootAccess": _ref("RootAccess"),
            "DirectInternetAccess": _ref("DirectInternetAccess"),
            "SubnetName": _ref("SubnetName"),
            "SecurityGroupName": _ref("SecurityGroupName"),
            "LifecycleConfigName": _lifecycle_config(facts),
            "EnvironmentName": _ref("ENVName"),
            "ProjectName": _ref("ProjectName"),
            "ProjectID": _ref("ProjectID"),
        },
    }
    return resource, {
        "SagemakerKMSKey": _attribute("KmsKeyArn"),
        "ExecutionRoleArn": _attribute("ExecutionRoleArn"),
        "NotebookInstanceName": _attribute("NotebookInstanceName"),
    }


def _native_resource(facts: ProductFacts) -> tuple[Template, Template]:
    resource = {
        "Type": "AWS::SageMaker::NotebookInstance",
        # What the parameters that choose nothing here were at the launch.
        "Metadata": {
            name: _ref(name)
            for name in ("SubnetName", "SecurityGroupName", "SageMakerBuildFunctionARN")
        },
        "Properties": {
            "NotebookInstanceName": _ref("NotebookInstanceName"),
            "InstanceType": _ref("NotebookInstanceType"),
            "PlatformIdentifier": facts.platform_identifier,
            "RoleArn": facts.execution_role_arn,
            "KmsKeyId": facts.key_arn,
            "VolumeSizeInGB": _ref("VolumeSizeInGB"),
            "SubnetId": facts.subnet_id,
            "SecurityGroupIds": [facts.security_group_id],
            "DirectInternetAccess": _ref("DirectInternetAccess"),
            "RootAccess": _ref("RootAccess"),
            "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
            "LifecycleConfigName": _lifecycle_config(facts),
            "Tags": [
                {"Key": "ProjectName", "Value": _ref("ProjectName")},
                {"Key": "ProjectID", "Value": _ref("ProjectID")},
                {"Key": "EnvironmentName", "Value": _ref("ENVName")},
            ],
        },
    }
    return resource, {
        "SagemakerKMSKey": facts.key_arn,
        "ExecutionRoleArn": facts.execution_role_arn,
        "NotebookInstanceName": _attribute("NotebookInstanceName"),
    }


def _parameters(facts: ProductFacts) -> Template:
    smallest, _ = VOLUME_SIZE_LIMITS_GB
    return {
        "ENVName": _fixed("The project's environment.", facts.environment),
        "SubnetName": _fixed("The subnet that the notebook is placed in.", facts.subnet),
        "SecurityGroupName": _fixed(
            "The security group of the notebook's network interface.", facts.security_group
        ),
        "SageMakerBuildFunctionARN": _fixed(
            f"The function that builds the notebook; {UNUSED} if CloudFormation does.",
            facts.builder_function_arn or UNUSED,
        ),
        "NotebookInstanceName": {
            "Type": "String",
            "Description": "A name of your choice, unique in this account and Region.",
            "MinLength": 1,
            "MaxLength": 63,
            "AllowedPattern": NOTEBOOK_NAME_PATTERN,
            "ConstraintDescription": (
                "1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit."
            ),
        },
        "NotebookInstanceType": _choice(
            "The type of the notebook's instance.",
            facts.default_instance_type,
            facts.instance_types,
        ),
        "VolumeSizeInGB": {
            "Type": "Number",
            "Description": "The size of the notebook's encrypted volume in GB.",
            "Default": facts.default_volume_size,
            "MinValue": smallest,
            "MaxValue": facts.max_volume_size,
            "ConstraintDescription": f"{smallest} to {facts.max_volume_size} GB.",
        },
        "RootAccess": _choice(
            "Whether the notebook's user may become root.",
            facts.default_root_access,
            facts.root_access_choices,
        ),
        "DirectInternetAccess": _fixed("The notebook never has direct internet.", "Disabled"),
        "S3CodePusher": _choice(
            "Whether to copy the code bucket into the notebook's home when it is created.",
            "NO",
            ("YES", "NO"),
        ),
        "CodeBucketName": _fixed(
            f"The project's code bucket; {UNUSED} if it has none.", facts.code_bucket or UNUSED
        ),
        "ProjectName": _fixed("The project that the notebook belongs to.", facts.project_name),
        "ProjectID": _fixed("The project's id.", facts.project_id),
    }


def _rules() -> Template:
    return {
        "CodeBucketExists": {
            "RuleCondition": {"Fn::Equals": [_ref("S3CodePusher"), "YES"]},
            "Assertions": [
                {
                    "Assert": {"Fn::Not": [{"Fn::Equals": [_ref("CodeBucketName"), UNUSED]}]},
                    "AssertDescription": (
                        "The project has no code bucket to copy: S3CodePusher must be NO."
                    ),
                }
            ],
        }
    }


def _outputs(facts: ProductFacts, notebook_outputs: Template) -> Template:
    name = notebook_outputs["NotebookInstanceName"]
    described = {
        "Message": (
            "How to open the notebook.",
            {
                "Fn::Join": [
                    " ",
                    [
                        "Your notebook",
                        name,
                        (
                            "is ready. In the SageMaker console, under Notebook instances, choose"
                            " Open JupyterLab beside it, or open the URL printed by: aws sagemaker"
                            " create-presigned-notebook-instance-url --notebook-instance-name"
                        ),
                        name,
                    ],
                ]
            },
        ),
        "SagemakerKMSKey": (
            "The key that encrypts the notebook's volume.",
            notebook_outputs["SagemakerKMSKey"],
        ),
        "ExecutionRoleArn": (
            "The role that the notebook runs with.",
            notebook_outputs["ExecutionRoleArn"],
        ),
        "S3BucketName": ("The project's data bucket.", facts.bucket_name),
        "NotebookInstanceName": ("The notebook's name.", name),
        "ProjectName": ("The project's name.", _ref("ProjectName")),
        "ProjectID": ("The project's id.", _ref("ProjectID")),
    }
    return {
        key: {"Description": description, "Value": value}
        for key, (description, value) in described.items()
    }


def _interface() -> Template:
    """Groups and labels of the parameters in the console."""
    groups = {
        "Environment detail": {
            "ENVName": "Environment name",
            "SubnetName": "Subnet",
            "SecurityGroupName": "Security group",
            "SageMakerBuildFunctionARN": "Builder function",
        },
        "SageMaker Notebook configuration": {
            "NotebookInstanceName": "Notebook name",
            "NotebookInstanceType": "Instance type",
            "VolumeSizeInGB": "Volume size in GB",
            "RootAccess": "Root access",
            "DirectInternetAccess": "Direct internet access",
        },
        "Load S3 Bucket to SageMaker": {
            "S3CodePusher": "Copy the code bucket",
            "CodeBucketName": "Code bucket",
        },
        "Project detail": {"ProjectName": "Project name", "ProjectID": "Project id"},
    }
    return {
        "ParameterGroups": [
            {"Label": {"default": group}, "Parameters": list(labels)}
            for group, labels in groups.items()
        ],
        "ParameterLabels": {
            parameter: {"default": label}
            for labels in groups.values()
            for parameter, label in labels.items()
        },
    }


def _lifecycle_config(facts: ProductFacts) -> str | Template:
    if not facts.code_bucket:
        return facts.lifecycle_config
    return {"Fn::If": [PUSH_CODE, facts.lifecycle_config_s3, facts.lifecycle_config]}


def _fixed(description: str, value: str) -> Template:
    return _choice(description, value, (value,))


def _choice(description: str, default: str, allowed: tuple[str, ...]) -> Template:
    return {
        "Type": "String",
        "Description": description,
        "Default": default,
        "AllowedValues": list(allowed),
    }


def _ref(name: str) -> Template:
    return {"Ref": name}


def _attribute(name: str) -> Template:
    return {"Fn::GetAtt": [NOTEBOOK, name]}


def _require(facts: ProductFacts, build: Build, *names: str) -> None:
    for name in names:
        if not getattr(facts, name):
            raise ValueError(f"building the notebook by {build} needs {name}")


def _require_member(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} {value!r}: allowed is one of {', '.join(allowed) or 'nothing'}")
