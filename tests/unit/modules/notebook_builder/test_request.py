from __future__ import annotations

from typing import Any

import pytest

from modules.notebook_builder.request import (
    InvalidRequestError,
    Owner,
    Request,
    Wanted,
    is_notebook_name,
    parse,
)
from tests.unit.modules.notebook_builder.world import PROJECT, PROPERTIES, STACK, event


def test_reads_a_create() -> None:
    assert parse(event(), PROJECT) == Request(
        kind="Create",
        owner=Owner(STACK, "Notebook", "request-1"),
        physical_id=None,
        wanted=Wanted(
            name="amys-notebook",
            instance_type="ml.t3.medium",
            volume_gb=20,
            root_access="Disabled",
            lifecycle_config="Provisioned-LC-alpha",
            subnet="ProSM-ResourceSubnet",
            security_group="ProSM-ResourceSG",
            environment_name="Dev",
        ),
    )


def test_an_update_is_about_the_name_that_is_wanted_now() -> None:
    request = parse(event("Update", NotebookInstanceName="second"), PROJECT)
    assert request.physical_id == "amys-notebook"
    assert request.notebook_name == "second"


def test_a_delete_is_about_the_physical_id_and_reads_no_properties() -> None:
    sent = event("Delete", physical_id="old", NotebookInstanceName="other", VolumeSizeInGB="?")
    request = parse(sent, PROJECT)
    assert request.wanted is None
    assert request.notebook_name == "old"
    assert request.fallback_name == "other"


@pytest.mark.parametrize("named", ["old", "not/a/name", None])
def test_a_delete_falls_back_on_no_name_that_is_its_id_or_nobodys(named: str | None) -> None:
    sent = event("Delete", physical_id="old", NotebookInstanceName=named)
    assert parse(sent, PROJECT).fallback_name is None


@pytest.mark.parametrize(
    ("wanted", "physical_id", "before", "leftover"),
    [
        ("first", "first", "second", "second"),
        ("first", "first", "first", None),
        ("second", "first", "first", None),
        ("first", "second", "second", None),
        ("first", "first", None, None),
        ("first", "first", "not/a/name", None),
    ],
)
def test_only_an_update_that_undoes_a_replacement_has_a_leftover(
    wanted: str, physical_id: str, before: str | None, leftover: str | None
) -> None:
    old = {**PROPERTIES, "NotebookInstanceName": before} if before else None
    sent = event("Update", physical_id=physical_id, before=old, NotebookInstanceName=wanted)
    request = parse(sent, PROJECT)
    assert request.leftover_name == leftover
    first, *rest = request.parts()
    if leftover:
        assert (first.kind, first.notebook_name, first.owner) == ("Delete", leftover, request.owner)
        assert rest == [request]
    else:
        assert (first, rest) == (request, [])


@pytest.mark.parametrize(
    ("before", "moved"),
    [
        (None, True),
        (PROPERTIES, False),
        (PROPERTIES | {"NotebookInstanceType": "ml.m5.xlarge"}, False),
        (PROPERTIES | {"SubnetName": "other"}, True),
        (PROPERTIES | {"SecurityGroupName": "other"}, True),
    ],
)
def test_an_update_moves_a_notebook_when_it_names_another_place(
    before: dict[str, str] | None, moved: bool
) -> None:
    assert parse(event("Update", before=before), PROJECT).moved is moved


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("NotebookInstanceName", "", "NotebookInstanceName is ''"),
        ("NotebookInstanceName", "a_b", "1 to 63 letters, digits and inner hyphens"),
        ("NotebookInstanceName", "-a", "NotebookInstanceName is '-a'"),
        ("NotebookInstanceName", "a-", "NotebookInstanceName is 'a-'"),
        ("NotebookInstanceName", "a\n", "NotebookInstanceName"),
        ("NotebookInstanceName", "a" * 64, "NotebookInstanceName"),
        ("NotebookInstanceName", None, "NotebookInstanceName is 'None'"),
        ("NotebookInstanceType", "t3.medium", "such as ml.t3.medium"),
        ("NotebookInstanceType", "ml.t3.medium; rm", "NotebookInstanceType"),
        ("VolumeSizeInGB", "4", "a whole number from 5 to 16384"),
        ("VolumeSizeInGB", "16385", "VolumeSizeInGB is '16385'"),
        ("VolumeSizeInGB", "20.5", "VolumeSizeInGB is '20.5'"),
        ("VolumeSizeInGB", "-20", "VolumeSizeInGB is '-20'"),
        ("VolumeSizeInGB", "\u0662\u0660", "VolumeSizeInGB"),
        ("VolumeSizeInGB", None, "VolumeSizeInGB is 'None'"),
        ("RootAccess", "enabled", "allowed: Enabled, Disabled"),
        ("RootAccess", None, "RootAccess is 'None'"),
        ("DirectInternetAccess", "Enabled", "allowed: Disabled"),
        ("DirectInternetAccess", None, "allowed: Disabled"),
        ("LifecycleConfigName", "a b", "LifecycleConfigName is 'a b'"),
        ("SubnetName", "", "SubnetName is ''"),
        ("SecurityGroupName", None, "SecurityGroupName is 'None'"),
        ("EnvironmentName", None, "EnvironmentName is 'None'"),
        ("ProjectName", "beta", "ProjectName is 'beta', allowed: alpha"),
        ("ProjectID", "", "allowed: QuickStart007"),
    ],
)
@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_refuses_what_is_not_allowed_and_says_what_is(
    kind: str, key: str, value: str | None, message: str
) -> None:
    changed: dict[str, Any] = {key: value}
    with pytest.raises(InvalidRequestError) as raised:
        parse(event(kind, **changed), PROJECT)
    assert message in str(raised.value)


@pytest.mark.parametrize("volume", ["5", "16384", 20])
def test_takes_every_size_that_sagemaker_takes(volume: Any) -> None:
    request = parse(event(VolumeSizeInGB=volume), PROJECT)
    assert request.wanted is not None
    assert request.wanted.volume_gb == int(volume)


@pytest.mark.parametrize("kind", ["create", None, "Destroy"])
def test_refuses_an_unknown_kind(kind: Any) -> None:
    with pytest.raises(InvalidRequestError, match="expected one of Create, Update, Delete"):
        parse(event(kind), PROJECT)


def test_a_hostile_value_is_not_repeated_at_length() -> None:
    with pytest.raises(InvalidRequestError) as raised:
        parse(event(NotebookInstanceName="x" * 100_000), PROJECT)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("name", ["a", "0", "a--b", "a" * 63])
def test_names_that_a_notebook_can_have(name: str) -> None:
    assert is_notebook_name(name)


@pytest.mark.parametrize("name", [None, 7, "", "a.b", "arn:aws:sagemaker", "\u00e4"])
def test_names_that_no_notebook_can_have(name: object) -> None:
    assert not is_notebook_name(name)
