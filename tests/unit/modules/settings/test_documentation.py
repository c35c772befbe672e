"""The documents of the settings say what the model says, and all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from modules.settings import Selector, Settings
from modules.settings.reader import read
from modules.settings.wording import annotation_at, model_in
from tests.unit.modules.settings.documented import rows, sections, table

ROOT = Path(__file__).parents[4]


def test_the_tables_are_those_of_the_model() -> None:
    documented = (ROOT / "docs/settings.md").read_text()
    for entry in table():
        assert f"\n{entry.strip()}\n" in documented, entry
    for row in rows(Selector):
        assert f"| {' | '.join(row)} |\n" in documented


def test_the_tables_hold_nothing_besides() -> None:
    lines = (ROOT / "docs/settings.md").read_text().splitlines()
    documented = [line for line in lines if line.startswith("| `")]
    settings = [row for _, model in sections() for row in rows(model)]
    assert len(documented) == len(settings) + len([*rows(Selector)])


@pytest.mark.parametrize("model", [*dict.fromkeys(m for _, m in sections()), Selector])
def test_every_setting_has_a_meaning(model: type[BaseModel]) -> None:
    for name, meaning, _, allowed in rows(model):
        assert meaning.endswith("."), name
        assert allowed, name


def paths(model: type[BaseModel] = Settings, path: str = "") -> Iterator[str]:
    for name in model.model_fields:
        here = f"{path}.{name}".lstrip(".")
        yield here
        annotation = annotation_at((name,), model)
        inner = model_in(annotation) or model_in(annotation_at((name, 0), model))
        if inner is not None and inner is not Selector:
            yield from paths(inner, here)


def test_the_commented_example_names_every_setting_and_no_other() -> None:
    source = read(ROOT / "examples/settings.tfvars")
    named = {".".join(str(part) for part in loc if isinstance(part, str)) for loc in source.lines}
    selectors = {path for path in named if path.rpartition(".")[2] in ("id", "name")} - set(paths())
    assert {"networks.vpc.id", "networks.vpc.name"} <= selectors
    assert named - selectors - {"tags.CostCenter"} == set(paths())


def test_every_setting_of_the_commented_example_has_a_comment() -> None:
    path = ROOT / "examples/settings.tfvars"
    lines = path.read_text().splitlines()
    wanted = set(paths())
    for loc, number in read(path).lines.items():
        here = ".".join(part for part in loc if isinstance(part, str))
        if here in wanted and isinstance(loc[-1], str):
            assert lines[number - 2].lstrip().startswith("#"), lines[number - 1]
