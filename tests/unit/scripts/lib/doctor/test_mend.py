import json
import shlex

import pytest

from scripts.lib.doctor.facts import Member, MemberKind
from scripts.lib.doctor.mend import TO_FILL_IN, TRUST, Mender
from scripts.lib.launch.shell import Shell
from scripts.lib.report import Command
from scripts.lib.role_arn import RoleArn
from tests.unit.scripts.lib.doctor.builders import trust_of
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, role

BARE = Mender(ACCOUNT)
GIVEN = Mender(
    ACCOUNT, Shell("eu-west-1", "my team", role("Admin"), "python3"), ("--role", role("Ben"))
)
BEN = RoleArn.parse(role("Ben"))
USER = Member(MemberKind.USER, "d-lab", "ben", "InService", role("Ben"))
GUEST = Member(MemberKind.USER, "d-lab", "guest", "InService")
SPACE = Member(MemberKind.SPACE, "d-lab", "team", "InService")
OPTIONS = "--region eu-west-1 --profile 'my team'"


def test_tools_are_given_every_option_again() -> None:
    end = f"{OPTIONS} --assume-role {role('Admin')}"

    assert GIVEN.associate() == Command(
        "associate the role", f"python3 -m scripts.post_apply apply --role {role('Ben')} {end}"
    )
    assert GIVEN.look_again(USER, "d-lab").line == (
        f"python3 -m scripts.doctor --domain d-lab --user ben {end}"
    )
    assert BARE.enable().line == "python -m scripts.post_apply apply"
    assert BARE.associate().purpose == "associate all roles that need it"
    assert GIVEN.enable().line == GIVEN.associate().line
    assert BARE.look_again(SPACE, "d-lab").line == (
        "python -m scripts.doctor --domain d-lab --space team"
    )
    assert BARE.look_again(None, "d-lab").line == "python -m scripts.doctor --domain d-lab"


def test_aws_is_given_region_and_profile_alone() -> None:
    assert GIVEN.attach_full_access(BEN) == Command(
        "attach AmazonSageMakerFullAccess to the role Ben",
        "aws iam attach-role-policy --role-name Ben --policy-arn "
        f"arn:aws:iam::aws:policy/AmazonSageMakerFullAccess {OPTIONS}",
    )
    assert GIVEN.why_domain("d-lab").line == (
        f"aws sagemaker describe-domain --domain-id d-lab --query FailureReason {OPTIONS}"
    )
    assert BARE.why_member(USER).line == (
        "aws sagemaker describe-user-profile --domain-id d-lab --user-profile-name ben "
        "--query FailureReason"
    )
    assert BARE.why_member(SPACE).line == (
        "aws sagemaker describe-space --domain-id d-lab --space-name team --query FailureReason"
    )


def test_portfolio_is_enabled_by_itself_if_nobody_can_be_associated() -> None:
    line = "aws sagemaker enable-sagemaker-servicecatalog-portfolio"
    nobody = Mender(ACCOUNT, Shell(region="eu-west-1"), None)

    assert nobody.enable() == Command("enable it", f"{line} --region eu-west-1")
    assert nobody.enable_again().line == f"{line} --region eu-west-1"
    assert BARE.enable_again().line == line


def test_cdktf_is_given_the_profile_by_the_environment() -> None:
    assert BARE.deploy_service_roles().line == "npx cdktf deploy jumpstart"
    assert GIVEN.deploy_service_roles().line == "AWS_PROFILE='my team' npx cdktf deploy jumpstart"
    assert BARE.remove_role("UseRole").line == "aws iam delete-role --role-name UseRole"


def test_role_is_replaced_where_it_is_named() -> None:
    arn = role("service-role/Ben")

    own = BARE.replace_role(USER, arn)
    assert own.purpose == "give user ben a role of this account"
    assert own.line == (
        "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben "
        f"--user-settings ExecutionRole={arn}"
    )
    assert BARE.replace_role(GUEST, arn).line == (
        f"aws sagemaker update-domain --domain-id d-lab --default-user-settings ExecutionRole={arn}"
    )
    assert BARE.replace_role(SPACE, arn).line == (
        "aws sagemaker update-domain --domain-id d-lab "
        f"--default-space-settings ExecutionRole={arn}"
    )


@pytest.mark.parametrize("member", [USER, GUEST, SPACE])
def test_role_that_nobody_knows_is_to_be_filled_in(member: Member) -> None:
    for mend in (BARE.give_role(member), BARE.replace_role(member)):
        assert mend.purpose.endswith(f" its name in place of {TO_FILL_IN}")
        assert mend.line.endswith(f"ExecutionRole={role(TO_FILL_IN)}")


def test_user_without_any_role_gets_one_of_their_own() -> None:
    assert "update-user-profile" in BARE.give_role(GUEST).line
    assert "--default-space-settings" in BARE.give_role(SPACE).line


@pytest.mark.parametrize(
    ("arn", "path"),
    [(role("Ben"), None), (role("a/b/Ben"), "/a/b/"), (role("role/Ben"), "/role/")],
)
def test_role_is_made_again_at_its_path(arn: str, path: str | None) -> None:
    words = shlex.split(BARE.make_role(RoleArn.parse(arn)).line)

    assert words[:5] == ["aws", "iam", "create-role", "--role-name", "Ben"]
    assert (words[words.index("--path") + 1] if "--path" in words else None) == path
    assert json.loads(words[words.index("--assume-role-policy-document") + 1]) == {
        "Version": "2012-10-17",
        "Statement": [TRUST],
    }


def test_trust_keeps_what_is_allowed_now() -> None:
    now = trust_of("lambda.amazonaws.com", "o'neill; $(reboot)")
    words = shlex.split(BARE.trust_sagemaker(BEN, now).line)

    assert words[:5] == ["aws", "iam", "update-assume-role-policy", "--role-name", "Ben"]
    document = json.loads(words[words.index("--policy-document") + 1])
    assert document["Statement"] == [*json.loads(now)["Statement"], TRUST]


def test_single_statement_of_a_trust_is_kept_too() -> None:
    single = json.dumps({"Version": "2008-10-17", "Id": "x", "Statement": {"Sid": "old"}})
    words = shlex.split(BARE.trust_sagemaker(BEN, single).line)

    assert json.loads(words[words.index("--policy-document") + 1]) == {
        "Version": "2008-10-17",
        "Id": "x",
        "Statement": [{"Sid": "old"}, TRUST],
    }
