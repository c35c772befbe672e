import re
from itertools import pairwise

import pytest
from hypothesis import given, settings

from scripts.lib.plan_review.model import Action
from scripts.lib.plan_review.picture import MOST_NODES, mermaid_label, picture
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, STRINGS
from tests.unit.scripts.lib.plan_review.samples import change

ALLOWED = re.compile(
    r"""flowchart\ LR
    |\ \ n\d+\["(?:[A-Za-z0-9_.\-/\ ]|\#\d+;)*(?:<br/>[a-z]+(?:\ \d+\ of\ it)?)?"\](?::::to_[a-z]+)?
    |\ \ n\d+\ -->\ n\d+
    |\ \ classDef\ to_[a-z]+\ [a-z0-9:,#]+""",
    re.VERBOSE,
)


def drawn(*names: str, actions: dict[str, Action] | None = None, **uses: str) -> str | None:
    changes = [change(name, (actions or {}).get(name, Action.UPDATE)) for name in names]
    return picture(changes, {user: frozenset(used.split()) for user, used in uses.items()})


def test_what_depends_on_a_change_is_drawn_with_it() -> None:
    assert drawn("key", actions={"key": Action.REPLACE}, role="key", other="role") == (
        "flowchart LR\n"
        '  n0["key<br/>replace"]:::to_replace\n'
        '  n1["role"]\n'
        "  n0 --> n1\n"
        "  classDef to_replace fill:#ffd8b5,stroke:#bc4c00,color:#24292f"
    )


def test_what_nothing_is_connected_with_is_not_drawn() -> None:
    text = drawn("key", "lonely", role="key")
    assert text is not None
    assert "lonely" not in text


@pytest.mark.parametrize(
    ("names", "uses"),
    [((), {"a": "b"}), (("a",), {}), (("a",), {"a": "b"}), (("a",), {"a": "a"})],
)
def test_no_picture_without_a_connection(names: tuple[str, ...], uses: dict[str, str]) -> None:
    assert drawn(*names, **uses) is None


def test_instances_are_one_resource_with_the_worst_action() -> None:
    changes = [
        change('m.x[0].a.b["k[1]"]', Action.CREATE),
        change('m.x[1].a.b["k\\"]"]', Action.DESTROY),
    ]
    text = picture(changes, {"m.x.a.c": frozenset({"m.x.a.b"})})
    assert text is not None
    assert '["m.x.a.b<br/>destroy 2 of it"]:::to_destroy' in text


def test_data_sources_are_no_change() -> None:
    assert drawn("a", actions={"a": Action.READ}, b="a") is None


def test_too_many_changes_are_no_help() -> None:
    names = [f"r{i}" for i in range(MOST_NODES + 1)]
    chain = {after: before for before, after in pairwise(names)}
    assert drawn(*names, **chain) is None
    assert drawn(*names[:-1], **{key: chain[key] for key in names[1:-1]}) is not None


def test_with_many_dependents_only_the_changes_are_drawn() -> None:
    text = drawn("a", "b", b="a", **{f"u{i}": "a" for i in range(40)})
    assert text is not None
    assert text.count("-->") == 1
    assert "u1" not in text


@pytest.mark.parametrize("text", NASTY)
def test_no_name_breaks_out_of_its_label(text: str) -> None:
    lines = (drawn(f"{text}1", **{f"{text}2": ""}) or "flowchart LR").splitlines()
    assert all(ALLOWED.fullmatch(line) for line in lines)


@given(STRINGS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_mixture_of_them_does(text: str) -> None:
    changes = [change(f"a{text}")]
    found = picture(changes, {f"b{text}": frozenset({f"a{text}"})})
    for line in (found or "flowchart LR").split("\n"):
        assert ALLOWED.fullmatch(line)


def test_the_same_whatever_order_things_are_given_in() -> None:
    uses = {"b": frozenset({"a"}), "c": frozenset({"a", "b"})}
    changes = [change("a"), change("b")]
    again = dict(reversed(uses.items()))
    assert picture(changes, uses) == picture(changes[::-1], again)


@pytest.mark.parametrize("text", NASTY)
def test_a_mermaid_label_holds_only_what_mermaid_reads_as_text(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9_.\-/ ]|#\d+;)*", mermaid_label(text))


def test_a_mermaid_label_is_read_as_the_name() -> None:
    label = mermaid_label('aws_x.y["a\\b%%"]')
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label) == 'aws_x.y["a\\b%%"]'
