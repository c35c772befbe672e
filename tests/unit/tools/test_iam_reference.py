"""The reference of actions and resources, as the tool reduces it and as it is committed."""

import json
from pathlib import Path

import pytest

from tools import iam_reference

ENTRY = {
    "privileges": {
        "Get": {"resource_types": {"a thing": {"required": True}, "": {"required": False}}},
        "List": {"resource_types": {"": {"required": False}}},
        "Tag": {"resource_types": {"a thing": {"required": False}, "b": {"required": False}}},
    },
    "resources": {
        "a thing": {"arn": "arn:a/${Name}"},
        "b": {"arn": "arn:b/${Name}"},
        "unused": {"arn": "arn:c/${Name}"},
    },
}


def test_types_are_kept_with_what_is_required_and_without_what_nothing_uses() -> None:
    assert iam_reference.reduced(ENTRY) == {
        "resources": {"a-thing": "arn:a/${Name}", "b": "arn:b/${Name}"},
        "actions": {"Get": "a-thing!", "List": "", "Tag": "a-thing b"},
    }


def test_the_services_are_written_out_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, source = tmp_path / "reference.json", tmp_path / "iam-definition.json"
    monkeypatch.setattr(iam_reference, "TARGET", target)
    whole = dict.fromkeys((*iam_reference.SERVICES, "other"), ENTRY)
    source.write_text(json.dumps(whole))
    iam_reference.main(source)
    assert set(json.loads(target.read_text())) == set(iam_reference.SERVICES)


def test_what_is_committed_is_whole() -> None:
    reference = json.loads(iam_reference.TARGET.read_text())
    assert set(reference) == set(iam_reference.SERVICES)
    for service, entry in reference.items():
        kinds = {kind.rstrip("!") for each in entry["actions"].values() for kind in each.split()}
        assert set(entry["resources"]) <= kinds, service
        assert all(arn.startswith("arn:${Partition}:") for arn in entry["resources"].values())
