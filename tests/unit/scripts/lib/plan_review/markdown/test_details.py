from collections import Counter

from scripts.lib.plan_review.markdown.details import details
from scripts.lib.plan_review.markdown.fit import Level, fit
from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    Links,
    ReviewedChange,
    Rights,
    Risk,
    Source,
)
from tests.unit.scripts.lib.plan_review.samples import RULES, finding, reviewed


def written(*items: ReviewedChange, limit: int = 100_000) -> str:
    def note(left_out: Counter[Level]) -> str:
        return " ".join(level.name for level in left_out)

    return fit("", (details(items, Links(), RULES),), "", limit, note)


def test_all_that_is_known_is_in_the_order_of_its_weight() -> None:
    text = written(
        reviewed(
            "a.b",
            Action.REPLACE,
            replace_paths=(("x",),),
            findings=(finding(risk=Risk.HIGH, mend="Do not."),),
            rights=(Rights("policy", ("May s3:GetObject.",)),),
            attributes=(AttributeChange("x", "1", "2"),),
            construct="app/stack/B",
            source=(Source("m.py", 3), Source("n.py", 4)),
        )
    )
    assert text == (
        "<details><summary>Details of 1 change</summary>\n\n"
        "<details open><summary>replace <code>a.b</code></summary>\n\n"
        "- 🔴 **high:** It may do more. _Way out:_ Do not. "
        "_Why:_ Whoever is trusted has all its rights. (`trust-widened`)\n\n"
        "Replaced because of `x`; the old one goes first.\n\n"
        "\nRights by `policy`:\n\n"
        "- **gained:** May `s3:GetObject`.\n\n"
        "```diff\n- x = 1\n+ x = 2\n```\n"
        "\nConstruct `app/stack/B`, made in `m.py:3`, called from `n.py:4`.\n"
        "\n</details>\n\n</details>\n\n"
    )


def test_a_change_of_which_nothing_more_is_known_has_no_fold() -> None:
    assert written(reviewed("a.b"), reviewed("a.c", Action.CREATE)) == ""
    assert written(reviewed("a.b", Action.IMPORT, import_id="i-1")) == ""


def test_what_its_row_says_is_repeated_where_there_is_more() -> None:
    change = AttributeChange("x", "1", "2")
    text = written(reviewed("a.b", previous_address="a.c", attributes=(change,)))
    assert text.index("Moved from `a.c`.") < text.index("- x = 1")


def test_only_what_is_risky_is_open() -> None:
    text = written(
        reviewed("a.low", findings=(finding(risk=Risk.LOW),)),
        reviewed("a.medium", findings=(finding(risk=Risk.MEDIUM),)),
    )
    assert "<details><summary>update <code>a.low</code>" in text
    assert "<details open><summary>update <code>a.medium</code>" in text


def test_a_rule_without_a_text_is_named_alone() -> None:
    text = written(reviewed("a.b", findings=(finding("unheard-of"),)))
    assert "- 🔴 **high:** It may do more. (`unheard-of`)\n" in text


def test_attributes_of_new_resources_are_given_up_before_others() -> None:
    values = tuple(AttributeChange(f"x{i}", None, "1" * 60) for i in range(20))
    text = written(
        reviewed("a.new1", Action.CREATE, attributes=values),
        reviewed("a.new2", Action.CREATE, attributes=values),
        reviewed("a.old", attributes=values),
        limit=4_000,
    )
    assert "a.old" in text
    assert "a.new" not in text
    assert text.startswith("CREATED")


def test_a_script_in_a_name_is_text() -> None:
    text = written(reviewed("<script>", attributes=(AttributeChange("x", "1", "2"),)))
    assert "<script>" not in text
