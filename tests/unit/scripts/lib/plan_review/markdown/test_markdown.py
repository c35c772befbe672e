import html
import re

import pytest
from hypothesis import Phase, example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.lib.plan_review.markdown import MARKER, to_markdown
from scripts.lib.plan_review.markdown.fit import LEAST_LIMIT
from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    CheckResult,
    Links,
    Review,
    Rights,
    Risk,
    ScriptPlan,
    Source,
)
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, STRINGS, filled
from tests.unit.scripts.lib.plan_review.samples import (
    FINGERPRINT,
    LINKS,
    RULES,
    finding,
    full,
    review,
    reviewed,
    stack_review,
)

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BLOCKS = MarkdownIt("commonmark", {"html": True}).enable("table").disable("inline")
"""Leaves the text within the blocks alone, which takes most of the time."""
OUR_HTML = {"<code>", "</code>", "<br>", "<sub>", "</sub>"}
OUR_INLINE = {
    "text",
    "text_special",
    "code_inline",
    "html_inline",
    "strong_open",
    "strong_close",
    "em_open",
    "em_close",
    "link_open",
    "link_close",
    "softbreak",
}
FOUND_BY_GITHUB = re.compile(
    r"@\w|#\d|\bGH-\d|://|www\.|:[\w+-]+:|\$|\b[0-9a-f]{7,}\b|\[\^", re.IGNORECASE
)


PICTURE = re.compile(r"<details><summary>Picture.*?</details>\n\n", re.DOTALL)


def structure(markdown: str) -> list[tuple[str, str, str]]:
    """The blocks, with our own HTML as it is and without the names in it.

    Without the pictures: whether one is drawn depends on which names are of one resource.
    """
    return [
        (
            token.type,
            token.tag,
            token.info + re.sub("<code>.*?</code>", "", token.content)
            if token.type == "html_block"
            else token.info,
        )
        for token in BLOCKS.parse(PICTURE.sub("", markdown))
    ]


def inline(markdown: str) -> list[list[Token]]:
    return [token.children or [] for token in PARSER.parse(markdown) if token.type == "inline"]


def text_outside_code(tokens: list[Token]) -> str:
    """What GitHub looks through for mentions and the like."""
    text, depth = [], 0
    for token in tokens:
        if token.type == "html_inline":
            depth += {"<code>": 1, "</code>": -1}.get(token.content, 0)
        if depth == 0:
            text.append(token.content if token.type.startswith("text") else "\n")
    return "".join(text)


HARMLESS = structure(to_markdown(filled(full(), "x"), RULES))


def assert_safe(markdown: str) -> None:
    assert structure(markdown) == HARMLESS
    assert all(char.isprintable() or char == "\n" for char in markdown)
    for tokens in inline(markdown):
        assert {token.type for token in tokens} <= OUR_INLINE
        shown = {token.content for token in tokens if token.type == "html_inline"}
        assert shown <= OUR_HTML
        targets = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
        assert all(target.startswith((LINKS.blob, LINKS.details)) for target in targets)
        assert not FOUND_BY_GITHUB.search(text_outside_code(tokens))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_in_a_name_or_value_breaks_out(text: str) -> None:
    assert_safe(to_markdown(filled(full(), text), RULES, limit=1_000_000))


@given(STRINGS)
@example("|`<!--")
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
def test_no_mixture_of_them_breaks_out(text: str) -> None:
    assert_safe(to_markdown(filled(full(), text), RULES, limit=1_000_000))


def test_details_and_summaries_are_balanced() -> None:
    markdown = to_markdown(full(), RULES)
    for tag in ("details", "summary"):
        opened = len(re.findall(rf"<{tag}(?: open)?>", markdown))
        assert opened == markdown.count(f"</{tag}>") > 0


def test_begins_with_the_marker_and_the_verdict() -> None:
    lines = to_markdown(full(), RULES).splitlines()
    assert lines[0] == MARKER == "<!-- sagemaker-plan-review -->"
    assert lines[1].startswith("### 🔴 1 to destroy, 1 to replace, 3 to update, 7 to create")


