"""S3: moto's, without its own check of bucket policies."""

from .deletion import register

__all__ = ["register"]
