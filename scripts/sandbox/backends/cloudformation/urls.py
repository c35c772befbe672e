"""Addresses of the service, in the form that moto looks for beside a backend's class."""

from scripts.sandbox.backends.cloudformation.responses import CloudFormationResponse

url_bases = [r"https?://cloudformation\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/$": CloudFormationResponse.dispatch}