def test_is_in_the_order_of_a_reader_with_little_time() -> None:
    markdown = to_markdown(full(), RULES)
    order = [
        "1 check does not pass",
        "**Look at these first**",
        "#### `governed`",
        "| | Resource |",
        "**Rights**",
        "Details of 11 changes",
        "1 output changed",
        "```mermaid",
        "#### `jumpstart`",
        "#### The script's part: 1 change",
        "2 resources changed outside Terraform, before",
        "1 acknowledged finding<",
        "Fingerprints of the stacks",
        "<sub>Fingerprint",
    ]
    places = [markdown.index(part) for part in order]
    assert places == sorted(places)


def test_a_danger_says_what_where_and_the_way_out() -> None:
    markdown = to_markdown(full(), RULES)
    assert (
        "1. 🔴 **replace** `aws_kms_key.Encryption_Resource_2E0B` in `governed`, "
        "[`encryption.py:48`](https://github.com/acme/ml-platform/blob/4f2c9d1/"
        "modules/encryption.py#L48)<br>The old key is scheduled"
    ) in markdown
    assert "_Way out:_ Make a second key, re-encrypt, and only then remove the first." in markdown


def test_nothing_to_do_is_one_line_after_the_marker() -> None:
    markdown = to_markdown(review(unchanged=3))
    marker, line = markdown.splitlines()
    assert marker == MARKER
    assert line.startswith("🟢 Nothing to do in 1 stack. <sub>Fingerprint: Plan ")
    assert FINGERPRINT in line


def test_nothing_to_do_but_drift_shows_the_drift() -> None:
    markdown = to_markdown(review(drift=(reviewed("a.b"),)))
    assert "🟢 Nothing to do in 1 stack" in markdown
    assert "1 resource changed outside Terraform, before this plan" in markdown


def test_a_loss_that_no_rule_speaks_of_is_not_green() -> None:
    markdown = to_markdown(review(reviewed("a.b", Action.DESTROY)))
    assert markdown.splitlines()[1].startswith("### ⚠️ 1 to destroy")


@pytest.mark.parametrize(
    "more",
    [{"errored": True}, {"checks": (CheckResult("check.c", "check", "fail"),)}],
    ids=["errored", "check"],
)
def test_a_plan_that_is_not_sound_is_not_green(more: dict[str, object]) -> None:
    assert "🟢" not in to_markdown(review(reviewed("a.b"), **more))
    assert "🟢" in to_markdown(review(reviewed("a.b")))


def test_stacks_without_changes_get_no_section() -> None:
    assert "`audit`:" not in to_markdown(full(), RULES)


def test_a_failing_check_alone_is_shown() -> None:
    stack = full().stacks[0]
    alone = Review((stack_review(checks=stack.plan.checks),))
    assert "Check `check.health` does not pass" in to_markdown(alone)


