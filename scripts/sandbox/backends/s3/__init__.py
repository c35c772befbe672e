"""S3: moto's, with bucket policies evaluated as AWS does."""

from .bucket_policy import refuses, register

__all__ = ["refuses", "register"]
