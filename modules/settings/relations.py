"""What settings must be to one another: names that clash, references, lengths.

These checks read the plain data and ask of each value only its type, so that they find
their faults whatever else is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from modules.naming import (
    ACCOUNT_ID_LENGTH,
    BUCKET_NAME_LIMIT,
    LENGTH_LIMITS,
    BaseNames,
    bucket_name,
    project_names,
)
from modules.settings.problems import Loc, Problem, dotted, missing, unfit
from modules.settings.rules import REGION

BUCKET_PURPOSES = ("notebook", "catalog")
S3_STATE_ONLY = ("bucket", "key_prefix", "region", "kms_key_arn")

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A string, and where it stands (or would stand, had it not been left to its default)."""

    loc: Loc
    text: str


def relations(values: Values) -> Iterator[Problem]:
    """Yield every problem between settings."""
    networks = list(_items(values, "networks"))
    projects = list(_items(values, "projects"))
    yield from _state(values)
    yield from _unique(networks, "networks")
    yield from _unique(projects, "projects")
    yield from _apart_by_prefix(projects)
    for loc, project in projects:
        versions = list(_items(project, "versions", loc))
        yield from _unique(versions, "versions")
        yield from _launchable((*loc, "versions"), project, versions)
    for loc, network in networks:
        existing = _object(network, "existing_endpoints")
        yield from _apart(network, "endpoints", loc, existing, "existing_endpoints")
    jumpstart = _object(values, "jumpstart")
    adopted = jumpstart.get("adopt", ())
    if isinstance(adopted, tuple):
        yield from _apart(jumpstart, "create", ("jumpstart",), adopted, "adopt")
    yield from _repetitions(values, ())
    yield from _one_stack_per_vpc(networks)
    yield from _known_networks(values, networks, projects)
    yield from _lengths(values, projects)
    yield from _role_clashes(values, projects)
    yield from _alarms_in_region(values)


def _items(values: Values, key: str, within: Loc = ()) -> Iterator[tuple[Loc, Values]]:
    """Yield the objects of a list and where they stand."""
    items = values.get(key)
    for index, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, Mapping):
            yield (*within, key, index), item


def _object(values: Values, key: str) -> Values:
    value = values.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(values: Values, key: str, default: str | None = None) -> str | None:
    value = values.get(key, default)
    return value if isinstance(value, str) else None


def _state(values: Values) -> Iterator[Problem]:
    state = _object(values, "state")
    backend = state.get("backend", "local")
    if backend == "s3" and "bucket" not in state:
        yield missing(("state", "bucket"), 'the name of a bucket, since the backend is "s3"')
    wrong = {"local": S3_STATE_ONLY, "s3": ("directory",)}.get(str(backend), ())
    for key in wrong:
        if key in state:
            yield unfit(("state", key), state[key], f'left out, since the backend is "{backend}"')


def _unique(items: list[tuple[Loc, Values]], key: str) -> Iterator[Problem]:
    """Names are compared without case: buckets, IAM and file systems do not tell it apart."""
    first: dict[str, Loc] = {}
    for loc, item in items:
        name = _text(item, "name")
        if name is None:
            continue
        if name.casefold() in first:
            taken = first[name.casefold()][-1]
            yield unfit((*loc, "name"), name, f"a name of its own ({key}[{taken}] has this one)")
        first.setdefault(name.casefold(), loc)


def _launchable(
    here: Loc, project: Values, versions: list[tuple[Loc, Values]]
) -> Iterator[Problem]:
    offered = [
        version
        for _, version in versions
        if version.get("active", True) is not False
        and version.get("guidance", "DEFAULT") != "DEPRECATED"
    ]
    if versions and not offered:
        allowed = 'a list with at least one active version of guidance "DEFAULT"'
        yield unfit(here, project["versions"], allowed)


def _apart(
    values: Values, key: str, within: Loc, taken: Collection[Any], other: str
) -> Iterator[Problem]:
    """What ``key`` lists must not be in ``other`` as well."""
    items = values.get(key)
    for index, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, str) and item in taken:
            yield unfit((*within, key, index), item, f"in one of {key} and {other}, not in both")