def size(text: str) -> int:
    return max(len(text.encode()), len(text.encode("utf-16-le")) // 2, len(text))


def many(number: int, action: Action = Action.UPDATE, **more: object) -> Review:
    items = [
        reviewed(
            f"aws_iam_role.r{i}",
            action,
            attributes=tuple(AttributeChange(f"a{j}", '"1"', '"2"') for j in range(12)),
            source=(Source("modules/roles.py", i + 1),),
            **more,
        )
        for i in range(number)
    ]
    return Review((stack_review(*items),), links=LINKS, fingerprint=FINGERPRINT)


def test_what_fits_is_whole_and_says_nothing_of_it() -> None:
    assert "Too long" not in to_markdown(full(), RULES)


@pytest.mark.parametrize("limit", [LEAST_LIMIT, 6_000, 9_000, 12_000, 65_536])
def test_never_longer_than_the_limit(limit: int) -> None:
    for data in (full(), many(300), filled(full(), "\U0001f4a5`|" * 300)):
        markdown = to_markdown(data, RULES, limit=limit)
        assert size(markdown) <= limit
        assert FINGERPRINT in markdown or "\U0001f4a5" in markdown


@pytest.mark.parametrize("limit", [4_000, 7_000, 9_000, 11_000])
def test_what_is_cut_is_still_well_formed(limit: int) -> None:
    markdown = to_markdown(full(), RULES, limit=limit)
    for tag in ("details", "summary"):
        assert len(re.findall(rf"<{tag}(?: open)?>", markdown)) == markdown.count(f"</{tag}>")
    assert markdown.count("```") % 2 == 0


def test_gives_up_the_picture_first_and_high_risk_last() -> None:
    markdown = to_markdown(full(), RULES)
    less = to_markdown(full(), RULES, limit=len(markdown.encode()) + 1_900)
    assert less == markdown
    shorter = to_markdown(full(), RULES, limit=len(markdown.encode()) - 1)
    assert "mermaid" not in shorter
    assert "pictures (1)" in shorter
    least = to_markdown(full(), RULES, limit=LEAST_LIMIT)
    assert "The old key is scheduled for deletion" in least
    assert FINGERPRINT in least
    assert "acknowledged findings (1)" in least


def test_says_where_the_rest_is() -> None:
    long = many(2_000)
    assert f"[the whole review]({LINKS.details})" in to_markdown(long)
    unlinked = Review(long.stacks)
    assert "the review's JSON output" in to_markdown(unlinked)
    hostile = Review(long.stacks, links=Links(details="javascript:alert(1)"))
    assert "javascript" not in to_markdown(hostile)
    endless = Review(long.stacks, links=Links(details=f"https://h/{'x' * 70_000}"))
    assert "the review's JSON output" in to_markdown(endless)


def test_a_name_of_a_hundred_thousand_characters_fits() -> None:
    for text in ("`|" * 50_000, "\u202e" * 100_000):
        markdown = to_markdown(filled(full(), text), RULES)
        assert size(markdown) <= 65_536


def test_ten_thousand_stacks_fit() -> None:
    stacks = tuple(
        stack_review(reviewed("a.b", Action.DESTROY), stack=f"stack-{i}") for i in range(10_000)
    )
    markdown = to_markdown(Review(stacks, links=LINKS, fingerprint=FINGERPRINT))
    assert size(markdown) <= 65_536
    assert "10,000 to destroy in 10,000 stacks" in markdown
    assert "stacks (" in markdown
    assert FINGERPRINT in markdown


def test_high_risk_is_shown_before_a_thousand_others() -> None:
    long = many(1_000)
    risky = reviewed("aws_kms_key.last", findings=(finding(address="aws_kms_key.last"),))
    stack = stack_review(*long.stacks[0].changes, risky)
    markdown = to_markdown(Review((stack,), links=LINKS), limit=8_000)
    assert "| 🔴&nbsp;update | `aws_kms_key.last` |" in markdown


def test_only_a_few_of_many_changes_are_rendered() -> None:
    class Counted(str):
        __slots__ = ()
        asked = 0

        def __len__(self) -> int:
            Counted.asked += 1
            return super().__len__()

    stack = many(3_000).stacks[0]
    items = [
        reviewed(
            Counted(item.change.address),
            attributes=item.attributes,
            rights=(Rights("policy", ("May s3:GetObject.",)),),
        )
        for item in stack.changes
    ]
    to_markdown(Review((stack_review(*items),)))
    assert 0 < Counted.asked < len(items)


def test_findings_of_low_risk_are_yellow() -> None:
    markdown = to_markdown(review(reviewed("a.b", findings=(finding(risk=Risk.LOW),))))
    assert markdown.splitlines()[1].startswith("### 🟡")


def test_a_script_with_nothing_to_do_says_so() -> None:
    script = ScriptPlan("123456789012", "eu-west-1", FINGERPRINT)
    stacks = (stack_review(reviewed("a.b")),)
    assert "The script's part: nothing to do" in to_markdown(Review(stacks, script))


def test_entities_in_names_are_shown_as_they_are() -> None:
    markdown = to_markdown(review(reviewed("&lt;b&gt;|")))
    assert "<b>" not in html.unescape(PARSER.render(markdown)).replace("&lt;b&gt;", "")
