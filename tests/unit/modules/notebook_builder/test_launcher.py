from __future__ import annotations

import pytest

from modules.notebook_builder.launcher import UnknownSessionError, launcher_id

ROLES = {"SCEndUserRole-alpha": "AROAENDUSERS", "Guest+1@x-alpha": "AROAGUESTS"}


def session(name: str, role: str = "SCEndUserRole-alpha", partition: str = "aws") -> str:
    return f"arn:{partition}:sts::123456789012:assumed-role/{role}/{name}"


@pytest.mark.parametrize(
    ("principal", "userid"),
    [
        (session("amy"), "AROAENDUSERS:amy"),
        (session("amy@example.com", partition="aws-cn"), "AROAENDUSERS:amy@example.com"),
        (session("botocore-session-17", role="Guest+1@x-alpha"), "AROAGUESTS:botocore-session-17"),
        (session("a=b.c-d_e+f"), "AROAENDUSERS:a=b.c-d_e+f"),
    ],
)
def test_names_the_session_as_iam_does(principal: str, userid: str) -> None:
    assert launcher_id(principal, ROLES) == userid


@pytest.mark.parametrize(
    "principal",
    [
        None,
        "",
        session("amy", role="SCEndUserRole-beta"),
        session("amy", role="Administrator"),
        "arn:aws:iam::123456789012:user/amy",
        "arn:aws:iam::123456789012:role/SCEndUserRole-alpha",
        "arn:aws:sts::123456789012:federated-user/SCEndUserRole-alpha/amy",
        session("amy/bob"),
    ],
)
def test_knows_nobody_but_the_sessions_of_the_projects_own_roles(principal: str | None) -> None:
    assert launcher_id(principal, ROLES) is None


def test_fails_on_a_name_that_no_tag_can_hold() -> None:
    with pytest.raises(UnknownSessionError) as raised:
        launcher_id(session("amy,bob"), ROLES)
    assert str(raised.value) == (
        "the session is named 'amy,bob', allowed for the notebook's tag LaunchedBy: "
        "letters, digits and _ . : / = + @ -"
    )
