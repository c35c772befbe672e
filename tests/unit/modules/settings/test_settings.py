"""Loading settings: files as they are in life, and whatever else a file may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from modules.settings import (
    JumpStartSettings,
    Selector,
    Settings,
    SettingsError,
    StateSettings,
    load,
    parse,
)
from modules.settings.model import SERVICE_ROLES
from modules.settings.network import DEFAULT_ENDPOINTS
from modules.settings.reader import read
from tests.unit.modules.settings.samples import changed, faults, project, values

EXAMPLES = Path(__file__).parents[4] / "examples"


def hcl(value: Any) -> str:
    """Write a value as HCL."""
    if isinstance(value, Mapping):
        pairs = (f"{quoted(key)} = {hcl(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(hcl, value))}]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(words: str) -> str:
    escaped = "".join(
        c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in words
    )
    return f'"{escaped.replace("${", "$${").replace("%{", "%%{")}"'


def without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: without_nulls(item) for k, item in value.items() if item is not None}
    return tuple(map(without_nulls, value)) if isinstance(value, tuple) else value


def written(tmp_path: Path, given: Mapping[str, Any]) -> Path:
    path = tmp_path / "written.tfvars"
    path.write_text("".join(f"{key} = {hcl(item)}\n" for key, item in given.items()), "utf-8")
    return path


def test_the_sandbox_example_fits_the_account_of_the_sandbox() -> None:
    settings = load(EXAMPLES / "sandbox.tfvars")
    quickstart, vision = settings.projects
    (network,) = settings.networks
    assert settings.region == "eu-west-1"
    assert settings.deployers == ("arn:aws:iam::123456789012:user/platform-deployer",)
    assert (quickstart.name, quickstart.build) == ("quickstart", "lambda")
    assert (vision.name, vision.build) == ("vision", "cloudformation")
    assert (quickstart.code_bucket, vision.code_bucket) == ("prosm-code", None)
    assert quickstart.empty_buckets_on_destroy
    assert vision.empty_buckets_on_destroy
    assert (network.vpc, network.subnet, network.security_group, network.route_tables) == (
        Selector(name="ProSM-VPC"),
        Selector(name="ProSM-ResourceSubnet"),
        Selector(name="ProSM-ResourceSG"),
        (Selector(name="ProSM-RouteTable"),),
    )
    assert network.endpoints == DEFAULT_ENDPOINTS
    assert settings.jumpstart == JumpStartSettings(create=SERVICE_ROLES)
    for item in settings.projects:
        assert settings.network_of(item) is network
        assert item.end_user_roles[0].name == "SCEndUserRole"
        assert item.end_user_roles[0].assumed_by == ("arn:aws:iam::123456789012:root",)


def test_the_commented_example_loads() -> None:
    settings = load(str(EXAMPLES / "settings.tfvars"))
    assert settings.projects[0].name == "quickstart"
    assert settings.state == StateSettings()
    assert settings.audit is not None


def test_what_is_left_out_gets_its_default() -> None:
    settings = parse(values())
    (network,) = settings.networks
    (vision,) = settings.projects
    assert network.endpoints == DEFAULT_ENDPOINTS
    assert network.endpoint_subnets == (network.subnet,)
    assert settings.network_of(vision) is network
    assert (settings.jumpstart, settings.audit, settings.permissions_boundary) == (None,) * 3
    assert settings.state == StateSettings(backend="local", directory="state")
    assert vision.notebook.instance_type == "ml.t3.medium"
    assert vision.versions[0].name == "1"


def test_what_is_reused_or_adopted_is_not_made() -> None:
    settings = parse(
        changed(("networks", 0, "existing_endpoints"), {"s3": "vpce-12345678"})
        | {"jumpstart": {"adopt": ("LaunchRole", "UseRole")}}
    )
    assert settings.networks[0].endpoints == DEFAULT_ENDPOINTS[1:]
    assert settings.jumpstart is not None
    assert settings.jumpstart.create == SERVICE_ROLES[2:]


def test_a_reused_s3_endpoint_needs_no_route_table() -> None:
    network = {"name": "main", "vpc": {"name": "V"}}
    reusing = {**network, "existing_endpoints": {"s3": "vpce-12345678"}, "endpoints": ()}
    assert faults({**values(), "networks": (reusing,)}) == ()
    assert faults({**values(), "networks": (network,)}) == (
        (
            "networks[0] (main).route_tables: is not set; must be a list of at least one, unless "
            "existing_endpoints names s3"
        ),
    )


def test_a_project_is_in_the_network_that_it_names() -> None:
    second = {"name": "b", "vpc": {"id": "vpc-12345678"}, "route_tables": ({"name": "R"},)}
    given = {**values(), "networks": (*values()["networks"], second)}
    settings = parse({**given, "projects": (project("vision", network="b"),)})
    assert settings.network_of(settings.projects[0]) is settings.networks[1]


def test_settings_cannot_be_changed_and_can_be_hashed() -> None:
    settings = parse({**values(), "tags": {"a": "b"}})
    with pytest.raises(ValidationError):
        settings.region = "us-east-1"
    with pytest.raises(TypeError):
        settings.tags["a"] = "c"  # type: ignore[index]  # what is refused here
    assert hash(settings) == hash(parse({**values(), "tags": {"a": "b"}}))
    assert settings != parse({**values(), "tags": {"a": "c"}})


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "faulty.tfvars"
    path.write_text(
        'region = "eu-west-1"\n'
        "projects = [\n"
        '  { name = "a", end_user_roles = [{ assumed_by = ["*"] }] },\n'
        "  {\n"
        '    name = "vision"\n'
        "    notebook = { volume_size_gb = 4, root_acess = true }\n"
        '    build = "ecs"\n'
        '    code_bucket = "${var.bucket}"\n'
        "    volume_size_gb = 20\n"
        "  },\n"
        "]\n"
        'owner = "CQ"\n'
        "audit {\n}\n"
        'tags = { ApiToken = "s3cr3t\\u0000", ok = 1 }\n'
    )
    with pytest.raises(SettingsError) as caught:
        load(path)
    principal = (
        "the ARN of an account's root, an IAM user or an IAM role, such as "
        '"arn:aws:iam::123456789012:root", without *'
    )
    value = "at most 256 letters, digits, spaces and _ . : / = + @ -"
    assert str(caught.value).splitlines() == [
        (
            "deployers: is not set; must be a list of at least one, each item the ARN of an IAM "
            'user or role, such as "arn:aws:iam::123456789012:role/deployer"; a name may hold *, '
            "but must keep at least 3 characters of its own"
        ),
        f'projects[0] (a).end_user_roles[0].assumed_by[0]: got "*"; must be {principal} (line 3)',
        (
            "projects[0] (a).network: is not set; must be the name of a network; networks "
            "describes none (line 3)"
        ),
        (
            "projects[1] (vision).end_user_roles: is not set; must be a list of at least one, "
            "each item an object ({ ... }) (line 4)"
        ),
        (
            "projects[1] (vision).network: is not set; must be the name of a network; networks "
            "describes none (line 4)"
        ),
        (
            "projects[1] (vision).notebook.volume_size_gb: got 4; must be a whole number from 5 "
            "to 16384 (line 6)"
        ),
        (
            "projects[1] (vision).notebook.root_acess: is no setting; did you mean root_access? "
            "(line 6)"
        ),
        ('projects[1] (vision).build: got "ecs"; must be "lambda" or "cloudformation" (line 7)'),
        (
            "projects[1] (vision).code_bucket: is an interpolation (${...}); must be a plain "
            "value (line 8)"
        ),
        (
            "projects[1] (vision).volume_size_gb: is no setting; did you mean "
            "notebook.volume_size_gb? (line 9)"
        ),
        "owner: is no setting; did you mean catalog.owner? (line 12)",
        "audit: is written as a block; must be audit = ... (line 13)",
        f"tags.ApiToken: got (hidden); must be {value} (line 15)",
        f"tags.ok: got 1; must be {value} (line 15)",
    ]
    assert caught.value.problems == tuple(str(caught.value).splitlines())


def test_what_cannot_be_read_is_one_fault_not_two(tmp_path: Path) -> None:
    path = tmp_path / "faulty.tfvars"
    path.write_text('region = var.region\ndeployers = [var.deployer]\nstate "s3" {}\n')
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert caught.value.problems == (
        "region: is an expression; must be a plain value (line 1)",
        "deployers[0]: is an expression; must be a plain value (line 2)",
        "state: is written as a block; must be state = ... (line 3)",
    )


names = st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["name", "id", "network", "x"]) | text, inner, max_size=3)
    ),
    max_leaves=8,
)
with_files = hypothesis_settings(deadline=None, max_examples=50)
"""For tests that write files: the disk's pace is no fault of theirs."""

