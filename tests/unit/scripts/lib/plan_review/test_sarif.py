import io
import json
import re

import pytest

from scripts.lib.plan_review.model import Action, Review, Risk, Source
from scripts.lib.plan_review.sarif import to_sarif, write_sarif
from tests.unit.scripts.lib.plan_review.markdown.hostile import NASTY, filled
from tests.unit.scripts.lib.plan_review.samples import (
    RULES,
    finding,
    full,
    review,
    reviewed,
    stack_review,
)

LOG = to_sarif(full(), RULES)
RUN = LOG["runs"][0]


def uri(result: dict[str, object]) -> str:
    (location,) = result["locations"]  # type: ignore[misc]
    return str(location["physicalLocation"]["artifactLocation"]["uri"])  # type: ignore[index]


def test_is_a_log_of_one_run() -> None:
    assert LOG["version"] == "2.1.0"
    assert LOG["$schema"].endswith("/sarif-schema-2.1.0.json")
    assert len(LOG["runs"]) == 1
    assert RUN["tool"]["driver"]["name"]


def test_every_finding_is_a_result() -> None:
    assert len(RUN["results"]) == len(full().findings) == 6


def test_every_result_has_what_code_scanning_needs() -> None:
    rules = RUN["tool"]["driver"]["rules"]
    for result in RUN["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert not re.match(r"/|[a-z]+:", physical["artifactLocation"]["uri"])
        assert physical["region"]["startLine"] >= 1
        assert location["logicalLocations"][0]["fullyQualifiedName"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]


def test_every_rule_has_help_and_a_level() -> None:
    for rule in RUN["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1_024
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


@pytest.mark.parametrize(
    ("risk", "level"), [(Risk.HIGH, "error"), (Risk.MEDIUM, "warning"), (Risk.LOW, "note")]
)
def test_the_level_is_the_findings_own(risk: Risk, level: str) -> None:
    log = to_sarif(review(reviewed("a.b", findings=(finding(risk=risk),))), RULES)
    assert log["runs"][0]["results"][0]["level"] == level


def test_a_result_is_at_the_line_that_made_the_resource() -> None:
    result = next(item for item in RUN["results"] if item["ruleId"] == "key-destroyed")
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "modules/encryption.py"}
    assert physical["region"] == {"startLine": 48}
    name = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert name == "governed/aws_kms_key.Encryption_Resource_2E0B"
    assert "Way out: Make a second key" in result["message"]["text"]


def test_what_no_known_line_made_has_a_place_nonetheless() -> None:
    data = review(reviewed("a.b", findings=(finding(),)))
    assert uri(to_sarif(data, RULES)["runs"][0]["results"][0]) == "main.py"
    elsewhere = to_sarif(data, RULES, fallback=Source("infra/app.py", 3))
    assert uri(elsewhere["runs"][0]["results"][0]) == "infra/app.py"


def test_acknowledged_findings_are_suppressed() -> None:
    suppressed = [result for result in RUN["results"] if "suppressions" in result]
    assert len(suppressed) == 1
    (suppression,) = suppressed[0]["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert "until 2026-12-31" in suppression["justification"]


def test_acknowledged_findings_can_be_left_out() -> None:
    run = to_sarif(full(), RULES, acknowledged=False)["runs"][0]
    assert len(run["results"]) == 5
    assert not any("suppressions" in result for result in run["results"])


def test_a_rule_that_is_not_known_is_listed_by_its_id() -> None:
    run = to_sarif(review(reviewed("a.b", findings=(finding("new"),))), {})["runs"][0]
    assert run["tool"]["driver"]["rules"] == [{"id": "new", "shortDescription": {"text": "new"}}]


def test_fingerprints_tell_findings_apart_and_stay_from_run_to_run() -> None:
    twice = reviewed("a.b", findings=(finding(), finding(message="Another.")))
    stacks = (stack_review(twice), stack_review(twice, stack="other"))
    hashes = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for _ in range(2)
        for result in to_sarif(Review(stacks), RULES)["runs"][0]["results"]
    ]
    assert len(set(hashes)) == 4
    assert hashes[:4] == hashes[4:]
    assert all(re.fullmatch(r"[0-9a-f]{32}:\d", text) for text in hashes)


def test_a_fingerprint_does_not_depend_on_the_line() -> None:
    def hashed(line: int) -> str:
        item = reviewed("a.b", findings=(finding(),), source=(Source("m.py", line),))
        (result,) = to_sarif(review(item), RULES)["runs"][0]["results"]
        return str(result["partialFingerprints"]["primaryLocationLineHash"])

    assert hashed(3) == hashed(4)


def test_a_message_holds_no_placeholders_and_no_links() -> None:
    found = finding(address='a.b["{0}"]', message="See [here](1).")
    (result,) = to_sarif(review(reviewed("a.b", findings=(found,))), RULES)["runs"][0]["results"]
    assert result["message"]["text"] == 'a.b["{{0}}"]: See [here\\](1).'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("modules/a.py", "modules/a.py"),
        ("/etc/passwd", "etc/passwd"),
        ("../../a.py", "a.py"),
        ("..\\a b.py", "a%20b.py"),
        ("https://evil.example/a", "https%3A/evil.example/a"),
        ("\ud800.py", "%3F.py"),
        ("..", "main.py"),
    ],
)
def test_a_path_stays_in_the_repository(path: str, expected: str) -> None:
    item = reviewed("a.b", Action.DESTROY, findings=(finding(),), source=(Source(path, 0),))
    (result,) = to_sarif(review(item), RULES)["runs"][0]["results"]
    assert uri(result) == expected
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


@pytest.mark.parametrize("text", NASTY)
def test_any_name_can_be_written(text: str) -> None:
    stream = io.StringIO()
    write_sarif(filled(full(), text), stream, RULES)
    assert stream.getvalue().isascii()
    assert len(json.loads(stream.getvalue())["runs"][0]["results"]) == 6
