"""CloudWatch Logs' addresses, as moto has them."""

from moto.logs.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