TOP = tuple(Settings.model_fields)
WELL_KNOWN = [
    (top, *rest)
    for top in TOP
    for rest in ((), (0,), (0, "name"), ("adopt",), ("create", 0), (0, "vpc"), (0, "versions"))
]


def assert_lines_name_settings(problems: tuple[str, ...]) -> None:
    assert problems
    for problem in problems:
        assert re.match(r"[A-Za-z_\[]", problem), problem
        assert ": " in problem
        assert problem.isprintable()
        assert len(problem) < 1500


@given(st.dictionaries(st.sampled_from(TOP) | text, junk, max_size=6))
def test_junk_gives_lines_that_name_settings_and_no_other_error(given_values: Any) -> None:
    problems = faults(given_values)
    assert_lines_name_settings(problems)
    assert problems == faults(given_values)


@given(st.sampled_from(WELL_KNOWN), junk)
def test_junk_in_one_place_loads_or_is_refused(path: Any, item: Any) -> None:
    base = {**values(), "jumpstart": {"create": ("UseRole",)}, "tags": {}, "audit": {}}
    try:
        given_values = changed(path, item, base)
    except (TypeError, AttributeError, IndexError, KeyError):
        return  # there is no such place
    problems = faults(given_values)
    if problems:
        assert_lines_name_settings(problems)


