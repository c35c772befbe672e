"""Lambda's addresses, as moto has them."""

from moto.awslambda.urls import url_bases
from moto.awslambda.urls import url_paths as moto_paths

from .responses import LambdaResponse

__all__ = ["url_bases", "url_paths"]

url_paths = dict.fromkeys(moto_paths, LambdaResponse.dispatch)
