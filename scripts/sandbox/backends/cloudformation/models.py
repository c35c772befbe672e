"""The backend, put together from what reads stacks and what changes them."""

from scripts.sandbox.backends.cloudformation.changing import Changing
from scripts.sandbox.backends.cloudformation.describing import Describing
from scripts.sandbox.backends.cloudformation.summaries import Summaries


class CloudFormationBackend(Describing, Changing, Summaries):
    """CloudFormation of one account in one Region."""
