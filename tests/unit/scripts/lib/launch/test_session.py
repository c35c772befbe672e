import pytest

from scripts.lib.errors import InputError
from scripts.lib.launch.session import open_clients
from tests.unit.scripts.launchable import USER_ROLE, Launchable


@pytest.mark.usefixtures("shop")
def test_session_of_a_role_is_called_after_who_assumes_it() -> None:
    assert open_clients().caller_arn == "arn:aws:iam::123456789012:user/platform-deployer"
    assert open_clients(assume_role=USER_ROLE).caller_arn == (
        "arn:aws:sts::123456789012:assumed-role/SCEndUserRole-alpha/platform-deployer"
    )


def test_region_reaches_both_sessions(shop: Launchable) -> None:
    clients = open_clients(region="eu-north-1", assume_role=USER_ROLE)

    assert clients.account.region == "eu-north-1"
    assert [call.operation for call in shop.sandbox.journal()] == [
        "GetCallerIdentity",
        "AssumeRole",
        "GetCallerIdentity",
    ]


@pytest.mark.usefixtures("shop")
def test_refuses_what_is_no_role_and_no_profile() -> None:
    with pytest.raises(InputError, match="is not the ARN of a role"):
        open_clients(assume_role="SCEndUserRole")
    with pytest.raises(InputError, match=r"profile \(none\) could not be found"):
        open_clients(profile="none", assume_role=USER_ROLE)
