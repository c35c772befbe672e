"""CloudTrail' addresses, as moto has them."""

from moto.cloudtrail.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
