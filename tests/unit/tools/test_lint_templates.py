"""cfn-lint on the product's template, and on what it must find."""

from typing import Any

import pytest

from modules.product_template import product_template
from tools.lint_templates import findings, main, templates
from tools.sample_product import FACTS


def broken() -> dict[str, Any]:
    template = product_template(FACTS, "lambda")
    del template["Resources"]["Notebook"]["Properties"]["VolumeSizeInGB"]
    return template


def test_every_form_of_the_template_is_linted() -> None:
    forms = {
        (template["Resources"]["Notebook"]["Type"], "Conditions" in template)
        for template in templates().values()
    }

    assert len(templates()) == 4
    assert forms == {
        (kind, code)
        for kind in ("Custom::SageMakerNotebook", "AWS::SageMaker::NotebookInstance")
        for code in (True, False)
    }


def test_cfn_lint_finds_nothing_and_says_so_in_a_line_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(templates()) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"cfn-lint: {name}: no findings" for name in templates()
    ]


def test_fails_when_a_template_has_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"good": product_template(FACTS, "lambda"), "bad": broken()}) == 1
    assert capsys.readouterr().out == (
        "cfn-lint: good: no findings\n"
        "cfn-lint: bad: 1 finding\n"
        "  W2001 Parameter VolumeSizeInGB not used. (Parameters/VolumeSizeInGB)\n"
    )


def test_fails_when_a_template_has_an_informational_finding() -> None:
    template = product_template(FACTS, "lambda")
    template["Description"] = "x" * 1000

    assert [finding.split()[0] for finding in findings(template)] == ["I1003"]


def test_fails_when_a_template_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"empty": {}}) == 1
    assert "E1001 'Resources' is a required property" in capsys.readouterr().out
