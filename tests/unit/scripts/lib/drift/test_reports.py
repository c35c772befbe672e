"""One report in all forms: nothing is left out, and no name can be more than text."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.drift.history import History
from scripts.lib.drift.model import DriftReport
from scripts.lib.drift.report_html import to_html
from scripts.lib.drift.report_json import read_report, to_document, write_document
from scripts.lib.drift.report_markdown import marker, stack_markdown, to_markdown
from scripts.lib.drift.report_text import write_text
from scripts.lib.errors import InputError
from scripts.lib.plan_review.markdown.fit import GITHUB_LIMIT
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.lib.drift.reports import CLEAN, FAILURE, FULL, KEY, NOISE, weeks


def text(report: DriftReport) -> str:
    stream = io.StringIO()
    write_text(report, stream)
    return stream.getvalue()


def document(report: DriftReport) -> str:
    stream = io.StringIO()
    write_document(report, stream)
    return stream.getvalue()


FORMS: dict[str, Callable[[DriftReport], str]] = {
    "text": text,
    "markdown": to_markdown,
    "json": document,
    "html": to_html,
}
SAID = (
    *(drift.subject for drift in FULL.drifts),
    FAILURE.reason.split(" by ")[0],
    "user/eve",
    "DisableKeyRotation",
    "cdktf deploy notebook-vision",
    "may delete any bucket",
    "aws_iam_role_policy.Extra",
    "the cost team tags by hand",
    "platform team",
    "2027-01-31",
    "the provider writes null as an empty list",
    "is about nothing any more",
    "123456789012",
    "eu-west-1",
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_everything(form: str) -> None:
    written = " ".join(FORMS[form](FULL).replace("`", "").split())
    assert [said for said in SAID if said not in written] == []


def test_much_that_means_nothing_is_counted_by_its_reason_in_text() -> None:
    places = tuple(f"place-{number}" for number in range(1500))
    noise = tuple(replace(NOISE, stack=name, places=places) for name in ("alpha", "beta"))
    checks = tuple(
        replace(check, noise=noise[number : number + 1])
        for number, check in enumerate(CLEAN.checks)
    )
    written = text(replace(CLEAN, checks=checks))
    assert f"{NOISE.reason}: 3,000 places in alpha, beta" in " ".join(written.split())
    assert "place-0" not in written
    assert f"{NOISE.reason}: a.b, c.d" in " ".join(text(FULL).split())


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_report_says_so(form: str) -> None:
    written = FORMS[form](CLEAN)
    assert '"exit_code": 0' in written if form == "json" else "Nothing drifted." in written


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_worst_comes_first_and_errors_are_told_apart(form: str) -> None:
    written = FORMS[form](FULL)
    assert written.index("ould not be checked") < written.index("aws_kms_key")
    assert written.index("aws_kms_key") < written.index("aws_iam_role.Exec")
    assert "4 drifted (2 high, 1 medium, 1 low), 1 check could not be made, 1 ignored." in written


def test_a_report_is_read_back_as_it_was(tmp_path: Path) -> None:
    for report in (FULL, CLEAN, *weeks(3)):
        (tmp_path / "report.json").write_text(document(report))
        assert read_report(tmp_path / "report.json") == report


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("format"), "is no drift report"),
        (lambda d: d.update(format=2), "has format 2, this tool reads format 1"),
        (lambda d: d.update(when="yesterday"), "when: "),
        (lambda d: d.update(when="2026-13-01T00:00:00Z"), "when: "),
        (lambda d: d.pop("account_id"), "account_id: "),
        (lambda d: d.update(checks={}), "checks: "),
        (lambda d: d.update(checks=[3]), "checks.0: "),
        (lambda d: d["checks"][0].update(plane="moon"), "checks.0.plane: "),
        (lambda d: d["checks"][0].update(drifts=[3]), "checks.0.drifts.0: "),
        (lambda d: d["checks"][0]["drifts"][0].update(risk="worst"), "checks.0.drifts.0.risk: "),
        (lambda d: d["checks"][0]["drifts"][0].update(risk=3), "checks.0.drifts.0.risk: "),
    ],
)
def test_fails_for_what_is_no_report(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    changed = json.loads(document(FULL))
    change(changed)
    (tmp_path / "report.json").write_text(json.dumps(changed))
    with pytest.raises(InputError) as caught:
        read_report(tmp_path / "report.json")
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"\xff", b"[" * 100_000, b'"x"'])
def test_fails_for_foreign_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(InputError):
        read_report(tmp_path / "report.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path)


def test_what_a_later_version_adds_is_passed_over(tmp_path: Path) -> None:
    changed = to_document(FULL)
    changed["new"] = changed["checks"][0]["new"] = 3
    (tmp_path / "report.json").write_text(json.dumps(changed))
    assert read_report(tmp_path / "report.json") == FULL


def test_a_stack_s_own_text_has_the_marker_and_nothing_of_others() -> None:
    written = stack_markdown(FULL, "notebook-vision")
    assert written.startswith(f"{marker('notebook-vision')}\n")
    assert "aws_kms_key" in written
    assert "by-hand" not in written
    assert "role/Hand" in stack_markdown(FULL, "")


def test_markdown_that_is_too_long_keeps_the_worst_and_says_what_it_leaves_out() -> None:
    many = tuple(
        replace(KEY, subject=f"aws_x.y_{number}", risk=Risk.HIGH if number > 495 else Risk.LOW)
        for number in range(500)
    )
    report = replace(FULL, checks=(replace(FULL.checks[0], drifts=many), *FULL.checks[1:]))
    for written in (to_markdown(report), stack_markdown(report, "notebook-vision")):
        assert len(written.encode()) <= GITHUB_LIMIT
        assert "aws_x.y_499" in written
        assert re.search(r"Left out: findings of low risk \(\d+\)", written)


def _hostile(value: Any, name: str) -> Any:
    """The same report with every string replaced but those that mean something."""
    if isinstance(value, str) and not hasattr(value, "name"):
        return name
    if isinstance(value, tuple):
        return tuple(_hostile(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = ("plane", "mend", "risk", "seconds")
        changed = {
            field.name: _hostile(getattr(value, field.name), name)
            for field in fields(value)
            if field.name not in kept and getattr(value, field.name) is not None
        }
        return replace(value, **changed)
    return value


class _Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, and whether they close."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def parsed(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


PLAIN = parsed(to_html(FULL, History(weeks(), ("Passed over: x.",))))
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style></title><script>",
    "<!-- x --><b>",
    "&lt;b&gt;&#60;",
    "a\u202eb\x1b[31m\n",
    "]]>",
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=40)))
def test_no_name_becomes_markup_of_the_page(name: str) -> None:
    report = _hostile(FULL, name)
    page = parsed(to_html(report, History((report,), (name,))))
    assert page.tags <= PLAIN.tags
    assert page.attributes <= PLAIN.attributes


@pytest.mark.parametrize("name", NAMES)
def test_no_name_gets_a_control_character_to_a_terminal_or_ends_the_marker(name: str) -> None:
    report = _hostile(FULL, name)
    written = text(report)
    assert all(char.isprintable() or char == "\n" for char in written)
    issue = stack_markdown(report, name)
    first = issue.split("\n")[0]
    assert first.count("-->") == 1
    assert first.endswith("-->")
    assert document(report).isascii()


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    assert not PLAIN.tags & {"script", "link", "img", "iframe", "object", "form", "base", "a"}
    assert not {name for name in PLAIN.attributes if name.startswith("on")}
    assert not PLAIN.attributes & {"src", "href", "srcset", "action", "style"}
    page = to_html(FULL)
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_can_be_read_without_seeing_it() -> None:
    page = to_html(FULL, History(weeks()))
    assert page.count("<h1>") == 1
    assert page.count("<table>") == page.count("<caption>")
    assert all(
        'scope="' in head for head in re.findall(r"<th[^>a-z]*[^>]*>", page) if "<thead" not in head
    )
    assert all("aria-" in svg for svg in re.findall(r"<svg[^>]*>", page))
    assert '<html lang="en">' in page
    assert "prefers-color-scheme: dark" in page


def test_without_a_history_the_page_has_no_charts() -> None:
    assert "<svg" not in to_html(FULL)
    assert "How it went" not in to_html(FULL, History())
    assert "How it went" in to_html(FULL, History((FULL,)))


def _contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio."""

    def luminance(color: str) -> float:
        parts = (int(color[index : index + 2], 16) / 255 for index in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_stands_out_in_light_and_in_dark(scheme: int) -> None:
    style = re.findall(r":root \{(.*?)\}", to_html(FULL), re.DOTALL)[scheme]
    color = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", style))
    pairs = [(ink, paper) for ink in ("ink", "soft", "accent") for paper in ("paper", "card")]
    pairs += [(risk, f"tint-{risk}") for risk in ("high", "medium", "low", "clean", "failed")]
    pairs += [("soft", "code"), ("ink", "code")]
    weak = [pair for pair in pairs if _contrast(color[pair[0]], color[pair[1]]) < 4.5]
    assert weak == []
