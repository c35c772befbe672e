"""Domains, their user profiles and their shared spaces."""

from typing import Any, TypeVar

from moto.core.common_models import BaseModel
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.sagemaker.exceptions import ResourceInUseException, ResourceNotFound
from moto.sagemaker.models import Domain as MotoDomain
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.utils import arn_formatter

Params = dict[str, Any]
_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Domain(MotoDomain):
    """A Domain with an id as AWS makes them, and what moto leaves out of its description."""

    def __init__(self, params: Params, account_id: str, region_name: str) -> None:
        super().__init__(
            domain_name=params["DomainName"],
            auth_mode=params["AuthMode"],
            default_user_settings=params["DefaultUserSettings"],
            subnet_ids=params.get("SubnetIds") or [],
            vpc_id=params.get("VpcId", ""),
            account_id=account_id,
            region_name=region_name,
            domain_settings=params.get("DomainSettings"),
            tags=params.get("Tags") or [],
            app_network_access_type=params.get("AppNetworkAccessType"),
            home_efs_file_system_kms_key_id=params.get("HomeEfsFileSystemKmsKeyId"),
            kms_key_id=params.get("KmsKeyId"),
            app_security_group_management=params.get("AppSecurityGroupManagement"),
            default_space_settings=params.get("DefaultSpaceSettings"),
        )
        suffix = "".join(mock_random.choice(_ID_CHARACTERS) for _ in range(12))
        self.id = f"d-{suffix}"
        self.arn = arn_formatter("domain", self.id, account_id, region_name)
        self.url = f"https://{self.id}.studio.{region_name}.sagemaker.aws"
        self.home_efs_file_system_id = f"fs-{mock_random.get_random_hex(17)}"
        self.security_group_id_for_domain_boundary = f"sg-{mock_random.get_random_hex(17)}"
        self.tag_propagation = params.get("TagPropagation", "DISABLED")
        self.home_efs_file_system_creation = params.get("HomeEfsFileSystemCreation")

    def describe(self) -> Params:
        description = super().describe()
        if self.auth_mode != "SSO":
            for name in ("SingleSignOnManagedApplicationInstanceId", "SingleSignOnApplicationArn"):
                del description[name]
        return description | {
            "TagPropagation": self.tag_propagation,
            "HomeEfsFileSystemCreation": self.home_efs_file_system_creation,
            "FailureReason": None,
        }

    def reconfigure(self, params: Params) -> None:
        """Take over the settings that are given; what a settings structure leaves out stays."""
        self.default_user_settings = merged(
            self.default_user_settings, params.get("DefaultUserSettings")
        )
        self.default_space_settings = merged(
            self.default_space_settings, params.get("DefaultSpaceSettings")
        )
        self.domain_settings = merged(self.domain_settings, params.get("DomainSettingsForUpdate"))
        self.subnet_ids = params.get("SubnetIds") or self.subnet_ids
        self.vpc_id = params.get("VpcId") or self.vpc_id
        self.app_network_access_type = (
            params.get("AppNetworkAccessType") or self.app_network_access_type
        )
        self.app_security_group_management = (
            params.get("AppSecurityGroupManagement") or self.app_security_group_management
        )
        self.tag_propagation = params.get("TagPropagation") or self.tag_propagation
        self.last_modified_time = utcnow()


class _Member(BaseModel):
    """What a user profile and a space have in common."""

    kind: str
    name_parameter: str
    arn_parameter: str
    updatable: tuple[str, ...]
    described: tuple[str, ...]

    def __init__(self, params: Params, account_id: str, region_name: str) -> None:
        self.domain_id: str = params["DomainId"]
        self.name: str = params[self.name_parameter]
        self.arn = arn_formatter(
            self.kind, f"{self.domain_id}/{self.name}", account_id, region_name
        )
        self.tags: list[dict[str, str]] = params.get("Tags") or []
        self.settings = {name: params[name] for name in self.described if params.get(name)}
        self.efs_uid = str(mock_random.randint(200_000, 2_000_000))
        self.created = self.modified = utcnow()

    def update(self, params: Params) -> None:
        for name in self.updatable:
            if params.get(name) is None:
                continue
            new = params[name]
            old = self.settings.get(name)
            self.settings[name] = merged(old, new) if isinstance(new, dict) else new
        self.modified = utcnow()

    def describe(self) -> Params:
        return {
            "DomainId": self.domain_id,
            self.name_parameter: self.name,
            self.arn_parameter: self.arn,
            "HomeEfsFileSystemUid": self.efs_uid,
            "Status": "InService",
            "CreationTime": self.created,
            "LastModifiedTime": self.modified,
            **self.settings,
        }