literals = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e4, 1e4, width=16)
    | text,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@with_files
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), literals, max_size=4))
def test_what_is_written_as_hcl_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, given_values: Any
) -> None:
    given_values = {**given_values, "last": 1}
    source = read(written(tmp_path_factory.mktemp("hcl"), given_values))
    assert source.values == without_nulls(given_values)
    assert source.problems == []


@with_files
@given(text)
def test_any_text_as_a_file_is_refused_in_lines(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.tfvars"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert all(problem.isprintable() for problem in caught.value.problems)


valid = st.fixed_dictionaries(
    {
        "region": st.just("eu-west-1"),
        "deployers": st.just(("arn:aws:iam::123456789012:role/x",)),
        "networks": st.sets(st.sampled_from(DEFAULT_ENDPOINTS)).map(
            lambda reused: (
                {
                    "name": "main",
                    "vpc": {"id": "vpc-12345678"},
                    "route_tables": ({"name": "R"},),
                    "existing_endpoints": dict.fromkeys(sorted(reused), "vpce-12345678"),
                },
            )
        ),
        "projects": st.lists(names, max_size=3, unique=True).map(
            lambda drawn: tuple(project(name) for name in drawn)
        ),
    },
    optional={
        "tags": st.dictionaries(
            st.from_regex(r"x[A-Za-z0-9 _.:/=+@-]{0,9}y", fullmatch=True),
            st.from_regex(r"[A-Za-z0-9 _.:/=+@-]{0,9}", fullmatch=True),
            max_size=4,
        ),
        "jumpstart": st.fixed_dictionaries(
            {"adopt": st.lists(st.sampled_from(SERVICE_ROLES), unique=True).map(tuple)}
        ),
        "audit": st.fixed_dictionaries({"log_retention_days": st.sampled_from([1, 30, 3653])}),
        "catalog": st.fixed_dictionaries(
            {"owner": st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=50)}
        ),
    },
)


@with_files
@given(valid)
def test_valid_settings_survive_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, given_values: Any
) -> None:
    loaded = parse(given_values)
    path = written(tmp_path_factory.mktemp("valid"), loaded.model_dump(exclude_unset=True))
    assert load(path) == loaded
    assert hash(load(path)) == hash(loaded)
