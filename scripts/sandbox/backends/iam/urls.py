"""IAM's addresses, as moto has them."""

from moto.iam.urls import url_bases

from .responses import IamResponse

__all__ = ["url_bases", "url_paths"]

url_paths = {"{0}/$": IamResponse.dispatch}