def _repetitions(value: Any, loc: Loc) -> Iterator[Problem]:
    """No list of strings, wherever it stands, says a thing twice."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _repetitions(inner, (*loc, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, str) and item in value[:index]:
                first = value.index(item)
                yield unfit((*loc, index), item, f"left out, as [{first}] is the same")
            yield from _repetitions(item, (*loc, index))


def _apart_by_prefix(projects: list[tuple[Loc, Values]]) -> Iterator[Problem]:
    """A project owns what is named ``<project>-...``: jobs, models, images."""
    named = [(loc, _text(project, "name")) for loc, project in projects]
    for loc, name in named:
        for (*_, owner), prefix in named:
            if name and prefix and name.casefold().startswith(f"{prefix.casefold()}-"):
                allowed = (
                    f'a name without the prefix "{prefix}-", which is that of projects[{owner}]'
                )
                yield unfit((*loc, "name"), name, allowed)


def _one_stack_per_vpc(networks: list[tuple[Loc, Values]]) -> Iterator[Problem]:
    first: dict[tuple[tuple[str, str], ...], Loc] = {}
    for loc, network in networks:
        pairs = _object(network, "vpc").items()
        vpc = tuple(sorted((key, value) for key, value in pairs if isinstance(value, str)))
        if vpc and vpc in first:
            taken = first[vpc][-1]
            yield unfit((*loc, "vpc"), dict(vpc), f"another VPC than networks[{taken}] has")
        first.setdefault(vpc, loc)


def _known_networks(
    values: Values, networks: list[tuple[Loc, Values]], projects: list[tuple[Loc, Values]]
) -> Iterator[Problem]:
    known = [_text(network, "name") for _, network in networks]
    readable = isinstance(values.get("networks", ()), tuple) and None not in known
    if not readable or len(known) < len(values.get("networks", ())):
        return
    allowed = (
        f"the name of a network ({', '.join(dict.fromkeys(map(str, known)))})"
        if known
        else "the name of a network; networks describes none"
    )
    for loc, project in projects:
        here = (*loc, "network")
        if "network" not in project and len(known) != 1:
            yield missing(here, allowed)
        network = _text(project, "network")
        if network is not None and network not in known:
            yield unfit(here, network, allowed)


def _base_names(values: Values) -> BaseNames:
    """Return the base names; the default for one that is too long for any suffix."""
    given = _object(values, "names")
    names = {kind: _text(given, kind) or default for kind, default in asdict(BaseNames()).items()}
    return BaseNames(
        **{
            kind: name if len(name) < LENGTH_LIMITS[kind] - 1 else getattr(BaseNames, kind)
            for kind, name in names.items()
        }
    )


def _lengths(values: Values, projects: list[tuple[Loc, Values]]) -> Iterator[Problem]:
    """A project's name is as long as its longest physical name lets it be."""
    base = _base_names(values)
    region = _text(values, "region")
    for loc, project in projects:
        name = _text(project, "name")
        if name is None:
            continue
        spare = {
            (f"names.{kind}", limit): limit - len(getattr(project_names(base, name), kind))
            for kind, limit in LENGTH_LIMITS.items()
            if kind in asdict(base)
        }
        if region is not None and re.fullmatch(REGION, region):
            spare |= {
                (f"the {purpose} bucket", BUCKET_NAME_LIMIT): BUCKET_NAME_LIMIT
                - len(bucket_name(name, purpose, "0" * ACCOUNT_ID_LENGTH, region))
                for purpose in BUCKET_PURPOSES
            }
        what, limit = tightest = min(spare, key=lambda label: spare[label])
        if spare[tightest] < 0:
            longest = len(name) + spare[tightest]
            allowed = f"at most {longest} long, as {what} takes {limit} characters with it"
            yield unfit((*loc, "name"), name, allowed)
        for role_loc, role in _items(project, "end_user_roles", loc):
            role_name = _text(role, "name", "SCEndUserRole")
            longest = LENGTH_LIMITS["end_user_role"] - len(f"-{name}")
            if role_name is not None and len(role_name) > longest:
                yield unfit(
                    (*role_loc, "name"),
                    role_name,
                    f"at most {max(longest, 1)} long, for the project's name is added to it",
                )


def _role_clashes(values: Values, projects: list[tuple[Loc, Values]]) -> Iterator[Problem]:
    """No two roles of the account, nor two lifecycle configurations, share a name."""
    names = _base_names(values)
    seen: set[str] = set()
    first: dict[tuple[str, str], Found] = {}
    refused: set[Loc] = set()
    for loc, project in projects:
        name = _text(project, "name")
        if name is None or name.casefold() in seen:
            continue
        seen.add(name.casefold())
        for kind, found in _suffixed(names, name, loc, project):
            taken = first.setdefault((kind, found.text.casefold()), found)
            if taken is not found and found.loc not in refused:
                refused.add(found.loc)
                other = dotted(taken.loc, values)
                yield Problem(
                    found.loc,
                    f"gives the {kind} {found.text}; must give a name of its own "
                    f"({other} gives the same)",
                )


def _suffixed(
    names: BaseNames, project: str, loc: Loc, values: Values
) -> Iterator[tuple[str, Found]]:
    own = project_names(names, project)
    here = (*loc, "name")
    yield "role", Found(here, own.execution_role)
    yield "role", Found(("names", "launch_role"), own.launch_role)
    yield "role", Found(("names", "builder_role"), own.builder_role)
    yield "lifecycle configuration", Found(("names", "lifecycle_config"), own.lifecycle_config)
    yield (
        "lifecycle configuration",
        Found(("names", "lifecycle_config_s3"), own.lifecycle_config_s3),
    )
    for role_loc, role in _items(values, "end_user_roles", loc):
        base = _text(role, "name", "SCEndUserRole")
        if base is not None:
            yield "role", Found((*role_loc, "name"), own.end_user_role(base))


def _alarms_in_region(values: Values) -> Iterator[Problem]:
    """CloudWatch alarms reach only topics of their own Region."""
    topic = _text(_object(values, "audit"), "alarm_topic_arn") or ""
    region = _text(values, "region")
    found = re.match(rf"arn:[^:]*:sns:({REGION}):", topic)
    if found and region is not None and re.fullmatch(REGION, region) and found[1] != region:
        yield unfit(("audit", "alarm_topic_arn"), topic, f"a topic in the Region {region}")
