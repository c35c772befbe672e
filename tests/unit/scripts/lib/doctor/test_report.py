import io
import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from scripts.lib.doctor.chain import account_links, diagnose
from scripts.lib.doctor.facts import Facts, Policies, Refused
from scripts.lib.doctor.model import DomainLink, Examination, Status
from scripts.lib.doctor.report import write_all, write_json, write_one
from tests.unit.scripts.lib.doctor.builders import (
    ARN,
    MENDER,
    account_with,
    healthy,
    member_with,
    role_with,
)
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def examination(*users: Facts) -> Examination:
    diagnoses = tuple(diagnose(facts, MENDER) for facts in users)
    account = (users or (healthy(),))[0].account
    domains = tuple(
        DomainLink(each.domain_id, each.domain_name, each.links[0]) for each in diagnoses[:1]
    )
    return Examination(ACCOUNT, account_links(account, MENDER), domains, diagnoses)


def text_of_one(facts: Facts) -> str:
    stream = io.StringIO()
    write_one(examination(facts), stream)
    return stream.getvalue()


def text_of_all(*users: Facts) -> str:
    stream = io.StringIO()
    write_all(examination(*users), stream)
    return stream.getvalue()


def data(*users: Facts) -> dict[str, Any]:
    stream = io.StringIO()
    write_json(examination(*users), stream)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def test_one_user_has_a_line_for_every_link_and_the_first_mend() -> None:
    text = text_of_one(role_with(trust="{}", policies=Policies()))

    lines = text.splitlines()
    assert "User ben of Domain lab (d-lab): red" in lines
    assert [line.split()[0] for line in lines[6:16]] == [
        "Domain",
        "JumpStart",
        "Portfolio",
        "User",
        "Execution",
        "Role",
        "Trust",
        "Policies",
        "Association",
        "Service",
    ]
    assert "To let SageMaker assume the role Ben:" in lines
    assert lines[-1].startswith("  aws iam update-assume-role-policy --role-name Ben ")
    assert "attach-role-policy" not in text


def test_nothing_to_mend_says_so() -> None:
    text = text_of_one(healthy())

    assert "User ben of Domain lab (d-lab): green" in text
    assert "To " not in text


def test_all_users_have_one_line_each_and_common_links_once() -> None:
    text = text_of_all(
        healthy(),
        replace(role_with(policies=Policies()), member=replace(healthy().member, name="cleo")),
        member_with(name="dan", status=Refused("Ask: AccessDenied: no"), own_role=None),
    )

    assert "JumpStart for all users: red" in text
    assert text.count("SageMaker's portfolio is enabled") == 1
    rows = {line.split()[0]: line for line in text.splitlines() if " lab  " in line}
    assert rows["ben"].split("  ")[0:1] == [""]  # indented
    assert rows["ben"].split() == ["ben", "lab", ARN, "green", "-", "-"]
    assert "  red      Policies        AmazonSageMakerFullAccess is not" in rows["cleo"]
    assert "  unknown  -               User profile: Ask: AccessDenied: no" in rows["dan"]
    assert text.endswith(
        "To attach AmazonSageMakerFullAccess to the role Ben:\n"
        "  aws iam attach-role-policy --role-name Ben --policy-arn "
        "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess\n"
    )


def test_command_that_mends_many_is_shown_once() -> None:
    text = text_of_all(account_with(enabled=False), account_with(enabled=False))

    assert text.count("scripts.post_apply apply") == 1


def test_nobody_is_no_fault() -> None:
    assert "    (none)\n" in text_of_all()


def test_document_has_everything() -> None:
    found = data(role_with(policies=Policies()), healthy())

    assert (found["exit_code"], found["verdict"]) == (2, "red")
    assert (found["account_id"], found["region"]) == ("123456789012", "eu-west-1")
    first, second = found["diagnoses"]
    assert (first["kind"], first["name"], first["domain_id"]) == ("user", "ben", "d-lab")
    assert (first["role_arn"], first["first_red"], second["first_red"]) == (ARN, "Policies", None)
    assert len(first["links"]) == 10
    red = first["links"][7]
    assert (red["link"], red["status"]) == ("Policies", "red")
    assert red["mend"]["purpose"] == "attach AmazonSageMakerFullAccess to the role Ben"
    assert shlex.split(red["mend"]["command"])[:3] == ["aws", "iam", "attach-role-policy"]
    assert first["links"][0]["mend"] is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [(healthy(), 0), (role_with(found=None), 2), (account_with(enabled=Refused("no")), 1)],
)
def test_exit_code_is_in_the_document(facts: Facts, code: int) -> None:
    assert data(facts)["exit_code"] == code


def test_colours_are_for_terminals_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    broken = examination(role_with(found=Refused("no"), policies=Policies()))
    terminal, pipe = Terminal(), io.StringIO()

    write_one(broken, terminal)
    write_one(broken, pipe)

    assert "\x1b[1;31mred" in terminal.getvalue()
    assert "\x1b[32mgreen" in terminal.getvalue()
    assert "\x1b" not in pipe.getvalue()
    for status in Status:
        assert status.value in terminal.getvalue()
        assert status.value in pipe.getvalue()


def test_hostile_names_reach_no_terminal() -> None:
    for stream in (Terminal(), io.StringIO()):
        write_all(examination(member_with(name="b\x1b[2Jen\x07")), stream)
        assert "\x1b[2J" not in stream.getvalue()
        assert "\x07" not in stream.getvalue()
