"""Checking one stack: findings, failures, and a state that is written meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.drift import terraform_plane
from scripts.lib.drift.model import Checked, Plane
from scripts.lib.drift.refresh import RefreshError, StateChangedError
from scripts.lib.drift.terraform_plane import Terms, check_stack
from tests.unit.scripts.lib.drift.seen import golden
from tests.unit.scripts.lib.drift.test_authors import Client, event, trail
from tests.unit.scripts.lib.drift.test_portfolio_access import Catalog


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What each refresh gives, one after the other."""
    waiting: list[Any] = []

    def refresh(*_: object, **__: object) -> Mapping[str, Any]:
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        document: Mapping[str, Any] = answer
        return document

    monkeypatch.setattr(terraform_plane, "refresh", refresh)
    return waiting


def check(terms: Terms | None = None) -> Checked:
    return check_stack(Path("web"), "web", {}, terms)


def test_a_real_plan_is_told_of_the_stack(answers: list[Any]) -> None:
    answers.append(golden("jumpstart"))
    checked = check()
    assert (checked.plane, checked.stack) == (Plane.TERRAFORM, "web")
    assert {drift.stack for drift in checked.drifts} == {"web"}
    assert len(checked.drifts) == 3
    assert {noise.stack for noise in checked.noise} == {"web"}
    assert checked.failures == ()
    assert checked.seconds >= 0


def test_what_cannot_be_checked_is_a_failure_and_no_drift(answers: list[Any]) -> None:
    answers.append(RefreshError("the AWS credentials have expired"))
    checked = check()
    assert not checked.drifts
    assert not checked.noise
    assert [failure.reason for failure in checked.failures] == ["the AWS credentials have expired"]


@pytest.mark.parametrize("document", [{}, {"format_version": "9.0"}])
def test_a_plan_of_another_version_is_a_failure(answers: list[Any], document: Any) -> None:
    answers.append(document)
    assert len(check().failures) == 1


def test_a_state_written_meanwhile_is_looked_at_once_more(answers: list[Any]) -> None:
    answers += [StateChangedError("x"), golden("jumpstart")]
    assert len(check().drifts) == 3
    answers += [StateChangedError("x"), StateChangedError("x")]
    (failure,) = check().failures
    assert failure.reason.startswith("the state was written twice")
    assert answers == []


def test_added_principals_are_looked_for_if_there_is_a_client(answers: list[Any]) -> None:
    answers.append(golden("quickstart"))
    portfolio = next(
        each["values"]["id"]
        for each in golden("quickstart")["prior_state"]["values"]["root_module"]["resources"]
        if each["type"] == "aws_servicecatalog_portfolio"
    )
    catalog = Catalog(**{portfolio.replace("-", "_"): ["arn:stranger"]})
    drifts = check(Terms(catalog=catalog)).drifts
    assert drifts[-1].what == "A principal was given access to the portfolio."


def test_what_the_plan_tells_is_kept_if_the_catalog_refuses(
    answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListPrincipals")

    monkeypatch.setattr(terraform_plane, "added_principals", refuse)
    answers.append(golden("jumpstart"))
    checked = check(Terms(catalog=object()))
    assert len(checked.drifts) == 3
    assert "AccessDenied" in checked.failures[0].reason


def test_a_bucket_that_may_not_be_looked_at_is_a_failure_and_no_drift(answers: list[Any]) -> None:
    class Closed:
        def head_bucket(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadBucket")

    def entry(kind: str) -> dict[str, Any]:
        return {
            "address": f"{kind}.Data",
            "mode": "managed",
            "type": kind,
            "name": "Data",
            "change": {"actions": ["delete"], "before": {"bucket": "data"}, "after": None},
        }

    drift = [entry("aws_s3_bucket"), entry("aws_s3_bucket_versioning")]
    answers += [{"format_version": "1.2", "resource_drift": drift}] * 2
    assert "The bucket was deleted." in [each.what for each in check().drifts]
    checked = check(Terms(s3=Closed()))
    assert checked.drifts == ()
    (failure,) = checked.failures
    assert failure.reason.startswith("bucket data may not be looked at")


def test_authors_are_asked_for_if_there_is_a_trail(answers: list[Any]) -> None:
    answers.append(golden("jumpstart"))
    name = "AmazonSageMakerServiceCatalogProductsGlueRole"
    asked, _ = trail(Client({name: [event("DeleteRole")]}))
    authors = {drift.what: drift.author for drift in check(Terms(trail=asked)).drifts}
    author = authors["The role was deleted."]
    assert author is not None
    assert author.event == "DeleteRole"
    assert authors["The role's description was changed."] is None
