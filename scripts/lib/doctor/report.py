"""How an examination is shown: to people as tables, to machines as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from scripts.lib.doctor.model import Diagnosis, Examination, Link, Status
from scripts.lib.report import Cell, Report, Section, Table, write_text

STYLES = {Status.GREEN.value: "green", Status.RED.value: "bold red", Status.UNKNOWN.value: "yellow"}
"""How a terminal shows the words."""


def write_one(examination: Examination, stream: TextIO) -> None:
    """Write the whole chain of the only user, and what mends its first red link."""
    (diagnosis,) = examination.diagnoses
    section = Section(
        f"{diagnosis}: {diagnosis.verdict}",
        results=(_chain("Chain", diagnosis.links),),
        commands=(diagnosis.mend,) if diagnosis.mend else (),
    )
    write_text(Report(examination.account, applied=None, sections=(section,)), stream)


def write_all(examination: Examination, stream: TextIO) -> None:
    """Write what is in common once, one line a user, and what mends each first red link."""
    domains = tuple(
        (item.domain_id, item.domain_name, item.link.status.value, item.link.detail)
        for item in examination.domains
    )
    users = tuple(map(_user_row, examination.diagnoses))
    section = Section(
        f"JumpStart for all users: {examination.verdict}",
        results=(
            _chain("Account", examination.shared),
            Table("Domains", ("Id", "Name", "Status", "What was found"), domains, STYLES),
            Table(
                "Users",
                ("User", "Domain", "Role", "Verdict", "First red link", "Why"),
                users,
                STYLES,
            ),
        ),
        commands=examination.mends,
    )
    write_text(Report(examination.account, applied=None, sections=(section,)), stream)


def write_json(examination: Examination, stream: TextIO) -> None:
    """Write everything as one document, of one user or of all in the same form."""
    document = {
        "account_id": examination.account.account_id,
        "region": examination.account.region,
        "exit_code": examination.exit_code,
        "verdict": examination.verdict,
        "account_links": [_link_data(link) for link in examination.shared],
        "domains": [
            {"domain_id": item.domain_id, "domain_name": item.domain_name, **_link_data(item.link)}
            for item in examination.domains
        ],
        "diagnoses": [_diagnosis_data(diagnosis) for diagnosis in examination.diagnoses],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _chain(title: str, links: Iterable[Link]) -> Table:
    rows = tuple((link.name, link.status.value, link.detail) for link in links)
    return Table(title, ("Link", "Status", "What was found"), rows, STYLES)


def _user_row(diagnosis: Diagnosis) -> tuple[Cell, ...]:
    red, unknown = diagnosis.first_red, diagnosis.first_unknown
    why = red.detail if red else f"{unknown.name}: {unknown.detail}" if unknown else None
    return (
        diagnosis.name,
        diagnosis.domain_name or diagnosis.domain_id,
        diagnosis.role_arn,
        diagnosis.verdict.value,
        red.name if red else None,
        why,
    )


def _link_data(link: Link) -> dict[str, object]:
    mend = {"purpose": link.mend.purpose, "command": link.mend.line} if link.mend else None
    return {"link": link.name, "status": link.status, "detail": link.detail, "mend": mend}


def _diagnosis_data(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "kind": diagnosis.kind.lower(),
        "name": diagnosis.name,
        "domain_id": diagnosis.domain_id,
        "domain_name": diagnosis.domain_name,
        "role_arn": diagnosis.role_arn,
        "verdict": diagnosis.verdict,
        "first_red": diagnosis.first_red.name if diagnosis.first_red else None,
        "links": [_link_data(link) for link in diagnosis.links],
    }