class UserProfile(_Member):
    kind = "user-profile"
    name_parameter = "UserProfileName"
    arn_parameter = "UserProfileArn"
    updatable = ("UserSettings",)
    described = ("UserSettings", "SingleSignOnUserIdentifier", "SingleSignOnUserValue")


class Space(_Member):
    kind = "space"
    name_parameter = "SpaceName"
    arn_parameter = "SpaceArn"
    updatable = ("SpaceSettings", "SpaceDisplayName")
    described = (
        "SpaceSettings",
        "OwnershipSettings",
        "SpaceSharingSettings",
        "SpaceDisplayName",
    )

    def summary(self) -> Params:
        owner = self.settings.get("OwnershipSettings")
        sharing = self.settings.get("SpaceSharingSettings")
        app_type = self.settings.get("SpaceSettings", {}).get("AppType")
        return self.describe() | {
            "OwnershipSettingsSummary": owner,
            "SpaceSharingSettingsSummary": sharing,
            "SpaceSettingsSummary": {"AppType": app_type} if app_type else None,
        }

    def owned_by(self, user: UserProfile) -> bool:
        owner = self.settings.get("OwnershipSettings", {}).get("OwnerUserProfileName")
        return self.domain_id == user.domain_id and bool(owner == user.name)


Key = tuple[str, str]
M = TypeVar("M", bound=_Member)


class DomainOperations(SageMakerModelBackend):
    """The operations on Domains and on what is in them."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.user_profiles: dict[Key, UserProfile] = {}
        self.spaces: dict[Key, Space] = {}

    def add_domain(self, params: Params) -> Domain:
        if any(d.domain_name == params["DomainName"] for d in self.domains.values()):
            raise ResourceInUseException(
                f"Domain with name {params['DomainName']} already exists. Choose a different name."
            )
        domain = Domain(params, self.account_id, self.region_name)
        self.domains[domain.id] = domain
        return domain

    def domain(self, domain_id: str) -> Domain:
        domain = self.domains.get(domain_id)
        if not isinstance(domain, Domain):
            raise ResourceNotFound(f"Domain [{domain_id}] does not exist.")
        return domain

    def delete_domain(self, domain_id: str, retention_policy: dict[str, str] | None) -> None:
        self.domain(domain_id)
        members = {"UserProfile": list(self.user_profiles), "Space": list(self.spaces)}
        for kind, keys in members.items():
            if any(owner == domain_id for owner, _ in keys):
                raise ResourceInUseException(
                    f"Unable to delete Domain [{domain_id}] because {kind}(s) are associated"
                    " with it."
                )
        super().delete_domain(domain_id, retention_policy)

    def add_user_profile(self, params: Params) -> UserProfile:
        self.domain(params["DomainId"])
        profile = UserProfile(params, self.account_id, self.region_name)
        _insert(self.user_profiles, profile, "UserProfile")
        return profile

    def user_profile(self, params: Params) -> UserProfile:
        return _find(self.user_profiles, params, UserProfile, "UserProfile")

    def remove_user_profile(self, params: Params) -> None:
        profile = self.user_profile(params)
        if any(space.owned_by(profile) for space in self.spaces.values()):
            raise ResourceInUseException(
                f"Unable to delete UserProfile [{profile.arn}] because Space(s) are associated"
                " with it."
            )
        del self.user_profiles[profile.domain_id, profile.name]

    def add_space(self, params: Params) -> Space:
        self.domain(params["DomainId"])
        owner = (params.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        if owner:
            self.user_profile({"DomainId": params["DomainId"], "UserProfileName": owner})
        space = Space(params, self.account_id, self.region_name)
        _insert(self.spaces, space, "Space")
        return space

    def space(self, params: Params) -> Space:
        return _find(self.spaces, params, Space, "Space")

    def remove_space(self, params: Params) -> None:
        space = self.space(params)
        del self.spaces[space.domain_id, space.name]


def merged(old: Params | None, new: Params | None) -> Params:
    return {**(old or {}), **(new or {})}


def _insert(members: dict[Key, M], member: M, kind: str) -> None:
    key = (member.domain_id, member.name)
    if key in members:
        raise ResourceInUseException(f"{kind} [{member.arn}] already exists.")
    members[key] = member


def _find(members: dict[Key, M], params: Params, model: type[M], kind: str) -> M:
    key = (params["DomainId"], params[model.name_parameter])
    if key not in members:
        raise ResourceNotFound(f"{kind} [{'/'.join(key)}] does not exist.")
    return members[key]
