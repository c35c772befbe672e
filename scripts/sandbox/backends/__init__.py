"""Services that moto lacks, or answers differently from AWS, laid out as moto lays out its own."""

from . import awslambda, cloudformation, cloudtrail, ec2, iam, logs, s3, sagemaker, servicecatalog


def register() -> None:
    """Put these backends in the place of moto's, before the first request."""
    for service in (
        awslambda,
        cloudformation,
        cloudtrail,
        ec2,
        iam,
        logs,
        s3,
        sagemaker,
        servicecatalog,
    ):
        service.register()
