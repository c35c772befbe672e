"""The account as a customer has it."""

from scripts.sandbox import Sandbox


def named(tags: list[dict[str, str]]) -> str:
    return next((tag["Value"] for tag in tags if tag["Key"] == "Name"), "")


def test_the_deployer_is_an_administrator(seeded: Sandbox) -> None:
    iam = seeded.client("iam")
    attached = iam.list_attached_user_policies(UserName="platform-deployer")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AdministratorAccess"]


def test_the_network_can_be_found_by_its_names(seeded: Sandbox) -> None:
    ec2 = seeded.client("ec2")
    by_name = {"Name": "tag:Name", "Values": ["ProSM-VPC"]}
    (vpc,) = ec2.describe_vpcs(Filters=[by_name])["Vpcs"]
    mine = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=mine)["Subnets"]
    assert {named(s["Tags"]): s["CidrBlock"] for s in subnets} == {
        "ProSM-ResourceSubnet": "10.20.1.0/24",
        "ProSM-ResourceSubnet-2": "10.20.2.0/24",
    }
    groups = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
    assert "ProSM-ResourceSG" in [named(group.get("Tags", [])) for group in groups]
    tables = ec2.describe_route_tables(Filters=mine)["RouteTables"]
    (table,) = [t for t in tables if named(t["Tags"]) == "ProSM-RouteTable"]
    joined = {a["SubnetId"] for a in table["Associations"] if "SubnetId" in a}
    assert joined == {s["SubnetId"] for s in subnets}
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]]["Value"] is True


def test_the_code_bucket_has_files(seeded: Sandbox) -> None:
    listed = seeded.client("s3").list_objects_v2(Bucket="prosm-code")["Contents"]
    assert [item["Key"] for item in listed] == [
        "README.md",
        "notebooks/start-here.ipynb",
        "src/train.py",
    ]


def test_each_domain_has_its_role_and_its_users_theirs(seeded: Sandbox) -> None:
    sagemaker = seeded.client("sagemaker")
    found: dict[str, dict[str, str | None]] = {}
    for domain in sagemaker.list_domains()["Domains"]:
        described = sagemaker.describe_domain(DomainId=domain["DomainId"])
        assert described["AuthMode"] == "IAM"
        users = sagemaker.list_user_profiles(DomainIdEquals=domain["DomainId"])["UserProfiles"]
        found[domain["DomainName"]] = {"": role(described["DefaultUserSettings"])} | {
            user["UserProfileName"]: role(
                sagemaker.describe_user_profile(
                    DomainId=domain["DomainId"], UserProfileName=user["UserProfileName"]
                ).get("UserSettings", {})
            )
            for user in users
        }
    assert found == {
        "data-science": {
            "": "DataScienceDomainRole",
            "amy": None,
            "ben": "CustomRoleBen",
            "cleo": "CustomRoleCleo",
            "dan": "DataScienceDomainRole",
        },
        "research": {"": "ResearchDomainRole", "eve": "CustomRoleEve"},
    }


def role(settings: dict[str, str]) -> str | None:
    arn = settings.get("ExecutionRole")
    return arn.rpartition("/")[2] if arn else None


def test_one_space_is_shared(seeded: Sandbox) -> None:
    (space,) = seeded.client("sagemaker").list_spaces()["Spaces"]
    assert space["SpaceSharingSettingsSummary"] == {"SharingType": "Shared"}
    assert space["OwnershipSettingsSummary"] == {"OwnerUserProfileName": "amy"}


def test_every_role_in_use_exists_and_has_full_access(seeded: Sandbox) -> None:
    iam = seeded.client("iam")
    for name in (
        "DataScienceDomainRole",
        "ResearchDomainRole",
        "CustomRoleBen",
        "CustomRoleCleo",
        "CustomRoleEve",
    ):
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        assert [policy["PolicyName"] for policy in attached] == ["AmazonSageMakerFullAccess"]


def test_managed_policies_that_the_service_roles_need_exist(seeded: Sandbox) -> None:
    name = "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy"
    policy = seeded.client("iam").get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    assert policy["Policy"]["PolicyName"] == name


def test_the_sagemaker_portfolio_waits_to_be_imported(seeded: Sandbox) -> None:
    status = seeded.client("sagemaker").get_sagemaker_servicecatalog_portfolio_status()
    assert status["Status"] == "Disabled"
    shares = seeded.client("servicecatalog").list_accepted_portfolio_shares()
    assert shares["PortfolioDetails"] == []
