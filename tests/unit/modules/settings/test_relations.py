"""What settings must be to one another, with the message of every fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.settings.samples import MISSING, ROOT, Path, changed, faults, project

NETWORK = {"name": "main", "vpc": {"name": "V"}, "route_tables": ({"name": "R"},)}
OTHER = {"name": "other", "vpc": {"name": "W"}, "route_tables": ({"name": "R"},)}
CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "two projects of one name",
        changed(("projects",), (project("Vision"), project("vISION"))),
        (
            'projects[1] (vISION).name: got "vISION"; must be a name of its own '
            "(projects[0] has this one)"
        ),
    ),
    (
        "two networks of one name",
        changed(("networks",), (NETWORK, {**OTHER, "name": "MAIN"}))
        | {"projects": (project("vision", network="main"),)},
        'networks[1] (MAIN).name: got "MAIN"; must be a name of its own (networks[0] has this one)',
    ),
    (
        "two networks of one VPC",
        changed(("networks",), (NETWORK, {**OTHER, "vpc": {"name": "V"}}))
        | {"projects": (project("vision", network="main"),)},
        'networks[1] (other).vpc: got {"name": "V"}; must be another VPC than networks[0] has',
    ),
    (
        "two versions of one name",
        changed(("projects", 0, "versions"), ({"name": "1"}, {"name": "1"})),
        (
            'projects[0] (vision).versions[1] (1).name: got "1"; must be a name of its own '
            "(versions[0] has this one)"
        ),
    ),
    (
        "no version can be launched",
        changed(("projects", 0, "versions"), ({"name": "1", "active": False},)),
        (
            'projects[0] (vision).versions: got [{"name": "1", "active": false}]; must be a list '
            'with at least one active version of guidance "DEFAULT"'
        ),
    ),
    (
        "a project's network is unknown",
        changed(("projects", 0, "network"), "mian"),
        'projects[0] (vision).network: got "mian"; must be the name of a network (main)',
    ),
    (
        "a project names none of several networks",
        changed(("networks",), (NETWORK, OTHER)),
        "projects[0] (vision).network: is not set; must be the name of a network (main, other)",
    ),
    (
        "there are projects and no networks",
        changed(("networks",), MISSING),
        (
            "projects[0] (vision).network: is not set; must be the name of a network; "
            "networks describes none"
        ),
    ),
    (
        "the bucket's name gets too long",
        changed(("projects", 0, "name"), "v" * 42) | {"region": "ap-southeast-2"},
        (
            f'projects[0].name: got "{"v" * 42}"; must be at most 26 long, as the notebook bucket '
            "takes 63 characters with it"
        ),
    ),
    (
        "a role's name gets too long",
        changed(("projects", 0, "name"), "v" * 10) | {"names": {"execution_role": "r" * 54}},
        (
            'projects[0] (vvvvvvvvvv).name: got "vvvvvvvvvv"; must be at most 9 long, as '
            "names.execution_role takes 64 characters with it"
        ),
    ),
    (
        "an end-user role's name gets too long",
        changed(("projects", 0, "end_user_roles", 0, "name"), "r" * 58),
        (
            f'projects[0] (vision).end_user_roles[0].name: got "{"r" * 58}"; must be at most 57 '
            "long, for the project's name is added to it"
        ),
    ),
    (
        "an end-user role takes the execution role's name",
        changed(("projects", 0, "end_user_roles", 0, "name"), "sagemakerexecutionrole"),
        (
            "projects[0] (vision).end_user_roles[0] (sagemakerexecutionrole).name: gives the role "
            "sagemakerexecutionrole-vision; must give a name of its own "
            "(projects[0] (vision).name gives the same)"
        ),
    ),
    (
        "a project has an end-user role twice",
        changed(("projects", 0, "end_user_roles"), ({"assumed_by": (ROOT,)},) * 2),
        (
            "projects[0] (vision).end_user_roles[1].name: gives the role SCEndUserRole-vision; "
            "must give a name of its own (projects[0] (vision).end_user_roles[0].name gives the "
            "same)"
        ),
    ),
    (
        "roles of two projects meet by their suffixes",
        changed(
            ("projects",),
            (
                project("b-c", end_user_roles=({"name": "A", "assumed_by": (ROOT,)},)),
                project("c", end_user_roles=({"name": "A-b", "assumed_by": (ROOT,)},)),
            ),
        ),
        (
            "projects[1] (c).end_user_roles[0] (A-b).name: gives the role A-b-c; must give a name "
            "of its own (projects[0] (b-c).end_user_roles[0] (A).name gives the same)"
        ),
    ),
    (
        "two base names of roles are one",
        changed(("names",), {"launch_role": "SageMakerExecutionRole"})
        | {"projects": (project("vision"), project("sound"))},
        (
            "names.launch_role: gives the role SageMakerExecutionRole-vision; must give a name of "
            "its own (projects[0] (vision).name gives the same)"
        ),
    ),
    (
        "the builder's role takes the launch role's name",
        changed(("names",), {"builder_role": "sclaunchrole"}),
        (
            "names.builder_role: gives the role sclaunchrole-vision; must give a name of its own "
            "(names.launch_role gives the same)"
        ),
    ),
    (
        "the builder role's name gets too long",
        changed(("projects", 0, "name"), "v" * 10) | {"names": {"builder_role": "r" * 54}},
        (
            'projects[0] (vvvvvvvvvv).name: got "vvvvvvvvvv"; must be at most 9 long, as '
            "names.builder_role takes 64 characters with it"
        ),
    ),
    (
        "the lifecycle configurations are one",
        changed(("names",), {"lifecycle_config_s3": "Provisioned-LC"}),
        (
            "names.lifecycle_config_s3: gives the lifecycle configuration Provisioned-LC-vision; "
            "must give a name of its own (names.lifecycle_config gives the same)"
        ),
    ),
    (
        "a role is to be made and adopted",
        changed(("jumpstart",), {"create": ("UseRole",), "adopt": ("UseRole",)}),
        'jumpstart.create[0]: got "UseRole"; must be in one of create and adopt, not in both',
    ),
    (
        "a list says a thing twice",
        changed(("jumpstart",), {"create": ("UseRole", "GlueRole", "UseRole")}),
        'jumpstart.create[2]: got "UseRole"; must be left out, as [0] is the same',
    ),
    (
        "settings of the s3 backend are given for the local one",
        changed(("state",), {"key_prefix": "x"}),
        'state.key_prefix: got "x"; must be left out, since the backend is "local"',
    ),
    (
        "the local backend's directory is given for s3",
        changed(("state",), {"backend": "s3", "bucket": "tf-state", "directory": "x"}),
        'state.directory: got "x"; must be left out, since the backend is "s3"',
    ),
    (
        "the s3 backend has no bucket",
        changed(("state",), {"backend": "s3"}),
        'state.bucket: is not set; must be the name of a bucket, since the backend is "s3"',
    ),
    (
        "the alarms' topic is in another Region",
        changed(("audit",), {"alarm_topic_arn": "arn:aws:sns:us-east-1:123456789012:x"}),
        (
            'audit.alarm_topic_arn: got "arn:aws:sns:us-east-1:123456789012:x"; must be a topic in '
            "the Region eu-west-1"
        ),
    ),
]


@pytest.mark.parametrize(("given", "message"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_fails_when(given: dict[str, Any], message: str) -> None:
    assert faults(given) == (message,)


def test_fails_when_an_endpoint_is_to_be_made_and_reused() -> None:
    network = {**NETWORK, "endpoints": ("sts",), "existing_endpoints": {"s3": "vpce-12345678"}}
    assert faults(changed(("networks",), (network,))) == ()
    network["existing_endpoints"] = {"s3": "vpce-12345678", "sts": "vpce-12345679"}
    assert faults(changed(("networks",), (network,))) == (
        (
            'networks[0] (main).endpoints[0]: got "sts"; must be in one of endpoints and '
            "existing_endpoints, not in both"
        ),
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("region",), "nowhere"),
        (("projects", 0, "build"), 3),
        (("projects", 0, "versions"), ({"name": "1"}, {"name": ""})),
        (("networks", 0, "existing_endpoints"), {"s3": "y"}),
        (("catalog",), "CQ"),
        (("names",), ()),
    ],
    ids=repr,
)
def test_a_fault_elsewhere_does_not_hide_a_clash(path: Path, value: object) -> None:
    clash = changed(("projects",), (project("vision"), project("vision")))
    problems = faults(changed(path, value, clash))
    assert len(problems) == 2
    assert 'projects[1] (vision).name: got "vision"; must be a name of its own' in problems[-1]


def test_a_network_that_cannot_be_read_does_not_make_projects_refer_to_nothing() -> None:
    problems = faults(changed(("networks", 0, "name"), 3))
    assert [problem.partition(":")[0] for problem in problems] == ["networks[0].name"]


def test_the_longest_project_names_that_fit_are_let_through() -> None:
    assert faults(changed(("projects", 0, "name"), "v" * 31)) == ()
    assert "at most 31 long" in faults(changed(("projects", 0, "name"), "v" * 32))[0]


def test_projects_with_like_names_stand_side_by_side() -> None:
    assert faults(changed(("projects",), (project("a"), project("ab"), project("b-a")))) == ()


@pytest.mark.parametrize("names", [("vision", "Vision-two"), ("Vision-two", "vision")])
def test_fails_when_what_a_project_owns_would_fall_to_another(names: tuple[str, str]) -> None:
    """The execution role of project vision may act on what is named vision-*."""
    index, owner = names.index("Vision-two"), names.index("vision")
    assert faults(changed(("projects",), tuple(map(project, names)))) == (
        (
            f'projects[{index}] (Vision-two).name: got "Vision-two"; must be a name without the '
            f'prefix "vision-", which is that of projects[{owner}]'
        ),
    )
