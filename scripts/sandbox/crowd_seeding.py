"""Makes a crowd inside the server: through the API, thousands of users would take minutes."""

from typing import Any, cast

from moto.iam.models import iam_backends
from moto.sagemaker.models import sagemaker_backends

from scripts.sandbox.account import ACCOUNT, REGION, SAGEMAKER_TRUST, role_arn
from scripts.sandbox.backends.sagemaker.models import SageMakerBackend
from scripts.sandbox.crowd import Crowd

FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
HOUR = 3600


def add_crowd(crowd: Crowd) -> str:
    """Add what a client could have made by one call each. Returns the Domain's id.

    Raises:
        ServiceException: moto's, if there is a Domain of that name.
    """
    sagemaker = cast(SageMakerBackend, sagemaker_backends[ACCOUNT][REGION])
    neighbour = next(iter(sagemaker.domains.values()))
    domain = sagemaker.add_domain(
        {
            "DomainName": crowd.domain,
            "AuthMode": "IAM",
            "DefaultUserSettings": _settings(crowd.domain_role),
            "DefaultSpaceSettings": _settings(crowd.domain_role),
            "SubnetIds": neighbour.subnet_ids,
            "VpcId": neighbour.vpc_id,
            "AppNetworkAccessType": "VpcOnly",
        }
    )
    existing = (crowd.role(number + 1) for number in range(crowd.existing_roles))
    for name in (crowd.domain_role, *existing):
        _add_role(name)
    for number in range(1, crowd.users + 1):
        own = crowd.role_of(number)
        settings = {"UserSettings": _settings(own)} if own else {}
        profile = {"DomainId": domain.id, "UserProfileName": crowd.user(number), **settings}
        sagemaker.add_user_profile(profile)
    return domain.id


def _settings(role: str) -> dict[str, Any]:
    return {"ExecutionRole": role_arn(role)}


def _add_role(name: str) -> None:
    iam = iam_backends[ACCOUNT]["aws"]
    iam.create_role(
        role_name=name,
        assume_role_policy_document=SAGEMAKER_TRUST,
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration=str(HOUR),
    )
    iam.attach_role_policy(FULL_ACCESS, name)
