import html
import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from scripts.lib.plan_review.markdown.escape import (
    code,
    code_block,
    link,
    link_target,
    prose,
    sentence,
    summary_code,
    value_lines,
)
from scripts.lib.plan_review.printable import printable
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, STRINGS

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
INVISIBLE = "\u200b"


def read(markdown: str) -> str:
    """What a reader sees of it."""
    text = re.sub(r"<[^>]*>", "", PARSER.renderInline(markdown))
    return html.unescape(text).replace(INVISIBLE, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_iam_role.x", "`aws_iam_role.x`"),
        ('x["k"]', '`x["k"]`'),
        ("<b>", "`<b>`"),
        ("", "<code></code>"),
        ("a`b", "<code>a&#96;b</code>"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a\nb", "`a\\nb`"),
        ("\u202ex", "`\\u202ex`"),
        ("|@a", "<code>&#124;&#64;&#8203;a</code>"),
    ],
)
def test_code(text: str, expected: str) -> None:
    assert code(text) == expected


@given(STRINGS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_code_is_read_as_the_name(text: str) -> None:
    assert read(code(text, 10_000)) == printable(text).replace(INVISIBLE, "")


@given(STRINGS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_code_stays_in_its_cell(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {code(text)} | end |\n"
    cells = [token.content for token in PARSER.parse(table) if token.type == "inline"]
    assert len(cells) == 4
    assert cells[3] == "end"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain words, and (some) more.", "Plain words, and (some) more."),
        ("It may s3:GetObject on *.", "It may `s3:GetObject` on `*`."),
        ("Logs are kept 30 days, 50% less.", "Logs are kept 30 days, 50% less."),
        ("Don't re-create it; ask @octocat!", "Don't re-create it; ask `@octocat`!"),
        ("1. first", "1\\. first"),
        ("- item", "`-` item"),
        ("see #123 (GH-1)", "see `#123` (`GH-1`)"),
        ("costs $5 and $6", "costs `$5` and `$6`"),
        ("at https://evil.example/.", "at `https://evil.example/`."),
        ("the `kms:*` action", "the `kms:*` action"),
        ("say `aws kms list-keys`, please", "say `aws kms list-keys`, please"),
        ("(`a b`) `c", "(`a b`) c"),
        ("`a|b c`", "<code>a&#124;b c</code>"),
        ("`@a` `</details> x`", "`@a` `</details> x`"),
        ("deadbeef1 is a commit", "`deadbeef1` is a commit"),
        ("deadbee is one too", "`deadbee` is one too"),
        (":tada: </details>", "`:tada` `</details>`".replace("`:tada`", "`:tada`:")),
        ("two\n\nparagraphs", "two paragraphs"),
        ("", ""),
    ],
)
def test_prose(text: str, expected: str) -> None:
    assert prose(text) == expected


@given(STRINGS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_prose_is_read_as_the_sentence(text: str) -> None:
    seen = read(prose(text, 10_000)).split()
    expected = printable(" ".join(text.split())).replace(INVISIBLE, "").split()
    assert "".join(seen).replace("`", "") == "".join(expected).replace("`", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("role x may more", "Role x may more"),
        ("s3:GetObject is new", "`s3:GetObject` is new"),
        ("`x` is new", "`x` is new"),
        ("éa", "Éa"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital(text: str, expected: str) -> None:
    assert sentence(text) == expected


def test_prose_is_cut_in_the_middle() -> None:
    assert len(prose("word " * 1_000)) <= 620
    assert "…" in prose("word " * 1_000)


def test_prose_of_nothing_but_quotes_is_not_slow() -> None:
    assert prose('"' * 600)


@pytest.mark.parametrize("text", NASTY)
def test_summary_code_is_no_markup(text: str) -> None:
    inside = summary_code(text).removeprefix("<code>").removesuffix("</code>")
    assert not set("<>$\n\r") & set(inside)
    assert html.unescape(inside) == printable(text)


@given(STRINGS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_block_of_code_ends_where_it_should(text: str) -> None:
    lines = value_lines(text)
    tokens = PARSER.parse(code_block(lines, "diff") + "\nafter\n")
    assert [token.type for token in tokens][:2] == ["fence", "paragraph_open"]
    assert tokens[0].content == "\n".join(lines) + "\n"


def test_the_fence_is_longer_than_any_in_the_block() -> None:
    assert code_block(["a ````` b"]).startswith("``````\n")


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("https://host/o/n/blob/c/", "modules/a.py", "https://host/o/n/blob/c/modules/a.py#L7"),
        ("https://host/", "a b)(.py", "https://host/a%20b%29%28.py#L7"),
        ("https://host/", "é.py", "https://host/%C3%A9.py#L7"),
        ("https://host/", "a\n.py", "https://host/a%0A.py#L7"),
        ("https://host/", "\ud800.py", "https://host/%3F.py#L7"),
        ("https://host/", "../../x.py", ""),
        ("https://host/", "a\\..\\x.py", ""),
        ("https://host/", "/etc/passwd", ""),
        ("https://host/", "//evil.example", ""),
        ("javascript:alert(1)//", "a.py", ""),
        ("", "a.py", ""),
        ("https://host/)[x](", "a.py", "https://host/%29%5Bx%5D%28a.py#L7"),
    ],
)
def test_a_link_leads_below_its_base_or_nowhere(base: str, path: str, expected: str) -> None:
    assert link_target(base, path, 7) == expected


def test_without_a_target_a_link_is_code() -> None:
    assert link("a.py:1", "", "a.py", 1) == "`a.py:1`"
    assert link("a.py:1", "https://h/", "a.py", 1) == "[`a.py:1`](https://h/a.py#L1)"
